"""Entries of the keychain: what a run does to them, what it leaves alone, and what it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from aibridge_cli.changes import entry_steps, transaction
from aibridge_cli.changes.diff import unified
from aibridge_cli.changes.entries import entry_key
from aibridge_cli.changes.plan import Wanted
from aibridge_cli.changes.run import Outcome, carry_out, plan_configure, plan_release
from aibridge_cli.changes.state import from_json, to_json
from aibridge_cli.clients.rendered import RenderedEdit, RenderedEntry, RenderedProfile
from aibridge_cli.errors import AibridgeError, ChangedMeanwhile, FileProblem
from aibridge_cli.keychains.imagined import Imagined
from aibridge_cli.keychains.unavailable import Unavailable
from aibridge_cli.secret import Secret

if TYPE_CHECKING:
    from tests.changes.conftest import Machine

URL = {"url": "https://coder.example.com/x", "username": "Bearer"}
OTHER = {"url": "https://coder.example.com/y", "username": "Bearer"}
NAME = "Example (url=https://coder.example.com/x, username=Bearer)"
TOKEN, NEW, THEIRS, LATER = (Secret(f"secret-{word}") for word in ("of-ours", "new", "of-theirs", "of-later"))


class Desktop:
    """A home, a keychain, and clients that look their key up there."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.store = machine.store
        self.keychain = Imagined()
        self.store.keychain = self.keychain

    def client(
        self, name: str = "one", secret: Secret = TOKEN, attributes: Mapping[str, str] | None = URL, file: str = ""
    ) -> Wanted:
        entries = () if attributes is None else (RenderedEntry(attributes, "Example", secret),)
        candidates = (str(self.machine.home / file),)
        edits = (RenderedEdit(candidates=candidates, format="json", sets=((("url",), "x"),)),) if file else ()
        return Wanted(RenderedProfile(name, "keychain", edits, entries=entries), "https://coder.example.com")

    def configure(self, *wanted: Wanted) -> Outcome:
        return carry_out(self.store, lambda: plan_configure(self.store, wanted), "test", show=lambda _plan: None)

    def unconfigure(self, *names: str) -> Outcome:
        return carry_out(self.store, lambda: plan_release(self.store, names), "test", show=lambda _plan: None)

    def held(self) -> list[Secret]:
        """What all entries hold, those of ours included."""
        return list(self.keychain.entries.values())

    def recorded(self) -> str:
        """Everything in our own folder."""
        files = [path for path in (self.machine.home / "aibridge-state").rglob("*") if path.is_file()]
        return "\n".join(path.read_text() for path in files)


@pytest.fixture
def desktop(machine: Machine) -> Desktop:
    """A keychain without entries."""
    return Desktop(machine)


def test_there_and_back(desktop: Desktop) -> None:
    """A new entry is made, a second run writes nothing, and undo takes it away."""
    desktop.configure(desktop.client())
    assert desktop.held() == [TOKEN]
    assert plan_configure(desktop.store, [desktop.client()]).empty
    desktop.unconfigure("one")
    assert desktop.held() == []
    assert desktop.store.state().entries == {}


def test_what_stood_there_is_kept_in_the_keychain_and_comes_back(desktop: Desktop) -> None:
    """Another key is kept under an entry of ours, not in our records, and undo leaves nothing but it."""
    desktop.keychain.write(URL, "", THEIRS)
    desktop.configure(desktop.client())
    assert desktop.keychain.read(URL) == TOKEN
    assert sorted(secret.reveal() for secret in desktop.held()) == ["secret-of-ours", "secret-of-theirs"]
    assert "secret-" not in desktop.recorded()
    desktop.unconfigure("one")
    assert desktop.keychain.entries == {tuple(sorted(URL.items())): THEIRS}


def test_another_token_replaces_ours_alone(desktop: Desktop) -> None:
    """With a new token the old one is nowhere, and what stood there before us is still kept."""
    desktop.keychain.write(URL, "", THEIRS)
    desktop.configure(desktop.client())
    outcome = desktop.configure(desktop.client(secret=NEW))
    assert unified(outcome.plan) == f"keychain entry {NAME}: another token in place of ours\n"
    assert sorted(secret.reveal() for secret in desktop.held()) == ["secret-new", "secret-of-theirs"]
    desktop.unconfigure("one")
    assert desktop.held() == [THEIRS]


def test_what_somebody_changed_since_stays(desktop: Desktop) -> None:
    """An entry with another key is its owner's: undo names it and leaves it."""
    desktop.keychain.write(URL, "", THEIRS)
    desktop.configure(desktop.client())
    desktop.keychain.write(URL, "", LATER)
    outcome = desktop.unconfigure("one")
    assert outcome.plan.stayed == (("keychain", NAME),)
    assert desktop.held() == [LATER]


