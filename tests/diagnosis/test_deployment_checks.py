from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from aibridge_cli.changes.state import State
from aibridge_cli.diagnosis.case import Case
from aibridge_cli.diagnosis.deployment_checks import check_deployment
from aibridge_cli.diagnosis.finding import Finding
from aibridge_cli.loopback import Deployment
from tests.conftest import MakeFacts


def examined(facts: Any, **more: Any) -> dict[str, Finding]:
    case = Case(facts, State(), (), **more)
    check_deployment(case)
    return {finding.check: finding for finding in case.findings}


@pytest.fixture(name="authority", scope="module")
def company_authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, str]:
    """A company's certificate authority, and the file with its certificate."""
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("company") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return authority, str(path)


@pytest.fixture(name="secured")
def secured_deployment(authority: tuple[trustme.CA, str]) -> Iterator[Deployment]:
    """A deployment with a certificate of the company's authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("127.0.0.1").configure_cert(context)
    with Deployment(tls=context) as deployment:
        yield deployment


def test_a_certificate_that_we_trust_and_node_does_not(
    secured: Deployment, authority: tuple[trustme.CA, str], make_facts: MakeFacts
) -> None:
    """`SSL_CERT_FILE` helps us and not Node; the fix names the same file for Node, and it works."""
    environ = {"CODER_URL": secured.url, "SSL_CERT_FILE": authority[1]}

    found = examined(make_facts(environ=environ))

    assert found["deployment.reachable"].level == "ok"
    trust = found["deployment.node-trust"]
    assert trust.level == "problem"
    assert trust.found.startswith("we trust the certificate by `SSL_CERT_FILE`, and programs on Node do not: ")
    assert trust.fix == f'`export NODE_EXTRA_CA_CERTS="{authority[1]}"`, where each client is started'
    fixed = examined(make_facts(environ={**environ, "NODE_EXTRA_CA_CERTS": authority[1]}))
    assert fixed["deployment.node-trust"].level == "ok"


@pytest.mark.parametrize(
    ("variables", "level"),
    [
        ({"NODE_OPTIONS": "--max-old-space-size=4096 --use-openssl-ca"}, "ok"),
        # the system's store has not got it either: only a variable made us trust it
        ({"NODE_OPTIONS": "--use-system-ca"}, "problem"),
        ({"NODE_USE_SYSTEM_CA": "1"}, "problem"),
        ({"NODE_USE_SYSTEM_CA": "0"}, "problem"),
    ],
)
def test_what_node_can_be_told(
    variables: dict[str, str],
    level: str,
    secured: Deployment,
    authority: tuple[trustme.CA, str],
    make_facts: MakeFacts,
) -> None:
    """Node's own switches count as Node counts them."""
    environ = {"CODER_URL": secured.url, "SSL_CERT_FILE": authority[1], **variables}

    assert examined(make_facts(environ=environ))["deployment.node-trust"].level == level


def test_a_file_for_node_that_is_of_no_use(
    secured: Deployment, authority: tuple[trustme.CA, str], make_facts: MakeFacts, tmp_path: Path
) -> None:
    """One that is not there, which Node passes over, and one without a certificate are told apart."""
    environ = {"CODER_URL": secured.url, "SSL_CERT_FILE": authority[1]}
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing\n")

    gone = examined(make_facts(environ={**environ, "NODE_EXTRA_CA_CERTS": str(tmp_path / "gone.pem")}))
    useless = examined(make_facts(environ={**environ, "NODE_EXTRA_CA_CERTS": str(empty)}))

    assert "cannot be read; Node passes it over" in gone["deployment.node-trust"].found
    assert "holds no certificate in PEM form" in useless["deployment.node-trust"].found


def test_a_certificate_that_nobody_trusts(secured: Deployment, make_facts: MakeFacts) -> None:
    """Then we do not get there either, and that is the first cause."""
    found = examined(make_facts(environ={"CODER_URL": secured.url}))

    assert found["deployment.reachable"].level == "problem"
    assert "is not trusted" in found["deployment.reachable"].found
    assert found["gateway.ready"].level == "skipped"
    assert "deployment.node-trust" not in found


@pytest.mark.parametrize(("seconds", "said"), [(600, "10 min ahead of"), (-600, "10 min behind")])
def test_clocks_that_differ(seconds: int, said: str, deployment: Deployment, make_facts: MakeFacts) -> None:
    """A clock that is wrong makes tokens seem to end at other times."""
    facts = make_facts(environ={"CODER_URL": deployment.url})

    found = examined(facts, clock=lambda: time.time() + seconds)

    assert found["deployment.clock"].level == "problem"
    assert said in found["deployment.clock"].found
    assert examined(facts)["deployment.clock"].level == "ok"


def test_a_proxy_that_is_no_proxy(make_facts: MakeFacts) -> None:
    """It is told before anything is asked, and without what stands in the variable."""
    environ = {"CODER_URL": "https://coder.example.com", "HTTPS_PROXY": "ftp://user:hidden@proxy"}

    found = examined(make_facts(environ=environ))

    assert found["deployment.reachable"].level == "problem"
    assert "`HTTPS_PROXY` names a kind of proxy that cannot be used" in found["deployment.reachable"].found
    assert "hidden" not in str(found)


@pytest.mark.parametrize(
    ("environ", "level", "said"),
    [
        ({}, "ok", "it is reached directly"),
        ({"HTTPS_PROXY": "http://u:hidden@proxy.example.com:8080"}, "ok", "through `http://proxy.example.com:8080`"),
        ({"ALL_PROXY": "http://proxy.example.com:8080"}, "note", "many clients know `HTTPS_PROXY`"),
        ({"HTTPS_PROXY": "socks5://proxy.example.com:1080"}, "note", "many clients know `HTTPS_PROXY`"),
        ({"ALL_PROXY": "http://proxy.example.com", "NO_PROXY": ".example.org"}, "ok", "it is reached directly"),
    ],
)
def test_proxies_that_not_every_client_knows(
    environ: dict[str, str], level: str, said: str, make_facts: MakeFacts
) -> None:
    """What only some programs honour is worth a note, without the password in it."""
    from aibridge_cli.credentials.found import FoundURL
    from aibridge_cli.diagnosis.deployment_checks import _proxy

    case = Case(make_facts(environ=environ), State(), ())
    case.origin = FoundURL("https://coder.example.org", "`--url`")
    _proxy(case)

    assert case.findings[0].level == level
    assert said in case.findings[0].found
    assert "hidden" not in str(case.findings)
