from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.clients.rendered import RenderedUpsert
from aibridge_cli.errors import UsageError

if TYPE_CHECKING:
    from tests.changes.conftest import Machine


def test_a_new_file_is_made_and_removed_again(machine: Machine) -> None:
    """In an empty home the file and its folders come, and go again."""
    machine.configure(machine.client("one", ".one/settings.json", {"env": {"URL": "https://x"}}))
    assert (machine.home / ".one/settings.json").read_text() == '{\n  "env": {\n    "URL": "https://x"\n  }\n}\n'

    machine.unconfigure("one")

    assert not (machine.home / ".one").exists()


def test_a_second_run_does_nothing(machine: Machine) -> None:
    """Configuring twice leaves files and records as the first run left them."""
    machine.write("a.json", '{ "mine": 1.10 }')
    machine.configure(machine.client("one", "a.json", {"url": "x"}, kept={"token": b"t"}))
    machine.configure(machine.client("two", "new.json", {"url": "x"}))
    record = Path(machine.store.path("state.json")).stat()

    outcome = machine.configure(
        machine.client("one", "a.json", {"url": "x"}, kept={"token": b"t"}),
        machine.client("two", "new.json", {"url": "x"}),
    )

    assert outcome.plan.empty
    assert outcome.run == ""
    assert Path(machine.store.path("state.json")).stat().st_mtime_ns == record.st_mtime_ns


def test_undo_returns_every_byte(machine: Machine) -> None:
    """An untouched file gets its bytes and permission bits back, however odd they were."""
    odd = b'\xef\xbb\xbf{\r\n\t"a" : 1.10 , // \xc3\xa9\r\n\t"b":[ ],\r\n}'
    file = machine.write("a.json", odd, 0o640)

    machine.configure(machine.client("one", "a.json", {"a": 2, "c": {"d": "t"}}, secret=True))
    assert file.stat().st_mode & 0o777 == 0o600
    machine.unconfigure("one")

    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (odd, 0o640)


def test_undo_after_an_edit_keeps_the_edit(machine: Machine) -> None:
    """What the user wrote since stays; our keys go, and what stood before comes back."""
    file = machine.write("a.json", '{\n  "url": "theirs", // corp\n  "theme": "dark"\n}\n')
    machine.configure(machine.client("one", "a.json", {"url": "ours", "key": "k"}))

    file.write_text(file.read_text().replace('"dark"', '"light"'))
    machine.unconfigure("one")

    assert file.read_text() == '{\n  "url": "theirs", // corp\n  "theme": "light"\n}\n'


def test_a_key_that_was_changed_since_stays(machine: Machine) -> None:
    """A value of ours that somebody changed is theirs now, and is reported."""
    file = machine.write("a.json", '{\n  "url": "theirs"\n}\n')
    machine.configure(machine.client("one", "a.json", {"url": "ours", "key": "k"}))

    file.write_text(file.read_text().replace('"ours"', '"changed"'))
    outcome = machine.unconfigure("one")

    assert file.read_text() == '{\n  "url": "changed"\n}\n'
    assert outcome.plan.stayed == ((str(file), "url"),)


def test_a_file_that_was_removed_since_stays_away(machine: Machine) -> None:
    """Taking back what is gone writes nothing and forgets the claim."""
    file = machine.write("a.json", "{}")
    machine.configure(machine.client("one", "a.json", {"url": "ours"}))
    file.unlink()

    machine.unconfigure("one")

    assert not file.exists()
    assert machine.store.state().files == {}


def test_a_file_that_was_removed_since_is_made_anew(machine: Machine) -> None:
    """Configuring again after the file went starts from nothing."""
    file = machine.write("a.json", '{"old": 1}')
    machine.configure(machine.client("one", "a.json", {"url": "ours"}))
    file.unlink()

    machine.configure(machine.client("one", "a.json", {"url": "ours"}))
    assert file.read_text() == '{\n  "url": "ours"\n}\n'
    machine.unconfigure("one")

    assert not file.exists()


def test_our_file_with_the_users_keys_stays(machine: Machine) -> None:
    """A file that we made and the user filled keeps what is theirs."""
    machine.configure(machine.client("one", "a.json", {"url": "ours"}))
    file = machine.home / "a.json"
    file.write_text('{\n  "url": "ours",\n  "theme": "dark"\n}\n')

    machine.unconfigure("one")

    assert file.read_text() == '{\n  "theme": "dark"\n}\n'


