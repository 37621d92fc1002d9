from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jeepney
import pytest

from aibridge_cli.facts import Facts
from aibridge_cli.keychains.bus import Bus, Refused
from aibridge_cli.keychains.unavailable import Unavailable

STAND_INS = Path(__file__).with_name("stand_ins.py")
PASSWORD = "the password of the login keyring"
CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
# the shell ends what it began when its standard input does
UNLOCKED = "gnome-keyring-daemon --foreground --unlock --components=secrets < password & read _; kill $!; wait $!"
NEW = "gnome-keyring-daemon --foreground --components=secrets & read _; kill $!; wait $!"
NOTHING = "read _"


class Session:
    """A session bus of its own, in folders of its own, and what runs on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "run" / "bus"
        self.services = folder / "services"
        for name in ("home", "run", "services", "temporary"):
            (folder / name).mkdir(mode=0o700)
        (folder / "password").write_text(PASSWORD)
        (folder / "bus.conf").write_text(CONFIGURATION.format(socket=self.socket, services=self.services))
        self.environ = {
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.socket}",
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "TMPDIR": str(folder / "temporary"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
        }
        self._processes: list[subprocess.Popen[str]] = []

    @property
    def facts(self) -> Facts:
        """What a command that is started on this bus knows."""
        return Facts(environ=self.environ, platform="linux", home=self.environ["HOME"])

    def start(self, script: str) -> None:
        """Begin the session with a script that the shell runs on its bus."""
        command = ["dbus-run-session", f"--config-file={self.folder}/bus.conf", "--", "sh", "-c", script]
        self._begin(command)
        self._until(self.socket.exists)

    def wait_for_owner(self, name: str) -> None:
        """Wait until a program on the bus owns a name."""
        self._until(lambda: self.ask(jeepney.message_bus.NameHasOwner(name)) == (1,))

    def stand_in(self, kind: str) -> subprocess.Popen[str]:
        """Begin one of the programs of `stand_ins.py`, and return it when it is ready."""
        process = self._begin([sys.executable, str(STAND_INS), kind, self.environ["DBUS_SESSION_BUS_ADDRESS"]])
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def ask(self, message: Any) -> Any:
        """Return the answer to a call on this bus, or None when there is none."""
        try:
            bus = Bus(str(self.socket), time.monotonic() + 10)
        except Unavailable:
            return None
        try:
            return bus.call(message)
        except Refused:
            return None
        finally:
            bus.close()

    def service(self, method: str, signature: str, *values: Any) -> Any:
        """Return the answer of the Secret Service itself."""
        address = jeepney.DBusAddress(
            "/org/freedesktop/secrets",
            bus_name="org.freedesktop.secrets",
            interface="org.freedesktop.Secret.Service",
        )
        return self.ask(jeepney.new_method_call(address, method, signature, values))

    def lock(self) -> None:
        """Lock the collection that new entries go to."""
        (login,) = self.service("ReadAlias", "s", "default")
        assert self.service("Lock", "ao", [login]) == ([login], "/")

    def run(self, *command: str, typed: str = "") -> str:
        """Run a program on this bus and return what it printed, without the newline at the end."""
        done = subprocess.run(
            command,
            env=self.environ,
            cwd=self.folder,
            input=typed,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.removesuffix("\n")

    def keyring(self, *words: str, typed: str = "") -> str:
        """Run the program of the `keyring` library."""
        return self.run(sys.executable, "-m", "keyring", *words, typed=typed)

    def begin(self, *command: str) -> subprocess.Popen[str]:
        """Begin a program on this bus; it is ended with the session."""
        return self._begin(list(command))

    def end(self) -> None:
        """End all that was begun, and see that it is gone and that nothing is left behind."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.close()
        for process in self._processes:
            # a session ends when its standard input does, and the others when their bus does,
            # but not what the bus itself started; that is in the session's group
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        assert _living([process.pid for process in self._processes]) == []
        assert os.listdir(self.folder / "temporary") == []

    def _begin(self, command: list[str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            env=self.environ,
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def _until(self, true: Callable[[], bool]) -> None:
        for _ in range(500):
            if true():
                return
            time.sleep(0.02)
        pytest.fail("the session did not get ready within 10 s")


def _living(groups: list[int]) -> list[str]:
    """Return the names of the living processes in these process groups, after a while."""
    names: list[str] = []
    for _ in range(250):
        names = []
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                words = Path("/proc", entry, "stat").read_text().rpartition(")")
            except OSError:
                continue
            state, _, group = words[2].split()[:3]
            if int(group) in groups and state not in "ZX":
                names.append(words[0])
        if not names:
            break
        time.sleep(0.02)
    return names


def sessions(folder: Path) -> Iterator[Session]:
    """Give a session that is not begun; whatever it begins is ended, also when a test fails."""
    for program in ("dbus-run-session", "gnome-keyring-daemon", "secret-tool"):
        assert shutil.which(program), f"no `{program}` here; run `sh tests/secret_service/install.sh`"
    folder.mkdir(exist_ok=True)
    session = Session(folder)
    yield session
    session.end()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session that is not begun."""
    yield from sessions(tmp_path)


@pytest.fixture
def another_session(tmp_path: Path) -> Iterator[Session]:
    """A second one, with a bus of its own."""
    yield from sessions(tmp_path / "another")


@pytest.fixture
def unlocked(session: Session) -> Session:
    """A session with a real GNOME Keyring whose login keyring is unlocked."""
    session.start(UNLOCKED)
    session.wait_for_owner("org.freedesktop.secrets")
    return session


@pytest.fixture
def locked(unlocked: Session) -> Session:
    """A session with a real GNOME Keyring that has an entry and is locked."""
    unlocked.keyring("set", "aibridge", "deployment", typed="kept")
    unlocked.lock()
    return unlocked
