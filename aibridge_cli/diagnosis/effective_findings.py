"""What the effective value means: does the client reach this deployment, with our token, and who is in the way.

Pure; `aibridge_cli.diagnosis.effective` says what the client does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aibridge_cli.clients.conditions import applies
from aibridge_cli.clients.placeholders import fill, names
from aibridge_cli.clients.profile import Profile
from aibridge_cli.clients.trees import leaves
from aibridge_cli.clients.ways import variables_command
from aibridge_cli.deployment.urls import Gateway
from aibridge_cli.diagnosis.effective import Effective, Outcome, Sent, Value
from aibridge_cli.diagnosis.finding import Finding, Level
from aibridge_cli.facts import Facts
from aibridge_cli.secret import Secret, mask

PREFIXES = ("/api/v2/aibridge", "/api/v2/ai-gateway")
"""The two names of the gateway on a deployment; each serves what the other does."""

_CODER_TOKEN = re.compile(r"[A-Za-z0-9]{10}-[A-Za-z0-9]{22}")
_OURS = ("token", "token.file", "helper", "helper.command")


class Ours(NamedTuple):
    """What the client should do.

    Args:
        gateway: The gateway of this deployment.
        way: How the client gets the token.
        token: The token in use, or None when there is none at hand.
    """

    gateway: Gateway
    way: str
    token: Secret | None = None


def findings(profile: Profile, found: Effective, facts: Facts, ours: Ours) -> tuple[Finding, ...]:
    """Return what is to be said about what a client will do, the first cause first.

    Args:
        profile: The client.
        found: What it will do, by `effective`.
        facts: Where it does so.
        ours: What it should do.
    """
    judge = _Judge(profile, facts, ours)
    said: list[Finding] = []
    for broken in found.broken:
        verb = "does not start because of it" if broken.stops else "passes all of it over"
        level: Level = "problem" if broken.stops or broken.place in judge.own_files() else "note"
        text = f"the client cannot read it, and {verb}: {broken.reason}"
        said.append(Finding("client.unreadable", profile.id, level, f"`{broken.place}`", text, "mend the file"))
    for outcome in found.outcomes:
        said += judge.outcome(outcome)
    return tuple(dict.fromkeys(said))


def is_at(url: str, root: str) -> bool:
    """Tell whether an address is one of the gateway's, by either of its names.

    Args:
        url: The address.
        root: The gateway's own, without a provider.
    """
    return _one_prefix(url).startswith(_one_prefix(root))


def way_out(profile: Profile, facts: Facts, ours: Ours, value: Value) -> str:
    """Return what takes a value out of the way, or "" where it is a key that we write.

    Args:
        profile: The client.
        facts: Where it runs.
        ours: What it should do.
        value: What is in the way.
    """
    return _Judge(profile, facts, ours).way_out(value)


class _Judge:
    def __init__(self, profile: Profile, facts: Facts, ours: Ours) -> None:
        self.profile = profile
        self.facts = facts
        self.ours = ours
        self.live = [edit for edit in profile.edits if applies(edit.when, ours.way, facts.platform)]

    def own_files(self) -> set[str]:
        """Return the places, as layers name them, that our edits write."""
        from aibridge_cli.clients.paths import located, resolve_paths

        own = resolve_paths(self.profile, self.facts)
        return {path for edit in self.live for path in located(edit.file, self.facts, own)}

    def outcome(self, outcome: Outcome) -> Iterator[Finding]:
        looked_at = f"all that decides its `{outcome.wire}` requests here"
        if outcome.stops:
            yield self._in_the_way("client.url", "problem", looked_at, f"nothing is sent: {outcome.stops}", outcome.by)
            return
        if outcome.elsewhere:
            by = f", because of {outcome.by.where}" if outcome.by else ""
            text = f"requests go to {outcome.elsewhere}, past the deployment{by}"
            yield self._in_the_way("client.url", "problem", looked_at, text, outcome.by)
            return
        verdict = self._address(outcome)
        text = f"`{mask(outcome.url)}`, {f'by {outcome.by.where}' if outcome.by else 'its own default'}"
        level: Level = "problem" if verdict else "ok"
        yield self._finding("client.url", level, looked_at, f"{text}{verdict}", outcome.by)
        yield from self._credentials(outcome, looked_at, reaches=not verdict)
        for lost in outcome.lost:
            if outcome.by and lost.text != outcome.by.text:
                text = f"{outcome.by.where} wins over {lost.where}"
                yield Finding("client.conflict", self.profile.id, "note", looked_at, text)

    def _address(self, outcome: Outcome) -> str:
        gateway = self.ours.gateway
        expected = {_one_prefix(base) for base in self._bases(outcome.wire)}
        url = _one_prefix(outcome.url)
        if url in expected or (not expected and is_at(url, gateway.root)):
            return ""
        if is_at(url, gateway.root):
            return f"; that is this deployment, but its address for this client is `{min(expected)}`"
        if any(prefix in outcome.url for prefix in PREFIXES):
            return "; that is another deployment"
        if outcome.by is None:
            return "; that is the vendor, not the deployment"
        return "; that is not this deployment"

    def _bases(self, wire: str) -> list[str]:
        gateway = self.ours.gateway
        known = {
            "gateway.root": gateway.root,
            "gateway.openai": gateway.openai,
            "gateway.anthropic": gateway.anthropic,
        }
        keys = [request.base for request in self.profile.requests if request.wire == wire]
        written = [template for edit in self.live for key, template in leaves(edit.set) if key in keys]
        return [
            fill(template, known).rstrip("/")
            for template in written
            if isinstance(template, str) and known.keys() >= set(names(template))
        ]

    def _credentials(self, outcome: Outcome, looked_at: str, *, reaches: bool) -> Iterator[Finding]:
        if not outcome.headers:
            text = "no credential is sent"
            yield Finding("client.credential", self.profile.id, "problem", looked_at, text, self._anew())
            return
        first, *others = outcome.headers
        mine = self._is_ours(first.value)
        text = f"`{first.header}` carries {self._kind(first.value)}, from {first.value.where}"
        level: Level = "ok" if mine == reaches else "problem"
        if mine and not reaches:
            text += ", which would get a token that is not meant for it"
        # a token of ours is not what is wrong where the address is
        by = outcome.by if mine else first.value
        yield self._finding("client.credential", level, looked_at, text, by)
        for other in others:
            if self._is_ours(other.value) or other.value == first.value:
                continue
            text = f"`{other.header}` carries {self._kind(other.value)} beside it, from {other.value.where}"
            yield self._in_the_way("client.conflict", "problem" if reaches else "note", looked_at, text, other.value)
        for sent in outcome.headers:
            yield from self._lost(sent, looked_at)

    def _lost(self, sent: Sent, looked_at: str) -> Iterator[Finding]:
        for lost in sent.lost:
            if self._is_ours(lost) or lost.text == sent.value.text:
                continue
            text = f"{sent.value.where} wins over {self._kind(lost)}, from {lost.where}"
            fix = self._fix(lost) if _CODER_TOKEN.fullmatch(lost.text.reveal()) else ""
            yield Finding("client.conflict", self.profile.id, "note", looked_at, text, fix)

    def _is_ours(self, value: Value) -> bool:
        if self.ours.token is not None and value.text == self.ours.token:
            return True
        if value.command and not value.path:  # what it prints is looked at by itself
            return value.key in self.profile.helper_env
        if value.place not in self.own_files():
            return False
        written = [template for edit in self.live for key, template in leaves(edit.set) if key == value.path]
        return any(name in _OURS for template in written if isinstance(template, str) for name in names(template))

    def _kind(self, value: Value) -> str:
        text = value.text.reveal()
        if self._is_ours(value):
            return "our token"
        if value.command:
            return "what another command prints"
        if not text:
            return "an empty value"
        if _CODER_TOKEN.fullmatch(text):
            return "a Coder token that is not the one in use"
        if text.startswith(("sk-ant-oat", "eyJ")):
            return "a personal sign-in"
        return "a provider's key" if text.startswith("sk-") else "another key"

    def _finding(self, check: str, level: Level, looked_at: str, text: str, by: Value | None) -> Finding:
        fix = "" if level == "ok" else self._fix(by)
        return Finding(check, self.profile.id, level, looked_at, text, fix, fixable=fix == self._configure())

    def _in_the_way(self, check: str, level: Level, looked_at: str, text: str, by: Value | None) -> Finding:
        """Return a finding about a value that has to go; configuring again helps where that takes it out."""
        touched = {key for edit in self.live for key in (*edit.remove, *(key for key, _ in leaves(edit.set)))}
        if by is None or by.place not in self.own_files() or by.path in touched:
            return self._finding(check, level, looked_at, text, by)
        return Finding(check, self.profile.id, level, looked_at, text, f"take `{by.key}` out of `{by.place}`")

    def way_out(self, value: Value) -> str:
        """Return what takes a value out of the way, or "" where it is a key that we write."""
        if value.place not in self.own_files():
            return self._fix(value)
        written = any(key == value.path for edit in self.live for key, _ in leaves(edit.set))
        return "" if written else f"take `{value.key}` out of `{value.place}`"

    def _configure(self) -> str:
        return f"`aibridge configure {self.profile.id}`"

    def _anew(self) -> str:
        """Return what sets the client up once more; where it has variables alone there is nothing to write."""
        command = "" if self.live else variables_command(self.profile, self.ours.way)
        return f"`{command}`" if command else self._configure()

    def _fix(self, by: Value | None) -> str:
        if by is None or by.place in self.own_files():
            return f"`aibridge configure {self.profile.id} --model WIRE=ID`" if self._waits(by) else self._anew()
        if not by.path and not self.live and by.key in {*self.profile.env, *self.profile.helper_env}:
            return self._anew()
        if by.place.startswith("-"):
            return f"leave `{by.place}` out"
        if not by.path:
            return f"`unset {by.key}`, also where it is set when a shell starts"
        if by.place.startswith("$"):
            return f"`unset {by.place[1:]}`, or take `{by.key}` out of it"
        inside = [folder for folder in (self.facts.home, self.facts.cwd) if folder]
        if not by.place.startswith(tuple(inside)):
            return f"`{by.place}` is kept by whoever manages this machine; ask them to change `{by.key}`"
        return f"take `{by.key}` out of `{by.place}`"

    def _waits(self, by: Value | None) -> bool:
        """Tell whether what decides is a key that we write for those alone who name a model."""
        writing = [edit for edit in self.live if by and by.path in [key for key, _ in leaves(edit.set)]]
        return bool(writing) and all("model" in edit.when for edit in writing)


def _one_prefix(url: str) -> str:
    return url.replace(PREFIXES[1], PREFIXES[0], 1)
