from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization

from aibridge_cli.deployment import api
from aibridge_cli.errors import GatewayError
from aibridge_cli.loopback import Deployment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.deployment.conftest import Company, Connect, Time


@pytest.fixture(name="secured")
def deployment_with_a_certificate(company: Company) -> Iterator[Deployment]:
    """A deployment whose certificate is of the company's own authority."""
    with Deployment(tls=company.server("127.0.0.1")) as deployment:
        yield deployment


@pytest.fixture(name="guarded")
def deployment_that_wants_a_certificate(company: Company) -> Iterator[Deployment]:
    """A deployment that speaks to nobody without a certificate of the company."""
    with Deployment(tls=company.server("127.0.0.1", clients=True)) as deployment:
        yield deployment


def version(connect: Connect, deployment: Deployment, **environ: str) -> str:
    with connect(deployment.url, **environ) as client:
        return api.build(client).version


def refused(connect: Connect, origin: str, **environ: str) -> GatewayError:
    with pytest.raises(GatewayError) as caught, connect(origin, **environ) as client:
        api.build(client)
    return caught.value


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "CODER_CLIENT_TLS_CA_FILE"])
def test_private_authority(connect: Connect, secured: Deployment, company: Company, variable: str) -> None:
    """A company's certificate authority is trusted once its file is named."""
    assert version(connect, secured, **{variable: company.file}) == "v2.37.0+loopback"


def test_folder_of_authorities(connect: Connect, secured: Deployment, company: Company, tmp_path: Path) -> None:
    """Folders in `SSL_CERT_DIR` hold certificates under any name, and whatever else."""
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir()
    (full / "folder").mkdir(parents=True)
    (full / "README").write_text("The company's authorities")
    shutil.copy(company.file, full / "company.crt")
    assert version(connect, secured, SSL_CERT_DIR=f"{empty}{os.pathsep}{full}") == "v2.37.0+loopback"
    assert "`SSL_CERT_DIR` says what is trusted" in refused(connect, secured.url, SSL_CERT_DIR=str(empty)).hint


def test_unknown_authority(connect: Connect, secured: Deployment, time: Time) -> None:
    """A certificate of an authority that the system does not know is refused, once, with the way out."""
    error = refused(connect, secured.url)
    assert error.message.startswith(f"the certificate of `{secured.url}` is not trusted: ")
    assert "`SSL_CERT_FILE`" in error.hint
    assert time.slept == []
    assert secured.requests == []


def test_other_authority(connect: Connect, secured: Deployment, other_company: Company) -> None:
    """`SSL_CERT_FILE` stands in the place of the system's store, and the hint knows it."""
    error = refused(connect, secured.url, SSL_CERT_FILE=other_company.file)
    assert "is not trusted" in error.message
    assert error.hint.startswith("`SSL_CERT_FILE` says what is trusted")


