"""Rules that hold a profile's tables to each other.

They catch at load time what would otherwise surface as a leaked token, an edit that no
way reaches, or a client that silently goes elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NoReturn, get_args

from aibridge_cli.clients.conditions import NO_MODEL, applies
from aibridge_cli.clients.layers import check_layers
from aibridge_cli.clients.placeholders import HELPER_NAMES, HELPER_WORDS, MODEL_NAMES, RESERVED, RUN_NAMES, names
from aibridge_cli.clients.profile import Edit, Platform, Profile, Upsert, Way, model_need
from aibridge_cli.clients.tables import nearest
from aibridge_cli.clients.templates import edit_templates, templates, upsert_uses
from aibridge_cli.clients.trees import leaves, overlaps, strings
from aibridge_cli.clients.variables import names_helper
from aibridge_cli.documents.operations import Item, KeyPath, Place, dotted
from aibridge_cli.errors import ProfileError

TOKEN_ON_DISK = ("file",)
"""The ways that may write the token itself into a client's file."""


def check(profile: Profile) -> None:
    """Make sure that the tables of a profile fit together.

    Raises:
        ProfileError: They do not; the first of `problems`.
    """
    for problem in problems(profile):
        raise problem


def problems(profile: Profile) -> Iterator[ProfileError]:
    """Yield what does not fit together in a profile: of each rule the first, of templates all."""
    rules = _Check(profile)
    yield from _raised(rules.status, rules.names)
    used: set[str] = set()
    broken = False
    for template in templates(profile):
        try:
            used.update(template.check(profile))
        except ProfileError as problem:
            broken = True
            yield problem
    if broken:  # the other rules read the templates
        return
    yield from _raised(rules.conditions, rules.token, rules.helper, rules.keychain)
    yield from _raised(lambda: rules.model(used), rules.ways, rules.helper_variables)
    yield from _raised(
        rules.conflicts, rules.wholes, rules.repeated, rules.inner_lists, rules.requests, rules.run_table
    )
    yield from _raised(lambda: check_layers(profile), rules.documented)


def _raised(*rules: Callable[[], None]) -> Iterator[ProfileError]:
    for rule in rules:
        try:
            rule()
        except ProfileError as problem:
            yield problem


