"""Installing a pack, taking it away, and seeing what was changed."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from aibridge_cli.errors import AibridgeError, FileProblem, ProfileError, UsageError
from aibridge_cli.facts import Facts
from aibridge_cli.own_files import Lock
from aibridge_cli.pack_index import index_file
from aibridge_cli.packs import store
from aibridge_cli.packs.pack import load_pack
from aibridge_cli.packs.source import Fetched
from tests.conftest import MakeFacts
from tests.packs.conftest import PACK, PROFILE, files

URL = "https://coder.example.com"


@pytest.fixture(name="facts")
def facts_of_a_home(make_facts: MakeFacts, tmp_path: Path) -> Facts:
    (tmp_path / "home").mkdir()
    return make_facts()


def add(facts: Facts, text: str = PACK, **profiles: str) -> None:
    store.add(facts, load_pack(text, "pack.toml", running="9"), Fetched(files(text, **profiles), "/our", ""))


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file of the home but the lock, which stays as the folder for our state does."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found.pop(".local/state/aibridge/packs.lock", None)
    return found


def test_what_adding_makes(facts: Facts, tmp_path: Path) -> None:
    """A folder with the pack and its manifest, 0600 in 0700, and a line in the list."""
    add(facts, PACK + f'deployment = "{URL}"')

    (installed,) = store.packs(facts)
    assert (installed.name, installed.deployment) == ("our", URL)
    found = store.details(installed)
    assert (found.pack.version, found.clients, found.manifest["source"]) == ("1.0", ("quill",), "/our")
    assert store.profile_files(installed) == (os.path.join(installed.profiles, "quill.toml"),)
    for path in (tmp_path / "home" / ".config" / "aibridge").glob("packs/**/*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_removing_leaves_no_trace(facts: Facts, tmp_path: Path) -> None:
    """Home is as it was; a file of the user's in our folder stays."""
    add(facts)
    store.remove(facts, "our")
    assert tree(tmp_path / "home") == {}
    assert not (tmp_path / "home" / ".config" / "aibridge").exists()

    own = tmp_path / "home" / ".config" / "aibridge" / "profiles" / "pen.toml"
    own.parent.mkdir(parents=True)
    own.write_text("x")
    add(facts)
    store.remove(facts, "our")
    assert tree(tmp_path / "home") == {".config/aibridge/profiles/pen.toml": b"x"}


def test_another_version_takes_the_place(facts: Facts) -> None:
    """Adding again replaces all of it: what the new version does not have is gone."""
    add(facts, PACK, quill=PROFILE, pen=PROFILE)
    (before,) = store.packs(facts)

    add(facts, PACK.replace("1.0", "2.0"))

    (installed,) = store.packs(facts)
    assert store.details(installed).pack.version == "2.0"
    assert store.details(installed).clients == ("quill",)
    assert not os.path.exists(before.folder)


def test_two_packs(facts: Facts) -> None:
    """Packs stand beside each other, and one goes without the other."""
    add(facts)
    add(facts, PACK.replace("our", "another"), pen=PROFILE)
    assert [each.name for each in store.packs(facts)] == ["another", "our"]

    assert store.details(store.named(facts, "our")).clients == ("quill",)
    store.remove(facts, "another")

    assert [each.name for each in store.packs(facts)] == ["our"]
    assert store.changes(store.named(facts, "our")) == ()


def test_two_deployments(facts: Facts) -> None:
    """Of two packs with different deployments, the second is refused; a new version of the first may change it."""
    add(facts, PACK + f'deployment = "{URL}"')
    with pytest.raises(UsageError, match="`our` and `another` have different deployments"):
        add(facts, PACK.replace("our", "another") + 'deployment = "https://other.example.com"')

    add(facts, PACK + 'deployment = "https://other.example.com"')
    add(facts, PACK.replace("our", "another") + 'deployment = "https://other.example.com"')

    assert {each.deployment for each in store.packs(facts)} == {"https://other.example.com"}


