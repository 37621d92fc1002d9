"""Makes `docs/picture.svg`: `aibridge configure` for one client, as a terminal shows it.

    python docs/picture.py

The program is run on a terminal of its own, and asked and answered there. Two things are
left out of what it printed: notes, and the folders that the helper is told only because
the home is a scratch one.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from io import StringIO

import pexpect
from rich.console import Console
from rich.text import Text

FOLDER = os.path.dirname(os.path.abspath(__file__))
CLIENT = "codex"
SETTINGS = '# what I chose, and why\nmodel_reasoning_effort = "high"   # for the hard ones\n\n[tui]\ntheme = "dark"\n'
STYLES = {"+": "green", "-": "red", "@": "cyan"}


def printed(program: str, home: str) -> str:
    """Run the command in a home with a session and settings, say yes, and return what the terminal showed."""
    for name, text in (
        (".codex/config.toml", SETTINGS),
        (".config/coderv2/url", "https://coder.example.com"),
        (".config/coderv2/session", "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"),
    ):
        path = os.path.join(home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    environ = {"HOME": home, "PATH": "/usr/bin:/bin", "TERM": "xterm", "NO_COLOR": "1"}
    terminal = pexpect.spawn(
        program, ["configure", CLIENT], env=environ, encoding="utf-8", dimensions=(60, 300), timeout=20
    )
    shown = StringIO()
    terminal.logfile_read = shown
    terminal.expect_exact("[y/N]: ")
    terminal.sendline("y")
    terminal.expect(pexpect.EOF)
    terminal.close()
    if terminal.exitstatus:
        raise SystemExit(shown.getvalue())
    return shown.getvalue().replace("\r\n", "\n")


def main() -> int:
    """Run the command in a scratch home and draw what it printed."""
    program = os.path.join(os.path.dirname(sys.executable), "aibridge")
    with tempfile.TemporaryDirectory() as scratch:
        home = os.path.realpath(scratch)
        text = printed(program, home).replace(os.path.dirname(program), "~/.local/bin").replace(home, "~")
    text = re.sub(r', "--state-dir"[^]]*', "", text)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=100, file=nowhere)
        console.print(Text(f"$ aibridge configure {CLIENT}", style="bold"))
        for line in text.splitlines():
            if not line.startswith("note: "):
                console.print(Text(line, style=STYLES.get(line[:1], "")))
        svg = console.export_svg(title="aibridge")
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # nothing is fetched from elsewhere to draw it
    with open(os.path.join(FOLDER, "picture.svg"), "w", encoding="utf-8") as file:
        file.write(svg)
    return 0


if __name__ == "__main__":
    sys.exit(main())
