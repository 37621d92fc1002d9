from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.keychains.chosen import check_chosen
from aibridge_cli.keychains.unavailable import Unavailable


def configure(home: Path, text: str) -> Path:
    file = home / ".config" / "python_keyring" / "keyringrc.cfg"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


@pytest.mark.parametrize("name", ["", "keyring.backends.SecretService.Keyring", " keyring.backends.libsecret.Keyring "])
def test_secret_service(make_facts: Any, name: str) -> None:
    """Nothing chosen, or a backend that asks the Secret Service, lets us ask it."""
    check_chosen(make_facts(environ={"PYTHON_KEYRING_BACKEND": name}))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("keyring.backends.null.Keyring", "turns the keyring off (`keyring.backends.null.Keyring`)"),
        ("keyring.backends.fail.Keyring", "turns the keyring off (`keyring.backends.fail.Keyring`)"),
        ("keyrings.alt.file.PlaintextKeyring", "asks for `keyrings.alt.file.PlaintextKeyring`, which is not"),
        ("keyring.backends.chainer.ChainerBackend", "which is not the keyring of the desktop"),
        ("no.such\033[31m", "asks for `no.such[31m`, which is not"),
    ],
)
def test_other_backends(make_facts: Any, name: str, message: str) -> None:
    """Every other backend is an error that says who asked for what."""
    with pytest.raises(Unavailable) as caught:
        check_chosen(make_facts(environ={"PYTHON_KEYRING_BACKEND": name}))
    assert caught.value.message.startswith("`PYTHON_KEYRING_BACKEND` ")
    assert message in caught.value.message


def test_disabled(make_facts: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `keyring --disable` writes turns the keyring off; the variable goes before it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    import keyring.core

    keyring.core.disable()
    file = tmp_path / "home" / ".config" / "python_keyring" / "keyringrc.cfg"
    with pytest.raises(Unavailable) as caught:
        check_chosen(make_facts())
    assert caught.value.message == f"`{file}` turns the keyring off (`keyring.backends.null.Keyring`)"
    check_chosen(make_facts(environ={"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"}))
    with pytest.raises(Unavailable):
        check_chosen(make_facts(environ={"XDG_CONFIG_HOME": str(tmp_path / "home" / ".config")}, home=""))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[backend]\ndefault-keyring: keyring.backends.SecretService.Keyring\n",
        "[other]\ndefault-keyring=keyring.backends.null.Keyring\n",
        "[backend]\nkeyring-path=/somewhere\ndefault-keyring\n",
        "\udcff",
    ],
)
def test_other_configuration(make_facts: Any, tmp_path: Path, text: str) -> None:
    """A configuration that chooses nothing else lets us ask the Secret Service."""
    configure(tmp_path / "home", "").write_bytes(text.encode(errors="surrogateescape"))
    check_chosen(make_facts())


def test_nowhere_to_look(make_facts: Any) -> None:
    """Without a home, or with a relative folder, no file of the working folder is read."""
    check_chosen(make_facts(home=""))
    check_chosen(make_facts(environ={"XDG_CONFIG_HOME": "relative"}))
