from __future__ import annotations

import errno
import os
import socket
import ssl

import pytest

from aibridge_cli.deployment.network_failures import secured_failure, system_failure
from aibridge_cli.deployment.trust import explained
from aibridge_cli.facts import Facts


def wrapped(cause: BaseException) -> Exception:
    """The same failure as an HTTP library hands it on, two layers up."""
    middle, outer = ConnectionError("middle"), RuntimeError("outer")
    middle.__cause__, outer.__context__ = cause, middle
    return outer


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "its name is not known here"),
        (OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH)), "No route to host"),
        (OSError(), "no connection"),
        (ValueError("nothing of the system's"), "no connection"),
    ],
)
def test_what_the_system_said(cause: Exception, said: str) -> None:
    """The reason at the bottom is told in the system's words."""
    assert system_failure(wrapped(cause)) == said


def test_failures_of_tls() -> None:
    """A failure of TLS is found under whatever wraps it; a connection that just closed is none."""
    failure = ssl.SSLError(1, "[SSL: BAD_SIGNATURE] bad signature")
    assert secured_failure(wrapped(failure)) is failure
    assert secured_failure(wrapped(ssl.SSLEOFError(8, "EOF occurred in violation of protocol"))) is None
    assert secured_failure(ValueError()) is None
    circle = ValueError()
    circle.__context__ = KeyError()
    circle.__context__.__context__ = circle
    assert secured_failure(circle) is None


def failure(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}] {reason.lower()}")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("reason", "environ", "message", "hint"),
    [
        ("DH_KEY_TOO_SMALL", {}, "no secure connection to `x`: dh key too small", "SSL_CERT_FILE"),
        ("", {}, "no secure connection to `x`: TLS failed", "SSL_CERT_FILE"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", {}, "`x` asks for a client certificate", "CODER_CLIENT_TLS_CERT_FILE"),
        (
            "SSLV3_ALERT_HANDSHAKE_FAILURE",
            {"CODER_CLIENT_TLS_CERT_FILE": "/me.pem"},
            "`x` does not accept our client certificate: sslv3 alert handshake failure",
            "may have expired",
        ),
        ("TLSV1_ALERT_PROTOCOL_VERSION", {}, "no secure connection to `x`: tlsv1 alert protocol version", ""),
        ("HTTP_REQUEST", {}, "`x` does not speak TLS", "http://"),
    ],
)
def test_other_handshakes_that_fail(reason: str, environ: dict[str, str], message: str, hint: str) -> None:
    """What OpenSSL says is told in its words where we know no better ones."""
    error = explained(failure(reason), "`x`", Facts(environ=environ, platform="linux", home="/"))
    assert error.message == message
    assert hint in error.hint
