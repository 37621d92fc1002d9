"""Sign-ins that a client keeps beside our token."""

from __future__ import annotations

from aibridge_cli.clients.sign_ins import SignIn
from aibridge_cli.diagnosis.sign_ins import sign_in_findings
from tests.diagnosis.layered import TOKEN, Files, facts_of, quill

FILE = "/home/ada/.quill/auth.json"
FEATHERS = SignIn("a sign-in at feathers.example", ("{config}/auth.json",), "json", ("access",), "quill logout")
QUILL = quill()._replace(sign_ins=(FEATHERS,))


def test_a_sign_in_beside_ours() -> None:
    """It is a note with the command that takes it out, and its value is not shown."""
    (found,) = sign_in_findings(QUILL, facts_of(), Files({FILE: '{"access": "feather-made-up"}'}))
    assert (found.check, found.level, found.looked_at) == ("client.sign-in", "note", f"`access` in `{FILE}`")
    assert found.found == "it keeps a sign-in at feathers.example beside ours, which counts where ours is missing"
    assert found.fix == "`quill logout` takes it out, where you do not need it"


def test_what_the_client_does_with_it() -> None:
    """What a profile knows of it is said too."""
    noted = QUILL._replace(sign_ins=(FEATHERS._replace(note="the client warns of it"),))
    (found,) = sign_in_findings(noted, facts_of(), Files({FILE: '{"access": "feather-made-up"}'}))
    assert found.found.endswith(" is missing; the client warns of it")


def test_no_sign_in() -> None:
    """No file, an unreadable one, an empty value and a Coder token that somebody put there are none."""
    for text in (None, "{", "[]", "{}", '{"access": ""}', '{"access": 5}', f'{{"access": "{TOKEN}"}}', b"\xff"):
        assert sign_in_findings(QUILL, facts_of(), Files({} if text is None else {FILE: text})) == ()
    nowhere = QUILL._replace(sign_ins=(FEATHERS._replace(file=("$QUILL_AUTH",)),))
    assert sign_in_findings(nowhere, facts_of(), Files({})) == ()
