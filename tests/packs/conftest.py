from __future__ import annotations

import hashlib
import io
import ssl
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

PROFILE = """name = "Quill"
summary = "Writes code with a feather"
docs = "https://quill.example/docs"
status = "supported"
speaks = ["openai"]
credential = ["helper", "env", "file"]

[detect]
commands = ["quill"]

[paths]
config = ["~/.quill"]

[env]
QUILL_TOKEN = "{token}"

[[edit]]
file = "{config}/config.json"
format = "json"
set.base = "{gateway.openai}"

[[edit]]
file = "{config}/config.json"
format = "json"
when = { credential = "helper" }
set.command = "{helper}"

[[edit]]
file = "{config}/config.json"
format = "json"
when = { credential = "file" }
secret = true
set.key = "{token}"
"""
PACK = 'name = "our"\nversion = "1.0"\n'


def files(pack: str = PACK, **profiles: str) -> dict[str, bytes]:
    """Return the files of a pack; without profiles it has one, `quill`."""
    found = {f"profiles/{name.replace('_', '-')}.toml": text.encode() for name, text in profiles.items()}
    return {"pack.toml": pack.encode(), **(found or {"profiles/quill.toml": PROFILE.encode()})}


def write(folder: Path, content: Mapping[str, bytes]) -> Path:
    """Write the files of a pack into a folder."""
    for name, each in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each)
    return folder


def tar_gz(content: Mapping[str, bytes]) -> bytes:
    """Return the files as a `.tar.gz`."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, each in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(each)
            archive.addfile(entry, io.BytesIO(each))
    return stream.getvalue()


def zipped(content: Mapping[str, bytes]) -> bytes:
    """Return the files as a `.zip`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in content.items():
            archive.writestr(name, each)
    return stream.getvalue()


@dataclass
class Site:
    """A web server on loopback, with TLS.

    Args:
        url: Its address.
        authority: The file of the authority that vouches for it.
        answers: By path: status, and body or where a redirect leads.
        asked: Path and headers of each request.
    """

    url: str
    authority: Path
    answers: dict[str, tuple[int, bytes | str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def serve(self, path: str, body: bytes) -> tuple[str, str]:
        """Answer a path with a body, and return its address and its hash."""
        self.answers[path] = (200, body)
        return self.url + path, hashlib.sha256(body).hexdigest()


def handler(find: Callable[[], Site]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site = find()
            site.asked.append((self.path, dict(self.headers)))
            status, body = site.answers.get(self.path.partition("?")[0], (404, b"not here"))
            self.send_response(status)
            if isinstance(body, str):
                self.send_header("Location", body)
                body = b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    return Handler


@pytest.fixture(name="site")
def running_site(tmp_path: Path) -> Iterator[Site]:
    """A web server with a certificate of an authority that only its file makes trusted."""
    authority = trustme.CA()
    (tmp_path / "tls").mkdir()
    file = tmp_path / "tls" / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    sites: list[Site] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(lambda: sites[0]))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    sites.append(Site(f"https://localhost:{server.server_port}", file))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield sites[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
