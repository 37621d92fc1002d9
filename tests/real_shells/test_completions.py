"""Real shells complete our commands with the scripts that are packaged."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from aibridge_cli.completions.packaged import FILES, scripts_folder

pytestmark = pytest.mark.real_shell

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = scripts_folder()

Complete = Callable[[str, Path, dict[str, str]], list[str]]


def run(command: Sequence[str], home: Path, variables: dict[str, str]) -> str:
    """Run a shell in an empty home, and return what it printed; a word on standard error is a failure."""
    program = shutil.which(command[0])
    assert program, f"`{command[0]}` is missing: the test command installs it, and without it nothing is proved"
    done = subprocess.run(
        [program, *command[1:]],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb", "HOME": str(home)} | variables,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def in_bash(line: str, home: Path, variables: dict[str, str]) -> list[str]:
    """Call the function as readline does, with its words cut at spaces, `=` and `:`."""
    words = [word for part in line.split(" ") for word in cut(part)]
    script = f"""
        set -u; shopt -s failglob
        source {shlex.quote(os.path.join(SCRIPTS, "aibridge.bash"))}
        COMP_WORDS=({shlex.join(words)}) COMP_CWORD={len(words) - 1}
        [[ $(complete -p aibridge) == 'complete -F _aibridge aibridge' ]] || exit 9
        _aibridge
        printf '%s\\n' ${{COMPREPLY[@]+"${{COMPREPLY[@]}}"}}
    """
    return run(["bash", "--norc", "-c", script], home, variables).split()


def cut(word: str) -> list[str]:
    """Cut a word as bash does."""
    for separator in "=:":
        before, found, after = word.partition(separator)
        if found:
            return [*([before] if before else []), separator, *cut(after)] if after else [before, separator]
    return [word]


def in_zsh(line: str, home: Path, variables: dict[str, str]) -> list[str]:
    """Type the line and a TAB into an interactive zsh under a pseudo-terminal."""
    setup = f"source {shlex.quote(os.path.join(SCRIPTS, '_aibridge'))}"
    return run(["zsh", "-f", os.path.join(HERE, "complete.zsh"), setup, line], home, variables).split()


def in_fish(line: str, home: Path, variables: dict[str, str]) -> list[str]:
    """Ask fish, and leave the descriptions out."""
    script = f"source {shlex.quote(os.path.join(SCRIPTS, 'aibridge.fish'))}; complete -C {shlex.quote(line)}"
    printed = run(["fish", "--no-config", "-c", script], home, variables)
    return [row.partition("\t")[0] for row in printed.splitlines()]


SHELLS: dict[str, Complete] = {"bash": in_bash, "zsh": in_zsh, "fish": in_fish}

CASES = {
    "commands": ("aibridge conf", {"configure"}),
    "commands of a group": ("aibridge clients ", {"lint", "new", "show", "test"}),
    "commands of another group": ("aibridge pack ", {"add", "list", "remove", "verify"}),
    "flags of a command in a group": ("aibridge pack add ./our --sha", {"--sha256"}),
    "flags of a group": ("aibridge clients --js", {"--json"}),
    "a command after a flag of its group": ("aibridge clients --json sh", {"show"}),
    "a flag that stands for no": ("aibridge login --no", {"--no-browser"}),
    "a client": ("aibridge configure claude-c", {"claude-code"}),
    "a second client": ("aibridge configure codex --dry-run opencod", {"opencode"}),
    "a client after a flag with a value": ("aibridge configure --credential env zed", {"zed"}),
    "a client after an address": ("aibridge configure --url https://coder.example.com:8443/x zed", {"zed"}),
    "a client below a group": ("aibridge clients show qwen", {"qwen", "qwen-code"}),
    "flags": ("aibridge configure --dry", {"--dry-run"}),
    "the value of a flag": ("aibridge configure --credential he", {"helper"}),
    "all values of a flag": (
        "aibridge configure --credential ",
        {"helper", "reference", "env", "keychain", "file"},
    ),
    "the value of a flag after an argument": ("aibridge login coder.example.com --store k", {"keyring"}),
    "a shell": ("aibridge env --shell fi", {"fish"}),
    "an argument of few words": ("aibridge completion ", {"bash", "zsh", "fish", "powershell"}),
    "nothing where only the user knows": ("aibridge configure --url ", set()),
    "no flags after two hyphens": ("aibridge configure -- --dry", set()),
    "nothing that does not fit": ("aibridge configure zzz", set()),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("shell", SHELLS)
def test_what_is_offered(shell: str, case: str, tmp_path: Path) -> None:
    """Each shell offers exactly what fits."""
    line, expected = CASES[case]

    offered = SHELLS[shell](line, tmp_path, {})

    assert set(offered) == expected


@pytest.mark.parametrize("shell", SHELLS)
def test_a_value_after_an_equals_sign(shell: str, tmp_path: Path) -> None:
    """`--flag=` completes like `--flag `; fish gives the whole word back."""
    offered = SHELLS[shell]("aibridge configure --credential=he", tmp_path, {})

    assert {word.removeprefix("--credential=") for word in offered} == {"helper"}


@pytest.mark.parametrize("shell", SHELLS)
def test_folders_are_offered(shell: str, tmp_path: Path) -> None:
    """Where a folder is wanted, folders are offered, and files are not."""
    (tmp_path / "state-one").mkdir()
    (tmp_path / "state-file").touch()
    if shell == "bash":  # readline itself adds them, at the word of the function
        script = f"""
            compopt() {{ printf '%s\\n' "$*"; }}
            source {shlex.quote(os.path.join(SCRIPTS, "aibridge.bash"))}
            COMP_WORDS=(aibridge token --state-dir state) COMP_CWORD=3; _aibridge
        """
        assert run(["bash", "-c", script], tmp_path, {}) == "-o dirnames\n"
        return

    offered = SHELLS[shell]("aibridge token --state-dir state", tmp_path, {})

    assert {word.rstrip("/") for word in offered} == {"state-one"}


PLACES: dict[str, tuple[str, dict[str, str]]] = {
    "the usual folder": (".config/aibridge/profiles", {}),
    "the folder of macOS": ("Library/Application Support/aibridge/profiles", {}),
    "XDG": ("xdg dir/aibridge/profiles", {"XDG_CONFIG_HOME": "{home}/xdg dir"}),
    "a folder of ours": ("own $(x)/profiles", {"AIBRIDGE_CONFIG_DIR": "{home}/own $(x)"}),
    "a pack": (".config/aibridge/packs/example/profiles", {}),
    "a pack in a folder of ours": ("own/packs/example/profiles", {"AIBRIDGE_CONFIG_DIR": "{home}/own"}),
    "the path of profiles": ("one two", {"AIBRIDGE_PROFILE_PATH": "{home}/absent:{home}/one two"}),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("shell", SHELLS)
def test_clients_of_the_users_own(shell: str, place: str, tmp_path: Path) -> None:
    """Profiles in every folder of the user's are offered beside ours; what cannot be an id is not."""
    folder, variables = PLACES[place]
    (tmp_path / folder).mkdir(parents=True)
    for name in ("quill-pen.toml", "quill-$(touch ran).toml", "quill.txt"):
        (tmp_path / folder / name).touch()

    offered = SHELLS[shell](
        "aibridge configure qu", tmp_path, {name: value.format(home=tmp_path) for name, value in variables.items()}
    )

    assert set(offered) == {"quill-pen"}
    assert not list(tmp_path.rglob("ran"))


