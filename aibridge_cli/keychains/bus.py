"""One connection to the D-Bus session bus, all of whose waits end at one moment.

The library's own blocking connection waits for the bus's first answer without a limit,
so the waiting is done here and the library does the protocol.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
import time

import jeepney
from jeepney.auth import BEGIN, Authenticator
from jeepney.bus import get_bus

from aibridge_cli.keychains.unavailable import Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from aibridge_cli.facts import Facts

_BROKEN = (ValueError, LookupError, TypeError, AssertionError, OverflowError, struct.error)
"""What the library raises for bytes that are not D-Bus."""


class Refused(Exception):
    """The answer to a call was an error.

    Args:
        name: The D-Bus name of the error, as in `org.freedesktop.DBus.Error.NoReply`.
        text: What it says, for people.
    """

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name)
        self.name = name
        self.text = text


class Bus:
    """A connection to the session bus.

    Args:
        path: The bus's socket, as `session_socket` returns it.
        deadline: The `time.monotonic()` at which every wait ends.

    Raises:
        Unavailable: The bus cannot be reached, is none, or does not answer in time.
    """

    __slots__ = ("_asked", "_deadline", "_parser", "_serial", "_socket")

    def __init__(self, path: str, deadline: float) -> None:
        self._asked = "the session bus"
        self._deadline = deadline
        self._parser = jeepney.Parser()
        self._serial = 0
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._connect(path)
            self.call(jeepney.message_bus.Hello())
        except Refused as error:
            self.close()
            raise Unavailable(f"the session bus refuses us: {error.name}") from None
        except BaseException:
            self.close()
            raise
        self._asked = "the keyring on the session bus"

    def close(self) -> None:
        """End the connection; the bus forgets all that was begun on it."""
        self._socket.close()

    def call(self, message: Any) -> tuple[Any, ...]:
        """Send a method call and return the values of its answer.

        Args:
            message: As `jeepney.new_method_call` makes it.

        Raises:
            Refused: The answer is an error.
            Unavailable: There is no answer in time, or none that is D-Bus.
        """
        self._serial += 1
        try:
            self._bounded().sendall(message.serialise(serial=self._serial))
            while True:
                answer = self._parser.get_next_message()
                if answer is None:
                    self._parser.add_data(self._received())
                elif answer.header.fields.get(jeepney.HeaderFields.reply_serial) == self._serial:
                    break
            if answer.header.message_type is jeepney.MessageType.error:
                text = answer.body[0] if answer.body and isinstance(answer.body[0], str) else ""
                raise Refused(str(answer.header.fields.get(jeepney.HeaderFields.error_name)), text)
            return tuple(answer.body)
        except TimeoutError:
            raise Unavailable(f"{self._asked} does not answer") from None
        except OSError as error:
            raise Unavailable(f"the session bus ended the connection: {error.strerror}") from None
        except _BROKEN:
            raise Unavailable("the session bus answers with something that is not D-Bus") from None

    def _connect(self, path: str) -> None:
        shown = "".join(character for character in path if character.isprintable())
        try:
            self._bounded().connect(path)
            dialogue = Authenticator()
            for data in dialogue:
                self._bounded().sendall(data)
                dialogue.feed(self._received())
            self._bounded().sendall(BEGIN)
        except TimeoutError:
            raise Unavailable(f"the session bus at `{shown}` does not answer") from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise Unavailable(f"the session bus at `{shown}` cannot be reached: {reason}") from None
        except _BROKEN:
            raise Unavailable(f"the session bus at `{shown}` refuses us") from None

    def _received(self) -> bytes:
        data = self._bounded().recv(4096)
        if not data:
            raise ConnectionResetError(0, "it was closed at the other end")
        return data

    def _bounded(self) -> socket.socket:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._socket


def session_socket(facts: Facts) -> str:
    """Return the path of the session bus's socket; an abstract one begins with NUL.

    A helper that is started with an empty environment finds the bus where systemd puts it.

    Raises:
        Unavailable: There is no session bus, or none that is reached by a local socket.
    """
    address = facts.variable("DBUS_SESSION_BUS_ADDRESS")
    if address:
        try:
            return str(get_bus(address))
        except (RuntimeError, *_BROKEN):
            raise Unavailable("`DBUS_SESSION_BUS_ADDRESS` names no local socket") from None
    for folder in (facts.variable("XDG_RUNTIME_DIR"), f"/run/user/{os.getuid()}"):
        path = os.path.join(folder, "bus")
        if os.path.isabs(path) and _is_own_socket(path):
            return path
    raise Unavailable("there is no session bus, so no keyring")


def _is_own_socket(path: str) -> bool:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISSOCK(found.st_mode) and found.st_uid == os.getuid()
