from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

import jeepney
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibridge_cli.keychains.bus import Bus, Refused, session_socket
from aibridge_cli.keychains.unavailable import Unavailable

PING = jeepney.new_method_call(
    jeepney.DBusAddress("/", bus_name="org.example.Ping", interface="org.example.Ping"), "Ping"
)


def until_closed(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def sign_in(connection: socket.socket) -> None:
    """What every bus says before the first message."""
    assert connection.recv(4096).startswith(b"\0AUTH EXTERNAL ")
    connection.sendall(b"OK 1234\r\n")
    assert connection.recv(7) == b"BEGIN\r\n"


def receive(connection: socket.socket) -> Any:
    parser = jeepney.Parser()
    while True:
        message = parser.get_next_message()
        if message is not None:
            return message
        parser.add_data(connection.recv(4096))


def greet(connection: socket.socket) -> None:
    """Sign in, and answer Hello."""
    sign_in(connection)
    hello = receive(connection)
    connection.sendall(jeepney.new_method_return(hello, "s", (":1.7",)).serialise(serial=1))


def later() -> float:
    return time.monotonic() + 10


def test_a_call_and_its_answer(stand_in_bus: Any) -> None:
    """What is not the answer is passed over, and an answer may come in pieces."""

    def behaviour(connection: socket.socket) -> None:
        greet(connection)
        call = receive(connection)
        origin = jeepney.DBusAddress("/", interface="org.example.Ping")
        signal = jeepney.new_signal(origin, "Other", "s", ("not this",)).serialise(serial=2)
        answer = jeepney.new_method_return(call, "ss", ("a", "b")).serialise(serial=3)
        for position in range(0, len(signal + answer), 50):
            connection.sendall((signal + answer)[position : position + 50])
        until_closed(connection)

    bus = Bus(stand_in_bus(behaviour), later())
    try:
        assert bus.call(PING) == ("a", "b")
    finally:
        bus.close()


@pytest.mark.parametrize(
    ("signature", "body", "text"), [("s", ("no luck",), "no luck"), (None, (), ""), ("u", (1,), "")]
)
def test_an_error_as_the_answer(stand_in_bus: Any, signature: str | None, body: tuple[Any, ...], text: str) -> None:
    """An error keeps its name, and its text if it has one."""

    def behaviour(connection: socket.socket) -> None:
        greet(connection)
        call = receive(connection)
        connection.sendall(jeepney.new_error(call, "org.example.Luck", signature, body).serialise(serial=2))
        until_closed(connection)

    bus = Bus(stand_in_bus(behaviour), later())
    try:
        with pytest.raises(Refused) as caught:
            bus.call(PING)
    finally:
        bus.close()
    assert (caught.value.name, caught.value.text) == ("org.example.Luck", text)


def silent(connection: socket.socket) -> None:
    until_closed(connection)


def silent_after_sign_in(connection: socket.socket) -> None:
    sign_in(connection)
    until_closed(connection)


def dripping(connection: socket.socket) -> None:
    try:
        for _ in range(1000):
            connection.sendall(b"O")
            time.sleep(0.02)
    except OSError:
        return


def refusing(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"REJECTED EXTERNAL\r\n")
    until_closed(connection)


def refusing_hello(connection: socket.socket) -> None:
    sign_in(connection)
    hello = receive(connection)
    connection.sendall(jeepney.new_error(hello, "org.freedesktop.DBus.Error.LimitsExceeded").serialise(serial=1))
    until_closed(connection)


def closing(connection: socket.socket) -> None:
    connection.recv(4096)


def closing_after_sign_in(connection: socket.socket) -> None:
    sign_in(connection)
    connection.recv(4096)


def talking_http(connection: socket.socket) -> None:
    sign_in(connection)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    until_closed(connection)


@pytest.mark.parametrize(
    ("behaviour", "seconds", "message"),
    [
        (silent, 0.2, "the session bus at `{path}` does not answer"),
        (dripping, 0.2, "the session bus at `{path}` does not answer"),
        (silent_after_sign_in, 1.0, "the session bus does not answer"),
        (refusing, 10, "the session bus at `{path}` refuses us"),
        (refusing_hello, 10, "the session bus refuses us: org.freedesktop.DBus.Error.LimitsExceeded"),
        (closing, 10, "the session bus at `{path}` cannot be reached: it was closed at the other end"),
        (closing_after_sign_in, 10, "the session bus ended the connection: it was closed at the other end"),
        (talking_http, 10, "the session bus answers with something that is not D-Bus"),
    ],
)
def test_a_bus_that_is_none(stand_in_bus: Any, behaviour: Any, seconds: float, message: str) -> None:
    """Whatever is at the other end, the answer is words and not a wait."""
    path = stand_in_bus(behaviour)
    with pytest.raises(Unavailable) as caught:
        Bus(path, time.monotonic() + seconds)
    assert caught.value.message == message.replace("{path}", path)


@pytest.mark.parametrize("line", [b"\xff\xfe\r\n", b"OK 1\r\nAND MORE", b"x" * 9000, b"ERROR\r\n"])
def test_odd_words_at_sign_in(stand_in_bus: Any, line: bytes) -> None:
    """Another first line than that of a bus is a refusal."""

    def behaviour(connection: socket.socket) -> None:
        connection.sendall(line)
        until_closed(connection)

    with pytest.raises(Unavailable, match="refuses us"):
        Bus(stand_in_bus(behaviour), later())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=80).map(lambda rest: b"l\x02\0\1" + rest))