def test_our_file_reformatted_by_the_client_goes(machine: Machine) -> None:
    """A file that we made goes also when the client wrote it anew with nothing of its own."""
    machine.configure(machine.client("one", "a.json", {"url": "ours"}))
    (machine.home / "a.json").write_text('{"url":"ours"}')

    machine.unconfigure("one")

    assert not (machine.home / "a.json").exists()


def test_what_the_user_had_already_is_not_ours(machine: Machine) -> None:
    """A value that stands already is left there by undo."""
    file = machine.write("a.json", '{\n  "url": "ours"\n}\n')
    machine.configure(machine.client("one", "a.json", {"url": "ours", "key": "k"}))
    file.write_text(file.read_text() + "\n")

    machine.unconfigure("one")

    assert file.read_text() == '{\n  "url": "ours"\n}\n\n'


def test_another_way_takes_the_first_one_back(machine: Machine) -> None:
    """Configuring in another way leaves none of the first way's keys, and undo still returns every byte."""
    before = '{\n  "helper": "theirs"\n}\n'
    file = machine.write("a.json", before)
    machine.configure(machine.client("one", "a.json", {"helper": "ours", "url": "x"}))

    machine.configure(machine.client("one", "a.json", {"token": "t", "url": "x"}, remove=(("helper",),), secret=True))
    assert file.read_text() == '{\n  "url": "x",\n  "token": "t"\n}\n'
    machine.configure(machine.client("one", "a.json", {"helper": "ours", "url": "x"}))
    assert file.stat().st_mode & 0o777 == 0o644
    machine.unconfigure("one")

    assert file.read_text() == before


def test_another_way_after_an_edit_keeps_the_edit(machine: Machine) -> None:
    """Switching ways and taking back works key by key in a file that was edited in between."""
    file = machine.write("a.json", '{\n  "helper": "theirs"\n}\n')
    machine.configure(machine.client("one", "a.json", {"helper": "ours"}))
    file.write_text(file.read_text().replace("\n}", ',\n  "new": true\n}'))

    machine.configure(machine.client("one", "a.json", {"token": "t"}, remove=(("helper",),)))
    assert file.read_text() == '{\n  "new": true,\n  "token": "t"\n}\n'
    machine.unconfigure("one")

    assert file.read_text() == '{\n  "helper": "theirs",\n  "new": true\n}\n'


def test_a_value_that_the_user_changed_is_restored_as_changed(machine: Machine) -> None:
    """When the user changed our value and we set it again, undo brings the user's value back."""
    file = machine.write("a.json", "{}")
    machine.configure(machine.client("one", "a.json", {"url": "ours"}))
    file.write_text('{"url": "user"}')

    machine.configure(machine.client("one", "a.json", {"url": "ours"}))
    assert file.read_text() == '{"url": "ours"}'
    machine.unconfigure("one")

    assert file.read_text() == '{"url": "user"}'


def test_a_changed_value_of_ours_is_followed(machine: Machine) -> None:
    """A new URL replaces the old one, and undo knows what stood before the first."""
    file = machine.write("a.json", '{"url": "theirs"}')
    machine.configure(machine.client("one", "a.json", {"url": "first"}))
    machine.configure(machine.client("one", "a.json", {"url": "second"}))
    file.write_text(file.read_text() + "\n")

    machine.unconfigure("one")

    assert file.read_text() == '{"url": "theirs"}\n'


def test_two_clients_in_one_file(machine: Machine) -> None:
    """Clients that share a file are taken back one by one, the last to the byte."""
    before = '{ "mine": true }'
    file = machine.write("a.json", before)
    machine.configure(
        machine.client("one", "a.json", {"shared": 1, "first": 1}),
        machine.client("two", "a.json", {"shared": 1, "second": 2}),
    )

    machine.unconfigure("one")
    assert file.read_text() == '{ "mine": true, "shared": 1, "second": 2 }'
    machine.unconfigure("two")

    assert file.read_text() == before


def test_two_clients_taken_back_at_once(machine: Machine) -> None:
    """Taking all clients back in one run returns every byte."""
    before = '{ "mine": true }'
    file = machine.write("a.json", before)
    machine.configure(machine.client("one", "a.json", {"first": 1}), machine.client("two", "a.json", {"second": 2}))

    machine.unconfigure("one", "two", "three")

    assert file.read_text() == before
    assert machine.store.state().clients == {}


def test_two_clients_that_disagree_are_refused(machine: Machine) -> None:
    """Two clients that need different values in one place are an error, and nothing is written."""
    machine.write("a.json", "{}")

    with pytest.raises(UsageError, match=r"`url` in .* is needed by `one` with another value"):
        machine.configure(machine.client("one", "a.json", {"url": 1}), machine.client("two", "a.json", {"url": 2}))

    assert machine.tree()["a.json"][0] == b"{}"


