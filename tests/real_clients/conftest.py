"""The real clients' test bed: installed from npm, in an empty home, against the loopback deployment."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from uuid import uuid4

import pytest

from aibridge_cli.loopback import Deployment, RecordedRequest
from tests.real_clients.connections import connections, watched
from tests.real_clients.outside import pytest_runtest_makereport, pytest_terminal_summary
from tests.real_clients.proxy import RefusingProxy
from tests.real_clients.reading_proxy import ReadingProxy, Sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["pytest_runtest_makereport", "pytest_terminal_summary"]

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 120

# How each client is asked one question without a terminal; {prompt} stands last.
COMMANDS = {
    "claude-code": ("node_modules/.bin/claude", "-p"),
    "aicommits": ("node_modules/.bin/aicommits", "--yes", "--prompt"),
    "codex": ("node_modules/.bin/codex", "exec", "--skip-git-repo-check"),
    "codex-before-auth": ("node_modules/codex-before-auth/bin/codex.js", "exec", "--skip-git-repo-check"),
    "cline": ("node_modules/.bin/cline",),
    "continue-cli": ("node_modules/.bin/cn", "-p"),
    "copilot": ("node_modules/.bin/copilot",),
    "droid": ("node_modules/.bin/droid", "exec"),
    "goose": ("node_modules/.bin/goose-binary-linux-x64", "run", "--no-session", "-q"),
    "kilo": ("node_modules/.bin/kilo", "run"),
    "kimi-code": ("node_modules/.bin/kimi",),
    "nanocoder": ("node_modules/.bin/nanocoder", "--plain", "--trust-directory"),
    "openclaw": ("node_modules/.bin/openclaw", "agent", "--local", "--agent", "main"),
    "opencode": ("node_modules/.bin/opencode", "run"),
    "opencommit": ("node_modules/.bin/oco", "--yes", "--context"),
    "oracle": ("node_modules/.bin/oracle", "--engine", "api", "--wait", "-m", "gpt-5.4", "-p"),
    "pi": ("node_modules/.bin/pi",),
    "qwen-code": ("node_modules/.bin/qwen",),
}

# Clients that tell about what is staged in a repository.
COMMITTERS = {"aicommits", "opencommit"}

# Keeps the clients from updating themselves and from trying a refused request for minutes.
QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_MAX_RETRIES": "0",
    "DISABLE_AUTOUPDATER": "1",
    "KILO_DISABLE_AUTOUPDATE": "1",
    "KILO_DISABLE_MODELS_FETCH": "1",
    "KILO_TELEMETRY_LEVEL": "off",
    "KIMI_DISABLE_TELEMETRY": "1",
    "OPENCODE_DISABLE_MODELS_FETCH": "1",
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
    "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "OCO_GITPUSH": "false",
    "ORACLE_MIN_PROMPT_CHARS": "1",
    "PI_SKIP_VERSION_CHECK": "1",
    "PI_TELEMETRY": "0",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a client did.

    Args:
        stdout: What it printed.
        stderr: What it said.
        code: Its exit code.
        requests: What arrived at the deployment meanwhile.
        outside: Where else it wanted to go by way of the proxy, as `host:port`.
        sent: What it wanted to send there.
        past: Where it wanted to go past the proxy, names that it asked for included; only where that was watched.
        client: The client.
    """

    stdout: str
    stderr: str
    code: int
    requests: tuple[RecordedRequest, ...]
    outside: tuple[str, ...]
    sent: tuple[Sent, ...] = ()
    past: tuple[str, ...] = ()
    client: str = ""

    def asked(self) -> list[RecordedRequest]:
        """Return the requests that put a question to a model."""
        return [request for request in self.requests if request.method == "POST"]


