from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aibridge_cli.shells.keeping import fingerprint

if TYPE_CHECKING:
    from aibridge_cli.loopback import Deployment, Token
    from tests.conftest import RunAibridge

pytestmark = pytest.mark.usefixtures("signed_in")


def test_without_a_client(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """What most clients read, no traces that would take the token along, and Anthropic's other key when asked for."""
    base, token = f"{deployment.url}/api/v2/aibridge", signed_in.text

    record, _, lines = aibridge("env", "--shell", "sh", "--anthropic-api-key").out.partition("\n")
    assert record.startswith("export AIBRIDGE_SET='OPENAI_BASE_URL:")
    assert lines == (
        f"export OPENAI_BASE_URL='{base}/openai/v1';\n"
        f"export OPENAI_API_KEY='{token}';\n"
        "export OPENAI_AGENTS_DISABLE_TRACING='1';\n"
        f"export ANTHROPIC_BASE_URL='{base}/anthropic';\n"
        f"export ANTHROPIC_AUTH_TOKEN='{token}';\n"
        f"export ANTHROPIC_API_KEY='{token}';\n"
        f"export ANTHROPIC_HOST='{base}/anthropic';\n"
    )


def test_with_a_client(aibridge: RunAibridge, deployment: Deployment, signed_in: Token) -> None:
    """What a client's profile needs is set, and what would win over it is unset first."""
    out = aibridge("env", "claude-code", "--shell", "sh").out

    assert out.splitlines()[1] == "unset ANTHROPIC_API_KEY;"
    assert out.endswith(
        f"export ANTHROPIC_BASE_URL='{deployment.url}/api/v2/aibridge/anthropic';\n"
        f"export ANTHROPIC_AUTH_TOKEN='{signed_in.text}';\n"
    )


def test_with_several_clients(aibridge: RunAibridge, signed_in: Token) -> None:
    """Clients that need the same variable alike share it."""
    out = aibridge("env", "codex", "opencode", "--shell", "fish").out

    assert out.splitlines()[1:] == [f"set -gx CODER_AI_BRIDGE_TOKEN '{signed_in.text}';"]


def test_a_client_with_the_address_in_its_file(aibridge: RunAibridge) -> None:
    """Where the variables alone would leave a client at its vendor, a warning says what is missing."""
    ran = aibridge("env", "openai-codex", "claude-code", "--shell", "sh")
    assert ran.err == (
        "warning: `codex` has the address in its file, and these variables hold none; "
        "`aibridge configure codex --credential env` writes it\n"
    )

    aibridge("configure", "codex", "--credential", "env", "--yes")
    assert aibridge("env", "codex").err == ""


def test_records_that_cannot_be_read(home: Path, aibridge: RunAibridge) -> None:
    """A warning too many is given rather than none."""
    (home / ".local/state/aibridge/configured").mkdir(parents=True)

    ran = aibridge("env", "codex")

    assert (ran.code, ran.err.count("warning: ")) == (0, 1)


def profile(folder: Path, name: str, env: str, *, unset: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(
        f'name = "{name}"\nsummary = "s"\ndocs = "https://x"\nstatus = "supported"\nspeaks = ["openai"]\n'
        f'credential = ["env"]\n[detect]\ncommands = ["{name}"]\n[env]\n{env}\n{unset}'
    )


def test_clients_that_disagree(home: Path, aibridge: RunAibridge) -> None:
    """Two clients that need one variable to differ, or one set and one unset, are an error."""
    folder = home / ".config/aibridge/profiles"
    profile(folder, "one", 'X_URL = "{gateway.openai}"\nTOKEN = "{token}"')
    profile(folder, "two", 'X_URL = "{gateway.anthropic}"\nTOKEN = "{token}"')
    profile(folder, "three", 'TOKEN = "{token}"', unset='[unset]\nX_URL = "it would win"\n')

    ran = aibridge("env", "one", "two")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: `one` and `two` need `X_URL` to differ\n")
    assert aibridge("env", "three", "one").err.startswith("error: `one` and `three` need `X_URL` to differ\n")


def test_unset_of_one_client(aibridge: RunAibridge, signed_in: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a client needed goes, what it took away comes back, and another client's variables stay."""
    text = signed_in.text
    monkeypatch.setenv("CODER_AI_BRIDGE_TOKEN", text)
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", text)
    monkeypatch.setenv("AIBRIDGE_SAVED_ANTHROPIC_API_KEY", "mine")
    mark = fingerprint(text)
    monkeypatch.setenv("AIBRIDGE_SET", f"CODER_AI_BRIDGE_TOKEN:{mark},ANTHROPIC_AUTH_TOKEN:{mark},ANTHROPIC_API_KEY:-")

    assert aibridge("env", "claude-code", "--unset", "--shell", "sh").out.splitlines() == [
        "unset ANTHROPIC_AUTH_TOKEN;",
        'export ANTHROPIC_API_KEY="$AIBRIDGE_SAVED_ANTHROPIC_API_KEY";',
        "unset AIBRIDGE_SAVED_ANTHROPIC_API_KEY;",
        f"export AIBRIDGE_SET='CODER_AI_BRIDGE_TOKEN:{mark}';",
    ]


def test_a_variable_for_a_model_needs_a_model(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A variable that names a model is left out, as none was given."""
    folder = home / ".config/aibridge/profiles"
    profile(folder, "one", 'TOKEN = "{token}"\nX_MODEL = "{model.openai}"')
    text = (folder / "one.toml").read_text()
    (folder / "one.toml").write_text(text.replace("[detect]", 'model = "optional"\n[detect]'))

    assert aibridge("env", "one", "--shell", "sh").out.splitlines()[1:] == [f"export TOKEN='{signed_in.text}';"]


@pytest.mark.parametrize(
    ("value", "complaint"),
    [("{token", "`{` is never closed in `{token`"), ("{tokn}", "unknown placeholder `{tokn}`")],
)
def test_a_profile_of_ones_own_is_read_strictly(home: Path, aibridge: RunAibridge, value: str, complaint: str) -> None:
    """A slip in a profile that nobody has tested is an error with its place, and no variable that is left out."""
    profile(home / ".config/aibridge/profiles", "one", f'TOKEN = "{value}"\nOTHER = "{{token}}"')

    ran = aibridge("env", "one")

    assert (ran.code, ran.out) == (1, "")
    assert f"one.toml`: env.TOKEN: {complaint}\n" in ran.err


def test_unknown_clients_and_wrong_flags(aibridge: RunAibridge) -> None:
    """An unknown client, or a flag that does not go with clients, prints nothing to evaluate."""
    for words in (["codec"], ["codex", "--anthropic-api-key"]):
        ran = aibridge("env", *words)
        assert (ran.code, ran.out) == (2, "")


def test_a_client_without_variables(home: Path, aibridge: RunAibridge) -> None:
    """A client that reads none of our variables is an error that says what to do instead."""
    folder = home / ".config/aibridge/profiles"
    profile(folder, "one", 'TOKEN = "{token}"')
    text = (folder / "one.toml").read_text()
    manual = '[[manual]]\ntitle = "t"\nsteps = ["s"]\n'
    (folder / "one.toml").write_text(
        text.replace('credential = ["env"]', 'credential = ["manual"]').split("[env]")[0].replace("supported", "guided")
        + manual
    )

    assert "reads no variables of ours" in aibridge("env", "one").err


def test_the_token_from_standard_input(aibridge: RunAibridge, deployment: Deployment) -> None:
    """A token that is passed in is the one that is exported."""
    token = deployment.tokens.issue().text

    assert f"'{token}'" in aibridge("env", "--token-stdin", "--shell", "sh", stdin=token).out


def test_a_client_that_would_come_to_harm_is_named(
    home: Path, aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a client that is here and would misread the variables a warning goes to standard error."""
    (home / "bin").mkdir()
    program = home / "bin/opencode"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}/bin:/usr/bin:/bin")

    ran = aibridge("env")
    assert ran.err.startswith("warning: `opencode` is on this machine, and with these variables it appends /messages")
    assert "warning" not in ran.out

    aibridge("configure", "opencode", "--yes")
    assert aibridge("env").err == ""


def test_a_profile_of_ones_own_is_warned_of(home: Path, aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile in the user's folder counts for the warnings, and a broken one is named."""
    folder = home / ".config/aibridge/profiles"
    profile(folder, "leaky", 'TOKEN = "{token}"')
    with (folder / "leaky.toml").open("a") as file:
        file.write('[generic_env]\nverdict = "leaks"\nnote = "it sends the token to its vendor"\n')
    (folder / "broken.toml").write_text("nonsense")
    (home / "bin").mkdir()
    (home / "bin/leaky").symlink_to("/bin/true")
    monkeypatch.setenv("PATH", f"{home}/bin")

    ran = aibridge("env")

    assert ran.code == 0
    assert "warning: `leaky` is on this machine, and with these variables it sends the token to its vendor" in ran.err
    assert "broken.toml" in ran.err


def test_a_shell_evaluates_it(aibridge: RunAibridge, deployment: Deployment) -> None:
    """A real shell takes the lines and a child sees the variables."""
    lines = aibridge("env", "--shell", "sh").out

    ran = subprocess.run(["sh", "-c", f"{lines} printenv OPENAI_BASE_URL"], capture_output=True, text=True, check=True)

    assert ran.stdout == f"{deployment.url}/api/v2/aibridge/openai/v1\n"


def test_all_clients_found_here(home: Path, aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--clients all` is every client found here that reads variables; one that disagrees is left out and named."""
    assert "none of the clients that read variables was found here" in aibridge("env", "--clients", "all").err
    folder = home / ".config/aibridge/profiles"
    profile(folder, "one", 'X_URL = "{gateway.openai}"\nONE = "{token}"')
    profile(folder, "two", 'X_URL = "{gateway.anthropic}"\nTWO = "{token}"')
    profile(folder, "absent", 'ABSENT = "{token}"')
    (home / "bin").mkdir()
    for name in ("one", "two", "codex"):
        (home / "bin" / name).symlink_to("/bin/true")
    monkeypatch.setenv("PATH", f"{home}/bin")

    ran = aibridge("env", "--clients", "all", "--shell", "json")

    assert sorted(ran.data) == ["CODER_AI_BRIDGE_TOKEN", "ONE", "X_URL"]
    assert "warning: `two` is left out: `one` and `two` need `X_URL` to differ\n" in ran.err


def test_writing_a_file(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """`--to` makes a file that only the user can read, leaves one that is there alone, and replaces it when told to."""
    ran = aibridge("env", "--shell", "docker", "--to", "vars.env")
    file = home / "vars.env"
    assert (ran.code, ran.out, file.stat().st_mode & 0o777) == (0, "", 0o600)
    assert f"OPENAI_API_KEY={signed_in.text}\n" in file.read_text()

    file.write_text("mine=1\n")
    ran = aibridge("env", "--shell", "docker", "--to", "vars.env")
    assert (ran.code, file.read_text()) == (1, "mine=1\n")
    assert "is there already, and was left alone\nhint: `--replace`" in ran.err

    assert aibridge("env", "--shell", "dotenv", "--to", "vars.env", "--replace").code == 0
    assert f"OPENAI_API_KEY='{signed_in.text}'\n" in file.read_text()

    assert "cannot be written: " in aibridge("env", "--shell", "json", "--to", "gone/x").err
    assert "is not a regular file" in aibridge("env", "--shell", "json", "--to", "/dev/null", "--replace").err
    for words in (["--replace"], ["--unset", "--to", "x"], ["--quiet", "--to", "x"], ["--shell", "azure", "--to", "x"]):
        assert aibridge("env", *words).code == 2
    assert aibridge("env", "--shell", "json", "--unset").code == 2


def test_a_file_in_git(home: Path, aibridge: RunAibridge) -> None:
    """A token in a file that git tracks is worth a warning."""
    for words in (["init", "-q"], ["add", "vars.env"]):
        (home / "vars.env").touch()
        subprocess.run(["git", *words], cwd=home, check=True, capture_output=True)

    ran = aibridge("env", "--shell", "docker", "--to", "vars.env", "--replace")

    assert ran.err == "warning: `vars.env` is tracked by git, and holds the token now\n"


def test_what_a_file_cannot_take_away(aibridge: RunAibridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that would win and that the format cannot unset is named."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "mine")

    ran = aibridge("env", "claude-code", "--shell", "docker")

    assert ran.err == "warning: `ANTHROPIC_API_KEY` is set here and would win; docker has no way to take it away\n"
    assert "mine" not in ran.out


def test_help_has_the_line_for_each_shell(aibridge: RunAibridge) -> None:
    """`aibridge env --help` says how each shell takes the variables."""
    out = aibridge("env", "--help").out

    assert "  fish       aibridge env --shell fish | source\n" in out
    assert "  elvish     eval (aibridge env --shell elvish | slurp)\n" in out
