"""Archives come from elsewhere: what is in them is taken within bounds, or not at all."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibridge_cli.errors import AibridgeError
from aibridge_cli.packs import archive
from aibridge_cli.packs.archive import unpack
from tests.packs.conftest import files, tar_gz, zipped

Make = Callable[[Mapping[str, bytes]], bytes]
both = pytest.mark.parametrize("make", [tar_gz, zipped])


def refused(data: bytes) -> str:
    with pytest.raises(AibridgeError) as caught:
        unpack(data, "our")
    assert caught.value.hint == "nothing was installed"
    return caught.value.message.removeprefix("`our` cannot be used as a pack: ")


def linked(kind: bytes, name: str = "profiles/quill.toml") -> bytes:
    """Return a `.tar.gz` with a member of another kind."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as opened:
        entry = tarfile.TarInfo(name)
        entry.type = kind
        entry.linkname = "/etc/passwd"
        opened.addfile(entry)
    return stream.getvalue()


@both
@pytest.mark.parametrize("folder", ["", "our-pack-1.0/", "a/b/"])
def test_the_files_of_a_pack(make: Make, folder: str) -> None:
    """Both formats give the same files, also where the pack stands in a folder, as forges make archives."""
    content = {folder + name: each for name, each in files().items()}

    assert unpack(make(content), "our") == files()


@both
def test_only_what_belongs_to_a_pack_is_taken(make: Make) -> None:
    """Other files, other folders and hidden ones stay where they are."""
    more = {
        "README.md": b"x" * 1_000_000,
        "profiles/run.sh": b"rm",
        "profiles/deeper/other.toml": b"x",
        "profiles/.hidden.toml": b"x",
        "other.toml": b"x",
        "examples/pack.toml": b"x",
    }

    assert unpack(make({**more, **files()}), "our") == files()


@both
def test_an_archive_without_a_pack(make: Make) -> None:
    """Without `pack.toml` there is nothing to name the pack, which whoever reads on will say."""
    assert "pack.toml" not in unpack(make({"README.md": b"x"}), "our")


@both
@pytest.mark.parametrize(
    "name",
    [
        "/profiles/quill.toml",
        "../profiles/quill.toml",
        "profiles/../../quill.toml",
        "our/..",
        "profiles\\..\\quill.toml",
        "C:quill.toml",
        "profiles/\x1b[2Jquill.toml",
        "profiles/\u202equill.toml",
    ],
)
def test_a_path_that_reaches_outside(make: Make, name: str) -> None:
    """An absolute path, one that goes up and one that another system reads otherwise refuse the whole archive."""
    message = refused(make({**files(), name: b"x"}))

    assert message.endswith("in it is not a safe path")
    assert message.isprintable()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_a_link_in_a_tar(kind: bytes) -> None:
    """A link, a pipe or a device refuses the whole archive, also where it would not be taken."""
    assert refused(linked(kind)) == "`profiles/quill.toml` in it is no file"
    assert refused(linked(kind, "README.md")) == "`README.md` in it is no file"


def test_a_link_in_a_zip() -> None:
    """The mode in a zip tells a link, too."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        entry = zipfile.ZipInfo("profiles/quill.toml")
        entry.external_attr = 0o120777 << 16
        opened.writestr(entry, "/etc/passwd")

    assert refused(stream.getvalue()) == "`profiles/quill.toml` in it is no file"


def test_folders_are_no_files() -> None:
    """Entries for folders are fine in both formats."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        opened.mkdir("profiles")
        for name, content in files().items():
            opened.writestr(name, content)

    assert unpack(stream.getvalue(), "our") == files()
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        entry = tarfile.TarInfo("profiles")
        entry.type = tarfile.DIRTYPE
        tar.addfile(entry)
    assert unpack(stream.getvalue(), "our") == {}


@both
def test_a_file_that_is_too_large(make: Make) -> None:
    """A TOML file has a bound."""
    message = refused(make({"profiles/quill.toml": b"#" * (archive.LARGEST_FILE + 1)}))

    assert message == "`profiles/quill.toml` in it is larger than 256 kB"