def test_configuring_again_after_a_change_keeps_the_later_key(desktop: Desktop) -> None:
    """What was entered since is what undo brings back."""
    desktop.keychain.write(URL, "", THEIRS)
    desktop.configure(desktop.client())
    desktop.keychain.write(URL, "", LATER)
    desktop.configure(desktop.client())
    desktop.unconfigure("one")
    assert desktop.held() == [LATER]


def test_an_entry_that_was_deleted_since(desktop: Desktop) -> None:
    """It is made again by configuring, and undo does not bring back what its owner deleted."""
    desktop.keychain.write(URL, "", THEIRS)
    desktop.configure(desktop.client())
    desktop.keychain.delete(URL)
    desktop.configure(desktop.client())
    assert desktop.held() == [TOKEN]
    desktop.keychain.delete(URL)
    desktop.unconfigure("one")
    assert desktop.held() == []


def test_what_stands_already_is_not_claimed(desktop: Desktop) -> None:
    """A token that the user entered stays after undo."""
    desktop.keychain.write(URL, "", TOKEN)
    desktop.configure(desktop.client())
    assert desktop.store.state().entries == {}
    desktop.unconfigure("one")
    assert desktop.held() == [TOKEN]


def test_two_clients_with_one_entry(desktop: Desktop) -> None:
    """It goes with the last of them."""
    desktop.configure(desktop.client("one"), desktop.client("two"))
    desktop.unconfigure("one")
    assert desktop.held() == [TOKEN]
    assert desktop.store.state().entries[entry_key(URL)].clients == ("two",)
    desktop.unconfigure("two")
    assert desktop.held() == []


def test_a_client_with_another_entry_or_none(desktop: Desktop) -> None:
    """The earlier entry goes when the client is configured for another address, or in another way."""
    desktop.configure(desktop.client())
    desktop.configure(desktop.client(attributes=OTHER))
    assert (desktop.keychain.read(URL), desktop.keychain.read(OTHER)) == (None, TOKEN)
    desktop.configure(desktop.client(attributes=None))
    assert desktop.held() == []


def test_one_client_takes_over_from_another_in_one_run(desktop: Desktop) -> None:
    """What stood there before the first of them is what the second one gives back."""
    desktop.keychain.write(URL, "", THEIRS)
    desktop.configure(desktop.client("one"))
    desktop.configure(desktop.client("one", attributes=None), desktop.client("two"))
    assert desktop.keychain.read(URL) == TOKEN
    desktop.unconfigure("two")
    assert desktop.held() == [THEIRS]


def test_what_was_kept_is_gone(desktop: Desktop) -> None:
    """When somebody deleted what we kept, nothing is written, and the way out is named."""
    desktop.keychain.write(URL, "", THEIRS)
    desktop.configure(desktop.client())
    (kept,) = [entry.kept for entry in desktop.store.state().entries.values()]
    desktop.keychain.delete(entry_steps.kept_place(kept))
    with pytest.raises(AibridgeError, match="before us is gone") as caught:
        desktop.unconfigure("one")
    assert caught.value.hint == "delete that entry, or give it another key; then this goes on"
    desktop.keychain.delete(URL)
    desktop.unconfigure("one")
    assert desktop.held() == []


def test_a_plan_shows_no_secret(desktop: Desktop) -> None:
    """Each thing that happens to an entry has a line, without what it holds."""
    first = unified(plan_configure(desktop.store, [desktop.client()]))
    assert first == f"keychain entry {NAME}: a new entry with the token\n"
    desktop.configure(desktop.client())
    assert unified(plan_release(desktop.store, ["one"])) == f"keychain entry {NAME}: removed\n"
    desktop.unconfigure("one")
    desktop.keychain.write(URL, "", THEIRS)
    second = plan_configure(desktop.store, [desktop.client()])
    assert (
        unified(second) == f"keychain entry {NAME}: the token in place of what it holds; that is kept in the keychain\n"
    )
    assert "secret-" not in repr(second)
    desktop.configure(desktop.client())
    back = unified(plan_release(desktop.store, ["one"]))
    assert back == f"keychain entry {NAME}: what it held before, in place of the token\n"


def test_records_of_earlier_versions_have_no_entries(desktop: Desktop) -> None:
    """They are read as before, and new ones come back as they were."""
    desktop.configure(desktop.client())
    state = desktop.store.state()
    data = to_json(state)
    assert from_json(data) == state
    del data["entries"]
    assert from_json(data).entries == {}


def test_the_journal_names_the_client(desktop: Desktop) -> None:
    """A run that changed nothing but an entry says whose."""
    desktop.configure(desktop.client())
    desktop.configure(desktop.client(secret=NEW))
    assert [run["clients"] for run in desktop.store.journal()] == [["one"], ["one"]]


