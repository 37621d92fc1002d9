"""What a token of ours is called, and when it is renewed."""

from __future__ import annotations

from typing import Any

import pytest

from aibridge_cli.credentials.minting import DAY, renewal_time, token_name


@pytest.mark.parametrize(
    ("host", "workspace", "name"),
    [
        ("laptop", "", "aibridge-laptop"),
        ("Ada's-MacBook-Pro.local", "", "aibridge-ada-s-macbook-pro"),
        ("laptop", "my-workspace", "aibridge-my-workspace"),
        ("x" * 60, "", "aibridge-" + "x" * 19),
        ("рабочий", "", "aibridge"),
    ],
)
def test_names(host: str, workspace: str, name: str, make_facts: Any) -> None:
    """The token is called after this machine, in characters that the deployment takes."""
    assert token_name(make_facts(environ={"CODER_WORKSPACE_NAME": workspace}), host) == name


@pytest.mark.parametrize(
    ("start", "expires", "renew"),
    [(0, 100, 75), (0, 0, 0), (0, 30 * DAY, 23 * DAY), (DAY, 2 * DAY, 2 * DAY - DAY // 4)],
)
def test_when_to_renew(start: int, expires: int, renew: int) -> None:
    """A token is renewed in its last quarter, at most a week before it ends, and never when it does not end."""
    assert renewal_time(start, expires) == renew
