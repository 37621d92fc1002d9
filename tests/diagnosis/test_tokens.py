"""Knowing a token of ours."""

from __future__ import annotations

from aibridge_cli.changes.snapshot import digest
from aibridge_cli.changes.state import Claim, FileState, State, value_hash
from aibridge_cli.diagnosis.tokens import Known, hosts_of, written_hashes

PRESENT = "aaaaaaaaaa-" + "1" * 22
EARLIER = "bbbbbbbbbb-" + "2" * 22
WRITTEN = "cccccccccc-" + "3" * 22
KEPT = "dddddddddd-" + "4" * 22
STRANGE = "eeeeeeeeee-" + "5" * 22
KNOWN = Known(
    frozenset([PRESENT]),
    frozenset(["bbbbbbbbbb"]),
    frozenset([value_hash(WRITTEN), digest(KEPT.encode())]),
    hosts_of(["https://coder.example.com"]),
)


def met(text: str, known: Known = KNOWN) -> list[tuple[int, str, str]]:
    return [(each.line, each.token, each.standing) for each in known.meet(text.encode())]


def test_how_tokens_are_known() -> None:
    """By themselves, by their id, by the hash of what we wrote, and by an address of ours nearby."""
    assert met(f"x\nkey={PRESENT}\n") == [(2, "aaaaaaaaaa", "in use")]
    assert met(f"{EARLIER}") == [(1, "bbbbbbbbbb", "replaced")]
    assert met(f'"{WRITTEN}"\n\n{KEPT}') == [(1, "cccccccccc", "replaced"), (3, "dddddddddd", "replaced")]
    assert met(f"url = https://coder.example.com/api\nkey = {STRANGE}") == [(2, "eeeeeeeeee", "like ours")]


def test_what_is_no_token_of_ours() -> None:
    """The shape alone is nothing: not far from an address, not inside a longer word."""
    assert met(STRANGE) == []
    assert met(f"coder.example.com {'.' * 500} {STRANGE}") == []
    assert met(f"coder.example.com x{STRANGE} {STRANGE}x a-{STRANGE} {STRANGE}-b") == []


def test_a_token_of_another_shape() -> None:
    """A token in use is found whatever it looks like, and its id, which cannot be told, is not shown."""
    known = KNOWN._replace(present=frozenset(["odd/token"]))

    (each,) = known.meet(b"a odd/token b")

    assert (each.token, each.standing, each.text) == ("", "in use", "odd/token")


def test_what_was_ever_written() -> None:
    """Every value of every state counts, and every file of every run."""
    claim = Claim("a", "upsert", ("models",), "whole", keys={"key": "part"})
    state = State(files={"/a": FileState("/a", "json", "", 0, "", None, claims=(claim, claim._replace(written="")))})

    assert written_hashes([state], [{"before": "", "after": "new"}, "damaged"]) == {"whole", "part", "new"}
