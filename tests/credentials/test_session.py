from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aibridge_cli import folders
from aibridge_cli.credentials import session
from aibridge_cli.credentials.session import resolve_token
from aibridge_cli.credentials.sign_in import SignIn, write_sign_in
from aibridge_cli.errors import AibridgeError, CredentialRefused, NotSignedIn
from aibridge_cli.secret import Secret

HERE = "https://coder.example.com"
ELSEWHERE = "https://other.example.com"


def keep(tmp_path: Path, token: str) -> None:
    """Write our own record of a token for HERE."""
    folder = tmp_path / "home" / ".local" / "state" / "aibridge" / "sessions"
    folder.mkdir(parents=True)
    (folder / "coder.example.com").write_text(token)


IN_A_WORKSPACE = {
    "CODER_AGENT_URL": HERE,
    "CODER_WORKSPACE_ID": "0a7d3c1e-5b92-4f08-8e6d-1c4b7a9f2e35",
    "CODER_API_TOKEN": "AAAAAAAAAA-WWWWWWWWWWWWWWWWWWWWWW",
}


def test_order(make_facts: Any, tmp_path: Path, sign_in: Any) -> None:
    """Standard input, `CODER_SESSION_TOKEN`, what was passed in once, our sign-in, the Coder CLI, the workspace."""
    sign_in(HERE, "coder")
    keep(tmp_path, "ours")
    facts = make_facts(environ={"CODER_SESSION_TOKEN": "variable", "CODER_URL": HERE, **IN_A_WORKSPACE})
    write_sign_in(facts, SignIn(url=HERE, token=Secret("login")))
    keep_again = folders.session_file(facts, HERE)
    search = session.Search(facts, HERE, "typed")
    found = [source(search) for source in session.SOURCES]
    texts = [one.value.reveal() for one in found if one]
    assert texts == ["typed", "variable", "variable", "login", "coder", IN_A_WORKSPACE["CODER_API_TOKEN"]]
    assert Path(keep_again).read_text() == "variable"  # a workspace's newer token replaces the copy of an older one
    assert len(found) == len(session.SOURCES)


def test_keychains_go_before_files_where_the_coder_cli_has_one(make_facts: Any, sign_in: Any) -> None:
    """On macOS and Windows the Coder CLI's program is asked, then its keychain, and a session file comes last."""
    names = [way.__name__ for way in session._KEYCHAIN_FIRST]
    assert names == ["_from_coder_program", "_from_coder_keyring", "_from_coder_files"]
    assert [way.__name__ for way in session._FILES_FIRST] == ["_from_coder_files", "_from_coder_program"]


def test_copies_are_left_alone_outside_a_workspace(make_facts: Any, tmp_path: Path) -> None:
    """A variable that somebody sets for one shell changes no copy that was made on purpose."""
    keep(tmp_path, "ours")
    resolve_token(make_facts(environ={"CODER_SESSION_TOKEN": "variable", "CODER_URL": HERE}), HERE)
    assert (tmp_path / "home/.local/state/aibridge/sessions/coder.example.com").read_text() == "ours"


def test_the_copy_of_clients_follows_the_workspace(make_facts: Any, tmp_path: Path) -> None:
    """After a workspace was started anew the file that clients read the token from has its new token."""
    facts = make_facts(environ={**IN_A_WORKSPACE, "CODER_SESSION_TOKEN": "newer"})
    copy = Path(folders.token_file(facts, HERE))
    copy.parent.mkdir(parents=True)
    copy.write_text("older")
    assert resolve_token(facts, HERE).value.reveal() == "newer"
    assert copy.read_text() == "newer"
    assert not Path(folders.session_file(facts, HERE)).exists()


def test_a_copy_that_cannot_be_refreshed(make_facts: Any) -> None:
    """The token is found all the same, and the copy is named."""
    facts = make_facts(environ={**IN_A_WORKSPACE, "CODER_SESSION_TOKEN": "newer"})
    copy = Path(folders.token_file(facts, HERE))
    copy.mkdir(parents=True)
    found = resolve_token(facts, HERE)
    assert found.value.reveal() == "newer"
    assert "an older copy of the token was not refreshed" in found.notes[0]


def test_a_broken_record_of_ours(make_facts: Any, sign_in: Any) -> None:
    """A sign-in that cannot be read is passed over, and named."""
    sign_in(HERE, "coder")
    facts = make_facts()
    path = Path(folders.sign_in_file(facts, HERE))
    path.parent.mkdir(parents=True)
    path.write_text("?")
    found = resolve_token(facts, HERE)
    assert found.value.reveal() == "coder"
    assert found.notes == (f"`{path}`: is not a record of `aibridge login`, or a later version's",)


