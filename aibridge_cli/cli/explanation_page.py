"""What `aibridge explain` says, as text."""

from __future__ import annotations

from typing import Any

from aibridge_cli.changes.diff import short

NOW = {
    "as we wrote it": "",
    "changed since": "changed since we wrote it, so undo leaves it",
    "gone": "gone since we wrote it",
    "was so before us": "was so before us, so undo leaves it",
    "not set yet": "",
}


def page(data: dict[str, Any], home: str) -> str:
    """Return the page about a client's keys.

    Args:
        data: As the JSON output has it.
        home: The home folder, which is shown as `~`.
    """
    lines = [_title(data)]
    if data["profile"]:
        lines.append(f"described by {short(data['profile'], home)}, documented at {data['docs']}")
    path = ""
    for key in data["keys"]:
        if key["path"] != path:
            path = key["path"]
            lines += ["", short(path, home)]
        lines += _key(key, configured=data["configured"] is not None)
    if data["variables"]:
        lines += ["", f"variables, from {data['variables_from']} in each shell"]
        lines += [f"  {name} = {value}" for name, value in data["variables"].items()]
    for title, *steps in data["by_hand"]:
        lines += ["", f"by hand: {title}", *(f"  {number}. {step}" for number, step in enumerate(steps, 1))]
    if data["outranked_by"]:
        lines += ["", "what would win over these"]
        lines += [line for each in data["outranked_by"] for line in _rival(each, home)]
    if data["undo"]:
        lines += ["", f"`{data['undo']}` takes all of it back"]
    return "\n".join(lines) + "\n"


def _title(data: dict[str, Any]) -> str:
    name = f"{data['name']} ({data['id']})"
    if data["configured"] is None:
        way = f" by `{data['credential']}`" if data["credential"] else ""
        return f"{name} is not configured; `aibridge configure {data['id']}` would set{way}:"
    return f"{name} is configured by `{data['credential']}` for {data['configured']['deployment']}"


def _key(key: dict[str, Any], *, configured: bool) -> list[str]:
    match key["kind"]:
        case "removed":
            words = "would be taken out" if key["standing"] == "not set yet" else "taken out"
            words = "back again" if configured and key["standing"] == "changed since" else words
            lines = [f"  {key['key']} {words}"]
        case "item" | "upsert":
            lines = [f"  {key['key']} has {key['value'] or 'nothing of ours'}"]
        case _:
            lines = [f"  {key['key']} = {key['value'] or 'nothing'}"]
    if key["why"]:
        lines.append(f"    why: {key['why']}")
    if configured and key["standing"] == "not set yet":
        lines.append("    not so now: `aibridge configure` would write it")
    elif NOW[key["standing"]] and not (key["kind"] == "removed" and key["standing"] == "was so before us"):
        lines.append(f"    {NOW[key['standing']]}")
    if key["before_unknown"]:
        lines.append(f"    before: not known; {key['before_unknown']}")
    elif key["standing"] == "not set yet":
        lines.append(f"    now: {key['before'] or 'nothing'}")
    elif key["standing"] != "was so before us" and key["kind"] != "item":
        lines.append(f"    before: {key['before'] or 'nothing'}")
    elif key["kind"] == "removed":
        lines.append("    nothing stood there")
    return lines


def _rival(rival: dict[str, Any], home: str) -> list[str]:
    lines = [f"  {rival['what']}" + (f": {rival['note']}" if rival["note"] else "")]
    lines += [f"    here: {short(place, home)}" for place in rival["here"]]
    return lines
