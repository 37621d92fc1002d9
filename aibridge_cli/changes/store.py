"""Our own folder: the state, kept copies, the journal, the lock.

Everything in it is 0600 in folders that are 0700. Layout::

    state.json      what we own (`aibridge_cli.changes.state`)
    configured      the same in lines `client<TAB>way<TAB>deployment`, for hot commands
    images/HASH     users' own versions of files that we changed; never pruned
    journal.jsonl   one line for each run that changed something
    pending.json    the run that is being carried out, if one is
    lock            held while a run is planned and carried out
    tokens/ sessions/   files that hold a token, named after the deployment
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from typing import Any

from aibridge_cli.changes.entry_steps import Keychain
from aibridge_cli.changes.snapshot import digest, take
from aibridge_cli.changes.state import LaterVersion, State, from_json, to_json
from aibridge_cli.changes.write import flush_folder, write_own
from aibridge_cli.errors import AibridgeError, FileProblem
from aibridge_cli.keychains.imagined import Imagined
from aibridge_cli.own_files import lock_descriptor

PATIENCE = 10.0
"""Seconds to wait for another run to finish."""


class Store:
    """Access to our own folder, and to the keychain.

    Args:
        folder: Its absolute path; it is made when something is written.
        keychain: Where entries of clients are, and what stood in them before us; an imagined
            one when it is left out.
    """

    def __init__(self, folder: str, keychain: Keychain | None = None) -> None:
        self.folder = folder
        self.keychain: Keychain = Imagined() if keychain is None else keychain

    def path(self, *names: str) -> str:
        """Return the path of something in the folder."""
        return os.path.join(self.folder, *names)

    def usable(self) -> None:
        """Check that the folder could be made and written, and make nothing.

        Raises:
            FileProblem: It could not.
        """
        try:
            take(self.path("state.json"))
        except FileProblem as problem:
            raise FileProblem(
                self.folder,
                f"cannot be used for our records: {problem.message}",
                hint="`AIBRIDGE_STATE_DIR` names another folder",
            ) from None

    def ready(self) -> None:
        """Make the folder.

        Raises:
            FileProblem: It cannot be made or written.
        """
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)  # the mode is the last folder's only
            os.chmod(self.folder, 0o700)
            os.makedirs(self.path("images"), mode=0o700, exist_ok=True)
        except OSError as problem:
            raise FileProblem(
                self.folder,
                f"cannot be used for our records: {problem.strerror or problem}",
                hint="`AIBRIDGE_STATE_DIR` names another folder",
            ) from None

    def state(self) -> State:
        """Return what we own.

        When `state.json` is missing or broken, the last run in the journal says it.

        Raises:
            FileProblem: Neither can be read, or a later version of the program wrote them.
        """
        path = self.path("state.json")
        try:
            return from_json(json.loads(_read(path)))
        except FileNotFoundError:
            recorded = self._recorded()
            return State() if recorded is None else recorded
        except LaterVersion as problem:
            raise _of_later_version(path, problem) from None
        except ValueError as problem:
            recorded = self._recorded()
            if recorded is not None:
                return recorded
            raise FileProblem(
                path, f"cannot be read: {problem}", hint="put it back from a backup; nothing was written"
            ) from None
        except OSError as problem:
            raise _unreadable(path, problem) from None

    def _recorded(self) -> State | None:
        for record in reversed(self.journal()):
            try:
                return from_json(record.get("state"))
            except LaterVersion as problem:
                raise _of_later_version(self.path("journal.jsonl"), problem) from None
            except ValueError:  # an earlier one may be whole
                continue
        return None

    def image(self, name: str) -> bytes:
        """Return a kept copy.

        Raises:
            FileProblem: It is gone or not what it was.
        """
        path = self.path("images", name)
        try:
            content = _read(path)
        except OSError as problem:
            raise FileProblem(
                path,
                f"is needed to put back what stood before, and cannot be read: {problem.strerror}",
                hint="put it back from a backup; nothing was written",
            ) from None
        if digest(content) != name:
            raise FileProblem(
                path,
                "is needed to put back what stood before, and was changed",
                hint="put it back from a backup; nothing was written",
            )
        return content

    def keep_image(self, content: bytes) -> None:
        """Keep a copy for ever."""
        path = self.path("images", digest(content))
        if not os.path.exists(path):
            write_own(path, content)

    def journal(self) -> list[dict[str, Any]]:
        """Return the runs that changed something, oldest first; a line cut short is passed over.

        Raises:
            FileProblem: It cannot be read.
        """
        return [record for record in self.journal_lines() if record is not None]

    def journal_lines(self) -> list[dict[str, Any] | None]:
        """Return each line of the journal, None for one that is no whole record.

        Raises:
            FileProblem: It cannot be read.
        """
        path = self.path("journal.jsonl")
        try:
            lines = _read(path).splitlines()
        except FileNotFoundError:
            return []
        except OSError as problem:
            raise _unreadable(path, problem) from None
        return [_record_in(line) for line in lines if line]

    def record(self, run: dict[str, Any]) -> None:
        """Add a run to the journal, durably."""
        path = self.path("journal.jsonl")
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags, 0o600)
        try:
            torn = False
            if os.fstat(descriptor).st_size:
                os.lseek(descriptor, -1, os.SEEK_END)
                torn = os.read(descriptor, 1) != b"\n"
            line = json.dumps(run, ensure_ascii=True).encode() + b"\n"
            rest = memoryview((b"\n" if torn else b"") + line)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def pending(self) -> dict[str, Any] | None:
        """Return the run that was begun and not finished, if there is one.

        Raises:
            FileProblem: The record cannot be read.
        """
        path = self.path("pending.json")
        try:
            record = json.loads(_read(path))
            if not (isinstance(record, dict) and {"id", "phase", "steps", "state"} <= record.keys()):
                raise ValueError("a part is missing")  # noqa: TRY301
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise _unreadable(path, problem) from None
        except ValueError as problem:
            raise FileProblem(
                path,
                f"an unfinished run cannot be read: {problem}",
                hint=f"look at your files, then remove it: `rm {path}`",
            ) from None
        return record

    def set_pending(self, run: dict[str, Any] | None) -> None:
        """Write down the run in progress, durably, or that there is none."""
        path = self.path("pending.json")
        if run is not None:
            write_own(path, json.dumps(run).encode())
            return
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
            flush_folder(self.folder)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock, waiting a while for another run to finish.

        Raises:
            AibridgeError: Another run holds it.
        """
        self.ready()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        try:
            descriptor = os.open(self.path("lock"), flags, 0o600)
        except OSError as problem:
            raise _unreadable(self.path("lock"), problem) from None
        try:
            deadline = time.monotonic() + PATIENCE
            while not self._attempt(descriptor):
                if time.monotonic() > deadline:
                    raise AibridgeError("another `aibridge` is changing files", hint="wait for it, then try again")
                time.sleep(0.05)
            yield
        finally:
            os.close(descriptor)

    def _attempt(self, descriptor: int) -> bool:
        try:
            return lock_descriptor(descriptor)
        except OSError as problem:
            raise FileProblem(
                self.path("lock"),
                f"cannot be locked: {problem.strerror}",
                hint="`AIBRIDGE_STATE_DIR` names another folder",
            ) from None


def state_files(state: State) -> dict[str, bytes]:
    """Return the content of our own records for a state, by file name."""
    lines = [f"{name}\t{client.way}\t{client.deployment}\n" for name, client in sorted(state.clients.items())]
    return {
        "state.json": json.dumps(to_json(state), indent=1).encode() + b"\n",
        "configured": "".join(lines).encode(),
    }


def _unreadable(path: str, problem: OSError) -> FileProblem:
    words = problem.strerror or str(problem)
    return FileProblem(path, f"cannot be read: {words}", hint=f"`ls -l {path}` shows whose it is")


def _of_later_version(path: str, problem: LaterVersion) -> FileProblem:
    return FileProblem(path, f"cannot be read: {problem}", hint="a later version of aibridge wrote it: use that one")


def _record_in(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:  # cut short by a crash, or damaged
        return None
    return record if isinstance(record, dict) else None


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
