from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aibridge_cli import environment
from aibridge_cli.deployment.urls import gateway
from aibridge_cli.environment import (
    exposures,
    generic_environment,
    generic_warnings,
    has_own_profiles,
    restoring_text,
    setting_text,
)
from aibridge_cli.errors import UsageError
from aibridge_cli.secret import Secret
from aibridge_cli.shells.choose import shell_named

TABLE = """\
# id, verdict, commands, note
alpha\tbreaks\talpha\tit asks at the wrong path
beta\tleaks\tbeta,beta-cli\tit takes the token to its vendor
gamma\tworks\tgamma\t
broken line
"""


@pytest.fixture
def path_with(tmp_path: Path) -> Any:
    """A `PATH` with these programs."""

    def make(*names: str) -> str:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in names:
            (folder / name).touch(mode=0o755)
        return str(folder)

    return make


def test_generic_environment() -> None:
    """Two addresses and two tokens, no traces with the token, and Anthropic's other key only when asked for."""
    addresses = gateway("https://c")
    token = Secret("t")
    assert generic_environment(addresses, token) == (
        ("OPENAI_BASE_URL", "https://c/api/v2/aibridge/openai/v1"),
        ("OPENAI_API_KEY", token),
        ("OPENAI_AGENTS_DISABLE_TRACING", "1"),
        ("ANTHROPIC_BASE_URL", "https://c/api/v2/aibridge/anthropic"),
        ("ANTHROPIC_AUTH_TOKEN", token),
    )
    assert generic_environment(addresses, token, anthropic_api_key=True)[5:] == (
        ("ANTHROPIC_API_KEY", token),
        ("ANTHROPIC_HOST", "https://c/api/v2/aibridge/anthropic"),
    )
    assert "t'" not in repr(generic_environment(addresses, token)[1])


def test_setting_and_restoring() -> None:
    """A shell sets the variables in clear and keeps what stood there; a file has nothing to keep."""
    shell, variables = shell_named("sh"), (("A", "x"), ("B", Secret("y")))

    lines = setting_text(shell, {"A": "mine"}, variables, unset=["C"]).splitlines()
    assert lines[0] == 'export AIBRIDGE_SAVED_A="$A";'
    assert lines[2:] == ["unset C;", "export A='x';", "export B='y';"]

    record = lines[1].partition("'")[2].removesuffix("';")
    text, changed = restoring_text(
        shell, {"A": "x", "B": "changed", "AIBRIDGE_SET": record, "AIBRIDGE_SAVED_A": "mine"}
    )
    assert text == 'export A="$AIBRIDGE_SAVED_A";\nunset AIBRIDGE_SAVED_A;\nunset AIBRIDGE_SET;\n'
    assert changed == ["B"]

    assert setting_text(shell_named("docker"), {"A": "mine"}, variables, unset=["C"]) == "A=x\nB=y\n"
    with pytest.raises(UsageError, match="docker keeps nothing to go back to"):
        restoring_text(shell_named("docker"), {})


def test_a_value_that_no_variable_can_have() -> None:
    """It is refused by name before anything is made of it."""
    with pytest.raises(UsageError, match="`A` has a NUL"):
        setting_text(shell_named("sh"), {}, (("A", "\0"),))


def test_exposures(make_facts: Any, path_with: Any) -> None:
    """Clients that are here and would come to harm are named, unless we configured them."""
    facts = make_facts(environ={"PATH": path_with("alpha", "beta-cli", "gamma")})
    assert [(one.id, one.verdict) for one in exposures(facts, TABLE, "")] == [("alpha", "breaks"), ("beta", "leaks")]
    assert [one.id for one in exposures(facts, TABLE, "beta\thelper\thttps://c\n")] == ["alpha"]
    assert exposures(make_facts(), TABLE, "") == ()


def test_message(make_facts: Any, path_with: Any) -> None:
    """The warning says what would happen and what to do."""
    facts = make_facts(environ={"PATH": path_with("beta")})
    assert [one.message().split("; ") for one in exposures(facts, TABLE, "")] == [
        [
            "`beta` is on this machine, and with these variables it takes the token to its vendor",
            "`aibridge clients show beta` says what helps",
        ]
    ]


def test_generic_warnings(make_facts: Any, path_with: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of the installation and the list of configured clients are read; an unreadable list warns of all."""
    (tmp_path / "package" / "client_profiles").mkdir(parents=True)
    (tmp_path / "package" / "client_profiles" / "generic-env.tsv").write_text(TABLE)
    monkeypatch.setattr(environment, "__file__", str(tmp_path / "package" / "environment.py"))
    state = tmp_path / "state"
    state.mkdir()
    (state / "configured").write_text("alpha\thelper\thttps://c\n")
    facts = make_facts(environ={"PATH": path_with("alpha", "beta"), "AIBRIDGE_STATE_DIR": str(state)})
    assert [text.split("`")[1] for text in generic_warnings(facts)] == ["beta"]
    (state / "configured").unlink()
    (state / "configured").mkdir()
    assert [text.split("`")[1] for text in generic_warnings(facts)] == ["alpha", "beta"]


def test_checkout(make_facts: Any, path_with: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout the table is beside the package; where it is missing, that is said."""
    monkeypatch.setattr(environment, "__file__", str(tmp_path / "package" / "environment.py"))
    facts = make_facts(environ={"PATH": path_with("alpha")})
    assert generic_warnings(facts) == (
        "the list of clients that these variables would harm is missing from this installation",
    )
    (tmp_path / "client_profiles").mkdir()
    (tmp_path / "client_profiles" / "generic-env.tsv").write_text(TABLE)
    assert len(generic_warnings(facts)) == 1


def test_has_own_profiles(make_facts: Any, tmp_path: Path) -> None:
    """Profiles of the user's or the organisation's own are noticed; no home means none."""
    facts = make_facts(environ={"AIBRIDGE_CONFIG_DIR": str(tmp_path)})
    assert has_own_profiles(facts) is False
    assert has_own_profiles(make_facts(home="")) is False
    (tmp_path / "profiles").mkdir()
    assert has_own_profiles(facts) is True
    assert has_own_profiles(make_facts(environ={"AIBRIDGE_PROFILE_PATH": "/p"})) is True
