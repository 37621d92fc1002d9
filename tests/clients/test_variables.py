from __future__ import annotations

import subprocess
import sys

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.variables import client_variables
from aibridge_cli.errors import ProfileError


def test_the_variables_are_those_of_the_whole_profile() -> None:
    """The short way and the strict loader read the same."""
    known = Catalogue([shipped_folder()])
    for client in known.ids():
        profile = known.load(client)
        with open(profile.source, encoding="utf-8") as file:
            assert client_variables(file.read(), profile.source) == (
                profile.env,
                profile.helper_env,
                profile.unset,
            )


def test_a_profile_without_variables_has_none() -> None:
    """All tables may be absent."""
    assert client_variables("", "a.toml") == ({}, {}, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("env =", "`a.toml`: line 1, column 6: not valid TOML: Invalid value"),
        ('env = "T"', "`a.toml`: the key `name` is missing"),
        ("[unset]\nT = 1", "`a.toml`: the key `name` is missing"),
    ],
)
def test_what_looks_wrong_gets_the_strict_loaders_error(text: str, message: str) -> None:
    """There is one set of messages for broken profiles."""
    with pytest.raises(ProfileError) as caught:
        client_variables(text, "a.toml")
    assert caught.value.message == message


def test_a_wrong_table_the_loader_would_accept_cannot_be() -> None:
    """A whole profile whose variables are wrong is refused for that."""
    text = 'name="E"\nsummary="s"\ndocs="https://e.com"\nstatus="supported"\nenv.T=1\n'
    with pytest.raises(ProfileError, match=r"env\.T: expected a string, found a number"):
        client_variables(text, "a.toml")


def test_the_short_way_does_not_import_the_loader() -> None:
    """`aibridge env CLIENT` can afford tomllib and nothing else of size."""
    program = (
        "import sys; from aibridge_cli.clients.variables import client_variables;"
        "client_variables('env.T = \"x\"', 'a.toml');"
        "print([m for m in ('dataclasses', 'json', 'pathlib', 'aibridge_cli.clients.loader') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("[]\n", "")
