from __future__ import annotations

import json
from typing import Any

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.loader import load_profile
from aibridge_cli.clients.rendered import Values
from aibridge_cli.clients.session import Session, session
from aibridge_cli.secret import Secret

TOKEN = "ABCDEFGHIJ-0123456789012345678901"
VALUES = Values(
    deployment_url="https://c",
    gateway_root="https://c/api/v2/aibridge",
    gateway_openai="https://c/api/v2/aibridge/openai/v1",
    gateway_anthropic="https://c/api/v2/aibridge/anthropic",
    token=Secret(TOKEN),
    token_file="/state/tokens/c",
    helper=("/bin/aibridge", "token", "--url", "https://c"),
)
HEAD = (
    'name = "N"\nsummary = "s"\ndocs = "https://x"\nstatus = "supported"\nspeaks = ["openai"]\ncredential = ["env"]\n'
    'detect.commands = ["one", "two"]\nenv.TOKEN = "{token}"\nunset.KEY = "it would win"\n'
    'unset.TAKEN = "so would this"\n'
)


def started(text: str, **more: Any) -> Session:
    profile = load_profile(HEAD + text, "example.toml")
    return session(profile, VALUES, platform="linux", paths={}, quote=" ".join, **more)


def test_without_settings() -> None:
    """A client that variables suffice for is started by its first command."""
    assert started("") == Session(("one",), {"TOKEN": Secret(TOKEN)}, ("KEY", "TAKEN"))


def test_settings_as_one_argument() -> None:
    """All settings are one JSON object, and options of ours are named so that the user's do not fight them."""
    made = started(
        '[run]\ncommand = ["three", "start"]\narguments = ["--settings", "{run.json}", "--quiet"]\n'
        '[run.set]\nkeyHelper = "{helper}"\nwords = ["{helper.command}", "{helper.args}"]\n'
        'env.URL = "{gateway.openai}"\n'
        "env.N = 5\n"
    )

    assert made.command[:3] == ("three", "start", "--settings")
    assert json.loads(made.command[3]) == {
        "keyHelper": "/bin/aibridge token --url https://c",
        "words": list(VALUES.helper),
        "env": {"URL": VALUES.gateway_openai, "N": 5},
    }
    assert made.command[4:] == ("--quiet",)
    assert made.flags == ("--settings", "--quiet")


def test_settings_one_by_one() -> None:
    """Each leaf is an argument of its own, its key quoted and its value written as TOML has them."""
    made = started(
        '[run]\neach = ["-c", "{run.key}={run.toml}"]\n[run.set]\non = true\nwords = ["{helper.args}"]\n'
        '[run.set.a."b c"]\nurl = "{deployment.url}"\n'
    )

    assert made.command == (
        *("one", "-c", "on=true", "-c", 'words=["token", "--url", "https://c"]'),
        *("-c", 'a."b c".url="https://c"'),
    )


def test_settings_in_a_variable() -> None:
    """A variable may hold the settings; one that is set is not taken away, and the token in one stays a secret."""
    made = started(
        '[run.env]\nTAKEN = "{run.json}"\nALSO = "Bearer {token}"\n'
        '[run.set]\nkey = "{{env:TOKEN}}"\nbase = "{gateway.root}"\n'
    )

    assert made.env["TAKEN"] == '{"key":"{env:TOKEN}","base":"https://c/api/v2/aibridge"}'
    assert made.env["ALSO"] == Secret(f"Bearer {TOKEN}")
    assert made.unset == ("KEY",)


def test_a_model_that_was_not_given() -> None:
    """What names a model is left out."""
    made = started(
        'model = "optional"\n[run]\narguments = ["{run.json}"]\n'
        '[run.env]\nMODEL = "{model.openai}"\n[run.set]\nm = "{model.openai}"\n'
    )

    assert made.command == ("one", "{}")
    assert list(made.env) == ["TOKEN"]


@pytest.mark.parametrize("client", Catalogue([shipped_folder()]).ids())
def test_no_argument_holds_the_token(client: str) -> None:
    """Every user of a machine can read arguments, so the token is in no shipped client's."""
    profile = Catalogue([shipped_folder()]).load(client)
    paths = dict.fromkeys(profile.paths, "/folder")

    made = session(profile, VALUES, platform="linux", paths=paths, quote=" ".join)

    assert TOKEN not in "".join(made.command)
    assert all(TOKEN not in value for value in made.env.values() if isinstance(value, str))


def test_a_variable_that_names_the_helper() -> None:
    """Where the helper will find the token its variable takes the place of the token's; else the other way round."""
    text = 'helper_env.ASK = "{helper}"\nunset.ASK = "it would print another"\n'
    profile = load_profile(HEAD.replace('["env"]', '["helper", "env"]') + text, "example.toml")

    def made(*, helper: bool) -> Session:
        return session(profile, VALUES, platform="linux", paths={}, quote=" ".join, helper=helper)

    by_helper = made(helper=True)
    assert by_helper.env == {"ASK": "/bin/aibridge token --url https://c"}
    assert set(by_helper.unset) == {"KEY", "TAKEN", "TOKEN"}
    by_token = made(helper=False)
    assert by_token.env == {"TOKEN": Secret(TOKEN)}
    assert set(by_token.unset) == {"KEY", "TAKEN", "ASK"}
