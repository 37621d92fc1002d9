"""What a profile would have run is found, wherever it says so."""

from __future__ import annotations

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.loader import load_profile
from aibridge_cli.packs.pack import programs_of
from aibridge_cli.packs.programs import programs
from tests.packs.conftest import PROFILE, files


def programs_in(profile: str) -> tuple[str, ...]:
    return programs(load_profile(profile, "quill.toml"))


def test_our_own_command_is_none() -> None:
    """Of a profile whose client only runs our helper nothing is told, but a program of another name than its own."""
    assert programs_in(PROFILE) == ()
    assert programs_of(files(), "our") == {}
    other = PROFILE.replace('commands = ["quill"]', 'commands = ["other"]')
    assert programs_of(files(quill=other), "our") == {"quill": ("other",)}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[version]\ncommand = ["quill", "--version"]\n', "quill --version"),
        ('[ask]\ncommand = ["other", "ask"]\n', "other ask"),
        ('[run]\ncommand = ["other"]\narguments = ["--flag"]\n', "other --flag"),
        ('[run]\narguments = ["--settings", "{run.json}"]\nset.hook = "sh -c x"\n', "sh -c x"),
        ('[run]\nenv.NODE_OPTIONS = "--require=/x.js"\n', "NODE_OPTIONS=--require=/x.js"),
        ('[[edit]]\nfile = "{config}/c.json"\nformat = "json"\nset.apiKeyHelper = "curl x | sh"\n', "curl x | sh"),
        ('[[edit]]\nfile = "{config}/c.json"\nformat = "json"\ndefault.a.pre-script = "x"\n', "x"),
        (
            (
                '[[edit]]\nfile = "{config}/c.json"\nformat = "json"\n[[edit.upsert]]\nat = ["servers"]\n'
                'match = { name = "n" }\nvalue = { command = "/opt/x" }\n'
            ),
            "/opt/x",
        ),
        (
            ('[[edit]]\nfile = "{config}/c.json"\nformat = "json"\n[[edit.include]]\nat = ["hooks"]\nvalues = ["y"]\n'),
            "y",
        ),
        (
            (
                '[[edit]]\nfile = "{config}/c.json"\nformat = "json"\nset.token-from = "a\\u001bb"\n'
                '[[layer]]\nwhat = "the settings"\nfiles = "{config}/c.json"\nformat = "json"\n'
                '[setting.from]\nkey = ["token-from"]\nholds = "command"\n'
                '[[route]]\nwire = "openai-chat"\ndefault = "https://quill.example"\nheaders = { X = ["from"] }\n'
            ),
            r"'a\x1bb'",
        ),
    ],
)
def test_each_place(more: str, told: str) -> None:
    """Commands of ours, of its start, in its files, and variables that have something loaded, are told."""
    assert told in programs_in(f"{PROFILE}\n{more}")


def test_ordinary_values_are_none() -> None:
    """Neither addresses nor names of models count."""
    more = '[[edit]]\nfile = "{config}/c.json"\nformat = "json"\nset.theme = "dark"\n'
    assert programs_in(PROFILE + more) == ()


def test_of_the_shipped_profiles() -> None:
    """What ours have run is their clients' own programs: nothing that somebody would not expect."""
    catalogue = Catalogue([shipped_folder()])
    for client in catalogue.ids():
        profile = catalogue.load(client)
        first = {text.split()[0].partition("=")[0] for text in programs(profile)}
        assert not first & {"sh", "bash", "curl", "/bin/sh"}, client
