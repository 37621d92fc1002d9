"""Signing in through what companies put in front of a deployment."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme

from aibridge_cli.loopback import Deployment, Fault

if TYPE_CHECKING:
    from tests.conftest import RunAibridge


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A company's own certificate authority."""
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Deployment]:
    """A deployment behind that company's certificate, which wants to see one of the client, too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with Deployment(tls=context) as deployment:
        yield deployment


def test_a_companys_certificates(
    home: Path,
    aibridge: RunAibridge,
    secure: Deployment,
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is missing is named step by step, and with both certificates every command works."""
    token = secure.tokens.issue().text

    ran = aibridge("login", secure.url, "--token-stdin", stdin=token)
    assert ran.code == 1
    assert "`SSL_CERT_FILE`" in ran.err

    trust = home / "company.pem"
    authority.cert_pem.write_to_path(str(trust))
    monkeypatch.setenv("SSL_CERT_FILE", str(trust))
    ran = aibridge("login", secure.url, "--token-stdin", stdin=token)
    assert ran.code == 1
    assert "`CODER_CLIENT_TLS_CERT_FILE`" in ran.err
    assert not (home / ".local").exists()

    mine = authority.issue_cert("developer@example.com")
    certificate, key = home / "mine.pem", home / "mine.key"
    mine.cert_chain_pems[0].write_to_path(str(certificate))
    mine.private_key_pem.write_to_path(str(key))
    monkeypatch.setenv("CODER_CLIENT_TLS_CERT_FILE", str(certificate))
    monkeypatch.setenv("CODER_CLIENT_TLS_KEY_FILE", str(key))
    assert aibridge("login", secure.url, "--token-stdin", stdin=token).code == 0
    assert aibridge("status", "--check").code == 0
    assert aibridge("rotate", "--yes").code == 0
    assert aibridge("logout").code == 0


def test_a_gate_that_wants_a_header(
    aibridge: RunAibridge, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The headers of `CODER_HEADER` open the gate, and that clients do not send them is said."""
    deployment.behave(required_header=("X-Gate", "open sesame"))
    token = deployment.tokens.issue().text
    ran = aibridge("login", deployment.url, "--token-stdin", stdin=token)
    assert ran.code == 1
    assert "`CODER_HEADER`" in ran.err

    monkeypatch.setenv("CODER_HEADER", "X-Gate=open sesame")
    ran = aibridge("login", deployment.url, "--token-stdin", stdin=token)
    assert ran.code == 0
    assert "clients do not send them by themselves" in ran.err
    assert "sesame" not in ran.err

    ran = aibridge("configure", "codex", "--yes")
    assert "clients do not send by themselves" in ran.err


@pytest.mark.parametrize("fault", [Fault.SIGN_IN_REDIRECT, Fault.SIGN_IN_PAGE])
def test_a_sign_in_page_in_front(
    fault: Fault, home: Path, aibridge: RunAibridge, deployment: Deployment, tmp_path: Path
) -> None:
    """A single sign-on in front is named as that; the token was not sent, and nothing is kept."""
    deployment.behave(faults=frozenset({fault}))
    token = deployment.tokens.issue()

    ran = aibridge("login", deployment.url, "--token-stdin", stdin=token.text)

    assert ran.code == 1
    assert "sign" in ran.err
    assert "state=" not in ran.err
    assert not (home / ".local").exists()
    assert [request.path for request in deployment.requests if request.headers.get("coder-session-token")] == []