def test_system_store(secured: Deployment, company: Company, tmp_path: Path) -> None:
    """Without a variable of its own the program trusts what the system does; here OpenSSL is told otherwise."""
    program = tmp_path / "ask.py"
    program.write_text(
        "import os, sys\n"
        "from aibridge_cli.deployment import api\n"
        "from aibridge_cli.deployment.http import Client\n"
        "from aibridge_cli.facts import Facts\n"
        "facts = Facts(environ={}, platform='linux', home='/')\n"
        "with Client(facts, sys.argv[1]) as client:\n"
        "    print(api.build(client).version)\n"
    )
    # the environment of the process is where OpenSSL has its store from; the facts say nothing of it
    done = subprocess.run(
        [sys.executable, str(program), secured.url],
        env={**os.environ, "SSL_CERT_FILE": company.file},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("v2.37.0+loopback\n", "")


def test_certificate_of_another_host(connect: Connect, company: Company) -> None:
    """A certificate that is for another name is refused, and the address is what to look at."""
    with Deployment(tls=company.server("coder.example.com")) as deployment:
        error = refused(connect, deployment.url, SSL_CERT_FILE=company.file)
    assert "is not trusted: " in error.message
    assert error.hint == "it is the certificate of another host: look at the address"


def test_certificate_that_expired(connect: Connect, company: Company) -> None:
    """A certificate whose time is over is told from one that nobody knows."""
    with Deployment(tls=company.expired_server("127.0.0.1")) as deployment:
        error = refused(connect, deployment.url, SSL_CERT_FILE=company.file)
    assert error.message.endswith("certificate has expired")
    assert "clock" in error.hint


def test_client_certificate(connect: Connect, guarded: Deployment, company: Company) -> None:
    """A client certificate is shown where one is wanted, from one file or from two."""
    certificate, key = company.client()
    trusted = {"SSL_CERT_FILE": company.file, "CODER_CLIENT_TLS_CERT_FILE": certificate}
    assert version(connect, guarded, CODER_CLIENT_TLS_KEY_FILE=key, **trusted) == "v2.37.0+loopback"
    both = Path(certificate).with_name("both.pem")
    both.write_text(Path(key).read_text() + Path(certificate).read_text())
    trusted["CODER_CLIENT_TLS_CERT_FILE"] = str(both)
    assert version(connect, guarded, **trusted) == "v2.37.0+loopback"


def test_no_client_certificate(connect: Connect, guarded: Deployment, company: Company) -> None:
    """A deployment that wants a certificate says so, and we say where to name one."""
    error = refused(connect, guarded.url, SSL_CERT_FILE=company.file)
    assert error.message == f"`{guarded.url}` asks for a client certificate"
    assert "`CODER_CLIENT_TLS_CERT_FILE`" in error.hint
    assert "`CODER_CLIENT_TLS_KEY_FILE`" in error.hint


def test_client_certificate_of_others(
    connect: Connect, guarded: Deployment, company: Company, other_company: Company
) -> None:
    """A client certificate that the deployment does not know is named as the trouble."""
    certificate, key = other_company.client()
    shown = {"CODER_CLIENT_TLS_CERT_FILE": certificate, "CODER_CLIENT_TLS_KEY_FILE": key}
    error = refused(connect, guarded.url, SSL_CERT_FILE=company.file, **shown)
    assert f"`{guarded.url}` does not accept our client certificate: " in error.message
    assert "`CODER_CLIENT_TLS_CERT_FILE`" in error.hint


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SSL_CERT_FILE": "{nothing}"}, "`SSL_CERT_FILE` names `{nothing}`, which cannot be read: No such file"),
        ({"SSL_CERT_FILE": "{folder}"}, "`SSL_CERT_FILE` names `{folder}`, which cannot be read: Is a directory"),
        ({"SSL_CERT_FILE": "{text}"}, "`SSL_CERT_FILE` names `{text}`, which holds no certificate in PEM form"),
        ({"SSL_CERT_DIR": "{nothing}"}, "`SSL_CERT_DIR` names `{nothing}`, which cannot be read: No such file"),
        ({"SSL_CERT_DIR": "{text}"}, "`SSL_CERT_DIR` names `{text}`, which cannot be read: Not a directory"),
        ({"CODER_CLIENT_TLS_CA_FILE": "{nothing}"}, "`CODER_CLIENT_TLS_CA_FILE` names `{nothing}`, which cannot"),
        (
            {"CODER_CLIENT_TLS_CERT_FILE": "{nothing}"},
            "the client certificate of `CODER_CLIENT_TLS_CERT_FILE` cannot be read: No such file",
        ),
        ({"CODER_CLIENT_TLS_CERT_FILE": "{text}"}, "of `CODER_CLIENT_TLS_CERT_FILE` is of no use"),
        (
            {"CODER_CLIENT_TLS_CERT_FILE": "{text}", "CODER_CLIENT_TLS_KEY_FILE": "{text}"},
            "of `CODER_CLIENT_TLS_CERT_FILE` and `CODER_CLIENT_TLS_KEY_FILE` is of no use: it is not in PEM form",
        ),
        ({"CODER_CLIENT_TLS_KEY_FILE": "{text}"}, "is set without `CODER_CLIENT_TLS_CERT_FILE`"),
    ],
)
def test_files_that_are_of_no_use(connect: Connect, tmp_path: Path, variables: dict[str, str], said: str) -> None:
    """A variable that names nothing useful is the trouble, before anything is sent."""
    (tmp_path / "text").write_text("not a certificate")
    (tmp_path / "folder").mkdir()
    paths = {name: str(tmp_path / name) for name in ("nothing", "text", "folder")}
    environ = {name: value.format(**paths) for name, value in variables.items()}
    error = refused(connect, "https://127.0.0.1:1", **environ)
    assert said.format(**paths) in error.message


def test_key_with_a_passphrase(connect: Connect, company: Company, tmp_path: Path) -> None:
    """A key that wants a passphrase is an error, and nobody is asked for one."""
    certificate, key = company.client("locked")
    encryption = serialization.BestAvailableEncryption(b"hunter2")
    plain = serialization.load_pem_private_key(Path(key).read_bytes(), password=None)
    locked = tmp_path / "locked.key"
    locked.write_bytes(plain.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption))
    shown = {"CODER_CLIENT_TLS_CERT_FILE": certificate, "CODER_CLIENT_TLS_KEY_FILE": str(locked)}
    assert "has no passphrase" in refused(connect, "https://127.0.0.1:1", **shown).hint


def test_plain_server_at_an_https_address(connect: Connect, deployment: Deployment) -> None:
    """A port that does not speak TLS is told from one whose certificate is bad."""
    error = refused(connect, deployment.url.replace("http:", "https:"))
    assert "does not speak TLS" in error.message
    assert "`http://`" in error.hint


def test_secured_server_at_an_http_address(connect: Connect, secured: Deployment) -> None:
    """The other way round the connection just closes."""
    error = refused(connect, secured.url.replace("https:", "http:"))
    assert "closed the connection without a proper answer" in error.message
