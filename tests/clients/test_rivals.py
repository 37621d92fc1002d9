"""What wins over our files: told by the layers of a profile."""

from __future__ import annotations

from aibridge_cli.clients.profile import OutrankedBy
from tests.diagnosis.layered import LAYERS, quill


def test_layers_above_ours() -> None:
    """Files, folders and variables of every stronger layer are named, each with what it means; flags by their name."""
    noted = LAYERS.replace('what = "managed settings"', 'what = "managed settings"\nnote = "your organisation\'s"')
    assert quill(noted).outranked_by == (
        OutrankedBy(
            "managed settings",
            ("/etc/quill/conf.d", "/etc/quill/config.json", "$ProgramData/Quill/config.json"),
            note="your organisation's",
        ),
        OutrankedBy("the `--set` flag"),
        OutrankedBy("the profile of `--profile`"),
        OutrankedBy("the text in `QUILL_CONFIG`", variables=("QUILL_CONFIG",)),
        OutrankedBy("the project's folders", (".quill/config.jsonc",)),
        OutrankedBy("the project's settings", ("quill.json",)),
        OutrankedBy("the file of `QUILL_FILE`", ("$QUILL_FOLDER/config.json",), ("QUILL_FILE",)),
    )


def test_an_environment_above_ours() -> None:
    """The variables of the settings are named; what is told apart from layers comes after them."""
    environment = '\n[[layer]]\nwhat = "the environment"\nenvironment = true\n'
    user = '\n[[layer]]\nwhat = "the user\'s settings"\nfiles = "{config}/config.json"\nformat = "json"\n'
    settings = '[setting.base]\nvariable = "QUILL_BASE"\n[setting.key]\nvariable = "QUILL_{base}"\n'
    more = '\n[[outranked_by]]\nwhat = "the moon"\n'
    found = quill(environment + user + settings + more).outranked_by
    assert found == (OutrankedBy("the environment", variables=("QUILL_BASE",)), OutrankedBy("the moon"))


def test_no_layer_of_ours() -> None:
    """Where our file is in no layer nothing can be told of what is above it."""
    assert quill("").outranked_by == ()
    assert quill('[[layer]]\nwhat = "a"\nfiles = "/a.json"\nformat = "json"\n').outranked_by == ()
