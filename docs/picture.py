"""Makes `docs/picture.svg`: `aibridge configure` for one client, as a terminal shows it.

python docs/picture.py
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile

from rich.console import Console
from rich.text import Text

FOLDER = os.path.dirname(os.path.abspath(__file__))
CLIENT = "codex"
SETTINGS = '# what I chose, and why\nmodel_reasoning_effort = "high"   # for the hard ones\n\n[tui]\ntheme = "dark"\n'
STYLES = {"+": "green", "-": "red", "@": "cyan"}


def main() -> int:
    """Run the command in a scratch home and draw what it printed."""
    program = os.path.join(os.path.dirname(sys.executable), "aibridge")
    with tempfile.TemporaryDirectory() as scratch:
        home = os.path.realpath(scratch)
        os.makedirs(os.path.join(home, ".codex"))
        with open(os.path.join(home, ".codex", "config.toml"), "w", encoding="utf-8") as file:
            file.write(SETTINGS)
        environ = {
            "HOME": home,
            "PATH": "/usr/bin:/bin",
            "CODER_URL": "https://coder.example.com",
            "CODER_SESSION_TOKEN": "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB",
        }
        ran = subprocess.run(
            [program, "configure", CLIENT, "--dry-run"], env=environ, capture_output=True, text=True, check=True
        )
    text = ran.stdout.replace(os.path.dirname(program), "~/.local/bin").replace(home, "~")
    text = re.sub(r', "--state-dir"[^]]*', "", text)
    console = Console(record=True, width=100, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    console.print(Text(f"$ aibridge configure {CLIENT}", style="bold"))
    for line in text.splitlines():
        if not line.startswith("write ~"):
            console.print(Text(line, style=STYLES.get(line[:1], "")))
    console.print(Text("Write this? [y/N]: y"))
    console.print(Text("done; `aibridge unconfigure` takes it back"))
    svg = console.export_svg(title="aibridge")
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # nothing is fetched from elsewhere to draw it
    with open(os.path.join(FOLDER, "picture.svg"), "w", encoding="utf-8") as file:
        file.write(svg)
    return 0


if __name__ == "__main__":
    sys.exit(main())
