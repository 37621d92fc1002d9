"""Other tools' way of setting a client up, found in its files: in use, or left behind. Pure over a `Reading`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from aibridge_cli.clients.other_tools import OtherTool
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Profile
from aibridge_cli.diagnosis.finding import Finding
from aibridge_cli.diagnosis.reading import Reading
from aibridge_cli.diagnosis.sources import load, place_of, read
from aibridge_cli.documents.editing import edit
from aibridge_cli.documents.operations import ABSENT, Delete, KeyPath, Set, dotted, lookup
from aibridge_cli.errors import DocumentError
from aibridge_cli.facts import Facts

CHECK = "client.other-tool"


class Traces(NamedTuple):
    """What another tool wrote into one file of a client's.

    Args:
        tool: Which tool, by the client's profile.
        path: The file.
        chosen: What the file says that the client uses, where that is the tool's; else "".
        places: The tool's other places that are there.
        refusal: Why an edit cannot take the client over, or None.
    """

    tool: OtherTool
    path: str
    chosen: str
    places: tuple[KeyPath, ...]
    refusal: DocumentError | None

    @property
    def words(self) -> str:
        """Who set the client up, and by what it shows."""
        return f"{self.tool.what} set it up: `{dotted(self.tool.key)}` is `{self.chosen}` in `{self.path}`"

    def fix(self, client: str) -> str:
        """Return what to do so that the client uses ours."""
        takes_over = f"`aibridge configure {client}`"
        if self.refusal is None:
            return f"{takes_over} takes it over"
        return "; ".join(words for words in (self.tool.note, self.refusal.hint) if words) + f"; then {takes_over}"


def traces(profile: Profile, facts: Facts, reading: Reading) -> Iterator[Traces]:
    """Yield what other tools wrote into the client's files, in use or not.

    Args:
        profile: The client.
        facts: Where it runs.
        reading: The disk.

    Raises:
        AibridgeError: There is no home folder, or one of the client's folders is relative.
    """
    own = resolve_paths(profile, facts)
    for tool in profile.other_tools:
        for file in tool.file:
            path = place_of(file, facts, own)
            text = read(reading, path) if path else None
            data = load(tool.format, text) if isinstance(text, str) else None
            if not path or not isinstance(text, str) or not isinstance(data, dict):
                continue
            value = lookup(data, tool.key)
            chosen = value if isinstance(value, str) and value in tool.values else ""
            places = tuple(place for place in tool.places if lookup(data, place) is not ABSENT)
            if chosen or places:
                changes = [Set(tool.key, "ours")] if chosen else [Delete(place) for place in places]
                yield Traces(tool, path, chosen, places, _refusal(tool, text, changes))


def other_tool_findings(profile: Profile, facts: Facts, reading: Reading) -> tuple[Finding, ...]:
    """Return what is to be said of other tools about a client that we configured.

    Args:
        profile: The client.
        facts: Where it runs.
        reading: The disk.
    """
    said = []
    for found in traces(profile, facts, reading):
        looked_at = f"`{found.path}`"
        if found.chosen:
            fix, ours = found.fix(profile.id), found.refusal is None
            said.append(Finding(CHECK, profile.id, "problem", looked_at, found.words, fix, fixable=ours))
        for place in found.places if not found.chosen else ():
            text = f"`{dotted(place)}`, which {found.tool.what} wrote, is left there and does nothing"
            advice = f"take `{dotted(place)}` out of `{found.path}`, or leave it"
            if found.refusal is not None and found.tool.note:
                advice = f"leave it, or {found.tool.note}"
            said.append(Finding(CHECK, profile.id, "note", looked_at, text, advice))
    return tuple(said)


def _refusal(tool: OtherTool, text: str, changes: list[Set] | list[Delete]) -> DocumentError | None:
    try:
        edit(tool.format, text, changes)
    except DocumentError as problem:
        return problem
    return None