def test_sources_are_named(make_facts: Any, tmp_path: Path, sign_in: Any) -> None:
    """Every token says where it is from, and whether a helper will find it again."""
    sign_in(HERE, "coder")
    facts = make_facts()
    typed = resolve_token(facts, HERE, typed="typed\n")
    variable = resolve_token(make_facts(environ={"CODER_SESSION_TOKEN": "v"}), HERE)
    coder = resolve_token(facts, HERE)
    keep(tmp_path, "ours")
    ours = resolve_token(facts, HERE)
    assert (typed.source, typed.outlives_this_shell) == ("standard input", False)
    assert (variable.source, variable.outlives_this_shell) == ("`CODER_SESSION_TOKEN`", False)
    assert (coder.source, coder.outlives_this_shell) == (
        f"the Coder CLI's `{tmp_path}/home/.config/coderv2/session`",
        True,
    )
    assert (ours.source, ours.outlives_this_shell) == (
        f"our own `{tmp_path}/home/.local/state/aibridge/sessions/coder.example.com`",
        True,
    )
    assert (coder.program, coder.notes) == ("", ())


@pytest.mark.parametrize(
    ("environ", "file", "owner"),
    [
        ({"CODER_URL": HERE}, ELSEWHERE, HERE),
        ({"CODER_URL": ELSEWHERE}, HERE, ELSEWHERE),
        ({"CODER_URL": ELSEWHERE, "CODER_AGENT_URL": HERE}, "", ELSEWHERE),
        ({"CODER_AGENT_URL": ELSEWHERE}, HERE, HERE),
        ({"CODER_AGENT_URL": HERE}, ELSEWHERE, ELSEWHERE),
        ({"CODER_AGENT_URL": ELSEWHERE}, "", ELSEWHERE),
        ({"CODER_AGENT_URL": HERE}, "", HERE),
        ({"CODER_URL": "https://coder.example.com:8443"}, "", "https://coder.example.com:8443"),
        ({}, "http://coder.example.com", "http://coder.example.com"),
        ({}, "", HERE),
    ],
)
def test_variable_belongs_to_one_deployment(
    make_facts: Any, sign_in: Any, environ: dict[str, str], file: str, owner: str
) -> None:
    """`CODER_SESSION_TOKEN` goes to no deployment but the one that the environment or the file names with it."""
    if file:
        sign_in(file)
    facts = make_facts(environ={**environ, "CODER_SESSION_TOKEN": "secret-of-owner"})
    if owner == HERE:
        assert resolve_token(facts, HERE).value.reveal() == "secret-of-owner"
        return
    with pytest.raises(NotSignedIn) as caught:
        resolve_token(facts, HERE)
    assert f"`CODER_SESSION_TOKEN` was passed over: it belongs to `{owner}`" in caught.value.message
    assert "secret-of-owner" not in caught.value.message + caught.value.hint


def test_variable_whose_owner_is_unclear(make_facts: Any, coder_dir: Path) -> None:
    """When the file that would say whose token it is cannot be read, the token is not sent anywhere."""
    (coder_dir / "url").mkdir()
    with pytest.raises(NotSignedIn, match="passed over, as it may be another deployment's"):
        resolve_token(make_facts(environ={"CODER_SESSION_TOKEN": "x"}), HERE)


def test_variable_without_home(make_facts: Any) -> None:
    """Two variables are enough in a container without an account."""
    facts = make_facts(home="", environ={"CODER_SESSION_TOKEN": "x"})
    assert resolve_token(facts, HERE).value.reveal() == "x"


def test_passed_over_variable_is_noted(make_facts: Any, sign_in: Any) -> None:
    """A token found elsewhere brings the note on what was passed over."""
    sign_in(HERE, "coder")
    found = resolve_token(make_facts(environ={"CODER_URL": ELSEWHERE, "CODER_SESSION_TOKEN": "x"}), HERE)
    assert found.value.reveal() == "coder"
    assert found.notes == (f"`CODER_SESSION_TOKEN` was passed over: it belongs to `{ELSEWHERE}`, says `CODER_URL`",)


def test_files_of_another_deployment(make_facts: Any, sign_in: Any) -> None:
    """The Coder CLI's session is not used for another deployment than its URL's."""
    sign_in(ELSEWHERE, "secret")
    with pytest.raises(NotSignedIn) as caught:
        resolve_token(make_facts(), HERE)
    assert caught.value.message == f"not signed in to `{HERE}`; the Coder CLI is signed in to `{ELSEWHERE}`"


def test_not_signed_in(make_facts: Any) -> None:
    """No token anywhere is exit code 4, with the three ways to get one."""
    with pytest.raises(NotSignedIn) as caught:
        resolve_token(make_facts(), HERE)
    assert (caught.value.message, caught.value.exit_code) == (f"not signed in to `{HERE}`", 4)
    for way in (f"`aibridge login {HERE}`", "`CODER_URL` and `CODER_SESSION_TOKEN`", "`--token-stdin`"):
        assert way in caught.value.hint


