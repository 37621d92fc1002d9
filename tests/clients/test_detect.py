from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from aibridge_cli.clients.candidates import PathCandidates
from aibridge_cli.clients.detect import found, parts_here
from aibridge_cli.clients.presence import Detect, Part
from aibridge_cli.clients.profile import Profile
from aibridge_cli.facts import Facts

CONFIG = ("$EXAMPLE_HOME", "~/.example")
PROFILE = Profile(
    "example",
    "example.toml",
    "Example",
    "",
    "",
    "supported",
    detect=Detect(
        commands=("example", "ex"), files=("{config}/a.json", "$NOWHERE/b.json"), vscode=("Maker.example", "old.one")
    ),
    paths={"config": PathCandidates(CONFIG, CONFIG, CONFIG)},
)


class MakeFacts(Protocol):
    def __call__(self, **given: Any) -> Facts: ...


def put(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_nothing_is_found_on_an_empty_machine(make_facts: MakeFacts) -> None:
    """No command, no file, not even a home folder."""
    assert found(PROFILE, make_facts()) == ()
    assert found(PROFILE, make_facts(home="")) == ()


def test_everything_that_shows_the_client_is_told(tmp_path: Path, make_facts: MakeFacts) -> None:
    """Commands first, then files, then extensions, each as an absolute path."""
    home = tmp_path / "home"
    command = put(tmp_path / "bin" / "ex")
    file = put(home / ".example" / "a.json")
    extensions = home / ".editor-of-tomorrow" / "extensions"
    put(extensions / "maker.example-1.2.3" / "package.json")
    put(home / ".vscode-server" / "extensions" / "OLD.one-0.1" / "package.json")
    facts = make_facts(home=str(home), environ={"PATH": f"{tmp_path / 'absent'}:{tmp_path / 'bin'}"})
    assert found(PROFILE, facts) == (
        command,
        file,
        str(extensions / "maker.example-1.2.3"),
        str(home / ".vscode-server" / "extensions" / "OLD.one-0.1"),
    )


def test_other_extensions_are_not_taken_for_it(tmp_path: Path, make_facts: MakeFacts) -> None:
    """The id must be whole, in a hidden folder's `extensions`."""
    home = tmp_path / "home"
    put(home / ".vscode" / "extensions" / "maker.example2-1.0" / "package.json")
    put(home / ".vscode" / "extensions" / "maker.example")
    put(home / "visible" / "extensions" / "maker.example-1.0" / "package.json")
    put(home / ".file")
    assert found(PROFILE, make_facts(home=str(home))) == ()


def test_the_clients_own_variable_is_followed(tmp_path: Path, make_facts: MakeFacts) -> None:
    """A client that was told to keep its files elsewhere is found there."""
    file = put(tmp_path / "elsewhere" / "a.json")
    facts = make_facts(environ={"EXAMPLE_HOME": str(tmp_path / "elsewhere")})
    assert found(PROFILE, facts) == (file,)


def test_a_client_without_extensions_is_not_looked_for_in_editors(tmp_path: Path, make_facts: MakeFacts) -> None:
    """Only profiles that name extensions cost a walk through the home folder."""
    put(tmp_path / "home" / ".vscode" / "extensions" / "maker.example-1.0" / "package.json")
    plain = Profile("example", "", "Example", "", "", "supported", detect=Detect(commands=("example",)))
    assert found(plain, make_facts()) == ()


def test_parts_of_a_client_are_found_by_themselves(tmp_path: Path, make_facts: MakeFacts) -> None:
    """Each part is here when its own command, file or extension is, whatever shows the client itself."""
    parts = {
        "editor": Part(files=("{config}/editor.json",), vscode=("Maker.part",)),
        "terminal": Part(commands=("ex",)),
    }
    profile = PROFILE._replace(parts=parts)
    home = tmp_path / "home"
    facts = make_facts(home=str(home), environ={"PATH": str(tmp_path / "bin")})
    put(home / ".example" / "a.json")
    assert parts_here(profile, facts) == set()

    put(home / ".example" / "editor.json")
    assert parts_here(profile, facts) == {"editor"}
    (home / ".example" / "editor.json").unlink()
    put(home / ".vscode" / "extensions" / "maker.part-1.0.0" / "package.json")
    put(tmp_path / "bin" / "ex")
    assert parts_here(profile, facts) == {"editor", "terminal"}
