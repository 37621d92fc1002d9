"""The files of a pack out of an archive, within bounds. Pure: bytes in, values out.

An archive comes from elsewhere, so nothing in it is trusted: it is read in memory, only
TOML is taken, and a member that could reach outside is an error, not passed over.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from aibridge_cli.errors import AibridgeError
from aibridge_cli.packs.pack import FILE, PROFILES

LARGEST_ARCHIVE = 8 * 1024 * 1024
"""Bytes as downloaded."""
LARGEST_CONTENT = 64 * 1024 * 1024
"""Bytes unpacked, what is not taken included."""
LARGEST_FILE = 256 * 1024
"""Bytes of one TOML file."""
MOST_FILES = 2000
"""Members of any kind."""

_BROKEN = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError),
    # what the libraries let through when sizes, places or names make no sense
    *(OSError, ValueError, LookupError),
)


class Member(NamedTuple):
    """A file in an archive.

    Args:
        name: Its path there.
        content: What is in it, when its name ends in `.toml`; else nothing.
    """

    name: str
    content: bytes


def unpack(archive: bytes, source: str) -> dict[str, bytes]:
    """Return the files of the pack in an archive.

    Args:
        archive: A `.tar.gz` or `.zip`; which one is told by its first bytes. The pack may
            stand in one folder, as in the archives that forges make.
        source: Its address, for messages.

    Returns:
        What is in `pack.toml` and `profiles/ID.toml`, by these names.

    Raises:
        AibridgeError: It is no archive, broken, too large, or has a member that is not safe.
    """
    if archive.startswith(b"PK\x03\x04"):
        reader = _zip
    elif archive.startswith(b"\x1f\x8b"):
        reader = _tar
    else:
        raise _refused(source, "it is neither a `.tar.gz` nor a `.zip`")
    try:
        members = list(reader(archive, source))
    except _BROKEN:
        raise _refused(source, "the archive is broken") from None
    except RuntimeError:  # what zipfile raises for a password
        raise _refused(source, "the archive is encrypted") from None
    return choose(members, source)


def choose(members: list[Member], source: str) -> dict[str, bytes]:
    """Return the files of the pack among others.

    Raises:
        AibridgeError: A file stands there twice.
    """
    tops = [member.name.removesuffix(FILE) for member in members if member.name.rpartition("/")[2] == FILE]
    top = min(tops, key=lambda path: path.count("/"), default="")
    found: dict[str, bytes] = {}
    for member in members:
        name = member.name.removeprefix(top)
        folder, _, file = name.rpartition("/")
        wanted = name == FILE or (folder == PROFILES and file.endswith(".toml") and not file.startswith("."))
        if not member.name.startswith(top) or not wanted:
            continue
        if name in found:
            raise _refused(source, f"`{name}` stands in it twice")
        found[name] = member.content
    return found


def check_name(name: str, source: str) -> None:
    """Make sure that a member stays inside of what it is in.

    Raises:
        AibridgeError: It is absolute, goes up, or is no path that every system understands.
    """
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name or not name.isprintable():
        raise _refused(source, f"`{name!a}` in it is not a safe path")


def check_size(name: str, size: int, source: str) -> None:
    """Make sure that a TOML file is not larger than one can be.

    Raises:
        AibridgeError: It is.
    """
    if size > LARGEST_FILE:
        raise _refused(source, f"`{name}` in it is larger than {LARGEST_FILE // 1024} kB")


def _zip(archive: bytes, source: str) -> Iterator[Member]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        entries = opened.infolist()
        if len(entries) > MOST_FILES:
            raise _refused(source, f"more than {MOST_FILES} files are in it")
        if sum(entry.file_size for entry in entries) > LARGEST_CONTENT:
            raise _too_large(source)
        for entry in entries:
            check_name(entry.filename, source)
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _refused(source, f"`{entry.filename}` in it is no file")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _refused(source, f"`{entry.filename}` in it is packed in a way that is not used here")
            if not entry.is_dir():
                yield Member(entry.filename, _content_of_zip(opened, entry, source))


def _content_of_zip(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, source: str) -> bytes:
    if not entry.filename.endswith(".toml"):
        return b""
    # what the entry says of its size may be a lie
    with opened.open(entry) as file:
        content = file.read(LARGEST_FILE + 1)
    check_size(entry.filename, len(content), source)
    return content


def _tar(archive: bytes, source: str) -> Iterator[Member]:
    bounded = _Bounded(gzip.GzipFile(fileobj=io.BytesIO(archive)), source)
    count = 0
    with tarfile.open(fileobj=bounded, mode="r|") as opened:  # type: ignore[call-overload]
        for entry in opened:
            count += 1
            if count > MOST_FILES:
                raise _refused(source, f"more than {MOST_FILES} files are in it")
            check_name(entry.name, source)
            if not (entry.isreg() or entry.isdir()):
                raise _refused(source, f"`{entry.name}` in it is no file")
            if entry.isreg():
                content = b""
                if entry.name.endswith(".toml"):
                    check_size(entry.name, entry.size, source)
                    file = opened.extractfile(entry)
                    content = file.read() if file else b""
                yield Member(entry.name, content)


class _Bounded:
    """A stream that ends with an error where it would become too large."""

    def __init__(self, stream: gzip.GzipFile, source: str) -> None:
        self._stream = stream
        self._source = source
        self._rest = LARGEST_CONTENT

    def read(self, size: int) -> bytes:
        """Return up to so many bytes."""
        content = self._stream.read(size)
        self._rest -= len(content)
        if self._rest < 0:
            raise _too_large(self._source)
        return content


def _too_large(source: str) -> AibridgeError:
    return _refused(source, f"it is larger than {LARGEST_CONTENT // 1024 // 1024} MB when it is unpacked")


def _refused(source: str, why: str) -> AibridgeError:
    return AibridgeError(f"`{source}` cannot be used as a pack: {why}", hint="nothing was installed")