class _Check:
    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def fail(self, where: str, message: str, hint: str = "") -> NoReturn:
        raise ProfileError(self.profile.source, where, message, hint=hint)

    def status(self) -> None:
        profile = self.profile
        for key in ("docs", "link"):
            address = getattr(profile, key)
            if address and not address.startswith("https://"):
                self.fail(key, f"expected an https address, found `{address}`")
        if profile.status == "unsupported":
            if not (profile.reason and profile.link):
                self.fail("", "an unsupported client needs `reason` and `link`, for the user who asks for it")
            for key in ("credential", "edits", "env", "helper_env", "run", "keychain", "opt_in"):
                if getattr(profile, key):
                    self.fail(key.removesuffix("s"), "has no use for an unsupported client")
            return
        if profile.reason or profile.link:
            self.fail("reason" if profile.reason else "link", "is for unsupported clients only")
        if profile.opt_in and profile.status != "supported":
            self.fail("opt_in", "has no use for a client that `configure` does not write for")
        for key in ("speaks", "credential"):
            if not getattr(profile, key):
                self.fail(key, f"a {profile.status} client needs at least one")
        if profile.status == "guided" and not profile.manual:
            self.fail("manual", "a guided client needs steps for the user")

    def names(self) -> None:
        seen = [self.profile.id]
        for alias in self.profile.aliases:
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", alias):
                self.fail("aliases", f"`{alias}` is not small letters, digits and single hyphens")
            if alias in seen:
                self.fail("aliases", f"`{alias}` names this client already")
            seen.append(alias)
        for name in self.profile.paths:
            if name in RESERVED:
                self.fail(f"paths.{name}", "is the first word of a placeholder", f"taken: {', '.join(RESERVED)}")

    def conditions(self) -> None:
        tables = [(f"edit[{index}]", edit.when) for index, edit in enumerate(self.profile.edits)]
        tables += [(f"manual[{index}]", manual.when) for index, manual in enumerate(self.profile.manual)]
        tables += [(f"request[{index}]", request.when) for index, request in enumerate(self.profile.requests)]
        for where, when in tables:
            for way in when.get("credential", ()):
                if way not in self.profile.credential:
                    self.fail(f"{where}.when.credential", f"`{way}` is not in the profile's `credential`")
            for wire in when.get("model", ()):
                if wire == NO_MODEL and any(model_need(self.profile, each) != "none" for each in self.profile.speaks):
                    continue
                if wire not in self.profile.speaks or model_need(self.profile, wire) == "none":
                    self.fail(f"{where}.when.model", f"no {wire} model is ever named", "see `model` and `speaks`")
            for part in when.get("part", ()):
                if part not in self.profile.parts:
                    hint = (
                        nearest(part, list(self.profile.parts)) if self.profile.parts else "`[part.NAME]` tells of one"
                    )
                    self.fail(f"{where}.when.part", f"there is no part `{part}`", hint)
        for name in self.profile.parts:
            if not any(name in when.get("part", ()) for _, when in tables):
                self.fail(f"part.{name}", "nothing is done for it", f'as in `when = {{ part = "{name}" }}`')
        for way in self.profile.version.needs:
            if way not in self.profile.credential:
                self.fail(f"version.needs.{way}", "is not in the profile's `credential`")

    def token(self) -> None:
        for index, edit in enumerate(self.profile.edits):
            writing = [template for template in edit_templates(index, edit) if "token" in template.names()]
            if writing and not edit.secret:
                self.fail(writing[0].where, f"writes `{{token}}`, so edit[{index}] needs `secret = true`")
            if edit.secret and not writing:
                self.fail(f"edit[{index}].secret", "nothing in this edit writes `{token}`")
            for way in edit.when.get("credential", self.profile.credential):
                if writing and way not in TOKEN_ON_DISK:
                    self.fail(
                        writing[0].where,
                        f"the way `{way}` would write `{{token}}` too",
                        'limit the edit with `when = { credential = "file" }`',
                    )

    def helper(self) -> None:
        for index, edit in enumerate(self.profile.edits):
            halves = {
                name: template
                for template in edit_templates(index, edit)
                for name in template.names()
                if name in ("helper.command", HELPER_WORDS)
            }
            if len(halves) == 1:
                ((name, template),) = halves.items()
                self.fail(
                    template.where,
                    f"`{{{name}}}` is half of the command, and the other half is not in this edit",
                    'one list is `["{helper.command}", "{helper.args}"]`, one line is `{helper}`',
                )

    def keychain(self) -> None:
        if self.profile.keychain and "keychain" not in self.profile.credential:
            self.fail("keychain", "is not written, as `keychain` is not in the profile's `credential`")
        seen = []
        for index, entry in enumerate(self.profile.keychain):
            if "{token}" not in entry.value:
                self.fail(f"keychain[{index}].value", "must hold `{token}`")
            if entry.attributes in seen:
                self.fail(f"keychain[{index}].attributes", "an earlier entry has the same")
            seen.append(entry.attributes)

    def model(self, used: set[str]) -> None:
        models = [name for name in MODEL_NAMES if name in used]
        for name in models:
            if model_need(self.profile, name.partition(".")[2]) == "none":
                self.fail("model", f"`{{{name}}}` is used, so it must be `optional` or `required`")
            if name.partition(".")[2] not in self.profile.speaks:
                self.fail("speaks", f"`{{{name}}}` is used, but that wire is not spoken")
        if isinstance(self.profile.model, str):
            if self.profile.model != "none" and not models:
                self.fail("model", f"is `{self.profile.model}`, but nothing uses a model")
            return
        for wire, need in self.profile.model.items():
            if need != "none" and f"model.{wire}" not in models:
                self.fail(f"model.{wire}", f"is `{need}`, but nothing uses such a model")

    def ways(self) -> None:
        for way in self.profile.credential:
            if not self._serves(way):
                self.fail("credential", f"nothing serves the way `{way}`", _SERVED_BY[way])

    def _serves(self, way: Way) -> bool:
        profile = self.profile
        in_edits = {
            name
            for index, edit in enumerate(profile.edits)
            if way in edit.when.get("credential", (way,))
            for template in edit_templates(index, edit)
            for name in template.names()
        }
        in_env = {name for template in templates(profile) if template.table == "env" for name in template.names()}
        if way == "helper":
            return names_helper(profile.helper_env) or not (in_edits | in_env).isdisjoint(HELPER_NAMES)
        if way == "reference":
            return "token.file" in in_edits | in_env
        if way == "env":
            return "token" in in_env
        if way == "file":
            return "token" in in_edits
        if way == "keychain":
            return bool(profile.keychain)
        return any(way in manual.when.get("credential", (way,)) for manual in profile.manual)

    def helper_variables(self) -> None:
        if self.profile.helper_env and not names_helper(self.profile.helper_env):
            self.fail("helper_env", "names no helper", "a variable must use `{helper}`")
        if self.profile.helper_env and "helper" not in self.profile.credential:
            self.fail("helper_env", "is for clients that can get the token by `helper`")

    def conflicts(self) -> None:
        for way in self.profile.credential:
            for platform in get_args(Platform):
                live = [
                    (index, edit) for index, edit in enumerate(self.profile.edits) if applies(edit.when, way, platform)
                ]
                for index, edit in live:
                    others = [other for _, other in live]
                    self._not_set(index, edit, live)
                    for path in edit.remove:
                        self._not_written(f"edit[{index}].remove", path, edit, others)
                    for number, upsert in enumerate(edit.upserts):
                        self._not_in_items(f"edit[{index}].upsert[{number}].remove", upsert, edit, others)

    def _not_set(self, index: int, edit: Edit, live: list[tuple[int, Edit]]) -> None:
        for path, _ in leaves(edit.default):
            for number, other in live:
                if set(other.file).isdisjoint(edit.file) or "model" in other.when:
                    continue
                if any(overlaps(path, each) and not self._may_be_absent(value) for each, value in leaves(other.set)):
                    self.fail(
                        f"edit[{index}].default.{dotted(path)}",
                        "stands in `set` as well" + (f" of edit[{number}]" if number != index else ""),
                        "`set` is written whatever stands there, so there is never a case for the default; "
                        "what is set for a named model alone, or in another way, may have one",
                    )

    def _may_be_absent(self, value: object) -> bool:
        """Tell whether a value is written only when its model is named."""
        used = {name for _, text in strings(value) for name in names(text) if name in MODEL_NAMES}
        return any(model_need(self.profile, name.partition(".")[2]) == "optional" for name in used)

    def _not_written(self, where: str, removed: KeyPath, edit: Edit, others: list[Edit]) -> None:
        for other in others:
            if set(other.file).isdisjoint(edit.file):
                continue
            for written in written_paths(other):
                if overlaps(removed, written):
                    self.fail(where, f"`{dotted(removed)}` is removed, but `{dotted(written)}` is written")

    def _not_in_items(self, where: str, upsert: Upsert, edit: Edit, others: list[Edit]) -> None:
        for other in others:
            for rival in other.upserts if not set(other.file).isdisjoint(edit.file) else ():
                both = [key for key in upsert.remove if key in rival.value]
                if both and (rival.at, rival.match) == (upsert.at, upsert.match):
                    self.fail(where, f"`{both[0]}` is removed, but another edit writes it into the same item")

    def wholes(self) -> None:
        for index, edit in enumerate(self.profile.edits):
            here = f"edit[{index}]"
            wanted = [path for path, _ in leaves(edit.set)]
            lists = [*(each.at for each in edit.upserts), *(each.at for each in edit.includes)]
            for number, path in enumerate(edit.whole):
                where = f"{here}.whole[{number}]"
                if not any(len(other) > len(path) and overlaps(path, other) for other in wanted):
                    self.fail(where, f"nothing in `set` is inside `{dotted(path)}`")
                rivals = [*lists, *edit.whole[:number]]
                for other in self.profile.edits[:index] + self.profile.edits[index + 1 :]:
                    if not set(other.file).isdisjoint(edit.file):
                        rivals += written_paths(other)
                for rival in rivals:
                    if overlaps(path, rival):
                        self.fail(
                            where, f"`{dotted(rival)}` is written apart from it", "put it into `set` of this edit"
                        )

    def repeated(self) -> None:
        for index, edit in enumerate(self.profile.edits):
            for number, upsert in enumerate(edit.upserts):
                used = [name for name in MODEL_NAMES if upsert_uses(upsert, name)]
                if upsert.for_each and len(used) != 1:
                    self.fail(
                        f"edit[{index}].upsert[{number}].for_each",
                        "the item must use the model of one wire",
                        f"one of {', '.join(f'`{{{name}}}`' for name in MODEL_NAMES)}, best in `match`",
                    )

    def inner_lists(self) -> None:
        made: list[tuple[Place, object]] = []
        for index, edit in enumerate(self.profile.edits):
            for number, upsert in enumerate(edit.upserts):
                for at, step in enumerate(upsert.at):
                    if isinstance(step, Item) and (upsert.at[:at], dict(step.match)) not in made:
                        self.fail(
                            f"edit[{index}].upsert[{number}].at",
                            f"nothing before it makes the object `{dotted((step,))}`",
                            "an `upsert` with the same keys in `match` comes first",
                        )
                made.append((upsert.at, upsert.match))

    def requests(self) -> None:
        written = [path for edit in self.profile.edits for path in (*written_paths(edit), *_in_items(edit))]
        for index, request in enumerate(self.profile.requests):
            if request.base not in written:
                self.fail(f"request[{index}].base", f"no edit writes `{dotted(request.base)}`")

    def run_table(self) -> None:
        run = self.profile.run
        if run is None:
            return
        if not (run.command or self.profile.detect.commands):
            self.fail("run", "needs a `command`, as `detect.commands` names none")
        used = {
            name for template in templates(self.profile) if template.table in _RUN_USES for name in template.names()
        }
        if run.each and not {"run.key", "run.toml"} <= used:
            self.fail("run.each", "must hold `{run.key}` and `{run.toml}`", 'as in ["-c", "{run.key}={run.toml}"]')
        if run.set and used.isdisjoint(RUN_NAMES):
            self.fail("run.set", "reaches nobody", "`arguments`, `each` or `env` must name it, as in `{run.json}`")
        if not run.set and not used.isdisjoint(RUN_NAMES):
            self.fail("run", "names settings, but `set` has none")

    def documented(self) -> None:
        known = list(dict.fromkeys(touched(self.profile)))
        for key in self.profile.documented:
            if key not in known:
                self.fail("documented", f"nothing touches `{key}`", nearest(key, known))


