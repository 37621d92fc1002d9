from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aibridge_cli import folders
from aibridge_cli.credentials.sign_in import SignIn, forget_sign_in, sign_in_of, sign_ins, write_sign_in
from aibridge_cli.errors import AibridgeError, FileProblem
from aibridge_cli.secret import Secret

HERE = "https://coder.example.com"
TOKEN = Secret("AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB")


def record(**given_: Any) -> SignIn:
    usual: dict[str, Any] = {
        "url": HERE,
        "token": TOKEN,
        "key": "AAAAAAAAAA",
        "name": "aibridge-laptop",
        "minted": True,
        "user": "ada",
        "created": 1000,
        "expires": 5000,
        "lifetime": 4000,
        "renew": 4000,
        "earlier": ("CCCCCCCCCC", "DDDDDDDDDD"),
    }
    return SignIn(**(usual | given_))


def as_tuple(one: SignIn | None) -> tuple[Any, ...]:
    assert one is not None
    return tuple(getattr(one, name) for name in SignIn.__slots__)


@pytest.mark.parametrize("given_", [{}, {"store": "keyring", "token": None}, {"minted": False, "earlier": ()}])
def test_round_trip(given_: dict[str, Any], make_facts: Any) -> None:
    """What is written is read again, wherever the token is kept."""
    facts = make_facts()
    write_sign_in(facts, record(**given_))
    assert as_tuple(sign_in_of(facts, HERE)) == as_tuple(record(**given_))


def test_only_the_owner_can_read_it(make_facts: Any) -> None:
    """The file is 0600 in a folder that is 0700, whatever the usual rights are."""
    facts = make_facts()
    before = os.umask(0)
    try:
        write_sign_in(facts, record())
    finally:
        os.umask(before)
    path = folders.sign_in_file(facts, HERE)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700


def test_no_record(make_facts: Any) -> None:
    """A deployment that was never signed in to has none, and none of it can be forgotten."""
    facts = make_facts()
    assert sign_in_of(facts, HERE) is None
    assert sign_ins(facts) == ((), ())
    assert not forget_sign_in(facts, HERE)


def test_forgotten(make_facts: Any) -> None:
    """What is forgotten is gone, with what a crash may have left beside it."""
    facts = make_facts()
    write_sign_in(facts, record())
    left_over = Path(folders.sign_in_file(facts, HERE) + "~")
    left_over.write_text("half a token")
    assert forget_sign_in(facts, HERE)
    assert sign_in_of(facts, HERE) is None
    assert not left_over.exists()


def test_names_of_the_deployment_add_no_lines(make_facts: Any) -> None:
    """A user name with a line end in it cannot change what the record says."""
    facts = make_facts()
    write_sign_in(facts, record(user="ada\nurl\thttps://evil.example.com"))
    again = sign_in_of(facts, HERE)
    assert again is not None
    assert (again.url, again.user) == (HERE, "adaurlhttps://evil.example.com")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("https://coder.example.com", "is not a record"),
        ("aibridge sign-in 2\nurl\tx", "is not a record"),
        ("aibridge sign-in 1\nstore\tfile", "no `url`"),
        (f"aibridge sign-in 1\nurl\t{HERE}\nstore\tcupboard", "no `store`"),
        (f"aibridge sign-in 1\nurl\t{HERE}\nstore\tfile", "has no token"),
        (f"aibridge sign-in 1\nurl\t{HERE}\nstore\tkeyring\ntoken\tAAAA", "belongs into the keyring"),
        (f"aibridge sign-in 1\nurl\t{HERE}\nstore\tfile\ntoken\tAAAA\nexpires\tsoon", "`expires` that is no number"),
        (f"aibridge sign-in 1\nurl\t{HERE}\nstore\tfile\ntoken\tsk-AAAA", "a key of an AI provider"),
        ("aibridge sign-in 1\nurl\thttps://other.example.com\nstore\tfile\ntoken\tAAAA", "is about `https://other"),
    ],
)
def test_broken_records(text: str, complaint: str, make_facts: Any) -> None:
    """A record that is not what we wrote is named with what is wrong, and never with what is in it."""
    facts = make_facts()
    path = Path(folders.sign_in_file(facts, HERE))
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(FileProblem) as caught:
        sign_in_of(facts, HERE)
    assert complaint in caught.value.message
    assert str(path) in caught.value.message
    assert "AAAA" not in caught.value.message


def test_one_broken_record_does_not_hide_the_others(make_facts: Any) -> None:
    """The list has every record that can be read, and the problems beside it."""
    facts = make_facts()
    write_sign_in(facts, record())
    (Path(folders.sign_ins_folder(facts)) / "broken.example.com").write_text("?")
    (Path(folders.sign_ins_folder(facts)) / "half.example.com~").write_text("left by a crash")
    records, problems = sign_ins(facts)
    assert [one.url for one in records] == [HERE]
    assert [os.path.basename(problem.path) for problem in problems] == ["broken.example.com"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(["aibridge sign-in 1", f"url\t{HERE}", "store\tfile", "store\tkeyring", "token\tAAAA"])
        )
        .flatmap(st.permutations)
        .map(lambda lines: "\n".join(["aibridge sign-in 1", *lines]).encode()),
        st.lists(st.text(max_size=30), max_size=6).map(lambda lines: "\t".join(lines).encode()),
    )
)
def test_any_bytes(content: bytes, make_facts: Any) -> None:
    """Whatever stands in the file, the answer is a record, none, or an error of ours."""
    facts = make_facts()
    path = Path(folders.sign_in_file(facts, HERE))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    raised: AibridgeError | None = None
    found = None
    try:
        found = sign_in_of(facts, HERE)
    except AibridgeError as error:
        raised = error
    if raised is not None:
        assert raised.message.startswith(f"`{path}`")
    else:
        assert found is None or found.url == HERE
