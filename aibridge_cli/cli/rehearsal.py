"""What a profile would do, tried in a scratch folder on copies of the files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from typing import NamedTuple

from aibridge_cli.changes.diff import unified
from aibridge_cli.changes.plan import Wanted
from aibridge_cli.changes.run import carry_out, plan_configure, plan_release
from aibridge_cli.changes.store import Store
from aibridge_cli.clients.detect import parts_here
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Profile, Way, model_need
from aibridge_cli.clients.render import render
from aibridge_cli.clients.rendered import RenderedProfile, Values
from aibridge_cli.deployment.urls import gateway
from aibridge_cli.errors import AibridgeError, UsageError, error_text
from aibridge_cli.facts import Facts
from aibridge_cli.folders import helper_file, token_file
from aibridge_cli.helper import helper_command, quote_for_shell
from aibridge_cli.secret import Secret

ORIGIN = "https://coder.example.com"
TOKEN = Secret("made-up-token-that-nobody-accepts")


class Rehearsal(NamedTuple):
    """How configuring went, in one way and one home.

    Args:
        way: How the client gets the token.
        home: `empty` or `yours`.
        difference: What changed, as people read it; "" when nothing did.
        again: What a second run would still change.
        restored: Whether taking it back gave every byte back.
        problem: Why it could not be done, or "".
        wire: The wire of the one model that was named, where the client takes no two; else "".
    """

    way: Way
    home: str
    difference: str = ""
    again: str = ""
    restored: bool = True
    problem: str = ""
    wire: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return self.restored and not self.again and not self.problem


def rehearse(profile: Profile, facts: Facts) -> Iterator[Rehearsal]:
    """Configure a client in scratch folders, once more, and take it back; nothing else is written.

    Each way is tried in an empty home and, where any of its files is here, on copies of them.

    Args:
        profile: The client.
        facts: Where the user's own files are.
    """
    variables = {name: facts.environ[name] for name in ("APPDATA", "LOCALAPPDATA") if name in facts.environ}
    bare = Facts(environ=variables, platform=facts.platform, home=facts.home)
    for way in profile.credential:
        for home, own in (
            ("empty", resolve_paths(profile, bare, lambda _folder: False)),
            ("yours", resolve_paths(profile, facts)),
        ):
            parts = parts_here(profile, facts) if home == "yours" else ()
            for wires in _together(profile, way, own, facts, parts):
                with tempfile.TemporaryDirectory(prefix="aibridge-rehearsal-") as scratch:
                    place = os.path.realpath(scratch)
                    wire = wires[0] if wires != _wires(profile) else ""
                    try:
                        within = {name: place + os.path.splitdrive(path)[1] for name, path in own.items()}
                        rendered = _rendered(profile, way, within, facts, wires, parts)
                        for each in _one(profile, rendered, home, facts, place):
                            yield each._replace(wire=wire)
                    except AibridgeError as problem:
                        yield Rehearsal(way, home, problem=error_text(problem).replace(place, ""), wire=wire)


def _wires(profile: Profile) -> tuple[str, ...]:
    """Return the wires of which a model can be named."""
    return tuple(wire for wire in profile.speaks if model_need(profile, wire) != "none")


def _together(
    profile: Profile, way: Way, own: dict[str, str], facts: Facts, parts: Collection[str]
) -> list[tuple[str, ...]]:
    """Return the wires of the models to name: all at once, or one at a time where the client takes no two."""
    wires = _wires(profile)
    try:
        _rendered(profile, way, own, facts, wires, parts)
    except UsageError:
        return [(wire,) for wire in wires]
    except AibridgeError:  # it is told where it is tried
        pass
    return [wires]


def _rendered(
    profile: Profile, way: Way, paths: dict[str, str], facts: Facts, wires: tuple[str, ...], parts: Collection[str]
) -> RenderedProfile:
    return render(
        profile,
        way,
        _values(facts, wires),
        platform=facts.platform,
        paths=paths,
        parts=parts,
        quote=lambda words: quote_for_shell(tuple(words), facts.platform),
    )


def _one(profile: Profile, rendered: RenderedProfile, home: str, facts: Facts, scratch: str) -> Iterator[Rehearsal]:
    if home == "yours" and not _copied(rendered, scratch):
        return
    store = Store(os.path.join(scratch, "aibridge-records"))
    before = _contents(rendered)
    wanted = [Wanted(rendered, ORIGIN)]
    outcome = carry_out(store, lambda: plan_configure(store, wanted), "configure", show=lambda _plan: None)
    shown = scratch + os.path.splitdrive(facts.home)[1]
    difference = unified(outcome.plan, (TOKEN,), home=shown).replace(scratch, "")
    again = unified(plan_configure(store, wanted), (TOKEN,), home=shown).replace(scratch, "")
    carry_out(store, lambda: plan_release(store, [profile.id]), "unconfigure", show=lambda _plan: None)
    yield Rehearsal(rendered.way, home, difference, again, _contents(rendered) == before)


def _values(facts: Facts, wires: tuple[str, ...]) -> Values:
    addresses = gateway(ORIGIN)
    return Values(
        deployment_url=ORIGIN,
        gateway_root=addresses.root,
        gateway_openai=addresses.openai,
        gateway_anthropic=addresses.anthropic,
        token=TOKEN,
        token_file=token_file(facts, ORIGIN),
        helper=helper_command(facts, ORIGIN),
        helper_file=helper_file(facts, ORIGIN),
        models={wire: f"{wire}-model" for wire in wires},
        all_models={wire: (f"{wire}-model", f"{wire}-model-2") for wire in wires},
    )


def _files(rendered: RenderedProfile) -> list[str]:
    return list(dict.fromkeys(path for edit in rendered.edits for path in edit.candidates))


def _copied(rendered: RenderedProfile, scratch: str) -> bool:
    """Lay copies of the user's files out below the scratch folder, and tell whether there are any."""
    found = False
    for copy in _files(rendered):
        original = copy.removeprefix(scratch)
        if os.path.isfile(original):
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            try:
                shutil.copy(original, copy)
            except OSError as error:
                raise AibridgeError(f"`{original}` cannot be read: {error.strerror}") from None
            found = True
    return found


def _contents(rendered: RenderedProfile) -> dict[str, tuple[bytes, int]]:
    found = {}
    for path in _files(rendered):
        if os.path.exists(path):
            with open(path, "rb") as file:
                found[path] = (file.read(), os.stat(path).st_mode & 0o777)
    return found