def test_two_clients_that_need_different_objects(machine: Machine) -> None:
    """Two clients that need different things of one object in a list are an error, not the last one's way."""
    items = [RenderedUpsert(at=("models",), match={"id": "m"}, value={"n": number}) for number in (1, 2)]
    machine.configure(machine.client("one", "a.json", upserts=(items[0],)))
    before = machine.tree()

    with pytest.raises(UsageError, match=r"`models` in .* is needed by `one` with another value"):
        machine.configure(machine.client("two", "a.json", upserts=(items[1],)))

    assert machine.tree() == before


def test_a_key_that_two_clients_had_taken_out(machine: Machine) -> None:
    """What two clients cannot have beside them comes back when the last of them is taken back."""
    file = machine.write("a.json", '{"old": 1}')
    machine.configure(*[machine.client(name, "a.json", {name: 1}, remove=(("old",),)) for name in ("one", "two")])

    machine.unconfigure("one")
    assert json.loads(file.read_text()) == {"two": 1}
    machine.unconfigure("two")

    assert file.read_text() == '{"old": 1}'


def test_a_key_that_another_client_needs_is_not_taken_out(machine: Machine) -> None:
    """A client whose profile takes out what another one set is refused, and nothing is written."""
    machine.configure(machine.client("one", "a.json", {"helper": {"url": 1}}))
    before = machine.tree()

    with pytest.raises(UsageError, match=r"`helper` in .* is needed by `one` and has to go for `two`"):
        machine.configure(machine.client("two", "a.json", {"token": 1}, remove=(("helper",),)))

    assert machine.tree() == before


def test_the_first_candidate_that_exists_is_edited(machine: Machine) -> None:
    """Of several files the one that is there is edited, and the first is made when none is."""
    file = machine.write("b.json", "{}")

    machine.configure(machine.client("one", "a.json", {"url": 1}, others=("b.json",)))
    assert file.read_text() == '{\n  "url": 1\n}'
    machine.write("a.json", "{}")
    machine.configure(machine.client("one", "a.json", {"url": 1}, others=("b.json",)))

    assert (file.read_text(), (machine.home / "a.json").read_text()) == ("{}", '{\n  "url": 1\n}')


def test_a_key_put_back_by_the_user_is_taken_out_again(machine: Machine) -> None:
    """A key that must not stand beside ours goes again, and undo returns its last value."""
    file = machine.write("a.json", '{"old": 1}')
    wanted = machine.client("one", "a.json", {"k": 1}, remove=(("old",),))
    machine.configure(wanted)
    file.write_text('{"k": 1, "old": 2}')

    machine.configure(wanted)
    assert file.read_text() == '{"k": 1}'
    machine.unconfigure("one")

    assert file.read_text() == '{"k": 1, "old": 2}'.replace('"k": 1, ', "")


def test_a_file_of_ours_lives_as_long_as_it_is_needed(machine: Machine) -> None:
    """A kept file is 0600, follows a new content, and goes with the last client that needs it."""
    wanted = [machine.client(name, f"{name}.json", {"k": 1}, kept={"s/token": b"first"}) for name in ("one", "two")]
    machine.configure(*wanted)
    kept = machine.home / "s/token"
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (b"first", 0o600)

    machine.configure(machine.client("one", "one.json", {"k": 1}, kept={"s/token": b"second"}))
    assert kept.read_bytes() == b"second"
    machine.unconfigure("one")
    assert kept.exists()
    machine.unconfigure("two")

    assert not kept.exists()


def test_a_kept_file_that_others_could_read_is_closed(machine: Machine) -> None:
    """A kept file whose permissions were opened is closed again by the next run."""
    wanted = machine.client("one", "one.json", {"k": 1}, kept={"token": b"t"})
    machine.configure(wanted)
    (machine.home / "token").chmod(0o644)

    machine.configure(wanted)

    assert (machine.home / "token").stat().st_mode & 0o777 == 0o600


def test_toml_goes_the_same_way(machine: Machine) -> None:
    """TOML is configured and taken back to the byte like JSON."""
    before = '# mine\nmodel   = "x" # why\n\n[other]\na = 1\n'
    file = machine.write("a.toml", before)
    machine.configure(machine.client("one", "a.toml", {"provider": "p", "p": {"q": {"url": "x"}}}, format="toml"))
    assert '[p.q]\nurl = "x"\n' in file.read_text()
    file.write_text(file.read_text().replace("a = 1", "a = 2"))

    machine.unconfigure("one")

    assert file.read_text() == before.replace("a = 1", "a = 2")
