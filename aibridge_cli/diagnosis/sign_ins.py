"""Sign-ins that a client keeps beside our token, and how they are taken out. Pure over a `Reading`."""

from __future__ import annotations

from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Profile
from aibridge_cli.credentials.token import unusual
from aibridge_cli.diagnosis.finding import Finding
from aibridge_cli.diagnosis.reading import Reading
from aibridge_cli.diagnosis.sources import load, place_of, read
from aibridge_cli.documents.operations import dotted, lookup
from aibridge_cli.facts import Facts
from aibridge_cli.secret import Secret


def sign_in_findings(profile: Profile, facts: Facts, reading: Reading) -> tuple[Finding, ...]:
    """Return a note for each sign-in that the client keeps itself.

    One that is a Coder token is a copy that somebody left there, and told as such elsewhere.

    Args:
        profile: The client.
        facts: Where it runs.
        reading: The disk.

    Raises:
        AibridgeError: There is no home folder, or one of the client's folders is relative.
    """
    own = resolve_paths(profile, facts)
    said = []
    for sign_in in profile.sign_ins:
        for file in sign_in.file:
            path = place_of(file, facts, own)
            text = read(reading, path) if path else None
            data = load(sign_in.format, text) if isinstance(text, str) else None
            value = lookup(data, sign_in.key) if isinstance(data, dict) else None
            if not isinstance(value, str) or not value or not unusual(Secret(value)):
                continue
            found = f"it keeps {sign_in.what} beside ours, which counts where ours is missing"
            found += f"; {sign_in.note}" if sign_in.note else ""
            fix = f"`{sign_in.sign_out}` takes it out, where you do not need it"
            looked_at = f"`{dotted(sign_in.key)}` in `{path}`"
            said.append(Finding("client.sign-in", profile.id, "note", looked_at, found, fix))
    return tuple(said)
