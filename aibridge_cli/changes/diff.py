"""A plan as people read it: unified differences, with secrets masked. Pure."""

from __future__ import annotations

import difflib

from aibridge_cli.changes.entries import EntryChange
from aibridge_cli.changes.plan import FileChange, Plan
from aibridge_cli.documents.encoding import decode
from aibridge_cli.secret import Secret, mask


def unified(plan: Plan, secrets: tuple[Secret, ...] = (), *, home: str = "") -> str:
    """Return the differences of all files of a plan; "" when there are none to show.

    Files of our own that hold a token are named, and nothing of them is shown.

    Args:
        plan: What would be done.
        secrets: Masked wherever they stand, beside everything that looks like a secret.
        home: The home folder, shown as `~`.
    """
    files = "".join(_difference(change, secrets, home) for change in plan.changes)
    return files + "".join(_entry(change) for change in plan.entries if change.action)


_ENTRY_WORDS = {
    "create": "a new entry with the token",
    "update": "the token in place of what it holds; that is kept in the keychain",
    "restore": "what it held before, in place of the token",
    "remove": "removed",
}


def _entry(change: EntryChange) -> str:
    words = _ENTRY_WORDS[change.action]
    if change.action == "update" and change.kept_before == change.kept_after:
        words = "another token in place of ours"
    return f"keychain entry {change.name}: {words}\n"


def short(path: str, home: str) -> str:
    """Return a path as people write it, with `~` for the home folder."""
    return "~" + path[len(home) :] if home and path.startswith((home + "/", home + "\\")) else path


def _difference(change: FileChange, secrets: tuple[Secret, ...], home: str) -> str:
    found = change.snapshot
    path = short(found.path, home)
    header = _header(change, path, home)
    if change.own:
        return header
    before, after = _lines(found.content, secrets), _lines(change.after, secrets)
    old = path if found.content is not None else "(no file)"
    new = path if change.after is not None else "(no file)"
    lines = list(difflib.unified_diff(before, after, old, new))
    if not lines and found.content != change.after and change.after is not None and found.content is not None:
        lines = [f"--- {path}\n", f"+++ {path}\n", "  only masked text or line ends differ\n"]
    return header + "".join(line if line.endswith("\n") else f"{line}\n\\ no newline at the end\n" for line in lines)


def _header(change: FileChange, path: str, home: str) -> str:
    found = change.snapshot
    words = ""
    if change.own:
        action = "remove" if change.after is None else "write" if found.content is None else "update"
        words = f"{action} {path} (a file of ours that holds the token, 0600)\n"
    elif found.target != found.path:
        words = f"{path} is a link to {short(found.target, home)}, which is edited\n"
    if not change.own and found.mode is not None and change.mode is not None and change.mode != found.mode:
        words += f"{path}: permissions {found.mode:04o} -> {change.mode:04o}\n"
    return words


def _lines(content: bytes | None, secrets: tuple[Secret, ...]) -> list[str]:
    if content is None:
        return []
    return mask(decode(content).text, secrets).splitlines(keepends=True)
