from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

Behaviour = Callable[[socket.socket], None]


class StandInBus(Protocol):
    def __call__(self, behaviour: Behaviour) -> str: ...


@pytest.fixture
def stand_in_bus(tmp_path: Path) -> Iterator[StandInBus]:
    """A socket on which not a D-Bus daemon but a given function answers the first connection."""
    threads: list[threading.Thread] = []
    listeners: list[socket.socket] = []

    def serve(listener: socket.socket, behaviour: Behaviour) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(10)
            behaviour(connection)

    def start(behaviour: Behaviour) -> str:
        path = str(tmp_path / "bus")
        listener = socket.socket(socket.AF_UNIX)
        listener.settimeout(10)
        listener.bind(path)
        listener.listen()
        listeners.append(listener)
        threads.append(threading.Thread(target=serve, args=(listener, behaviour)))
        threads[-1].start()
        return path

    yield start
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    for listener in listeners:
        listener.close()