def test_a_file_that_cannot_be_written_takes_the_entry_back(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entry and file are all or nothing."""

    def commit(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    desktop.keychain.write(URL, "", THEIRS)
    with monkeypatch.context() as patch:
        patch.setattr(transaction, "commit", commit)
        with pytest.raises(FileProblem, match="every file is as it was"):
            desktop.configure(desktop.client(file="a.json"))
    assert desktop.held() == [THEIRS]
    assert desktop.machine.tree() == {}
    assert desktop.store.pending() is None


def test_a_keychain_that_does_not_take_it(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it says no, no file is written either, and the next run starts afresh."""

    def refuse(*_given: Any) -> None:
        raise Unavailable("the keyring is locked")

    with monkeypatch.context() as patch:
        patch.setattr(Imagined, "write", refuse)
        with pytest.raises(Unavailable, match="locked"):
            desktop.configure(desktop.client(file="a.json"))
    assert desktop.held() == []
    assert desktop.machine.tree() == {}
    assert desktop.store.pending() is None


def test_an_entry_that_changes_meanwhile(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that nobody was asked about is planned anew; one that is never right is given up."""
    real = entry_steps.stage_entries
    changes = iter([THEIRS])

    def stage(*given: Any) -> None:
        secret = next(changes, None)
        if secret is not None:
            desktop.keychain.write(URL, "", secret)
        real(*given)

    monkeypatch.setattr(transaction, "stage_entries", stage)
    desktop.configure(desktop.client())
    assert desktop.keychain.read(URL) == TOKEN
    desktop.unconfigure("one")
    assert desktop.held() == [THEIRS]
    changes = iter(Secret(f"other-{number}") for number in range(10))
    with pytest.raises(ChangedMeanwhile, match="was changed in the keychain meanwhile; nothing was written"):
        desktop.configure(desktop.client())
    assert [secret.reveal() for secret in desktop.held()] == ["other-2"]


class Killed(BaseException):
    """The program ends here."""


@pytest.mark.parametrize("moment", ["stage_entries", "carry_forward", "commit", "_finish"])
def test_a_run_that_was_killed(desktop: Desktop, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """The next run finishes it or rolls it back, file and entry alike, and keeps what stood there before."""

    def kill(*_given: Any) -> None:
        raise Killed

    desktop.keychain.write(URL, "", THEIRS)
    with monkeypatch.context() as patch:
        patch.setattr(transaction, moment, kill)
        patch.setattr(transaction, "_roll_back", kill)
        patch.setattr(transaction, "_revert", kill)
        with pytest.raises(Killed):
            desktop.configure(desktop.client(file="a.json"))
    assert desktop.store.pending() is not None
    assert "secret-" not in desktop.recorded()
    outcome = desktop.unconfigure("two")
    done = "rolled back" if moment == "stage_entries" else "finished"
    assert outcome.notes[0].endswith(f"was {done}")
    assert desktop.keychain.read(URL) == (THEIRS if done == "rolled back" else TOKEN)
    assert list(desktop.machine.tree()) == ([] if done == "rolled back" else ["a.json"])
    desktop.unconfigure("one")
    assert desktop.held() == [THEIRS]
    assert desktop.machine.tree() == {}


def test_a_run_that_was_killed_while_it_was_put_back(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run goes on putting back."""

    def fail(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    def kill(*_given: Any) -> None:
        raise Killed

    desktop.keychain.write(URL, "", THEIRS)
    with monkeypatch.context() as patch:
        patch.setattr(transaction, "commit", fail)
        patch.setattr(transaction, "put_back", kill)
        with pytest.raises(Killed):
            desktop.configure(desktop.client(file="a.json"))
    assert desktop.keychain.read(URL) == TOKEN
    outcome = desktop.unconfigure("two")
    assert outcome.notes[0].endswith("was rolled back")
    assert desktop.held() == [THEIRS]
    assert desktop.machine.tree() == {}


def test_what_somebody_changed_while_a_run_was_cut_short(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Finishing it leaves that alone."""

    def kill(*_given: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "carry_forward", kill)
        patch.setattr(transaction, "_revert", kill)
        with pytest.raises(Killed):
            desktop.configure(desktop.client())
    desktop.keychain.write(URL, "", LATER)
    desktop.unconfigure("two")
    assert desktop.held() == [LATER]


def test_what_a_cut_run_needs_is_gone(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """When somebody deleted it, the run is finished without it, and configuring again writes the entry."""

    def kill(*_given: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "carry_forward", kill)
        patch.setattr(transaction, "_revert", kill)
        with pytest.raises(Killed):
            desktop.configure(desktop.client())
    desktop.keychain.entries.clear()
    desktop.unconfigure("two")
    assert desktop.held() == []
    desktop.configure(desktop.client())
    assert desktop.held() == [TOKEN]


def test_a_keychain_that_forgets(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it does not give back what it was given, nothing is written."""
    monkeypatch.setattr(Imagined, "write", lambda *_given: None)
    with pytest.raises(Unavailable, match="does not give back what is written to it"):
        desktop.configure(desktop.client(file="a.json"))
    assert desktop.machine.tree() == {}
    assert desktop.store.pending() is None