def test_given_tokens_are_refused(make_facts: Any, sign_in: Any) -> None:
    """A token that was given for this run and cannot be one stops the run, though another would be there."""
    sign_in(HERE, "coder")
    with pytest.raises(CredentialRefused, match="the token on standard input is empty"):
        resolve_token(make_facts(), HERE, typed="\n")
    with pytest.raises(CredentialRefused, match="`CODER_SESSION_TOKEN` is a key of an AI provider"):
        resolve_token(make_facts(environ={"CODER_SESSION_TOKEN": "sk-x"}), HERE)


def test_broken_files_are_noted(make_facts: Any, tmp_path: Path, sign_in: Any, coder_dir: Path) -> None:
    """Files that hold no token are passed over and named."""
    keep(tmp_path, "two words")
    sign_in(HERE)
    (coder_dir / "session").mkdir()
    with pytest.raises(NotSignedIn) as caught:
        resolve_token(make_facts(), HERE)
    assert f"the token in `{tmp_path}/home/.local/state/aibridge/sessions/coder.example.com` has white space" in (
        caught.value.message
    )
    assert f"`{coder_dir}/session`: cannot be read: Is a directory" in caught.value.message


def test_no_home(make_facts: Any) -> None:
    """Without a home folder the message says so once, and nothing breaks."""
    with pytest.raises(NotSignedIn) as caught:
        resolve_token(make_facts(home=""), HERE)
    assert caught.value.message == f"not signed in to `{HERE}`; there is no home folder"


SPEAKING = """
case "$1" in
version) echo '{"version": "v2.31.0+abc"}' ;;
login) echo printed ;;
esac"""


def test_files_before_program_on_linux(make_facts: Any, sign_in: Any, fake_coder: Any) -> None:
    """Where the files are the store, the program is asked only when they have nothing."""
    program = fake_coder(SPEAKING)
    facts = make_facts(environ={"PATH": program.removesuffix("/coder")})
    found = resolve_token(facts, HERE)
    assert (found.value.reveal(), found.program, found.source) == ("printed", program, f"`{program} login token`")
    sign_in(HERE, "filed")
    assert resolve_token(facts, HERE).value.reveal() == "filed"


def test_program_before_files_on_macos(make_facts: Any, tmp_path: Path, fake_coder: Any) -> None:
    """Where a keychain is the store, the program is asked first; a named folder turns that round."""
    program = fake_coder(SPEAKING)
    folder = tmp_path / "home" / "Library" / "Application Support" / "coderv2"
    folder.mkdir(parents=True)
    (folder / "url").write_text(HERE)
    (folder / "session").write_text("stale")
    path = {"PATH": program.removesuffix("/coder")}
    assert resolve_token(make_facts(platform="macos", environ=path), HERE).value.reveal() == "printed"
    assert resolve_token(make_facts(platform="macos"), HERE).value.reveal() == "stale"
    named = make_facts(platform="macos", environ={**path, "CODER_CONFIG_DIR": str(folder)})
    assert resolve_token(named, HERE).value.reveal() == "stale"


def test_program_that_fails_is_noted(make_facts: Any, fake_coder: Any) -> None:
    """A program that prints no token is passed over, and its reason is shown."""
    program = fake_coder('echo \'{"version": "2.40.0"}\'\n[ $1 = version ] || { echo no; echo never >&2; exit 1; }')
    with pytest.raises(NotSignedIn, match=f"`{program} login token` failed: never"):
        resolve_token(make_facts(), HERE, coder_command=program)


@given(url=st.binary(max_size=40), token=st.binary(max_size=40), kept=st.binary(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_any_files(
    make_facts: Any, tmp_path_factory: pytest.TempPathFactory, url: bytes, token: bytes, kept: bytes
) -> None:
    """Whatever the files hold, the answer is a token for this deployment or one of our errors."""
    home = tmp_path_factory.mktemp("home")
    (home / ".config" / "coderv2").mkdir(parents=True)
    (home / ".config" / "coderv2" / "url").write_bytes(url)
    (home / ".config" / "coderv2" / "session").write_bytes(token)
    (home / ".local" / "state" / "aibridge" / "sessions").mkdir(parents=True)
    (home / ".local" / "state" / "aibridge" / "sessions" / "coder.example.com").write_bytes(kept)
    try:
        answer = resolve_token(make_facts(home=str(home)), HERE).value.reveal()
    except AibridgeError as error:
        answer = f"exit code {error.exit_code}"
    assert answer in (kept.decode(errors="replace").strip(), "exit code 4")
