"""Which certificates are trusted, which one is shown, and what a failed handshake means.

Trusted is what the operating system trusts, or, as everywhere, what `SSL_CERT_FILE` and
`SSL_CERT_DIR` name instead of it. `CODER_CLIENT_TLS_CA_FILE`, `CODER_CLIENT_TLS_CERT_FILE`
and `CODER_CLIENT_TLS_KEY_FILE` are the variables of newer versions of Coder's CLI for an
authority to trust as well and a certificate to show.
"""

from __future__ import annotations

import contextlib
import os

from aibridge_cli.errors import GatewayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl

    from aibridge_cli.facts import Facts

STORE_FILE = "SSL_CERT_FILE"
STORE_FOLDER = "SSL_CERT_DIR"
EXTRA_AUTHORITY = "CODER_CLIENT_TLS_CA_FILE"
CLIENT_CERTIFICATE = "CODER_CLIENT_TLS_CERT_FILE"
CLIENT_KEY = "CODER_CLIENT_TLS_KEY_FILE"


class Unsecured(GatewayError):
    """There was somebody, but no secure connection."""


# OpenSSL's codes for why a certificate was refused (`openssl/x509_vfy.h`)
_NOT_YET_VALID, _EXPIRED, _WRONG_HOST, _WRONG_ADDRESS = 9, 10, 62, 64


def tls_context(facts: Facts) -> ssl.SSLContext:
    """Return how connections to the deployment are secured.

    Raises:
        GatewayError: A variable names a file or folder that is absent or of no use.
    """
    import ssl

    context: ssl.SSLContext
    file, folders = facts.variable(STORE_FILE), facts.variable(STORE_FOLDER)
    if file or folders:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if file:
            _load(context, file, STORE_FILE)
        for folder in folders.split(os.pathsep) if folders else ():
            _load_folder(context, folder)
    else:
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority = facts.variable(EXTRA_AUTHORITY)
    if authority:
        _load(context, authority, EXTRA_AUTHORITY)
    _show_certificate(context, facts)
    return context


def no_tls() -> ssl.SSLContext:
    """Return the context for plain http, which trusts nothing and costs nothing to make."""
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def explained(error: ssl.SSLError, where: str, facts: Facts) -> Unsecured:
    """Return a failed handshake as an error for the user.

    Args:
        error: What OpenSSL or the system said.
        where: Who was at the other end, as in "`https://coder.example.com`".
        facts: Where we run.
    """
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        return Unsecured(
            f"the certificate of {where} is not trusted: {error.verify_message}", hint=_hint(error.verify_code, facts)
        )
    reason = (error.reason or "").upper()
    if "CERTIFICATE_REQUIRED" in reason or ("HANDSHAKE_FAILURE" in reason and not facts.variable(CLIENT_CERTIFICATE)):
        return Unsecured(
            f"{where} asks for a client certificate",
            hint=f"name its file in `{CLIENT_CERTIFICATE}`, and its key's in `{CLIENT_KEY}`",
        )
    if "ALERT" in reason and facts.variable(CLIENT_CERTIFICATE):
        return Unsecured(
            f"{where} does not accept our client certificate: {_words(reason)}",
            hint=f"look at `{CLIENT_CERTIFICATE}`; it may have expired, or be for another deployment",
        )
    if "WRONG_VERSION_NUMBER" in reason or "HTTP_REQUEST" in reason:
        return Unsecured(f"{where} does not speak TLS", hint="look at the port, and whether it is an `http://` address")
    return Unsecured(f"no secure connection to {where}: {_words(reason) or 'TLS failed'}", hint=_hint(0, facts))


def _words(reason: str) -> str:
    return reason.lower().replace("_", " ")


def _unset(variable: str) -> str:
    return f"correct `{variable}`, or unset it to trust what the system trusts"


def _load(context: ssl.SSLContext, path: str, variable: str) -> None:
    import ssl

    try:
        context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise GatewayError(
            f"`{variable}` names `{path}`, which holds no certificate in PEM form", hint=_unset(variable)
        ) from None
    except OSError as error:
        raise GatewayError(
            f"`{variable}` names `{path}`, which cannot be read: {error.strerror}", hint=_unset(variable)
        ) from None


def _load_folder(context: ssl.SSLContext, folder: str) -> None:
    import ssl

    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise GatewayError(
            f"`{STORE_FOLDER}` names `{folder}`, which cannot be read: {error.strerror}", hint=_unset(STORE_FOLDER)
        ) from None
    # file by file, as Go does: OpenSSL itself looks for names that only its own `c_rehash` gives
    for name in names:
        with contextlib.suppress(ssl.SSLError, OSError):  # what is no certificate may lie there too
            context.load_verify_locations(cafile=os.path.join(folder, name))


def _show_certificate(context: ssl.SSLContext, facts: Facts) -> None:
    certificate, key = facts.variable(CLIENT_CERTIFICATE), facts.variable(CLIENT_KEY)
    if not certificate:
        if key:
            raise GatewayError(f"`{CLIENT_KEY}` is set without `{CLIENT_CERTIFICATE}`", hint="set both, or none")
        return
    import ssl

    named = f"`{CLIENT_CERTIFICATE}`" + (f" and `{CLIENT_KEY}`" if key else "")
    try:
        # with a password given OpenSSL never asks for one on the terminal
        context.load_cert_chain(certificate, key or None, password="")
    except ssl.SSLError:
        raise GatewayError(
            f"the client certificate of {named} is of no use: it is not in PEM form, or its key is not there",
            hint=f"the key belongs into `{CLIENT_KEY}`, or into the certificate's file, and has no passphrase",
        ) from None
    except OSError as error:
        raise GatewayError(f"the client certificate of {named} cannot be read: {error.strerror}") from None


def _hint(code: int, facts: Facts) -> str:
    if code in (_EXPIRED, _NOT_YET_VALID):
        return "look at the clock of this machine, or tell whoever runs the deployment"
    if code in (_WRONG_HOST, _WRONG_ADDRESS):
        return "it is the certificate of another host: look at the address"
    for variable in (STORE_FILE, STORE_FOLDER):
        if facts.variable(variable):
            return f"`{variable}` says what is trusted: add the company's certificate authority there"
    return f"add the company's certificate authority to those of the system, or name its file in `{STORE_FILE}`"