def test_any_bytes_as_an_answer(answer: bytes) -> None:
    """Nothing that a bus can say ends in a traceback."""
    ours, theirs = socket.socketpair()
    theirs.sendall(answer)
    theirs.shutdown(socket.SHUT_WR)
    bus = object.__new__(Bus)
    bus._deadline, bus._parser, bus._serial, bus._socket = later(), jeepney.Parser(), 0, ours
    bus._asked = "the stand-in"
    with theirs, ours, pytest.raises(Unavailable):
        bus.call(PING)


def test_a_keyring_that_does_not_answer(stand_in_bus: Any) -> None:
    """When the bus answers and the program behind it does not, that is what is said."""

    def behaviour(connection: socket.socket) -> None:
        greet(connection)
        until_closed(connection)

    bus = Bus(stand_in_bus(behaviour), time.monotonic() + 1)
    try:
        with pytest.raises(Unavailable, match="the keyring on the session bus does not answer"):
            bus.call(PING)
    finally:
        bus.close()


def test_no_bus_there(tmp_path: Path) -> None:
    """A stale address, a path too long for a socket and an impossible one are errors with the reason."""
    with pytest.raises(Unavailable, match="cannot be reached: No such file or directory"):
        Bus(str(tmp_path / "gone"), later())
    with pytest.raises(Unavailable, match="cannot be reached: AF_UNIX path too long"):
        Bus("/" + "x" * 200, later())
    with pytest.raises(Unavailable, match="at `/ab` cannot be reached: No such file"):
        Bus("/a\0b", later())
    with pytest.raises(Unavailable, match="does not answer"):
        Bus(str(tmp_path / "gone"), time.monotonic() - 1)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("unix:path=/some/bus,guid=0123", "/some/bus"),
        ("unix:abstract=/tmp/dbus-x", "\0/tmp/dbus-x"),
        ("unix:path=/with%20space", "/with space"),
        ("tcp:host=127.0.0.1,port=1;unix:path=/second", "/second"),
    ],
)
def test_address(make_facts: Any, address: str, path: str) -> None:
    """The variable's address is the one that counts."""
    assert session_socket(make_facts(environ={"DBUS_SESSION_BUS_ADDRESS": address})) == path


@pytest.mark.parametrize(
    "address", ["tcp:host=127.0.0.1,port=1", "disabled:", "unix:", "nonsense", "unix:runtime=yes", ";"]
)
def test_address_that_is_none(make_facts: Any, address: str) -> None:
    """An address that is no local socket is an error that names the variable."""
    with pytest.raises(Unavailable, match="`DBUS_SESSION_BUS_ADDRESS` names no local socket"):
        session_socket(make_facts(environ={"DBUS_SESSION_BUS_ADDRESS": address}))


def test_empty_environment(make_facts: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variable the bus is where systemd puts it, if that is a socket of this user."""
    monkeypatch.setattr(os, "getuid", lambda: 123456)
    with pytest.raises(Unavailable, match="there is no session bus"):
        session_socket(make_facts())
    facts = make_facts(environ={"XDG_RUNTIME_DIR": str(tmp_path)})
    (tmp_path / "bus").touch()
    with pytest.raises(Unavailable, match="there is no session bus"):
        session_socket(facts)
    (tmp_path / "bus").unlink()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "bus"))
    with listener:
        with pytest.raises(Unavailable, match="there is no session bus"):
            session_socket(facts)
        monkeypatch.setattr(os, "getuid", lambda: (tmp_path / "bus").stat().st_uid)
        assert session_socket(facts) == str(tmp_path / "bus")
    with pytest.raises(Unavailable, match="there is no session bus"):
        session_socket(make_facts(environ={"XDG_RUNTIME_DIR": "relative\0"}))
