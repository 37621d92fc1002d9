from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.errors import FileProblem

if TYPE_CHECKING:
    from tests.changes.conftest import Machine


def test_null_counts_as_absent(machine: Machine) -> None:
    """A null where an object is needed is replaced, and comes back."""
    file = machine.write("a.json", '{"env": null}')

    machine.configure(machine.client("one", "a.json", {"env": {"URL": "x"}}))
    assert file.read_text() == '{"env": {"URL": "x"}}'
    machine.unconfigure("one")

    assert file.read_text() == '{"env": null}'


def test_something_else_than_an_object_is_an_error(machine: Machine) -> None:
    """A string where we need an object stops with file, line and column, and nothing is written."""
    file = machine.write("a.json", '{\n  "env": "mine"\n}')

    with pytest.raises(FileProblem) as problem:
        machine.configure(machine.client("one", "a.json", {"env": {"URL": "x"}}))

    assert problem.value.message == f"`{file}`:2:10: expected an object at `env`, found a string"
    assert file.read_text() == '{\n  "env": "mine"\n}'


def test_a_broken_file_is_an_error(machine: Machine) -> None:
    """A file that cannot be understood is named with its place and left alone."""
    file = machine.write("a.json", '{\n  "a": oops\n}')

    with pytest.raises(FileProblem) as problem:
        machine.configure(machine.client("one", "a.json", {"b": 1}))

    assert problem.value.message.startswith(f"`{file}`:2:8: ")
    assert machine.store.state().clients == {}


def test_another_encoding_is_an_error(machine: Machine) -> None:
    """A file in another encoding is named as such and left alone."""
    file = machine.write("a.json", '{"a": "é"}'.encode("latin-1"))
    with pytest.raises(FileProblem, match=r"a\.json`:1:8: this is not UTF-8 text"):
        machine.configure(machine.client("one", "a.json", {"b": 1}))

    file.write_bytes('{"a": 1}'.encode("utf-16"))
    with pytest.raises(FileProblem, match="this file is UTF-16, and only UTF-8 can be edited"):
        machine.configure(machine.client("one", "a.json", {"b": 1}))


def test_a_file_broken_since_names_the_kept_copy(machine: Machine) -> None:
    """When the user's edit broke the file, undo says so and where the earlier version is kept."""
    file = machine.write("a.json", '{"a": 1}')
    machine.configure(machine.client("one", "a.json", {"b": 1}))
    file.write_text('{"a": 1, "b":')

    with pytest.raises(FileProblem) as problem:
        machine.unconfigure("one")

    kept = problem.value.hint.split("`")[1]
    assert Path(machine.store.path(kept)).read_text() == '{"a": 1}'


@pytest.mark.parametrize("content", ["", "   \n", "// mine\n", "{}", "{\n  // mine\n}\n"])
def test_a_file_with_nothing_in_it(machine: Machine, content: str) -> None:
    """Empty and comments-only files are edited, keep their remarks, and come back to the byte."""
    file = machine.write("a.json", content)

    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    assert '"url": "x"' in file.read_text()
    assert ("// mine" in content) == ("// mine" in file.read_text())
    machine.unconfigure("one")

    assert file.read_text() == content


def test_a_comment_in_our_file_is_the_users(machine: Machine) -> None:
    """A file that we made stays when the user left a remark in it."""
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    file = machine.home / "a.json"
    file.write_text("// mine\n" + file.read_text())

    machine.unconfigure("one")

    assert "// mine" in file.read_text()
    assert "url" not in file.read_text()


def test_a_link_stays_a_link(machine: Machine) -> None:
    """Dotfiles that are linked in stay links, before and after."""
    real = machine.write("dotfiles/a.json", '{"mine": 1}')
    (machine.home / "a.json").symlink_to("dotfiles/a.json")

    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    assert real.read_text() == '{"mine": 1, "url": "x"}'
    machine.unconfigure("one")

    assert (machine.home / "a.json").readlink() == Path("dotfiles/a.json")
    assert real.read_text() == '{"mine": 1}'


def test_a_link_that_was_turned_since(machine: Machine) -> None:
    """Undo cleans the file that was written, also when the link leads elsewhere now."""
    real = machine.write("dotfiles/a.json", '{"mine": 1}')
    link = machine.home / "a.json"
    link.symlink_to("dotfiles/a.json")
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    other = machine.write("other.json", '{"url": "other"}')
    link.unlink()
    link.symlink_to("other.json")

    machine.unconfigure("one")

    assert (real.read_text(), other.read_text()) == ('{"mine": 1}', '{"url": "other"}')
