from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.errors import UsageError
from aibridge_cli.shells import choose
from aibridge_cli.shells.choose import FORMATS, SHELLS, detect, is_shell, shell_named, start_lines


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nu", "nu"),
        ("/usr/bin/tcsh", "tcsh"),
        (r"C:\Windows\System32\cmd.exe", "cmd"),
        ("zsh", "zsh"),
        ("/bin/zsh", "zsh"),
        ("-bash", "bash"),
        ("/usr/local/bin/fish", "fish"),
        ("pwsh.exe", "pwsh"),
        (r"C:\Program Files\PowerShell\7\PowerShell.EXE", "powershell"),
        ("/usr/bin/zsh-5.9", "zsh"),
        ("ksh93", "ksh"),
        ("/usr/bin/bash (deleted)", "bash"),
        ("dash\n", "dash"),
    ],
)
def test_named(text: str, name: str) -> None:
    """A shell is known by its name or path, as a login shell, with a version or an ending."""
    assert shell_named(text).name == name
    assert name in SHELLS
    assert is_shell(text)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_no_shell(name: str, make_facts: Any) -> None:
    """What a program reads is known by its name alone, and never taken for the shell that runs us."""
    assert shell_named(name).name == name
    assert not shell_named(name).keeps
    assert not is_shell(name)
    assert detect(make_facts(environ={"SHELL": f"/usr/bin/{name}"})).name == "sh"
    with pytest.raises(UsageError, match="is not a supported shell or format"):
        shell_named(f"/usr/bin/{name}")


def test_each_has_a_line() -> None:
    """For every shell and format there is a line that says how it takes the variables."""
    for name in (*SHELLS, *FORMATS):
        assert "aibridge env --shell {name}" in shell_named(name).start_line
    assert start_lines().splitlines()[0] == '  sh         eval "$(aibridge env --shell sh)"'


@pytest.mark.parametrize("text", ["", "psh", "bash -c", "python"])
def test_unknown(text: str) -> None:
    """An unknown shell is a usage error that names those we know."""
    with pytest.raises(UsageError, match="is not a supported shell") as caught:
        shell_named(text)
    assert caught.value.hint.startswith(
        "use one of sh, bash, zsh, dash, ash, ksh, mksh, yash, fish, powershell, pwsh, "
    )
    assert caught.value.hint.endswith(", json, systemd, tfvars")


def test_parent_goes_before_variable(make_facts: Any, tmp_path: Path) -> None:
    """The process that reads our output decides, not the login shell."""
    script = tmp_path / "deploy.sh"
    script.write_text(f"#!{shutil.which('dash')}\necho $$; read line\n")
    script.chmod(0o755)
    with subprocess.Popen([script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        assert int(process.stdout.readline()) == process.pid
        assert detect(make_facts(parent=process.pid, environ={"SHELL": "/usr/bin/fish"})).name == "dash"
        process.stdin.write("\n")


def test_name_where_the_executable_is_hidden(make_facts: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user's process still shows its name."""

    def refuse(_: str) -> str:
        raise PermissionError

    (tmp_path / "zsh").symlink_to(shutil.which("cat") or "")
    with subprocess.Popen([tmp_path / "zsh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"\n"  # it runs, so the system has its name by now
        monkeypatch.setattr(os, "readlink", refuse)
        assert detect(make_facts(parent=process.pid)).name == "zsh"
        process.stdin.close()


@pytest.mark.parametrize(
    ("platform", "environ", "name"),
    [
        ("linux", {"SHELL": "/usr/bin/fish"}, "fish"),
        ("linux", {"SHELL": "/bin/rbash"}, "sh"),
        ("linux", {}, "sh"),
        ("windows", {}, "powershell"),
        ("windows", {"SHELL": "/usr/bin/bash.exe"}, "bash"),
    ],
)
def test_without_a_known_parent(make_facts: Any, platform: str, environ: dict[str, str], name: str) -> None:
    """Then the login shell decides, and after it what every system has."""
    for parent in (0, 2**22 + 1):  # none, and one that cannot exist
        assert detect(make_facts(platform=platform, environ=environ, parent=parent)).name == name


def test_ps_is_asked_on_macos(make_facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no /proc, `ps` is asked about the parent."""
    asked = []

    def printed(command: list[str]) -> str:
        asked.append(command)
        return "-zsh\n"

    monkeypatch.setattr(choose, "_printed_by", printed)
    assert detect(make_facts(platform="macos", parent=42, environ={"SHELL": "/bin/bash"})).name == "zsh"
    assert asked == [["/bin/ps", "-o", "comm=", "-p", "42"]]


def test_printed_by() -> None:
    """A program's output is read, and a program that is not there printed nothing."""
    assert choose._printed_by(["/bin/sh", "-c", "echo zsh"]) == "zsh\n"
    assert choose._printed_by(["/gone/ps"]) == ""
