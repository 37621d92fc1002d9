"""Where a pack comes from: a folder, or an archive at an `https` address whose hash is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibridge_cli.errors import AibridgeError, UsageError, error_text
from aibridge_cli.facts import Facts
from aibridge_cli.packs import download
from aibridge_cli.packs.source import Fetched, fetch
from tests.conftest import MakeFacts
from tests.packs.conftest import Site, files, tar_gz, write, zipped


@pytest.fixture(name="trusting")
def facts_that_trust_the_site(make_facts: MakeFacts, site: Site, tmp_path: Path) -> Facts:
    return make_facts(environ={"SSL_CERT_FILE": str(site.authority)}, cwd=str(tmp_path))


def test_a_folder(make_facts: MakeFacts, tmp_path: Path) -> None:
    """What belongs to a pack is read, other files are not; a relative path is one from here."""
    folder = write(tmp_path / "our", {**files(), "README.md": b"x", "profiles/notes.txt": b"x", "more/x.toml": b"x"})

    assert fetch(make_facts(), str(folder), None) == Fetched(files(), str(folder))
    assert fetch(make_facts(cwd=str(tmp_path)), "./our/", None) == Fetched(files(), str(folder))


def test_a_folder_without_profiles(make_facts: MakeFacts, tmp_path: Path) -> None:
    """A pack may be rules alone."""
    folder = write(tmp_path / "our", {"pack.toml": b"x"})

    assert fetch(make_facts(), str(folder), None).files == {"pack.toml": b"x"}


@pytest.mark.parametrize("name", ["pack.toml", "profiles/quill.toml", "profiles"])
def test_a_link_in_a_folder(name: str, make_facts: MakeFacts, tmp_path: Path) -> None:
    """A link is not followed, wherever it leads."""
    folder = write(tmp_path / "our", files())
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(AibridgeError, match="it is a link, or no file"):
        fetch(make_facts(), str(folder), None)


def test_a_folder_that_is_none(make_facts: MakeFacts, tmp_path: Path) -> None:
    """A path that is not there, and a file, are named."""
    (tmp_path / "file").touch()

    for name in ("absent", "file"):
        with pytest.raises(AibridgeError, match=f"`{tmp_path}/{name}` cannot be read"):
            fetch(make_facts(), str(tmp_path / name), None)


def test_a_folder_with_too_many_files(make_facts: MakeFacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder that was named by mistake is not searched through."""
    monkeypatch.setattr("aibridge_cli.packs.source.MOST_FILES", 1)

    with pytest.raises(AibridgeError, match="too many files"):
        fetch(make_facts(), str(write(tmp_path / "our", files())), None)


