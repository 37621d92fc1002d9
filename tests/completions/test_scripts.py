"""The scripts that come with the program, and how each is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from aibridge_cli.cli.write_completions import ORIGIN, main, texts
from aibridge_cli.completions.bash import bash
from aibridge_cli.completions.fish import fish
from aibridge_cli.completions.packaged import FILES, packaged, scripts_folder
from aibridge_cli.completions.powershell import powershell
from aibridge_cli.completions.tree import Client, Command, Flag, Script, Values, taken, walk
from aibridge_cli.completions.zsh import zsh
from aibridge_cli.errors import ProfileError

FLAGS = (
    Flag(("-f", "--form"), "What [it] is: `this`; it's", Values("words", ("one", "two"), "form")),
    Flag(("--also",), "More", Values("words", ("x",), "also", repeated=True)),
    Flag(("--into",), "Where", Values("files", label="file")),
    Flag(("--below",), "Where", Values("folders", label="folder")),
    Flag(("--name",), "Any", Values("free", label="NAME")),
    Flag(("--yes",), "No question"),
)
PROGRAM = Command(
    "",
    "",
    FLAGS[-1:],
    commands=(
        Command("make", "Make: it's `made`", FLAGS, (Values("clients", label="client", repeated=True),)),
        Command("take", "Take", (), (Values("free"), Values("words", ("a", "b")), Values("files", repeated=True))),
        Command("set", "A group", (), commands=(Command("set up", "Up"),)),
    ),
)
SCRIPT = Script(PROGRAM, (Client("quill", "Quill: a pen's"),), "make completions")


@pytest.mark.parametrize("shell", FILES)
def test_the_scripts_are_fresh(shell: str) -> None:
    """What is packaged is what the commands and profiles give; ORIGIN names the command that brings it up to date."""
    name = FILES[shell][0]

    assert packaged(shell) == texts()[name], f"run `{ORIGIN}`"


def test_the_generator_writes_every_script(tmp_path: Path) -> None:
    """The generator makes the files of the folder, and no others."""
    assert main(str(tmp_path)) == 0

    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in Path(scripts_folder()).iterdir()}


def test_a_broken_profile_stops_the_generator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script never lacks a client because its profile is broken."""
    (tmp_path / "broken.toml").write_text("name = 1")
    monkeypatch.setattr("aibridge_cli.cli.write_completions.shipped_folder", lambda: str(tmp_path))

    with pytest.raises(ProfileError):
        texts()


def test_scripts_of_a_wheel_are_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package has the scripts, as in a wheel, they are taken from there."""
    module = tmp_path / "aibridge_cli" / "completions" / "packaged.py"
    monkeypatch.setattr("aibridge_cli.completions.packaged.__file__", str(module))
    assert scripts_folder() == str(tmp_path / "completions")

    (tmp_path / "aibridge_cli" / "completion_scripts").mkdir(parents=True)

    assert scripts_folder() == str(tmp_path / "aibridge_cli" / "completion_scripts")


def test_the_order_of_a_walk() -> None:
    """Parents come before what is below them."""
    assert [command.path for command in walk(PROGRAM)] == ["", "make", "take", "set", "set up"]
    assert [command.name for command in walk(PROGRAM)][-1] == "up"


def test_keys_of_what_is_taken() -> None:
    """A flag has a key for each name, an argument one for its place."""
    assert [key for key, _ in taken(PROGRAM.commands[0])] == [
        *("make -f", "make --form", "make --also", "make --into", "make --below", "make --name", "make *"),
    ]
    assert [key for key, _ in taken(PROGRAM.commands[1])] == ["take 0", "take 1", "take *"]


def test_bash_knows_each_value() -> None:
    """Words, clients, files and folders each have their line; what only the user knows has none."""
    script = bash(SCRIPT)

    assert "    'make -f') words=(one two) ;;\n" in script
    assert "    'make '[0-9]*) _aibridge_clients ;;\n" in script
    assert "    'make --into') compopt -o default 2>/dev/null ;;\n" in script
    assert "    'make --below') compopt -o dirnames 2>/dev/null ;;\n" in script
    assert "'make --name'" not in script
    assert "    '') commands='make take set' flags=--yes valued='' ;;\n" in script


def test_zsh_quotes_what_is_special() -> None:
    """Brackets, colons and quotes of a text do not end it."""
    script = zsh(SCRIPT)

    assert r"""'(-f --form)'{-f+,--form=}'[What \[it\] is: `this`; it'\''s]:form:(one two)'""" in script
    assert "'*'--also='[More]:also:(x)'" in script
    assert r"""'make:Make\: it'\''s `made`'""" in script
    assert "'*:client:_aibridge__clients'" in script
    assert "'2:value:(a b)'" in script
    assert r"'quill:Quill\: a pen'\''s'" in script


def test_fish_knows_each_value() -> None:
    """Each flag and argument has its line, and those that are free offer no files."""
    script = fish(SCRIPT)

    assert r"-n '__aibridge_at \'make\'' -s f -l form -d 'What [it] is: `this`; it\'s' -x -a 'one two'" in script
    assert "-l into -d 'Where' -r -F\n" in script
    assert "-l below -d 'Where' -x -a '(__fish_complete_directories)'\n" in script
    assert "-l name -d 'Any' -x\n" in script
    assert r"-n '__aibridge_place \'take\' 1' -a 'a b'" in script
    assert r"-n '__aibridge_at \'take\'' -F" in script
    assert r"__aibridge_place \'take\' 0" not in script


def test_powershell_doubles_every_kind_of_quote() -> None:
    """PowerShell takes typographic quotes for quotes, so they are doubled too."""
    script = powershell(SCRIPT._replace(clients=(Client("quill", "Quill\u2019s 'own'"),)))

    assert ", @('quill', 'Quill\u2019\u2019s ''own''')" in script
    assert "'make --form' = @('one', 'two')" in script
    assert "'make *' = 'clients'" in script


def broken(node: Node) -> list[str]:
    """Return the places that a parser could not make sense of."""
    here = [f"{node.start_point}: {node.type}"] if node.is_error or node.is_missing else []
    return here + [place for child in node.children for place in broken(child)]


@pytest.mark.parametrize("text", [packaged("powershell"), powershell(SCRIPT)], ids=["packaged", "special"])
def test_powershell_parses(text: str) -> None:
    """A real grammar of PowerShell finds nothing wrong, and no table has a key twice, which PowerShell refuses."""
    parser = Parser(Language(tree_sitter_powershell.language()))

    assert broken(parser.parse(text.encode()).root_node) == []
    for table in re.findall(r"@\{\n(.*?)\n    \}", text, flags=re.DOTALL):
        keys = [key.lower() for key in re.findall(r"^        ('[^']*') = ", table, flags=re.MULTILINE)]
        assert len(keys) == len(set(keys)) > 0


def test_the_grammar_sees_mistakes() -> None:
    """The check on PowerShell can fail."""
    parser = Parser(Language(tree_sitter_powershell.language()))
    text = packaged("powershell").replace("$flag = ''", "$flag = '", 1)

    assert broken(parser.parse(text.encode()).root_node)


@pytest.mark.parametrize("command", list(walk(PROGRAM)), ids=lambda command: command.path or "program")
def test_powershell_has_all_that_the_others_have(command: Command) -> None:
    """Every command, flag and value of the tree stands in the table for it."""
    script = powershell(SCRIPT)

    assert f"        '{command.path}' = @(\n" in script
    for key, values in taken(command):
        assert f"        '{key}' = " in script
        assert all(f"'{word}'" in script for word in values.words)
