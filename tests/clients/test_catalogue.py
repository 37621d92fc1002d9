from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

import pytest

from aibridge_cli.clients import catalogue as module
from aibridge_cli.clients.catalogue import Catalogue, catalogue, shipped_folder
from aibridge_cli.errors import FileProblem, ProfileError, UsageError
from aibridge_cli.facts import Facts

PROFILE = """
name = "NAME"
summary = "s"
docs = "https://example.com"
status = "supported"
speaks = ["openai"]
credential = ["env"]
env.T = "{token}"
"""


class MakeFacts(Protocol):
    def __call__(self, **given: Any) -> Facts: ...


def put(folder: Path, client: str, name: str = "Example", more: str = "") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{client}.toml"
    file.write_text(f"{PROFILE.replace('NAME', name)}{more}", encoding="utf-8")
    return str(file)


def aliases(*names: str) -> str:
    # a key of the top table, so it must come before `env.T` opens another
    return f"aliases = {list(names)!r}\n".replace("'", '"')


def put_with_aliases(folder: Path, client: str, *names: str) -> None:
    file = Path(put(folder, client))
    file.write_text(aliases(*names) + file.read_text(encoding="utf-8"), encoding="utf-8")


def test_ids_are_file_names(tmp_path: Path) -> None:
    """Only `*.toml` that is not hidden counts, and nothing is read for a listing."""
    for name in ("b.toml", "a.toml", ".hidden.toml", "generic-env.tsv", "profile.schema.json"):
        (tmp_path / name).write_text("not a profile", encoding="utf-8")
    assert Catalogue([str(tmp_path)]).ids() == ("a", "b")


def test_a_later_folder_replaces_a_profile_of_the_same_name(tmp_path: Path) -> None:
    """An organisation's file wins over ours as a whole; the others stay."""
    put(tmp_path / "1", "a", "First")
    put(tmp_path / "1", "b", "First")
    second = put(tmp_path / "2", "a", "Second")
    both = Catalogue([str(tmp_path / "1"), str(tmp_path / "2"), str(tmp_path / "absent")])
    assert both.ids() == ("a", "b")
    assert (both.load("a").name, both.load("b").name) == ("Second", "First")
    assert both.file("a") == both.load("a").source == second


def test_only_the_profile_asked_for_is_read(tmp_path: Path) -> None:
    """A broken profile is no trouble to a command about another client."""
    put(tmp_path, "good")
    (tmp_path / "bad.toml").write_text("name =", encoding="utf-8")
    known = Catalogue([str(tmp_path)])
    assert known.load("good").id == "good"
    with pytest.raises(ProfileError, match=r"bad\.toml`: line 1"):
        known.load("bad")


def test_a_listing_goes_on_past_a_broken_profile(tmp_path: Path) -> None:
    """What cannot be read comes along as problems, for notes."""
    put(tmp_path, "good")
    put(tmp_path, "Capital")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    profiles, problems = Catalogue([str(tmp_path)]).load_all()
    assert [profile.id for profile in profiles] == ["good"]
    assert [type(problem) for problem in problems] == [ProfileError, FileProblem]
    assert problems[1].message == f"`{tmp_path / 'bytes.toml'}`: the profile is not UTF-8 text"


def test_an_alias_finds_its_client(tmp_path: Path) -> None:
    """Profiles are read for an alias only when no file has that name."""
    put_with_aliases(tmp_path, "claudius", "cl", "cd")
    put(tmp_path, "other")
    known = Catalogue([str(tmp_path)])
    assert known.load("cd").id == "claudius"
    assert known.file("cl") == str(tmp_path / "claudius.toml")


def test_an_alias_may_not_be_an_id(tmp_path: Path) -> None:
    """Two profiles that answer to one name are an error, not a race."""
    put_with_aliases(tmp_path, "a", "b")
    put(tmp_path, "b")
    with pytest.raises(ProfileError, match="aliases: `b` is the id of another client"):
        Catalogue([str(tmp_path)]).load("a")


def test_an_alias_may_not_be_had_twice(tmp_path: Path) -> None:
    """The error names the file and the other client."""
    put_with_aliases(tmp_path, "a", "x")
    put_with_aliases(tmp_path, "b", "x")
    with pytest.raises(ProfileError, match=r"b\.toml`: aliases: `x` is an alias of `a` too"):
        Catalogue([str(tmp_path)]).load("x")


def test_an_unknown_client_has_near_names(tmp_path: Path) -> None:
    """A slip of the finger is answered with ids and aliases like it."""
    put_with_aliases(tmp_path, "claude-code", "claude")
    put(tmp_path, "codex")
    with pytest.raises(UsageError) as caught:
        Catalogue([str(tmp_path)]).load("Claud")
    assert caught.value.message == "unknown client `Claud`"
    assert caught.value.hint == "did you mean `claude-code`? `aibridge clients` lists them all"


