"""Whether programs on Node trust the deployment's certificate, as most clients are.

Node brings Mozilla's list of authorities along and looks into neither the system's store
nor `SSL_CERT_FILE`, unless it is told to: `NODE_EXTRA_CA_CERTS` adds a file,
`--use-system-ca` (or `NODE_USE_SYSTEM_CA=1`) the system's store, and `--use-openssl-ca` has
it read `SSL_CERT_FILE` and `SSL_CERT_DIR` as others do (Node's documentation of its command
line). certifi is the same list as Mozilla's.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aibridge_cli.deployment.api import ask_for_build
from aibridge_cli.deployment.http import Client
from aibridge_cli.deployment.trust import EXTRA_AUTHORITY, STORE_FILE, STORE_FOLDER, Unsecured
from aibridge_cli.diagnosis.case import PROBE
from aibridge_cli.errors import GatewayError
from aibridge_cli.facts import with_variables

if TYPE_CHECKING:
    from aibridge_cli.diagnosis.case import Case
    from aibridge_cli.facts import Facts

CHECK = "deployment.node-trust"
EXTRA = "NODE_EXTRA_CA_CERTS"
_LOOKED_AT = f"the certificate, as Node sees it: its own list of authorities and `{EXTRA}`"


def node_trust(case: Case) -> None:
    """Ask the deployment as a program on Node would."""
    facts = case.facts
    if not case.deployment.startswith("https:"):
        return
    extra = facts.variable(EXTRA)
    if extra and not os.access(extra, os.R_OK):
        case.add(
            CHECK,
            "problem",
            _LOOKED_AT,
            f"`{EXTRA}` names `{extra}`, which cannot be read; Node passes it over with a warning",
            f"name a file in `{EXTRA}` that can be read",
        )
        return
    try:
        with Client(_as_node(facts), case.deployment, limits=PROBE) as client:
            ask_for_build(client)
    except Unsecured as error:
        case.add(
            CHECK,
            "problem",
            _LOOKED_AT,
            f"we trust the certificate{_how(facts)}, and programs on Node do not: {error.message}",
            _fix(facts),
        )
    except GatewayError as error:
        if extra and EXTRA_AUTHORITY in error.message:
            found = f"`{EXTRA}` names `{extra}`, which holds no certificate in PEM form"
            case.add(CHECK, "problem", _LOOKED_AT, found, f"correct `{EXTRA}`")
        else:
            case.skip(CHECK, f"the deployment did not answer a second time: {error.message}")
    else:
        case.add(CHECK, "ok", _LOOKED_AT, "programs on Node trust it")


def _as_node(facts: Facts) -> Facts:
    """Return facts under which our own connections trust what Node would."""
    import certifi

    options = facts.variable("NODE_OPTIONS").split()
    extra = {EXTRA_AUTHORITY: facts.variable(EXTRA)}
    if "--use-openssl-ca" in options:
        return with_variables(facts, **extra)
    if "--use-system-ca" in options or facts.variable("NODE_USE_SYSTEM_CA") == "1":
        return with_variables(facts, **{STORE_FILE: "", STORE_FOLDER: ""}, **extra)
    return with_variables(facts, **{STORE_FILE: certifi.where(), STORE_FOLDER: ""}, **extra)


def _how(facts: Facts) -> str:
    for variable in (STORE_FILE, STORE_FOLDER, EXTRA_AUTHORITY):
        if facts.variable(variable):
            return f" by `{variable}`"
    return " by the system's store"


def _fix(facts: Facts) -> str:
    file = facts.variable(EXTRA_AUTHORITY) or facts.variable(STORE_FILE)
    if file:
        return f'`export {EXTRA}="{file}"`, where each client is started'
    return f"put the company's certificate authority into a file, and name it in `{EXTRA}` where clients are started"
