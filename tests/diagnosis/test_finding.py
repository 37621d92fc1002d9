from __future__ import annotations

from aibridge_cli.diagnosis.finding import Finding, first_cause

FINE = Finding("deployment.reachable", "https://coder.example.com", "ok", "`/api/v2/buildinfo`", "it answers")
BAD = Finding(
    "token.accepted", "https://coder.example.com", "problem", "`users/me`", "it has expired", "`aibridge login`"
)


def test_the_first_cause() -> None:
    """The first problem in the order of the checks is the cause; without one there is none."""
    later = BAD._replace(check="client.request")
    assert first_cause((FINE, BAD, later)) == BAD
    assert first_cause((FINE,)) is None


def test_for_programs() -> None:
    """Every field has its name in the JSON."""
    assert BAD.as_data() == {
        "check": "token.accepted",
        "subject": "https://coder.example.com",
        "level": "problem",
        "looked_at": "`users/me`",
        "found": "it has expired",
        "fix": "`aibridge login`",
        "fixable": False,
    }
