from __future__ import annotations

import pytest

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.choose import SHELLS
from aibridge_cli.shells.start_up import HOOKED, candidates, hook, lines, needs_login_file

PROGRAM = ("/opt/bin/aibridge",)


@pytest.mark.parametrize(
    ("shell", "environ", "files"),
    [
        ("bash", {}, ("/h/.bashrc",)),
        ("zsh", {}, ("/h/.zshrc",)),
        ("zsh", {"ZDOTDIR": "/z"}, ("/z/.zshrc",)),
        ("fish", {}, ("/h/.config/fish/conf.d/aibridge.fish",)),
        ("fish", {"XDG_CONFIG_HOME": "/c"}, ("/c/fish/conf.d/aibridge.fish",)),
        ("fish", {"XDG_CONFIG_HOME": "relative"}, ("/h/.config/fish/conf.d/aibridge.fish",)),
        ("ksh", {}, ("/h/.kshrc",)),
        ("ksh", {"ENV": "/e"}, ("/e",)),
        ("mksh", {}, ("/h/.mkshrc",)),
        ("yash", {}, ("/h/.yashrc",)),
        ("dash", {"ENV": "/e"}, ("/e",)),
        ("tcsh", {}, ("/h/.tcshrc", "/h/.cshrc")),
        ("csh", {}, ("/h/.cshrc",)),
        ("elvish", {}, ("/h/.config/elvish/rc.elv",)),
        ("xonsh", {}, ("/h/.xonshrc", "/h/.config/xonsh/rc.xsh")),
        ("nu", {}, ("/h/.config/nushell/config.nu",)),
        ("pwsh", {}, ("/h/.config/powershell/profile.ps1",)),
    ],
)
def test_files(shell: str, environ: dict[str, str], files: tuple[str, ...]) -> None:
    """Each shell has its own start-up file, which variables may move."""
    assert candidates(shell, environ, "/h", "linux") == files


def test_files_of_other_systems() -> None:
    """For nushell macOS has another place; on Windows the files of most cannot be told from here."""
    assert candidates("nu", {}, "/h", "macos") == ("/h/Library/Application Support/nushell/config.nu",)
    with pytest.raises(UsageError, match="where the start-up file of pwsh is cannot be told") as caught:
        candidates("pwsh", {}, "/h", "windows")
    assert "Invoke-Expression" in caught.value.hint


@pytest.mark.parametrize("shell", ["cmd", "powershell", "sh", "dash", "ash"])
def test_no_file(shell: str) -> None:
    """A shell without a file that is the same everywhere is told to the user, with the line."""
    with pytest.raises(UsageError, match=f"{shell} reads no start-up file") as caught:
        candidates(shell, {"ENV": "relative"}, "/h", "linux")
    assert "aibridge env" in caught.value.hint


@pytest.mark.parametrize(
    ("shell", "text"),
    [
        (
            "bash",
            (
                "if [ -x /opt/bin/aibridge ]; then\n"
                '  case $- in *x*) set +x; eval "$(/opt/bin/aibridge env codex --shell bash --quiet)"; set -x ;; '
                '*) eval "$(/opt/bin/aibridge env codex --shell bash --quiet)" ;; esac\nfi'
            ),
        ),
        ("fish", "if test -x /opt/bin/aibridge\n    /opt/bin/aibridge env codex --shell fish --quiet | source\nend"),
        ("tcsh", 'if ( -x /opt/bin/aibridge ) eval "`/opt/bin/aibridge env codex --shell tcsh --quiet`"'),
        (
            "elvish",
            (
                "if (has-external '/opt/bin/aibridge') {\n"
                "  eval ((external '/opt/bin/aibridge') env codex --shell elvish --quiet | slurp)\n}"
            ),
        ),
        (
            "nu",
            (
                'if ("/opt/bin/aibridge" | path exists) '
                '{ ^"/opt/bin/aibridge" env codex --shell nu --quiet | from json | load-env }'
            ),
        ),
        (
            "pwsh",
            (
                "if (Test-Path '/opt/bin/aibridge') "
                "{ & '/opt/bin/aibridge' env codex --shell pwsh --quiet | Out-String | Invoke-Expression }"
            ),
        ),
        (
            "xonsh",
            (
                "import os as _aibridge_os\nif _aibridge_os.path.exists('/opt/bin/aibridge'):\n"
                "    execx($(@(['/opt/bin/aibridge', 'env', 'codex', '--shell', 'xonsh', '--quiet'])))"
            ),
        ),
    ],
)
def test_lines(shell: str, text: str) -> None:
    """The line starts our program when it is there, and takes what it prints."""
    assert lines(shell, PROGRAM, ["codex"]) == text


@pytest.mark.parametrize("shell", [name for name in SHELLS if name != "cmd"])
def test_a_program_at_an_odd_place(shell: str) -> None:
    """A quote in the program's path is written so that the shell reads it back, or refused."""
    if shell in ("tcsh", "csh"):
        with pytest.raises(UsageError, match=f"cannot be written in the start-up file of {shell}"):
            lines(shell, ["/it's/aibridge"])
        return
    text = lines(shell, ["/it's/aibridge", "-m"])
    marks = {"fish": "'/it\\'s/aibridge'", "nu": '"/it\'s/aibridge"', "nushell": '"/it\'s/aibridge"'}
    marks |= dict.fromkeys(("elvish", "pwsh", "powershell"), "'/it''s/aibridge'") | {"xonsh": '"/it\'s/aibridge"'}
    assert marks.get(shell, "'/it'\\''s/aibridge'") in text
    assert "-m" in text


@pytest.mark.parametrize("shell", HOOKED)
def test_hook(shell: str) -> None:
    """The hook names the files it looks at and the program it starts."""
    text = hook(shell, PROGRAM, ["/s/one", "/s/it's"], ["codex"])
    assert "for file in /s/one '/s/it" in text
    assert f"/opt/bin/aibridge env codex --shell {shell} --quiet" in text
    assert not {"{files}", "{program}", "{command}"} & set(text.split())


@pytest.mark.parametrize("shell", [name for name in SHELLS if name not in HOOKED])
def test_no_hook(shell: str) -> None:
    """Where a look would cost a program, or other hooks, it is refused."""
    with pytest.raises(UsageError, match=f"{shell} cannot look for a new token"):
        hook(shell, PROGRAM, ["/s/one"])


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("", True),
        ("# see ~/.bashrc\nexport A=1\n", True),
        ('if [ -f "$HOME/.bashrc" ]; then\n  . "$HOME/.bashrc"\nfi\n', False),
        ("source ~/.bashrc", False),
    ],
)
def test_login_file(text: str, needed: bool) -> None:
    """A file for login shells that reads `.bashrc` needs no line of its own."""
    assert needs_login_file(text) is needed
