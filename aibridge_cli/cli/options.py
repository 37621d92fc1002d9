"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Url = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="The Coder deployment, as in `https://coder.example.com`."),
]
TokenOnStdin = Annotated[
    bool, typer.Option("--token-stdin", help="Read the Coder token from standard input; never pass it as an argument.")
]
InsecureHttp = Annotated[
    bool, typer.Option("--insecure-http", help="Accept plain http to a machine other than this one.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would change and write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")]
Everything = Annotated[bool, typer.Option("--all", help="Every client concerned.")]
CredentialWay = Literal["helper", "reference", "env", "keychain", "file"]
