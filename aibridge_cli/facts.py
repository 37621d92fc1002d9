"""The one place that reads operating system, home, environment, folder and terminal.

Once, into a frozen value that is handed on. `aibridge token` passes here, so this module
needs `os` and `sys` only.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Facts:
    """What the program knows about where it runs.

    Args:
        environ: The environment; a copy is kept.
        platform: `linux`, `macos` or `windows` (other Unixes count as `linux`).
        home: The home folder, or "" when there is none to be found.
        cwd: The working folder, or "" when it is gone.
        program: The absolute path of the program that was started (`sys.argv[0]`).
        python: The absolute path of the interpreter.
        parent: The id of the parent process.
        terminal: Whether standard input and standard error are terminals, so that a
            person can be asked.
        terminal_output: Whether standard output is a terminal.
    """

    __slots__ = (
        "cwd",
        "environ",
        "home",
        "parent",
        "platform",
        "program",
        "python",
        "terminal",
        "terminal_output",
    )

    def __init__(
        self,
        *,
        environ: Mapping[str, str],
        platform: str,
        home: str,
        cwd: str = "",
        program: str = "",
        python: str = "",
        parent: int = 0,
        terminal: bool = False,
        terminal_output: bool = False,
    ) -> None:
        put = object.__setattr__
        put(self, "environ", dict(environ))
        put(self, "platform", platform)
        put(self, "home", home)
        put(self, "cwd", cwd)
        put(self, "program", program)
        put(self, "python", python)
        put(self, "parent", parent)
        put(self, "terminal", terminal)
        put(self, "terminal_output", terminal_output)

    if TYPE_CHECKING:
        environ: Mapping[str, str]
        platform: str
        home: str
        cwd: str
        program: str
        python: str
        parent: int
        terminal: bool
        terminal_output: bool

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("facts are gathered once and never change")

    @property
    def unattended(self) -> bool:
        """Whether nobody can be asked anything."""
        return not self.terminal or bool(self.variable("AIBRIDGE_NONINTERACTIVE"))

    def variable(self, name: str) -> str:
        """Return an environment variable without surrounding white space; "" when unset."""
        return self.environ.get(name, "").strip()


def with_variables(facts: Facts, **variables: str) -> Facts:
    """Return the same facts with some environment variables set, for flags that stand for one."""
    return _in_environment(facts, {**facts.environ, **variables})


def without_variable(facts: Facts, name: str) -> Facts:
    """Return the same facts with one environment variable not set."""
    return _in_environment(facts, {other: value for other, value in facts.environ.items() if other != name})


def _in_environment(facts: Facts, environ: Mapping[str, str]) -> Facts:
    return Facts(
        environ=environ,
        platform=facts.platform,
        home=facts.home,
        cwd=facts.cwd,
        program=facts.program,
        python=facts.python,
        parent=facts.parent,
        terminal=facts.terminal,
        terminal_output=facts.terminal_output,
    )


def account_home() -> str:
    """Return the account's home folder, whatever `HOME` says, or "" when there is none."""
    try:
        import pwd

        home = pwd.getpwuid(os.getuid()).pw_dir
    except ImportError:  # Windows, where the system itself sets the variable
        home = os.path.expanduser("~")
    except KeyError:  # a container that runs under a number without an account
        home = ""
    return home if os.path.isabs(home) else ""


def gather() -> Facts:
    """Read the facts of this process."""
    home = os.environ.get("HOME", "") if sys.platform != "win32" else os.path.expanduser("~")
    try:
        cwd = os.getcwd()
    except OSError:
        cwd = ""
    names = {"darwin": "macos", "win32": "windows"}
    program = os.path.abspath(sys.argv[0]) if sys.argv and sys.argv[0] else ""
    return Facts(
        environ=os.environ,
        platform=names.get(sys.platform, "linux"),
        # an empty or relative HOME would put our files in the root or the working folder
        home=home if os.path.isabs(home) else account_home(),
        cwd=cwd,
        program=program,
        python=sys.executable or "",
        parent=os.getppid(),
        terminal=_is_terminal(sys.stdin) and _is_terminal(sys.stderr),
        terminal_output=_is_terminal(sys.stdout),
    )


def _is_terminal(stream: object) -> bool:
    try:
        return bool(stream is not None and stream.isatty())  # type: ignore[attr-defined]
    except ValueError:  # the stream was closed before we started
        return False
