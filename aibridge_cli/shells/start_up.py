"""Shells' start-up files: which one is ours to add to, and the lines that go there. Pure.

The lines start one program of ours, which reads files and never the network, so a shell
starts as fast when the deployment is down; they do nothing when the program is gone. A shell that traces what it
runs (`set -x`) would write the token to standard error, so POSIX shells leave that off for
as long as the lines run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aibridge_cli.errors import UsageError
from aibridge_cli.shells.choose import shell_named
from aibridge_cli.shells.formats import quote_posix
from aibridge_cli.shells.json_text import quote_json

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@+:,./-")
_POSIX = ("sh", "bash", "zsh", "dash", "ash", "ksh", "mksh", "yash")
_BY_ENV_ONLY = ("sh", "dash", "ash")
LOGIN_FILES = (".bash_profile", ".bash_login", ".profile")
"""Of these bash reads the first that exists when it is a login shell, and not `.bashrc`."""

HOOKED = ("bash", "zsh", "fish")
"""Shells that can look at a file before each prompt without starting a program, and keep other hooks."""


def candidates(shell: str, environ: Mapping[str, str], home: str, platform: str) -> tuple[str, ...]:
    """Return the start-up files of an interactive shell: the first that exists is added to, else the first is made.

    Args:
        shell: A name of `aibridge_cli.shells.choose.SHELLS`.
        environ: For `ZDOTDIR`, `XDG_CONFIG_HOME` and `ENV`.
        home: The home folder.
        platform: `linux`, `macos` or `windows`.

    Raises:
        UsageError: This shell has no such file, or where it is cannot be told.
    """
    if platform == "windows" and shell not in ("nu", "nushell", "elvish", "xonsh"):
        raise UsageError(
            f"where the start-up file of {shell} is cannot be told from here",
            hint=f"add this line to it: `{shell_named(shell).start_line.replace('{name}', shell)}`",
        )
    config = environ.get("XDG_CONFIG_HOME", "")
    config = config if config.startswith("/") else f"{home}/.config"
    nushell = (
        f"{home}/Library/Application Support" if platform == "macos" and "XDG_CONFIG_HOME" not in environ else config
    )
    places: dict[str, tuple[str, ...]] = {
        "bash": (f"{home}/.bashrc",),
        "zsh": (f"{environ.get('ZDOTDIR') or home}/.zshrc",),
        "ksh": (environ.get("ENV") or f"{home}/.kshrc",),
        "mksh": (environ.get("ENV") or f"{home}/.mkshrc",),
        "yash": (f"{home}/.yashrc",),
        "fish": (f"{config}/fish/conf.d/aibridge.fish",),
        "tcsh": (f"{home}/.tcshrc", f"{home}/.cshrc"),
        "csh": (f"{home}/.cshrc",),
        "elvish": (f"{config}/elvish/rc.elv",),
        "xonsh": (f"{home}/.xonshrc", f"{config}/xonsh/rc.xsh"),
        "nu": (f"{nushell}/nushell/config.nu",),
        "nushell": (f"{nushell}/nushell/config.nu",),
        "pwsh": (f"{config}/powershell/profile.ps1",),
    }
    if shell in _BY_ENV_ONLY and environ.get("ENV", "").startswith("/"):
        return (environ["ENV"],)
    if shell not in places:
        raise UsageError(
            f"{shell} reads no start-up file that is the same everywhere",
            hint=f"type `{shell_named(shell).start_line.replace('{name}', shell)}`, or write it where you need it",
        )
    return places[shell]


def lines(shell: str, program: Sequence[str], clients: Sequence[str] = ()) -> str:
    """Return the lines that set the variables when a shell starts.

    Args:
        shell: A name of `aibridge_cli.shells.choose.SHELLS`.
        program: How to start aibridge; the first is absolute.
        clients: Clients whose variables are wanted; without any, those that most read.

    Raises:
        UsageError: The program is at a place that this shell has no way to write.
    """
    words = ["env", *clients, "--shell", shell, "--quiet"]
    file = _quoted(shell, program[0])
    command = " ".join([file, *(_quoted(shell, word) for word in (*program[1:], *words))])
    if shell in _POSIX:
        taken = f'eval "$({command})"'
        return f"if [ -x {file} ]; then\n  case $- in *x*) set +x; {taken}; set -x ;; *) {taken} ;; esac\nfi"
    if shell == "fish":
        return f"if test -x {file}\n    {command} | source\nend"
    if shell in ("tcsh", "csh"):
        return f'if ( -x {file} ) eval "`{command}`"'
    if shell == "elvish":
        called = " ".join([f"(external {file})", *(_quoted(shell, word) for word in (*program[1:], *words))])
        return f"if (has-external {file}) {{\n  eval ({called} | slurp)\n}}"
    if shell == "xonsh":
        arguments = ", ".join([f"{word!a}" for word in (*program, *words)])
        return (
            f"import os as _aibridge_os\nif _aibridge_os.path.exists({program[0]!a}):\n    execx($(@([{arguments}])))"
        )
    if shell in ("nu", "nushell"):
        return f"if ({file} | path exists) {{ ^{command} | from json | load-env }}"
    return f"if (Test-Path {file}) {{ & {command} | Out-String | Invoke-Expression }}"


def hook(shell: str, program: Sequence[str], watched: Sequence[str], clients: Sequence[str] = ()) -> str:
    """Return the lines that set the variables when a shell starts, and again before the prompt after a new sign-in.

    Before each prompt the shell reads the small files that a sign-in changes, by itself;
    only when one changed it starts a program.

    Args:
        shell: A name of `HOOKED`.
        program: How to start aibridge; the first is absolute.
        watched: The files.
        clients: Clients whose variables are wanted.

    Raises:
        UsageError: This shell cannot look without starting a program.
    """
    if shell not in HOOKED:
        raise UsageError(
            f"{shell} cannot look for a new token before each prompt without a cost, or not beside other hooks",
            hint=f"leave `--hook` out: a new shell has the new token (`--hook` is for {', '.join(HOOKED)})",
        )
    file = _quoted(shell, program[0])
    words = [file, *(_quoted(shell, word) for word in (*program[1:], "env", *clients, "--shell", shell, "--quiet"))]
    template = _FISH_HOOK if shell == "fish" else _POSIX_HOOK + (_BASH_ENTRY if shell == "bash" else _ZSH_ENTRY)
    files = " ".join([_quoted(shell, path) for path in watched])
    return template.replace("{program}", file).replace("{files}", files).replace("{command}", " ".join(words))


def needs_login_file(text: str) -> bool:
    """Tell whether bash's file for login shells leaves `.bashrc` unread, by all that a text can tell."""
    return not any("bashrc" in line for line in text.splitlines() if not line.lstrip().startswith("#"))