class Runner:
    """Runs the installed clients in one home.

    Args:
        folder: Where they are installed.
        home: The home folder they get.
        arrived: What arrived so far at the server whose requests a run reports.
        proxy: The proxy that all other traffic is sent to.
    """

    def __init__(
        self, folder: str, home: Path, arrived: Callable[[], Sequence[RecordedRequest]], proxy: RefusingProxy
    ) -> None:
        self.folder = folder
        self.home = home
        self.arrived = arrived
        self.proxy = proxy
        self.runs: list[Run] = []

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of a run; nothing comes from the environment of the tests but where programs are."""
        node = shutil.which("node")
        assert node is not None, "`node` is not on PATH"
        commands = os.path.join(self.folder, "node_modules", ".bin")
        return {
            "PATH": os.pathsep.join((commands, os.path.dirname(node), "/usr/bin", "/bin")),
            "HOME": str(self.home),
            "TERM": "xterm",
            "LANG": "C.UTF-8",
            **QUIET,
            **self.proxy.environment,
        }

    def command(self, client: str) -> list[str]:
        """Return how the client is started."""
        program, *first = COMMANDS[client]
        return [os.path.join(self.folder, program), *first]

    def run(
        self,
        client: str,
        prompt: str,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        through: Sequence[str] = (),
        inside: Sequence[str] = (),
        until: Callable[[], bool] = lambda: False,
        watch: bool = False,
    ) -> Run:
        """Ask a client one question.

        Args:
            client: A key of `COMMANDS`.
            prompt: The question.
            arguments: Further arguments, before the question.
            env: Variables on top of the empty environment.
            cwd: The working folder; a project folder in the home by default.
            through: A command that starts the client in its place.
            inside: A program and its arguments that run the client in another place.
            until: When it may be ended: some clients wait for a network for as long as it takes.
            watch: Whether connections past the proxy are looked for.
        """
        project = cwd or self.home / "project"
        project.mkdir(parents=True, exist_ok=True)
        if client in COMMITTERS:
            self._stage_a_change(project)
        started = self.command(client)
        arrived, outside, sent = len(self.arrived()), len(self.proxy.targets), len(self._sent())
        written = self.home.parent / f"connections-{uuid4()}"
        watching = watched(written) if watch else ()
        # files, not pipes: whoever is left running would keep a pipe open
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            process = subprocess.Popen(
                [*watching, *inside, *(through or started[:1]), *started[1:], *arguments, prompt],
                cwd=project,
                env={**self.environment, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            try:
                _wait(process, until)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                sys.stderr.write(f"{client} was stopped; it had said:\n{_whole(out)}\n{_whole(err)}")
                raise
            run = Run(
                _whole(out),
                _whole(err),
                process.returncode,
                tuple(self.arrived()[arrived:]),
                tuple(self.proxy.targets[outside:]),
                tuple(self._sent()[sent:]),
                tuple(connections(written.read_text(encoding="utf-8"))) if watching else (),
                client,
            )
        self.runs.append(run)
        return run

    def _sent(self) -> list[Sent]:
        return self.proxy.sent if isinstance(self.proxy, ReadingProxy) else []

    def _stage_a_change(self, project: Path) -> None:
        with open(project / "notes.txt", "a", encoding="utf-8") as file:
            file.write("one more line\n")
        for command in (["init", "--quiet"], ["add", "notes.txt"]):
            subprocess.run(["git", *command], cwd=project, env=self.environment, check=True)


class Clients(Runner):
    """Runs the installed clients in one home, against a deployment.

    Args:
        folder: Where they are installed.
        home: The home folder they get.
        deployment: The deployment whose requests a run reports.
        proxy: The proxy that all other traffic is sent to.
    """

    def __init__(self, folder: str, home: Path, deployment: Deployment, proxy: RefusingProxy) -> None:
        super().__init__(folder, home, lambda: deployment.requests, proxy)
        self.deployment = deployment


def _wait(process: subprocess.Popen[bytes], until: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            if until():
                os.killpg(process.pid, signal.SIGKILL)
            elif time.monotonic() > end:
                raise
        else:
            return


def _whole(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


class Aibridge:
    """Runs our own program in the clients' home, as a user would.

    Args:
        clients: The clients that it configures.
    """

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self.program = os.path.join(os.path.dirname(sys.executable), "aibridge")

    def __call__(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Run the program, fail unless it succeeds, and return what it printed.

        Args:
            arguments: Its arguments.
            env: Variables on top of the empty environment.
        """
        done = self._run([self.program, *arguments], {**self.clients.environment, **(env or {})})
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def sign_in(self) -> str:
        """Sign in as the Coder CLI does, into its files, and return the token."""
        token = self.clients.deployment.tokens.issue().text
        folder = self.clients.home / ".config" / "coderv2"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in (("url", self.clients.deployment.url), ("session", token)):
            path = folder / name
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8")
        return token

    def evaluated(self, client: str, shell: Mapping[str, str], *options: str) -> dict[str, str]:
        """Return the variables of a shell that has evaluated `aibridge env CLIENT`.

        Args:
            client: The client; "" for the variables that most clients read.
            shell: What the shell had before, on top of the empty environment.
            options: Further options of `aibridge env`.
        """
        words = shlex.join([self.program, "env", *([client] if client else []), "--shell", "sh", *options])
        script = f'printed=$({words}) && eval "$printed" && env -0'
        usual = self.clients.environment
        done = self._run(["sh", "-c", script], {**usual, **shell})
        assert done.returncode == 0, done.stderr
        after = dict(item.split("=", 1) for item in done.stdout.split("\0") if item)
        return {name: value for name, value in after.items() if usual.get(name) != value}

    def _run(self, command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.clients.home,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


@pytest.fixture(scope="session")
def clients_folder() -> str:
    """Return the folder of the installed clients, after installing them if need be."""
    done = subprocess.run(
        [sys.executable, os.path.join(HERE, "install.py")], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    """Run a deployment that works."""
    with Deployment() as running:
        yield running


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[ReadingProxy]:
    """Run the proxy that refuses everything, after reading it."""
    with ReadingProxy(tmp_path) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make an empty home."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def clients(clients_folder: str, home: Path, deployment: Deployment, proxy: RefusingProxy) -> Iterator[Clients]:
    """Return the clients, ready to run in the empty home; what they leave running there is ended."""
    yield Clients(clients_folder, home, deployment, proxy)
    for process in running_in(home):
        os.kill(process, signal.SIGKILL)


def running_in(home: Path) -> list[int]:
    """Return the processes whose home this is, where the system tells (Linux does)."""
    found = []
    for process in os.listdir("/proc") if os.path.isdir("/proc") else []:
        try:
            with open(f"/proc/{process}/environ", "rb") as file:
                variables = file.read().split(b"\0")
        except OSError:  # no process, or one that has just ended
            continue
        if b"HOME=" + os.fsencode(home) in variables:
            found.append(int(process))
    return found


@pytest.fixture
def aibridge(clients: Clients) -> Aibridge:
    """Return our own program, ready to run in the same home."""
    return Aibridge(clients)
