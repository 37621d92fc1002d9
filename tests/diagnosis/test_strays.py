"""What is done about a token in which place."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aibridge_cli.changes.state import Claim, ClientState, FileState, State, value_hash
from aibridge_cli.diagnosis.places import Place, Read
from aibridge_cli.diagnosis.strays import Stray, strays
from aibridge_cli.diagnosis.tokens import Known

PRESENT = "aaaaaaaaaa-" + "1" * 22
WRITTEN = "bbbbbbbbbb-" + "2" * 22
OTHER = "cccccccccc-" + "3" * 22
KNOWN = Known(frozenset([PRESENT]), frozenset(["cccccccccc"]), frozenset([value_hash(WRITTEN)]), frozenset())


def judged(
    path: Path, kind: str, token: str, *, state: State | None = None, better: bool = False, first_line: int = 1
) -> Stray:
    place = Place(str(path), kind)  # type: ignore[arg-type]
    read = Read(f"\n{token}".encode(), first_line=first_line)
    folder = path.parents[1] if kind == "our folder" else path.parent
    (each,) = strays(place, read, KNOWN, state or State(), str(folder), better=better)
    return each


def holding(path: Path, way: str = "file") -> State:
    entry = FileState(str(path), "json", "", 0, "", None, claims=(Claim("one", "set", ("key",)),), secret=True)
    return State(files={str(path): entry}, clients={"one": ClientState(way, "https://x")})


@pytest.fixture(name="repository")
def folder_that_git_tracks(tmp_path: Path) -> Path:
    """A folder in which git tracks whatever is added."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def tracked(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    subprocess.run(["git", "-C", path.parent, "add", "--force", path.name], check=True)
    return path


@pytest.mark.parametrize(
    ("name", "token", "belongs", "remedy"),
    [
        ("sign-ins/x", PRESENT, True, ""),
        ("sign-ins/x", OTHER, False, ""),
        ("sign-ins/x~", PRESENT, False, "remove the file"),
        ("sessions/x", PRESENT, True, ""),
        ("sessions/x", OTHER, False, "remove the file"),
        ("tokens/x", PRESENT, False, "remove the file"),
        ("images/x", PRESENT, False, ""),
        ("journal.jsonl/x", OTHER, False, ""),
    ],
)
def test_our_own_folder(name: str, token: str, belongs: bool, remedy: str, tmp_path: Path) -> None:
    """Where our own files belong, which of them nothing needs, and what is never removed."""
    found = judged(tmp_path / name, "our folder", token)

    assert (found.belongs, found.remedy) == (belongs, remedy)
    assert bool(found.words) != belongs


def test_a_copy_that_a_client_reads(tmp_path: Path) -> None:
    """It belongs there when it is the present token, and is written again when it is not."""
    path = tmp_path / "tokens/x"
    state = State(kept={str(path): ("one", "two")})

    assert judged(path, "our folder", PRESENT, state=state).belongs
    found = judged(path, "our folder", OTHER, state=state)
    assert (found.remedy, found.clients) == ("configure again", ("one", "two"))
    assert found.words == "`aibridge configure one two` writes the present one"


def test_our_folder_in_a_repository(repository: Path) -> None:
    """Even where it belongs, a token that git tracks is called out."""
    found = judged(tracked(repository / "sign-ins/x"), "our folder", PRESENT)

    assert (found.belongs, found.tracked, found.remedy) == (False, True, "")


@pytest.mark.parametrize(
    ("token", "belongs", "remedy"),
    [(PRESENT, True, ""), (OTHER, False, "configure again"), (WRITTEN, False, "configure again")],
)
def test_a_file_that_was_asked_to_hold_it(token: str, belongs: bool, remedy: str, tmp_path: Path) -> None:
    """A client that was configured to have the token in its file has the present one there."""
    path = tmp_path / "settings.json"

    found = judged(path, "client file", token, state=holding(path))

    assert (found.belongs, found.remedy) == (belongs, remedy)


@pytest.mark.parametrize(("token", "remedy"), [(PRESENT, ""), (WRITTEN, "take the key out"), (OTHER, "")])
def test_a_file_that_was_not(token: str, remedy: str, tmp_path: Path) -> None:
    """What we once wrote is taken out of a file that should not have it; what somebody else wrote is theirs."""
    path = tmp_path / "settings.json"

    assert judged(path, "client file", token).remedy == remedy
    assert judged(path, "client file", token, state=holding(path, "helper")).remedy == remedy


def test_a_client_file_in_a_repository(repository: Path) -> None:
    """It is configured in another way where there is one, else the way out is told."""
    path = tracked(repository / "settings.json")

    better = judged(path, "client file", PRESENT, state=holding(path), better=True)
    none = judged(path, "client file", PRESENT, state=holding(path))

    assert (better.remedy, better.clients) == ("configure in a better way", ("one",))
    assert (none.remedy, none.belongs) == ("", False)
    assert none.words.startswith("git tracks it, and may push it")


def test_elsewhere(tmp_path: Path) -> None:
    """What is somebody's is told and not touched, and a token in use is to be replaced then."""
    for kind in ("copy", "start-up file", "history", "client record"):
        used, replaced = (judged(tmp_path / "x", kind, token) for token in (PRESENT, OTHER))
        assert (used.remedy, replaced.remedy) == ("", "")
        assert used.words == replaced.words + "; then `aibridge rotate` makes the token useless"
    assert judged(tmp_path / ".x.aibridge-1.tmp", "copy", PRESENT).remedy == "remove the file"


def test_the_line(tmp_path: Path) -> None:
    """Of a file that was read in part the line is not known."""
    assert judged(tmp_path / "x", "history", PRESENT).line == 2
    assert judged(tmp_path / "x", "history", PRESENT, first_line=0).line == 0


def test_the_secret_is_not_in_the_data(tmp_path: Path) -> None:
    """What programs are given has the token's id and not the token."""
    found = judged(tmp_path / "x", "history", PRESENT)

    assert found.as_data()["token"] == "aaaaaaaaaa"
    assert PRESENT not in str(found.as_data())
