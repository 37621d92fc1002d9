"""What errors say, where what they are about comes from elsewhere."""

from __future__ import annotations

from aibridge_cli.errors import ProfileError, error_text


def test_a_profile_cannot_write_to_the_terminal() -> None:
    """Control characters of a profile are written out in its error; words and lines stay as they are."""
    error = ProfileError("quill\x1b[2J.toml", "paths.Zürich", "unknown key `\x07`\nsee below", hint="try \u202eabc")

    assert error_text(error) == (
        "error: `quill\\x1b[2J.toml`: paths.Zürich: unknown key `\\x07`\nsee below\nhint: try \\u202eabc"
    )
