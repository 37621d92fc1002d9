"""`aibridge pack add|list|remove|verify`: what an organisation hands out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from aibridge_cli import __version__
from aibridge_cli.cli.carrying_out import ask
from aibridge_cli.cli.options import DryRun, Json, Yes
from aibridge_cli.cli.preparation import open_store
from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.facts import gather
from aibridge_cli.output import Result, say, show
from aibridge_cli.packs import store
from aibridge_cli.packs.pack import Pack, addresses_of, check_pack, profiles_of, programs_of
from aibridge_cli.packs.source import fetch

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

PackName = Annotated[str, typer.Argument(metavar="PACK", help="The name of an installed pack.")]


@app.callback(epilog="Example: aibridge pack list")
def pack() -> None:
    """Use profiles and rules that your organisation hands out.

    A pack is a folder with `pack.toml` and `profiles/`. It stands under your own choices:
    your profiles, `--url` and `CODER_URL` go before it. Its rules hold for `configure`.
    """


@app.command("add", epilog="Example: aibridge pack add ./our-pack")
def add_pack(
    source: Annotated[
        str, typer.Argument(metavar="FOLDER|URL", help="A folder, or the `https` address of a .tar.gz or .zip.")
    ],
    *,
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HASH", help="Of the archive; needed with an address.")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Install a pack, or another version of one.

    Shows what it brings, asks, and copies it into our folder; the folder or archive is not
    read again.
    """
    facts = gather()
    fetched = fetch(facts, source, sha256)
    shipped = Catalogue([shipped_folder()]).ids()
    found = check_pack(fetched.files, fetched.source, running=__version__, known=shipped)
    clients = [name.rpartition("/")[2].removesuffix(".toml") for name in profiles_of(fetched.files)]
    elsewhere = addresses_of(fetched.files, fetched.source)
    programs = programs_of(fetched.files, fetched.source)
    before = next((each for each in store.packs(facts) if each.name == found.name), None)
    if not as_json:
        for line in _described(found, clients, shipped, replaces=before is not None):
            say(line)
        for client, named in programs.items():
            say(f"  its {client} has these run: {', '.join(f'`{each}`' for each in named)}")
        for client, named in elsewhere.items():
            say(f"  warning: its {client} sends requests, and with them the token, to {', '.join(named)}")
    agreed = not dry_run and (yes or ask(facts, "Install this?"))
    if agreed:
        store.add(facts, found, fetched)
    data = {
        "pack": _as_data(found, clients),
        "addresses": elsewhere,
        "programs": programs,
        "source": fetched.source,
        "sha256": fetched.sha256,
        "dry_run": dry_run,
        "installed": agreed,
        "replaced": agreed and before is not None,
    }
    ending = f"done; `aibridge pack remove {found.name}` takes it away" if agreed else "nothing was installed"
    result = Result("pack add", data=data, messages=(ending,), exit_code=0 if agreed or dry_run else 1)
    show(result, as_json=as_json)
    raise typer.Exit(result.exit_code)


@app.command("list", epilog="Example: aibridge pack list --json")
def list_packs(*, as_json: Json = False) -> None:
    """List the installed packs."""
    facts = gather()
    found = [store.details(each) for each in store.packs(facts)]
    shipped = Catalogue([shipped_folder()]).ids()
    lines = [
        line for each in found for line in (*_described(each.pack, each.clients, shipped), f"  from {_origin(each)}")
    ]
    rows = [
        {
            **_as_data(each.pack, each.clients),
            "source": each.manifest.get("source"),
            "sha256": each.manifest.get("sha256"),
            "added": each.manifest.get("added"),
            "folder": each.installed.folder,
        }
        for each in found
    ]
    messages = () if found else ("no pack is installed; `aibridge pack add` installs one",)
    show(Result("pack list", "\n".join(lines), {"packs": rows}, messages), as_json=as_json)


@app.command("remove", epilog="Example: aibridge pack remove our-pack")
def remove_pack(name: PackName, *, as_json: Json = False) -> None:
    """Take a pack away without a trace.

    Clients that were configured by its profiles stay so until `aibridge unconfigure`.
    """
    facts = gather()
    installed = store.named(facts, name)
    brought = [os.path.basename(path).removesuffix(".toml") for path in store.profile_files(installed)]
    left = sorted({*brought} & {*open_store(facts).state().clients})
    store.remove(facts, name)
    messages = [f"note: `{client}` stays configured; `aibridge unconfigure {client}` takes it back" for client in left]
    data = {"pack": name, "still_configured": left}
    show(Result("pack remove", data=data, messages=(*messages, f"the pack `{name}` is gone")), as_json=as_json)


@app.command("verify", epilog="Example: aibridge pack verify")
def verify_packs(
    name: Annotated[str | None, typer.Argument(metavar="[PACK]", help="An installed pack; else all of them.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Compare what is installed with what was installed, by its hashes.

    Ends with 3 when something was changed, and says what.
    """
    facts = gather()
    wanted = store.packs(facts) if name is None else (store.named(facts, name),)
    found = {each.name: store.changes(each) for each in wanted}
    lines = [
        line for each, said in found.items() for line in (f"{each}: {'CHANGED' if said else 'as installed'}", *said)
    ]
    rows = [{"pack": each, "changes": list(said)} for each, said in found.items()]
    messages = () if wanted else ("no pack is installed",)
    code = 3 if any(found.values()) else 0
    show(Result("pack verify", "\n".join(lines), {"packs": rows}, messages, code), as_json=as_json)
    raise typer.Exit(code)


def _described(found: Pack, clients: Sequence[str], shipped: Sequence[str], *, replaces: bool = False) -> Iterator[str]:
    yield f"{found.name} {found.version}" + (f": {found.summary}" if found.summary else "")
    if replaces:
        yield "  takes the place of the installed one"
    if found.deployment:
        yield f"  deployment, where nothing else names one: {found.deployment}"
    if found.allowed_clients is not None:
        yield f"  allows only: {', '.join(found.allowed_clients)}"
    if found.require_secretless:
        yield "  the token may be written to no file"
    new = [client for client in clients if client not in shipped]
    changed = [client for client in clients if client in shipped]
    if new:
        yield f"  brings: {', '.join(new)}"
    if changed:
        yield f"  takes the place of our profile for: {', '.join(changed)}"


def _origin(found: store.Details) -> str:
    return f"{found.manifest.get('source')}, added {found.manifest.get('added')}"


def _as_data(found: Pack, clients: Sequence[str]) -> dict[str, Any]:
    return {
        "name": found.name,
        "version": found.version,
        "summary": found.summary,
        "deployment": found.deployment or None,
        "allowed_clients": None if found.allowed_clients is None else list(found.allowed_clients),
        "require_secretless": found.require_secretless,
        "clients": list(clients),
    }