@pytest.mark.parametrize("make", [tar_gz, zipped])
def test_an_archive(make: object, trusting: Facts, site: Site) -> None:
    """With the right hash, in either case of letters, the archive is taken; no token goes along."""
    assert callable(make)
    url, digest = site.serve("/our.tar.gz", make(files()))

    fetched = fetch(trusting, url, digest.upper())

    assert fetched == Fetched(files(), url, digest)
    ((_, headers),) = site.asked
    assert {name.lower() for name in headers} <= {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_company_headers_stay_with_the_deployment(site: Site, make_facts: MakeFacts) -> None:
    """Headers that are meant for the deployment are not sent to where a pack is."""
    url, digest = site.serve("/our.tar.gz", tar_gz(files()))
    environ = {"SSL_CERT_FILE": str(site.authority), "CODER_HEADER": "X-Secret=s", "CODER_SESSION_TOKEN": "t"}

    fetch(make_facts(environ=environ), url, digest)

    assert "x-secret" not in {name.lower() for name in site.asked[0][1]}


def test_an_archive_of_another_hash(trusting: Facts, site: Site) -> None:
    """An archive that is not the one that was meant is refused before it is looked into."""
    url, _ = site.serve("/our.tar.gz", b"anything")

    with pytest.raises(AibridgeError) as caught:
        fetch(trusting, url, "0" * 64)

    assert caught.value.message.startswith(f"`{url}` is not what `--sha256` says: its hash is ee0874170b7f6f32b8c2ac9")
    assert caught.value.exit_code == 1


def test_a_redirect_to_another_host(trusting: Facts, site: Site) -> None:
    """A forge answers with the address of a store: it is followed, as the hash tells what arrives."""
    url, digest = site.serve("/store/our.tar.gz", tar_gz(files()))
    site.answers["/latest"] = (302, url + "?signature=secret")
    site.answers["/relative"] = (307, "/latest")

    fetched = fetch(trusting, site.url + "/relative", digest)

    assert (fetched.files, fetched.source) == (files(), site.url + "/relative")
    assert [path for path, _ in site.asked] == ["/relative", "/latest", "/store/our.tar.gz?signature=secret"]


@pytest.mark.parametrize("location", ["http://localhost/x", "ftp://localhost/x", "https://[x", "https://a:b@c/"])
def test_a_redirect_to_something_else(location: str, trusting: Facts, site: Site) -> None:
    """A redirect to plain http, or to what is no address, is an error."""
    site.answers["/a"] = (302, location)

    with pytest.raises(AibridgeError, match="redirects to what is no `https` address"):
        fetch(trusting, site.url + "/a", "0" * 64)


def test_redirects_in_circles(trusting: Facts, site: Site) -> None:
    """Redirects have an end."""
    site.answers["/a"] = (302, "/a")

    with pytest.raises(AibridgeError, match="redirects in circles"):
        fetch(trusting, site.url + "/a", "0" * 64)
    assert len(site.asked) == 6


def test_an_answer_that_is_no_archive(trusting: Facts, site: Site) -> None:
    """Another status is told; what stands after `?` may be a secret and is not."""
    with pytest.raises(AibridgeError) as caught:
        fetch(trusting, site.url + "/none?token=secret", "0" * 64)

    assert caught.value.message == f"`{site.url}/none` cannot be downloaded: it answers 404"
    assert "secret" not in error_text(caught.value)


def test_an_answer_that_is_too_large(trusting: Facts, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes is bounded while it comes."""
    url, digest = site.serve("/our.tar.gz", b"\0" * 5000)
    monkeypatch.setattr(download, "LIMITS", download.LIMITS._replace(largest_answer=4000))

    with pytest.raises(AibridgeError, match="too large"):
        fetch(trusting, url, digest)


def test_a_certificate_that_nobody_vouches_for(make_facts: MakeFacts, site: Site, tmp_path: Path) -> None:
    """A server that is not trusted is not asked."""
    url, digest = site.serve("/our.tar.gz", tar_gz(files()))
    import trustme

    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))

    with pytest.raises(AibridgeError, match="is not trusted"):
        fetch(make_facts(environ={"SSL_CERT_FILE": str(other)}), url, digest)
    assert site.asked == []


@pytest.mark.parametrize(
    ("source", "sha256", "message"),
    [
        ("https://example.com/p.zip?key=secret", None, "`--sha256` is needed for `https://example.com/p.zip`"),
        ("https://example.com/p.zip", "abc", "`--sha256` is not the hash of a file"),
        ("folder", "0" * 64, "`--sha256` is for an archive"),
        ("http://example.com/p.zip", "0" * 64, "`http://…` is not an `https` address"),
        ("file:///p.zip", "0" * 64, "`file://…` is not an `https` address"),
        ("https://me:pass@example.com/p.zip", "0" * 64, "has a user name in it"),
        ("https:///p.zip", "0" * 64, "names no host"),
    ],
)
def test_what_cannot_be_asked_for(source: str, sha256: str | None, message: str, make_facts: MakeFacts) -> None:
    """An address without a hash, and what is no https address, is refused without asking anybody."""
    with pytest.raises(UsageError) as caught:
        fetch(make_facts(), source, sha256)

    assert message in caught.value.message
    assert "secret" not in error_text(caught.value)
    assert "pass" not in caught.value.message.replace("passed", "")
