"""A generic credential of Windows, as the bytes it holds.

The `keyring` library takes the bytes for UTF-16 first, which "succeeds" for UTF-8 of an
even length; so they are read here.
"""

from __future__ import annotations

import ctypes

from aibridge_cli.errors import AibridgeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_GENERIC = 1
_NOT_FOUND = 1168
_NO_LOGON_SESSION = 1312


class Credential(ctypes.Structure):
    """`CREDENTIALW` of wincred.h."""

    _fields_ = (
        ("Flags", ctypes.c_uint32),
        ("Type", ctypes.c_uint32),
        ("TargetName", ctypes.c_wchar_p),
        ("Comment", ctypes.c_wchar_p),
        ("LastWritten", ctypes.c_uint32 * 2),
        ("CredentialBlobSize", ctypes.c_uint32),
        ("CredentialBlob", ctypes.POINTER(ctypes.c_ubyte)),
        ("Persist", ctypes.c_uint32),
        ("AttributeCount", ctypes.c_uint32),
        ("Attributes", ctypes.c_void_p),
        ("TargetAlias", ctypes.c_wchar_p),
        ("UserName", ctypes.c_wchar_p),
    )


def generic_credential(target: str) -> bytes:
    """Return what the Credential Manager keeps under a name, or nothing when it has none.

    Args:
        target: The name of the credential.

    Raises:
        AibridgeError: Windows refuses to say.
    """
    library = _load()
    found = ctypes.POINTER(Credential)()
    if not library.CredReadW(target, _GENERIC, 0, ctypes.byref(found)):
        number = _last_error()
        if number in (_NOT_FOUND, _NO_LOGON_SESSION):
            return b""
        raise AibridgeError(f"the Credential Manager does not give `{target}`: error {number} of Windows")
    try:
        credential = found.contents
        return ctypes.string_at(credential.CredentialBlob, credential.CredentialBlobSize)
    finally:
        library.CredFree(found)


def _load() -> Any:  # pragma: no cover - Windows only
    library = getattr(ctypes, "WinDLL")("advapi32", use_last_error=True)  # noqa: B009 - other systems have none
    pointer = ctypes.POINTER(ctypes.POINTER(Credential))
    library.CredReadW.argtypes = (ctypes.c_wchar_p, ctypes.c_uint32, ctypes.c_uint32, pointer)
    library.CredReadW.restype = ctypes.c_int
    library.CredFree.argtypes = (ctypes.c_void_p,)
    library.CredFree.restype = None
    return library


def _last_error() -> int:  # pragma: no cover - Windows only
    return int(getattr(ctypes, "get_last_error")())  # noqa: B009 - other systems have none
