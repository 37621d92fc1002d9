"""Every way in which a profile can break the format, and what the user is told.

`broken_profiles.txt` is the transcript: a title after `===`, the lines of a profile after
its first five (`without KEY` leaves one of those out), `---`, and the error.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from aibridge_cli.clients.loader import load_profile
from aibridge_cli.errors import ProfileError, error_text

HEAD = {
    "name": '"Example"',
    "summary": '"An example client"',
    "docs": '"https://example.com/docs"',
    "status": '"supported"',
    "speaks": '["openai"]',
}


def transcript() -> Iterator[tuple[str, str, str]]:
    path = os.path.join(os.path.dirname(__file__), "broken_profiles.txt")
    with open(path, encoding="utf-8") as file:
        cases = file.read().split("=== ")[1:]
    for case in cases:
        title, _, rest = case.partition("\n")
        lines, _, error = rest.partition("---\n")
        yield title, lines, error


def whole(lines: str) -> str:
    """Return the profile that a case is about."""
    words = [line.split() for line in lines.splitlines()]
    left_out = {line[1] for line in words if line and line[0] == "without"}
    head = "".join(f"{key} = {value}\n" for key, value in HEAD.items() if key not in left_out)
    return head + "".join(line + "\n" for line in lines.splitlines() if not line.startswith("without "))


CASES = {title: (lines, error) for title, lines, error in transcript()}


@pytest.mark.parametrize("title", CASES)
def test_a_broken_profile_is_refused_with_its_place(title: str) -> None:
    """The error names file, table and what would be right, exactly as the transcript says."""
    lines, error = CASES[title]
    with pytest.raises(ProfileError) as caught:
        load_profile(whole(lines), "example.toml")
    assert error_text(caught.value) + "\n" == error


def test_the_transcript_has_no_case_twice() -> None:
    """A case that repeats another's title would hide it."""
    assert len(CASES) == len(list(transcript())) > 90
