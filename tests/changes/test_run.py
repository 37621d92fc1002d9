"""Files that are not where a run left them: moved behind a link, linked anew, written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibridge_cli.errors import FileProblem
from tests.changes.conftest import Machine

OURS = {"url": "x", "env": {"KEY": ""}}


def move_behind_a_link(machine: Machine, name: str, place: str) -> Path:
    """Do what dotfile managers do when they adopt a file."""
    moved = machine.home / place
    moved.parent.mkdir(exist_ok=True)
    (machine.home / name).rename(moved)
    (machine.home / name).symlink_to(moved)
    return moved


def test_a_file_that_moved_into_dotfiles_is_followed(machine: Machine) -> None:
    """Adopted by a dotfile manager, the file is configured on where it is now, and returned to its bytes."""
    machine.write("a.json", '{"mine": 1 }')
    machine.configure(machine.client("one", "a.json", OURS))
    moved = move_behind_a_link(machine, "a.json", "dotfiles/a.json")

    machine.configure(machine.client("one", "a.json", {"url": "y"}))
    assert moved.read_text() == '{"mine": 1, "url": "y" }'
    assert machine.configure(machine.client("one", "a.json", {"url": "y"})).plan.empty
    machine.unconfigure("one")

    assert moved.read_text() == '{"mine": 1 }'
    assert (machine.home / "a.json").is_symlink()


def test_the_same_again_after_a_move_changes_no_file(machine: Machine) -> None:
    """Configuring a moved file as it is configured already leaves every byte and takes nothing back."""
    machine.write("a.json", '{"mine": 1}')
    machine.configure(machine.client("one", "a.json", OURS))
    move_behind_a_link(machine, "a.json", "dotfiles/a.json")
    before = machine.tree()

    machine.configure(machine.client("one", "a.json", OURS))

    assert machine.tree() == before
    assert list(machine.store.state().files) == [str(machine.home / "dotfiles/a.json")]


def test_a_folder_that_moved_is_followed(machine: Machine) -> None:
    """A folder that became a link takes its file along."""
    machine.write("client/a.json", '{"mine": 1}')
    machine.configure(machine.client("one", "client/a.json", OURS))
    (machine.home / "dotfiles").mkdir()
    moved = move_behind_a_link(machine, "client", "dotfiles/client")

    machine.unconfigure("one")

    assert (moved / "a.json").read_text() == '{"mine": 1}'


def test_a_file_of_ours_behind_a_link_is_emptied(machine: Machine) -> None:
    """A file that we made and the user then linked to stays, empty, so that the link leads somewhere."""
    machine.configure(machine.client("one", "a.json", OURS))
    moved = move_behind_a_link(machine, "a.json", "dotfiles/a.json")

    machine.unconfigure("one")

    assert moved.read_text() == "{}\n"
    machine.configure(machine.client("one", "a.json", OURS))


def test_a_link_that_became_a_file(machine: Machine) -> None:
    """When a program wrote a file of its own in place of the link, our keys go from both."""
    real = machine.write("dotfiles/a.json", '{"mine": 1}')
    link = machine.home / "a.json"
    link.symlink_to(real)
    machine.configure(machine.client("one", "a.json", OURS))
    link.unlink()
    link.write_text('{"url": "x", "env": {"KEY": ""}, "mine": 1, "later": 2}')

    machine.unconfigure("one")

    assert real.read_text() == '{"mine": 1}'
    assert link.read_text() == '{"mine": 1, "later": 2}'


def test_a_broken_file_in_place_of_the_link(machine: Machine) -> None:
    """What cannot be understood where the file was expected stops the run, and nothing is written."""
    real = machine.write("dotfiles/a.json", '{"mine": 1}')
    link = machine.home / "a.json"
    link.symlink_to(real)
    machine.configure(machine.client("one", "a.json", OURS))
    configured = real.read_text()
    link.unlink()
    link.write_text("{ broken")

    with pytest.raises(FileProblem, match=r"a\.json`:1:3"):
        machine.unconfigure("one")

    assert real.read_text() == configured


def test_a_moved_file_without_a_trace_of_ours_is_not_touched(machine: Machine) -> None:
    """Whoever took our keys out while moving the file keeps it as it is."""
    machine.write("a.json", '{"old": 1}')
    machine.configure(machine.client("one", "a.json", OURS, remove=(("old",),)))
    moved = move_behind_a_link(machine, "a.json", "dotfiles/a.json")
    moved.write_text('{"theirs": 1}')

    machine.unconfigure("one")

    assert moved.read_text() == '{"theirs": 1}'
    assert machine.store.state().files == {}


def test_a_file_written_anew_does_not_get_back_what_we_took_out(machine: Machine) -> None:
    """Where nothing of ours is left, a key that we once took out of an earlier file does not come back."""
    file = machine.write("a.json", '{"old": 1}')
    wanted = machine.client("one", "a.json", OURS, remove=(("old",),))
    machine.configure(wanted)
    file.write_text('{"new": 1}')

    machine.configure(wanted)
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    machine.unconfigure("one")

    assert file.read_text() == '{"new": 1}'


def test_folders_of_a_file_that_went_are_remembered(machine: Machine) -> None:
    """When the user deletes our file and has it made again, undo still removes the folder that we made."""
    wanted = machine.client("one", "made/a.json", OURS)
    machine.configure(wanted)
    (machine.home / "made/a.json").unlink()
    machine.configure(wanted)

    machine.unconfigure("one")

    assert not (machine.home / "made").exists()


def test_permissions_that_the_user_changed_come_back(machine: Machine) -> None:
    """A file that is closed for a token gets the permissions it had then, not those it had at first."""
    file = machine.write("a.json", '{"mine": 1}', 0o644)
    machine.configure(machine.client("one", "a.json", {"url": "x"}))
    file.chmod(0o640)
    machine.configure(machine.client("one", "a.json", {"token": "t"}, secret=True))
    assert file.stat().st_mode & 0o777 == 0o600

    machine.unconfigure("one")

    assert file.stat().st_mode & 0o777 == 0o640
