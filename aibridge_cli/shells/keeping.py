"""What stood in a shell's variables before ours, kept in the shell itself. Pure.

`AIBRIDGE_SET` names the variables that we set, each with a fingerprint of our value or
`-` where we took the variable away; `AIBRIDGE_SAVED_NAME` holds what stood in `NAME`.
The shell copies variable to variable, so no earlier value is printed where the shell
has a way to do that. A variable that was changed since is the user's: setting keeps the
changed value as the earlier one, and restoring leaves it alone.

Only exported variables count, as a shell shows no others to the programs it runs.
"""

from __future__ import annotations

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.formats import COPY, SET, UNSET, Deed, check_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

RECORD = "AIBRIDGE_SET"
SAVED = "AIBRIDGE_SAVED_"
_TAKEN_AWAY = "-"


def setting(environ: Mapping[str, str], deeds: Iterable[Deed]) -> list[Deed]:
    """Return the deeds with what keeps the earlier values put before them.

    Args:
        environ: The exported variables of the shell.
        deeds: `SET` and `UNSET` of variables, each at most once.
    """
    record = _record(environ)
    keeping: list[Deed] = []
    wanted = list(deeds)
    for deed in wanted:
        name = deed.name
        if name not in record or not _ours(environ, name, record[name]):
            if name in environ:
                keeping.append(Deed(COPY, SAVED + name, environ[name], source=name))
            elif SAVED + name in environ:
                keeping.append(Deed(UNSET, SAVED + name))
        if deed.verb == SET:
            record[name] = fingerprint(deed.value)
        elif name in environ or name in record:
            record[name] = _TAKEN_AWAY
    if record:
        keeping.append(Deed(SET, RECORD, _text(record)))
    return keeping + wanted


def restoring(environ: Mapping[str, str], names: Collection[str] | None = None) -> tuple[list[Deed], list[str]]:
    """Return what puts the earlier values back, and the names of variables that stay.

    Args:
        environ: The exported variables of the shell.
        names: The variables to restore; None for all that we set.

    Returns:
        The deeds, and the names of variables that were changed since.
    """
    record = _record(environ)
    deeds: list[Deed] = []
    changed: list[str] = []
    for name, mark in list(record.items()):
        if names is not None and name not in names:
            continue
        del record[name]
        saved = SAVED + name
        if not _ours(environ, name, mark):
            changed.append(name)
        elif saved in environ:
            deeds.append(Deed(COPY, name, environ[saved], source=saved))
        elif mark != _TAKEN_AWAY:
            deeds.append(Deed(UNSET, name))
        if saved in environ:
            deeds.append(Deed(UNSET, saved))
    if record:
        deeds.append(Deed(SET, RECORD, _text(record)))
    elif RECORD in environ:
        deeds.append(Deed(UNSET, RECORD))
    return deeds, changed


def fingerprint(value: str) -> str:
    """Return what tells a value of ours from one that was changed since.

    FNV-1a with 64 bits: no module to import, and nothing hangs on it that an attacker who
    can set variables could not do anyway.
    """
    state = 0xCBF29CE484222325
    for byte in value.encode("utf-8", "surrogatepass"):
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{state:016x}"


def _ours(environ: Mapping[str, str], name: str, mark: str) -> bool:
    if mark == _TAKEN_AWAY:
        return name not in environ
    return name in environ and fingerprint(environ[name]) == mark


def _record(environ: Mapping[str, str]) -> dict[str, str]:
    record = {}
    for item in environ.get(RECORD, "").split(","):
        name, colon, mark = item.partition(":")
        if colon and _is_name(name):
            record[name] = mark
    return record


def _text(record: Mapping[str, str]) -> str:
    return ",".join([f"{name}:{mark}" for name, mark in record.items()])


def _is_name(text: str) -> bool:
    try:
        check_name(text)
    except UsageError:
        return False
    return True