_RUN_USES = ("run.arguments", "run.each", "run.env")

_SERVED_BY: dict[Way, str] = {
    "helper": "an edit or a variable must use `{helper}`, `{helper.command}` and `{helper.args}`, or `{helper.file}`",
    "reference": "an edit or a variable must use `{token.file}`",
    "env": "a variable in `[env]` must use `{token}`",
    "file": "an edit that applies to it must use `{token}`",
    "keychain": "there must be an entry in `[[keychain]]`",
    "manual": "there must be steps in `[[manual]]` that apply to it",
}


def written_paths(edit: Edit) -> list[Place]:
    """Return the key paths that an edit writes to."""
    paths: list[Place] = [path for tree in (edit.set, edit.default) for path, _ in leaves(tree)]
    paths += [upsert.at for upsert in edit.upserts]
    return paths + [include.at for include in edit.includes]


def _in_items(edit: Edit) -> Iterator[Place]:
    """Yield the keys of our items in lists, each behind the list's path."""
    for upsert in edit.upserts:
        yield from ((*upsert.at, *path) for path, _ in (*leaves(upsert.match), *leaves(upsert.value)))


def touched(profile: Profile) -> Iterator[str]:
    """Yield everything that `[documented]` may name: keys of files in dotted words, variables, and `keychain`."""
    for edit in profile.edits:
        yield from (dotted(path) for path in (*written_paths(edit), *edit.remove))
        yield from (dotted((*upsert.at, key)) for upsert in edit.upserts for key in upsert.remove)
    yield from profile.env
    yield from profile.helper_env
    yield from profile.unset
    if profile.keychain:
        yield "keychain"
