"""What a pack says: its `pack.toml` and its profiles, read strictly. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aibridge_cli.clients.loader import load_profile, toml_data
from aibridge_cli.clients.profile import Profile
from aibridge_cli.clients.tables import Table, nearest
from aibridge_cli.clients.templates import templates
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.errors import CredentialRefused, ProfileError
from aibridge_cli.packs.programs import programs

FILE = "pack.toml"
PROFILES = "profiles"

ALLOWED = (*("name", "version", "summary", "deployment", "allowed-clients", "require-secretless", "minimum-aibridge"),)
"""The keys of `pack.toml`."""

_WORDS = r"[a-z0-9]+(-[a-z0-9]+)*"
_NUMBERS = r"\d+(\.\d+)*"


class Pack(NamedTuple):
    """One pack.

    Args:
        name: What `aibridge pack remove` takes.
        version: Of the pack, in its makers' words.
        summary: One line on what it is, or "".
        deployment: The origin of the deployment to use where nothing else names one, or "".
        allowed_clients: The clients that may be configured, or None for all.
        require_secretless: Whether the token may be written to no file in clear.
        minimum_aibridge: The first version of this program that can use it, or "".
    """

    name: str
    version: str
    summary: str = ""
    deployment: str = ""
    allowed_clients: tuple[str, ...] | None = None
    require_secretless: bool = False
    minimum_aibridge: str = ""


def load_pack(text: str, source: str, *, running: str) -> Pack:
    """Return what a `pack.toml` says.

    Args:
        text: Its text.
        source: The file as the user knows it.
        running: The version of this program.

    Raises:
        ProfileError: The text breaks the format, or the pack needs a later version.
    """
    table = Table(source, "", toml_data(text, source), ALLOWED)
    needed = table.text("minimum-aibridge", "")
    if needed:
        if not re.fullmatch(_NUMBERS, needed):
            raise table.error("minimum-aibridge", f"expected a version such as 1.2.0, found `{needed}`")
        if _numbers(running) < _numbers(needed):
            raise table.error("minimum-aibridge", f"needs aibridge {needed}, this is {running}", hint="update aibridge")
    name = table.text("name")
    if not re.fullmatch(_WORDS, name) or len(name) > 64:
        raise table.error("name", f"`{name}` is not small letters, digits and single hyphens")
    version = table.text("version")
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,63}", version):
        raise table.error("version", f"`{version}` is not a version such as 1.2.0")
    allowed = None
    if "allowed-clients" in table.data:
        allowed = table.texts("allowed-clients", required=True)
        for client in allowed:
            if not re.fullmatch(_WORDS, client):
                raise table.error("allowed-clients", f"`{client}` is not the id of a client")
    summary = table.text("summary", "")
    if not summary.isprintable():
        raise table.error("summary", "must be one line")
    return Pack(
        name=name,
        version=version,
        summary=summary,
        deployment=_deployment(table),
        allowed_clients=allowed,
        require_secretless=table.flag("require-secretless"),
        minimum_aibridge=needed,
    )


def check_pack(files: Mapping[str, bytes], source: str, *, running: str, known: Sequence[str]) -> Pack:
    """Return a pack after making sure that every file of it can be used.

    Args:
        files: `pack.toml`, and profiles as `profiles/ID.toml`, with what is in them.
        source: The folder or archive, for messages.
        running: The version of this program.
        known: The ids of the clients that are shipped.

    Raises:
        ProfileError: One of them breaks its format; the error names it.
    """
    if FILE not in files:
        raise ProfileError(source, "", f"there is no `{FILE}` in it", hint="it stands at the top of a pack")
    pack = load_pack(_text(files[FILE], f"{source}/{FILE}"), f"{source}/{FILE}", running=running)
    loaded = _loaded(files, source)
    ids = {*known, *(profile.id for profile in loaded)}
    for profile in loaded:
        for alias in profile.aliases:
            if alias in ids:
                raise ProfileError(profile.source, "aliases", f"`{alias}` is the id of another client")
    for client in pack.allowed_clients or ():
        if client not in ids:
            raise ProfileError(
                f"{source}/{FILE}",
                "allowed-clients",
                f"there is no client `{client}`",
                hint=nearest(client, sorted(ids)),
            )
    return pack


def addresses_of(files: Mapping[str, bytes], source: str) -> dict[str, tuple[str, ...]]:
    """Return the clients whose profile writes addresses of its own, each with them.

    Args:
        files: As for `check_pack`, which they passed.
        source: The folder or archive, for messages.
    """
    found = {profile.id: addresses(profile) for profile in _loaded(files, source)}
    return {client: named for client, named in found.items() if named}


def programs_of(files: Mapping[str, bytes], source: str) -> dict[str, tuple[str, ...]]:
    """Return the clients whose profile has programs run, each with them.

    Args:
        files: As for `check_pack`, which they passed.
        source: The folder or archive, for messages.
    """
    found = {profile.id: programs(profile) for profile in _loaded(files, source)}
    return {client: named for client, named in found.items() if named}


def _loaded(files: Mapping[str, bytes], source: str) -> list[Profile]:
    return [load_profile(_text(files[name], f"{source}/{name}"), f"{source}/{name}") for name in profiles_of(files)]


def addresses(profile: Profile) -> tuple[str, ...]:
    """Return the addresses that a profile writes itself, where a deployment's would be expected; sorted.

    Whoever uses it sends requests there, and with them the token. Its documentation and
    its advice to the user are no such places.
    """
    found = {
        address
        for template in templates(profile)
        if template.table.startswith(("set", "upsert", "include", "env", "run"))
        for address in re.findall(r"(?i)\b(?:https?|wss?)://[^/?#\s\"'`\\,;)\]}]+", template.text)
        if not address.partition("://")[2].startswith("{")
    }
    return tuple(sorted(found))


def profiles_of(files: Mapping[str, bytes]) -> list[str]:
    """Return the names of the profiles among the files of a pack."""
    return sorted(name for name in files if name != FILE)


def digest(files: Mapping[str, bytes]) -> str:
    """Return one hash over names and contents."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def _deployment(table: Table) -> str:
    address = table.text("deployment", "")
    if not address:
        return ""
    try:
        origin = normalise(address, what="the address")
    except CredentialRefused as refused:
        raise table.error("deployment", refused.message, hint=refused.hint) from None
    if address.rstrip("/") != origin:
        raise table.error("deployment", "must be the address alone", hint=f"write `{origin}`")
    return origin


def _text(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProfileError(source, "", "is not UTF-8 text") from None


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(_NUMBERS, version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
