"""What is known about one client, as text: each key, why, and where it is documented."""

from __future__ import annotations

import json
from typing import Any

from aibridge_cli.changes.diff import short


def page(data: dict[str, Any], home: str) -> str:
    """Return the page about a client.

    Args:
        data: The client as the JSON output has it.
        home: The home folder, which is shown as `~`.
    """
    lines = _head(data, home)
    for way, edits in data["ways"].items():
        lines += ["", f"--credential {way}", *_edits(edits, home)]
    for entry in data["keychain"]:
        found_by = ", ".join([f"{name} = {value}" for name, value in entry["attributes"].items()])
        lines += ["", f"--credential keychain: the entry `{entry['label']}`", f"  {found_by}"]
        lines += [f"    {entry['why']}"] if entry["why"] else []
    for steps in data["manual"]:
        when = ", ".join([f"{name} {' or '.join(fitting)}" for name, fitting in steps["when"].items()])
        lines += ["", f"by hand: {steps['title']}" + (f" ({when})" if when else "")]
        lines += [f"  {number}. {step}" for number, step in enumerate(steps["steps"], 1)]
    if data["env"]:
        lines += ["", f"`aibridge env {data['id']}`: variables"]
        lines += [f"  {name} = {value}" for name, value in data["env"].items()]
    if data["helper_env"]:
        lines += ["", "and where it finds the token later, in the place of those with the token"]
        lines += [f"  {name} = {value}" for name, value in data["helper_env"].items()]
    if data["unset"]:
        lines += ["", f"`aibridge env {data['id']}`: unset"]
        lines += [f"  {name}: {reason}" for name, reason in data["unset"].items()]
    if data["outranked_by"]:
        lines += ["", "what would win over our keys"]
        for each in data["outranked_by"]:
            places = ", ".join([*(short(file, home) for file in each["files"]), *each["variables"]])
            lines.append(
                f"  {each['what']}" + (f" ({places})" if places else "") + (f": {each['note']}" if each["note"] else "")
            )
    if data["placeholders"]:
        lines += ["", "what the braces stand for"]
        lines += [f"  {{{name}}}: {meaning}" for name, meaning in data["placeholders"].items()]
    text = "\n".join(lines) + "\n"
    return text + ("  {{ and }}: the braces themselves\n" if "{{" in text else "")


def _head(data: dict[str, Any], home: str) -> list[str]:
    lines = [f"{data['name']} ({data['id']}): {data['summary']}"]
    if data["aliases"]:
        lines.append(f"also called {', '.join(data['aliases'])}")
    lines.append(f"documented at {data['docs']}")
    if data["status"] == "unsupported":
        lines += [f"unsupported: {data['reason']}", f"see {data['link']}"]
    else:
        tested = ", ".join(data["tested"])
        lines.append(f"tested with {tested}" if tested else "not run against the real program")
    for name, versions in data["parts"].items():
        tested = ", ".join(versions)
        lines.append(f"its {name}: {f'tested with {tested}' if tested else 'not run'}")
    if data["opt_in"]:
        lines.append(f"configured only when it is named, as that takes the place of {data['opt_in']}")
    return [*lines, f"described by {short(data['profile'], home)}"]


def _edits(edits: list[dict[str, Any]], home: str) -> list[str]:
    """Return the lines of one way, each file once however many edits it has."""
    by_files: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for edit in edits:
        by_files.setdefault(tuple(edit["files"]), []).append(edit)
    lines = []
    for files, theirs in by_files.items():
        note = " (holds the token, 0600)" if any(edit["secret"] for edit in theirs) else ""
        lines.append("  " + " or ".join(short(file, home) for file in files) + note)
        lines += [line for edit in theirs for key in edit["keys"] for line in _key(key)]
    return lines


def _key(key: dict[str, Any]) -> list[str]:
    if "removed" in key:
        what = "removed"
    elif "contains" in key:
        what = f"contains {', '.join(map(_value, key['contains']))}"
    else:
        what = f"= {_value(key.get('value', key.get('item')))}"
        what += " (where it is not set)" if "default" in key else ""
    return [f"    {key['key']} {what}"] + ([f"      {key['why']}"] if key["why"] else [])


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