def test_an_unknown_client_beside_a_broken_profile(tmp_path: Path) -> None:
    """The alias may stand in the very file that cannot be read, so the hint tells of it."""
    (tmp_path / "bad.toml").write_text("name =", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Catalogue([str(tmp_path)]).load("zzz")
    assert caught.value.hint.startswith("`aibridge clients` lists them all; a profile could not be read: `")


def test_a_profile_that_is_gone_meanwhile(tmp_path: Path) -> None:
    """Reading names the file and the reason."""
    file = put(tmp_path, "a")
    known = Catalogue([str(tmp_path)])
    os.remove(file)
    with pytest.raises(FileProblem) as caught:
        known.load("a")
    assert caught.value.message == f"`{file}`: the profile cannot be read: No such file or directory"


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    """Only an absent folder is an empty one."""
    (tmp_path / "profiles").write_text("", encoding="utf-8")
    with pytest.raises(FileProblem, match="the folder of profiles cannot be read: Not a directory"):
        Catalogue([str(tmp_path / "profiles")])


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    """Editors on Windows put one at the start of a file."""
    file = put(tmp_path, "a")
    with open(file, "rb+") as stream:
        text = stream.read()
        stream.seek(0)
        stream.write(b"\xef\xbb\xbf" + text)
    assert Catalogue([str(tmp_path)]).load("a").name == "Example"


def test_folders_are_taken_in_order(tmp_path: Path, make_facts: MakeFacts) -> None:
    """Shipped, then the user's own, then the path variable from left to right."""
    put(tmp_path / "config" / "profiles", "codex", "Own")
    put(tmp_path / "config" / "profiles", "mine", "Own")
    put(tmp_path / "one", "codex", "One")
    put(tmp_path / "two", "codex", "Two")
    config = str(tmp_path / "config")
    assert catalogue(make_facts(), config).load("codex").name == "Own"
    path = os.pathsep.join([str(tmp_path / "one"), "", str(tmp_path / "two")])
    both = catalogue(make_facts(environ={"AIBRIDGE_PROFILE_PATH": path}), config)
    assert (both.load("codex").name, both.load("mine").name) == ("Two", "Own")
    assert both.load("opencode").source == os.path.join(shipped_folder(), "opencode.toml")


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("profiles", "`AIBRIDGE_PROFILE_PATH` names `profiles`, which is not an absolute path"),
        ("/no/such/folder", "`AIBRIDGE_PROFILE_PATH` names `/no/such/folder`, which is not a folder"),
    ],
)
def test_the_path_variable_must_name_folders(make_facts: MakeFacts, folder: str, message: str) -> None:
    """A folder that is relative or gone is never passed over silently."""
    with pytest.raises(UsageError) as caught:
        catalogue(make_facts(environ={"AIBRIDGE_PROFILE_PATH": folder}), "/config")
    assert caught.value.message == message


def test_the_working_directory_is_never_looked_at(
    tmp_path: Path, make_facts: MakeFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repository cannot bring a profile along."""
    put(tmp_path / "profiles", "evil")
    put(tmp_path, "evil")
    monkeypatch.chdir(tmp_path)
    facts = make_facts(cwd=str(tmp_path), environ={"AIBRIDGE_PROFILE_PATH": os.pathsep})
    assert "evil" not in catalogue(facts, "/config").ids()


def test_an_installed_package_brings_its_profiles_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a wheel the folder is inside the package; in a checkout it is beside it."""
    package = tmp_path / "site" / "package"
    (package / "clients").mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(package / "clients" / "catalogue.py"))
    assert shipped_folder() == str(tmp_path / "site" / "client_profiles")
    (package / "client_profiles").mkdir()
    assert shipped_folder() == str(package / "client_profiles")


def test_listing_needs_neither_toml_nor_the_model() -> None:
    """`aibridge env CLIENT` passes here and must not pay for the loader."""
    program = (
        "import sys; import aibridge_cli.clients.catalogue as c; import aibridge_cli.clients.placeholders;"
        "c.Catalogue([c.shipped_folder()]).file('codex');"
        "print([m for m in ('tomllib', 're', 'dataclasses', 'typing', 'json', 'pathlib') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    if "No module named 'aibridge_cli'" in run.stderr:  # -S leaves site-packages out
        root = os.path.dirname(os.path.dirname(os.path.dirname(module.__file__)))
        program = f"import sys; sys.path.insert(0, {root!r});{program}"
        run = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("[]\n", "")
