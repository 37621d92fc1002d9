from __future__ import annotations

from typing import Any

import pytest

from aibridge_cli.credentials import deployment
from aibridge_cli.credentials.deployment import resolve_deployment
from aibridge_cli.errors import CredentialRefused, FileProblem, NotSignedIn
from aibridge_cli.folders import current_file
from aibridge_cli.own_files import keep


def test_order(make_facts: Any, sign_in: Any) -> None:
    """`--url`, `CODER_URL`, our own sign-in, the Coder CLI's file, the workspace's agent."""
    sign_in("https://file.example.com")
    environ = {"CODER_URL": "https://variable.example.com", "CODER_AGENT_URL": "https://agent.example.com"}
    facts = make_facts(environ=environ)
    keep(current_file(facts), "https://login.example.com\n")
    found = [place(facts, "https://flag.example.com", False) for place in deployment.PLACES]
    assert [(one.value, one.source.partition("/")[0]) for one in found if one] == [
        ("https://flag.example.com", "`--url`"),
        ("https://variable.example.com", "`CODER_URL`"),
        ("https://login.example.com", "`aibridge login`"),
        ("https://file.example.com", "the Coder CLI's `"),
        ("https://agent.example.com", "`CODER_AGENT_URL`"),
    ]


def test_first_counts(make_facts: Any, sign_in: Any) -> None:
    """The first place that names a deployment decides; an empty variable names none."""
    sign_in("https://file.example.com/")
    assert resolve_deployment(make_facts(), "flag.example.com").value == "https://flag.example.com"
    assert resolve_deployment(make_facts(environ={"CODER_URL": " "})).value == "https://file.example.com"


def test_agent_without_home(make_facts: Any) -> None:
    """In a container without an account the agent's address is still found."""
    facts = make_facts(home="", environ={"CODER_AGENT_URL": "https://agent.example.com"})
    assert resolve_deployment(facts).value == "https://agent.example.com"


def test_none(make_facts: Any) -> None:
    """No deployment anywhere is exit code 4, with the three ways to name one."""
    with pytest.raises(NotSignedIn) as caught:
        resolve_deployment(make_facts())
    assert caught.value.exit_code == 4
    for way in ("`aibridge login URL`", "`CODER_URL` and `CODER_SESSION_TOKEN`", "`--token-stdin`"):
        assert way in caught.value.hint


def test_bad_value_is_not_passed_over(make_facts: Any, sign_in: Any) -> None:
    """A place that holds nonsense stops the search: another deployment would be a surprise."""
    sign_in("https://file.example.com")
    with pytest.raises(CredentialRefused, match="`CODER_URL` has white space"):
        resolve_deployment(make_facts(environ={"CODER_URL": "no url"}))
    with pytest.raises(CredentialRefused, match="`--url` is empty"):
        resolve_deployment(make_facts(), "")


def test_unreadable_file(make_facts: Any, coder_dir: Any) -> None:
    """A `url` file that cannot be read is named."""
    (coder_dir / "url").mkdir()
    with pytest.raises(FileProblem, match="Is a directory"):
        resolve_deployment(make_facts())


def test_insecure(make_facts: Any, sign_in: Any) -> None:
    """Plain http in the Coder CLI's file needs the same consent as on the command line."""
    sign_in("http://coder.internal")
    with pytest.raises(CredentialRefused, match="without encryption"):
        resolve_deployment(make_facts())
    assert resolve_deployment(make_facts(), insecure_http=True).value == "http://coder.internal"


def test_what_we_remember_is_no_url(make_facts: Any) -> None:
    """A file of ours that somebody wrote into is named, and not taken for something else."""
    facts = make_facts()
    keep(current_file(facts), "ftp://coder.example.com")
    with pytest.raises(CredentialRefused, match="the URL in `"):
        resolve_deployment(facts)


def test_plain_http_was_accepted_at_the_sign_in(make_facts: Any) -> None:
    """Whoever signed in to a plain http address was asked then, and not each time."""
    facts = make_facts()
    keep(current_file(facts), "http://coder.example.com")
    assert resolve_deployment(facts).value == "http://coder.example.com"