_POSIX_HOOK = """\
_aibridge_look() {
  local file= text= now=
  for file in {files}; do
    text=
    [ -f "$file" ] && [ -r "$file" ] && IFS= read -r -d '' text < "$file" || :
    now="$now$text|"
  done
  if [ "$now" != "${_aibridge_seen-}" ] && [ -x {program} ]; then
    _aibridge_seen=$now
    eval "$({command})"
  fi
}
_aibridge_hook() {
  local code=$?
  case $- in *x*) set +x; _aibridge_look; set -x ;; *) _aibridge_look ;; esac
  return $code
}
_aibridge_hook || :
"""
_BASH_ENTRY = """\
case "${PROMPT_COMMAND-}" in
  *_aibridge_hook*) ;;
  *) PROMPT_COMMAND="_aibridge_hook${PROMPT_COMMAND:+; $PROMPT_COMMAND}" ;;
esac"""
_ZSH_ENTRY = """\
typeset -ga precmd_functions
(( ${precmd_functions[(I)_aibridge_hook]} )) || precmd_functions+=(_aibridge_hook)"""
_FISH_HOOK = """\
function _aibridge_hook --on-event fish_prompt
    set -l now
    for file in {files}
        set -l text ''
        test -f $file -a -r $file; and read -z text <$file
        set now "$now$text|"
    end
    if test "$now" != "$_aibridge_seen"; and test -x {program}
        set -g _aibridge_seen "$now"
        {command} | source
    end
end
_aibridge_hook"""


def _quoted(shell: str, word: str) -> str:
    if (
        word
        and set(word) <= _PLAIN
        and not (shell in ("nu", "nushell", "elvish", "pwsh", "powershell") and "/" in word)
    ):
        return word
    if shell in _POSIX:
        return quote_posix(word)
    if shell == "fish":
        return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if shell in ("nu", "nushell"):
        return quote_json(word)
    if shell in ("elvish", "pwsh", "powershell"):
        return "'" + word.replace("'", "''") + "'"
    if shell == "xonsh":
        return word  # its own literals are written above
    raise UsageError(
        f"`{word}` cannot be written in the start-up file of {shell}", hint="install aibridge at a plain path"
    )
