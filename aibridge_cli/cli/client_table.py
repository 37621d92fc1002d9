"""The list of clients as text: a table, or lines for each client where a table has no room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

GAP = 2
"""Columns of the terminal between two columns of the table."""
NARROW = 70
"""Columns of a terminal below which folded cells are harder to read than lines."""
_FOLDS = {"credential": 12, "configured": 14}
"""Fields that take several lines where they must, and how wide they are at least."""
_LEFT_OUT = ("name", "secret", "proof")
"""Fields that a table does without where it has no room, the first one first."""


class Row(NamedTuple):
    """One client, as words."""

    client: str
    name: str
    openai: str
    anthropic: str
    credential: str
    secret: str
    proof: str
    here: str
    configured: str


HEADINGS = Row(
    "client", "name", "OpenAI", "Anthropic", "token by", "secret on disk", "proven with", "here", "configured"
)


def row(client: dict[str, Any]) -> Row:
    """Return the words for one client of the JSON output."""
    configured = client["configured"]
    return Row(
        client["id"],
        client["name"],
        "yes" if "openai" in client["speaks"] else "-",
        "yes" if "anthropic" in client["speaks"] else "-",
        client["status"] if client["status"] != "supported" else ", ".join(client["credential"]),
        client["secret_on_disk"],
        client["proof"],
        "yes" if client["found"] else "-",
        f"{configured['credential']}, {configured['deployment'].removeprefix('https://')}" if configured else "-",
    )


def plain(rows: Sequence[Row]) -> str:
    """Return the table as wide as it is, for pipes and files."""
    lines = [
        (" " * GAP).join(cell.ljust(width) for cell, width in zip(line, _widths(rows), strict=True))
        for line in (HEADINGS, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def for_terminal(rows: Sequence[Row], *, bold: bool) -> str:
    """Return the table for a terminal, with as much of it as there is room for.

    Args:
        rows: The clients.
        bold: Whether the headings may be set apart.
    """
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, highlight=False, emoji=False, force_terminal=True)
    if console.width < NARROW:
        return "".join(map(_lines, rows))
    shown = _fields(rows, console.width)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold" if bold else "")
    for field in shown:
        table.add_column(getattr(HEADINGS, field), overflow="fold", no_wrap=field not in _FOLDS)
    for line in rows:
        table.add_row(*[getattr(line, field) for field in shown])
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _fields(rows: Sequence[Row], room: int) -> list[str]:
    """Return the fields of a table that is no wider than the room there is."""
    widths = dict(zip(Row._fields, _widths(rows), strict=True))
    if sum(widths.values()) + GAP * (len(widths) - 1) <= room:
        return list(widths)
    shown = [field for field in widths if field != _LEFT_OUT[0]]
    for field in _LEFT_OUT[1:]:
        least = sum(min(widths[name], _FOLDS.get(name, widths[name])) + GAP for name in shown) - GAP
        if least > room:
            shown.remove(field)
    return shown


def _lines(client: Row) -> str:
    wires = [wire for wire, spoken in (("OpenAI", client.openai), ("Anthropic", client.anthropic)) if spoken == "yes"]
    lines = [f"{client.client}: {client.name}"]
    lines += [f"  speaks {' and '.join(wires)}"] if wires else []
    if client.credential == client.proof:  # its status stands in both
        lines.append(f"  {client.proof}")
    else:
        lines += [
            f"  token by {client.credential}",
            f"  secret on disk: {client.secret}",
            f"  proven with {client.proof}",
        ]
    lines.append("  here" if client.here == "yes" else "  not found here")
    lines += [f"  configured: {client.configured}"] if client.configured != "-" else []
    return "\n".join(lines) + "\n"


def _widths(rows: Sequence[Row]) -> list[int]:
    return [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