@pytest.mark.parametrize("at", ["os.fsync", "os.replace", "json.dumps"])
@pytest.mark.parametrize("problem", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_changes_nothing(
    at: str, problem: BaseException, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk or Ctrl-C leaves the earlier version installed, whole, and nothing else."""
    add(facts)
    before = tree(tmp_path / "home")

    def fail(*_given: object, **_more: object) -> None:
        raise problem

    with monkeypatch.context() as patched:
        patched.setattr(at, fail)
        with pytest.raises((FileProblem, KeyboardInterrupt)):
            add(facts, PACK.replace("1.0", "2.0"))

    assert tree(tmp_path / "home") == before
    assert store.changes(store.named(facts, "our")) == ()


def test_what_a_crash_left_is_swept_up(facts: Facts, tmp_path: Path) -> None:
    """A folder that no line names goes with the next change; what is no pack of ours stays."""
    add(facts)
    root = tmp_path / "home" / ".config" / "aibridge" / "packs"
    shutil.copytree(store.packs(facts)[0].folder, root / "our-half")
    (root / "notes").mkdir()

    add(facts)

    assert not (root / "our-half").exists()
    assert (root / "notes").exists()


def test_a_folder_that_cannot_be_swept_is_named(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a folder stays, the user is told which one."""
    add(facts)

    def fail(*_given: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("shutil.rmtree", fail)
    with pytest.raises(FileProblem, match="cannot be removed: Permission denied"):
        store.remove(facts, "our")
    assert store.packs(facts) == ()


def test_an_unknown_pack(facts: Facts) -> None:
    """A name that is not installed is a usage error."""
    for wanted in (store.named, store.remove):
        with pytest.raises(UsageError, match="there is no pack `our`"):
            wanted(facts, "our")


def test_two_runs_at_once(facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that finds another one at work waits, and says so when it takes too long."""
    monkeypatch.setattr(store, "PATIENCE", 0.0)
    with Lock(str(tmp_path / "home/.local/state/aibridge/packs.lock")) as lock:
        assert lock.attempt()
        with pytest.raises(AibridgeError, match="another run of aibridge"):
            add(facts)
    add(facts)


Change = Callable[[Path], object]
CHANGES: dict[str, tuple[Change, str]] = {
    "changed": (lambda folder: (folder / "profiles/quill.toml").write_text("x"), "profiles/quill.toml` was changed"),
    "missing": (lambda folder: (folder / "pack.toml").unlink(), "pack.toml` is missing"),
    "added": (lambda folder: (folder / "profiles/pen.toml").touch(), "profiles/pen.toml` was added"),
    "manifest": (
        lambda folder: (folder / "manifest.json").write_text("{}"),
        "manifest.json` was changed, so the other files cannot be judged",
    ),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "manifest.json` is missing"),
    "all of it": (shutil.rmtree, "manifest.json` is missing"),
    "unreadable": (lambda folder: os.replace(folder / "profiles", folder / "pro"), "profiles/quill.toml` is missing"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changes_are_seen(change: str, facts: Facts) -> None:
    """Each change is told with the file that it is about, and such a pack can be taken away all the same."""
    add(facts)
    installed = store.named(facts, "our")
    assert store.changes(installed) == ()

    act, message = CHANGES[change]
    act(Path(installed.folder))

    said = store.changes(installed)
    assert any(line.endswith(message) and line.startswith(f"`{installed.folder}") for line in said)
    store.remove(facts, "our")
    assert store.packs(facts) == ()


def test_a_deployment_that_was_swapped_is_seen(facts: Facts, tmp_path: Path) -> None:
    """The list names the deployment too; another one there is a change."""
    add(facts, PACK + f'deployment = "{URL}"')
    path = Path(index_file(str(tmp_path / "home/.config/aibridge")))
    path.write_text(path.read_text().replace(URL, "https://evil.example.com"))

    assert store.changes(store.named(facts, "our")) == ("the list of packs names another deployment for it",)


def test_a_pack_that_was_broken_since(facts: Facts) -> None:
    """What cannot be read is an error with the file, never an empty pack."""
    add(facts)
    installed = store.named(facts, "our")
    folder = Path(installed.folder)
    text = json.loads((folder / "manifest.json").read_text())
    for broken in ("not json", json.dumps([]), json.dumps({**text, "files": 1})):
        (folder / "manifest.json").write_text(broken)
        with pytest.raises(FileProblem, match=r"manifest.json`: is not what we wrote"):
            store.details(installed)
    (folder / "pack.toml").write_text("name = 1")
    with pytest.raises(ProfileError, match="expected a string"):
        store.details(installed)
    (folder / "pack.toml").unlink()
    with pytest.raises(FileProblem, match="cannot be read"):
        store.details(installed)
    shutil.rmtree(folder)
    assert store.profile_files(installed) == ()