@both
def test_too_many_files(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """So has the number of files."""
    monkeypatch.setattr(archive, "MOST_FILES", 3)

    assert refused(make({f"{number}.md": b"" for number in range(4)})) == "more than 3 files are in it"
    assert unpack(make({f"{number}.md": b"" for number in range(3)}), "our") == {}


@both
def test_an_archive_that_unfolds(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive of much content is refused before the content is all there."""
    monkeypatch.setattr(archive, "LARGEST_CONTENT", 2 * 1024 * 1024)

    message = refused(make({"README.md": b"0" * 4 * 1024 * 1024}))

    assert message == "it is larger than 2 MB when it is unpacked"


def test_a_zip_that_lies_about_sizes() -> None:
    """What an entry says of its size is not believed."""
    data = zipped({"profiles/quill.toml": b"#" * (archive.LARGEST_FILE + 9)})
    size = (archive.LARGEST_FILE + 9).to_bytes(4, "little")
    assert data.count(size) >= 2

    message = refused(data.replace(size, (9).to_bytes(4, "little")))

    assert message in ("the archive is broken", "`profiles/quill.toml` in it is larger than 256 kB")


@both
def test_a_file_twice(make: Make) -> None:
    """Which of two would count is not guessed."""
    stream = io.BytesIO()
    if make is tar_gz:
        with tarfile.open(fileobj=stream, mode="w:gz") as opened:
            for _ in range(2):
                opened.addfile(tarfile.TarInfo("pack.toml"))
    else:
        with zipfile.ZipFile(stream, "w") as archived:
            archived.writestr("pack.toml", "")
            with pytest.warns(UserWarning, match="Duplicate"):
                archived.writestr("pack.toml", "")

    assert refused(stream.getvalue()) == "`pack.toml` stands in it twice"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is neither a `.tar.gz` nor a `.zip`"),
        (b"<html>sign in</html>", "it is neither a `.tar.gz` nor a `.zip`"),
        (b"PK\x03\x04 and no more", "the archive is broken"),
        (b"\x1f\x8b and no more", "the archive is broken"),
        (gzip.compress(b"no tar at all" * 100, mtime=0), "the archive is broken"),
        (tar_gz(files())[:-40], "the archive is broken"),
        (zipped(files())[:-40], "the archive is broken"),
    ],
)
def test_what_is_no_archive(data: bytes, message: str) -> None:
    """A web page, half an archive and nothing at all are told apart from a pack."""
    assert refused(data) == message


def test_an_encrypted_zip() -> None:
    """One with a password is refused, and nobody is asked for it."""
    data = bytearray(zipped({"pack.toml": b"x" * 20}))
    data[6] |= 1  # the local header's flag
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert refused(bytes(data)) == "the archive is encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing(method: int) -> None:
    """A zip is stored or deflated; other ways bring decoders that nobody needs for a pack."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as opened:
        opened.writestr("pack.toml", "x")

    assert refused(stream.getvalue()) == "`pack.toml` in it is packed in a way that is not used here"


WHOLE = {"tar.gz": tar_gz(files()), "tar": gzip.decompress(tar_gz(files())), "zip": zipped(files())}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6))
def test_a_damaged_archive(form: str, damage: list[tuple[int, int]]) -> None:
    """Whatever bytes are other than they were, there is an answer or an error of ours."""
    data = bytearray(WHOLE[form])
    for place, value in damage:
        data[place % len(data)] = value
    archived = gzip.compress(data, 1) if form == "tar" else bytes(data)

    with contextlib.suppress(AibridgeError):
        assert all(isinstance(content, bytes) for content in unpack(archived, "our").values())


@pytest.mark.parametrize("cut", range(0, 600, 7))
@both
def test_any_part_of_an_archive(make: Make, cut: int) -> None:
    """An archive that was cut anywhere gives the whole pack or an error, never a part and no other exception."""
    data = make(files())[:cut]

    with contextlib.suppress(AibridgeError):
        assert unpack(data, "our") == files()