@pytest.mark.parametrize("shell", SHELLS)
def test_installed_packs(shell: str, tmp_path: Path) -> None:
    """The names of installed packs are offered where one is wanted; what cannot be a name is not."""
    folder = tmp_path / "own dir" / "packs"
    folder.mkdir(parents=True)
    (folder / "installed").write_text("our-pack\tour-pack-1\thttps://a\tx\n$(touch ran)\tb\t\ty\nzz\tzz-1\t\tz\n")
    variables = {"AIBRIDGE_CONFIG_DIR": str(tmp_path / "own dir")}

    for command in ("remove", "verify"):
        assert set(SHELLS[shell](f"aibridge pack {command} ", tmp_path, variables)) == {"our-pack", "zz"}
        assert SHELLS[shell](f"aibridge pack {command} ", tmp_path, {}) == []
    assert not list(tmp_path.rglob("ran"))


def test_zsh_loads_the_script_as_packages_install_it(tmp_path: Path) -> None:
    """In a folder of `fpath`, `compinit` finds the script, and its first use completes."""
    setup = f"fpath=({shlex.quote(SCRIPTS)} $fpath); compinit -u -D"

    offered = run(["zsh", "-f", os.path.join(HERE, "complete.zsh"), setup, "aibridge conf"], tmp_path, {})

    assert offered == "configure\n"


def test_bash_offers_when_readline_asks(tmp_path: Path) -> None:
    """In an interactive bash, a TAB completes the command."""
    import pexpect

    shell = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile", "-i"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PS1": "> ", "TERM": "dumb", "INPUTRC": "/dev/null"},
        encoding="utf-8",
        timeout=20,
    )
    try:
        shell.sendline(f"source {shlex.quote(os.path.join(SCRIPTS, 'aibridge.bash'))}; echo read''y")
        shell.expect("ready")
        shell.send("aibridge unconf\topencod\t--dry\t")
        shell.expect("aibridge unconfigure opencode --dry-run ")
    finally:
        shell.close(force=True)


@pytest.mark.parametrize(
    "command",
    [["bash", "-n"], ["zsh", "-n"], ["fish", "-n"], ["shellcheck", "--severity=style"]],
    ids=" ".join,
)
def test_the_shells_find_nothing_wrong(command: list[str], tmp_path: Path) -> None:
    """Each shell reads its script through, and shellcheck has no remark on the one for bash."""
    shell = "bash" if command[0] == "shellcheck" else command[0]

    assert run([*command, os.path.join(SCRIPTS, FILES[shell][0])], tmp_path, {}) == ""


def test_no_program_is_started(tmp_path: Path) -> None:
    """A completion works in a shell that can find no program at all."""
    nothing = {"PATH": str(tmp_path)}
    zsh = f"source {shlex.quote(os.path.join(SCRIPTS, '_aibridge'))}; path=()"

    assert in_bash("aibridge configure opencod", tmp_path, nothing) == ["opencode"]
    assert in_fish("aibridge configure opencod", tmp_path, nothing) == ["opencode"]
    harness = ["zsh", "-f", os.path.join(HERE, "complete.zsh"), zsh, "aibridge configure opencod"]
    assert run(harness, tmp_path, {}) == "opencode\n"
