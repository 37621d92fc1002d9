from __future__ import annotations

import ctypes
from typing import Any

import pytest

from aibridge_cli.credentials import windows_credential
from aibridge_cli.credentials.windows_credential import Credential, generic_credential
from aibridge_cli.errors import AibridgeError


class StandInLibrary:
    """A stand-in for advapi32.dll, which only Windows has: one credential, in its C layout."""

    def __init__(self, blob: bytes | None) -> None:
        self.blob = blob
        self.read: list[tuple[str, int, int]] = []
        self.freed = 0

    def CredReadW(self, target: str, kind: int, flags: int, pointer: Any) -> bool:  # noqa: N802 - its name
        self.read.append((target, kind, flags))
        if self.blob is None:
            return False
        self.buffer = (ctypes.c_ubyte * len(self.blob))(*self.blob)
        self.credential = Credential(
            Type=kind,
            TargetName=target,
            CredentialBlobSize=len(self.blob),
            CredentialBlob=ctypes.cast(self.buffer, ctypes.POINTER(ctypes.c_ubyte)),
        )
        pointer._obj.contents = self.credential
        return True

    def CredFree(self, pointer: Any) -> None:  # noqa: N802 - its name
        assert pointer.contents.TargetName == self.read[-1][0]
        self.freed += 1


def test_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The credential's bytes come as they are, zeros too, and its memory is given back."""
    library = StandInLibrary(b'{"a":\0\xc3\xbc}')
    monkeypatch.setattr(windows_credential, "_load", lambda: library)
    assert generic_credential("name") == b'{"a":\0\xc3\xbc}'
    assert library.read == [("name", 1, 0)]
    assert library.freed == 1


def test_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential without a secret holds nothing."""
    monkeypatch.setattr(windows_credential, "_load", lambda: StandInLibrary(b""))
    assert generic_credential("name") == b""


@pytest.mark.parametrize("number", [1168, 1312])
def test_none(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """No such credential, and a session that can have none, are nothing."""
    monkeypatch.setattr(windows_credential, "_load", lambda: StandInLibrary(None))
    monkeypatch.setattr(windows_credential, "_last_error", lambda: number)
    assert generic_credential("name") == b""


def test_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other failure is an error with its number."""
    monkeypatch.setattr(windows_credential, "_load", lambda: StandInLibrary(None))
    monkeypatch.setattr(windows_credential, "_last_error", lambda: 5)
    with pytest.raises(AibridgeError, match="the Credential Manager does not give `name`: error 5 of Windows"):
        generic_credential("name")


def test_the_layout() -> None:
    """The structure is laid out as wincred.h has it for 64-bit Windows."""
    assert ctypes.sizeof(ctypes.c_void_p) == 8
    fields: tuple[str, ...] = tuple(name for name, *_ in Credential._fields_)
    assert [getattr(Credential, name).offset for name in fields] == [0, 4, 8, 16, 24, 32, 40, 48, 52, 56, 64, 72]
    assert ctypes.sizeof(Credential) == 80
