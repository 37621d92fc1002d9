from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.changes.diff import unified
from aibridge_cli.changes.run import plan_release
from aibridge_cli.secret import Secret

if TYPE_CHECKING:
    from aibridge_cli.changes.plan import Plan
    from tests.changes.conftest import Machine


def shown(machine: Machine, plan: Plan, *secrets: str) -> str:
    return unified(plan, tuple(Secret(each) for each in secrets), home=str(machine.home))


def test_a_change_is_a_unified_difference(machine: Machine) -> None:
    """Each file is shown with its home as `~`, removed and added lines, and what has no newline."""
    machine.write("a.json", '{\n  "url": "old"\n}')

    plan = machine.plan(machine.client("one", "a.json", {"url": "new"}))

    assert shown(machine, plan) == (
        '--- ~/a.json\n+++ ~/a.json\n@@ -1,3 +1,3 @@\n {\n-  "url": "old"\n+  "url": "new"\n'
        " }\n\\ no newline at the end\n"
    )


def test_new_and_removed_files_say_so(machine: Machine) -> None:
    """A file that is made or removed has no name on the other side."""
    wanted = machine.client("one", "a.json", {"url": "new"})
    assert shown(machine, machine.plan(wanted)).startswith("--- (no file)\n+++ ~/a.json\n")

    machine.configure(wanted)

    assert shown(machine, plan_release(machine.store, ["one"])).startswith("--- ~/a.json\n+++ (no file)\n")


def test_secrets_are_masked(machine: Machine) -> None:
    """Neither our token nor the user's other keys are shown, and tightened permissions are."""
    machine.write("a.json", '{\n  "apiKey": "theirs",\n  "x": 1\n}\n')

    plan = machine.plan(machine.client("one", "a.json", {"token": "ours-xyzzy"}, secret=True))
    text = shown(machine, plan, "ours-xyzzy")

    assert text.startswith("~/a.json: permissions 0644 -> 0600\n")
    assert '+  "token": "***"\n' in text
    assert "theirs" not in text
    assert "xyzzy" not in text


def test_a_change_of_nothing_but_a_secret_is_still_told(machine: Machine) -> None:
    """When only masked text differs, that is said."""
    machine.write("a.json", '{"token": "first"}')

    text = shown(machine, machine.plan(machine.client("one", "a.json", {"token": "second"})))

    assert text == "--- ~/a.json\n+++ ~/a.json\n  only masked text or line ends differ\n"


def test_files_of_ours_are_named_only(machine: Machine) -> None:
    """Of a file that holds the token nothing is shown but what happens to it."""
    wanted = machine.client("one", "a.json", {"url": "x"}, kept={"token": b"first"})
    assert "write ~/token (a file of ours that holds the token, 0600)\n" in shown(machine, machine.plan(wanted))
    machine.configure(wanted)

    changed = machine.client("one", "a.json", {"url": "x"}, kept={"token": b"second"})
    assert shown(machine, machine.plan(changed)).startswith("update ~/token ")

    assert "remove ~/token " in shown(machine, plan_release(machine.store, ["one"]))


def test_a_link_says_where_it_leads(machine: Machine) -> None:
    """A linked file is shown with the file that is really edited."""
    machine.write("dotfiles/a.json", "{}")
    (machine.home / "a.json").symlink_to("dotfiles/a.json")

    text = shown(machine, machine.plan(machine.client("one", "a.json", {"url": "x"})))

    assert text.startswith("~/a.json is a link to ~/dotfiles/a.json, which is edited\n")


def test_without_a_home_paths_are_shown_whole(machine: Machine) -> None:
    """Where no home is known the whole path is shown."""
    plan = machine.plan(machine.client("one", "a.json", {"url": "x"}))

    assert f"+++ {machine.home}/a.json\n" in unified(plan)
