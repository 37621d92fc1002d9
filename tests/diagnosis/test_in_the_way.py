"""What has to go so that the client gets to the deployment, and what takes it away."""

from __future__ import annotations

from tests.diagnosis.layered import BASE, TOKEN, facts_of
from tests.diagnosis.test_effective_findings import USER, lines, said


def test_a_key_of_our_own_file_that_we_do_not_touch() -> None:
    """Configuring again would leave it there, so the fix is to take it out by hand."""
    files = {USER: f'{{"api": {{"base": "{BASE}", "key": "{TOKEN}"}}, "refused": ["openai"]}}'}
    assert lines(said(files)) == [
        f"problem: nothing is sent: it refuses this provider -> take `refused` out of `{USER}`",
    ]


def test_a_flag_and_a_variable() -> None:
    """A flag is left out, a variable unset; both are told by name."""
    assert lines(said({}, "--offline")) == ["problem: nothing is sent: it is offline -> leave `--offline` out"]
    (found,) = said({}, facts=facts_of(QUILL_OFFLINE="true"))
    assert found.fix == "`unset QUILL_OFFLINE`, also where it is set when a shell starts"
