"""All checks, from the deployment to the client, so that the first problem is the cause of the later ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.diagnosis.client_checks import check_client
from aibridge_cli.diagnosis.deployment_checks import check_deployment
from aibridge_cli.diagnosis.provider_checks import check_providers
from aibridge_cli.diagnosis.token_checks import check_token_in_use

if TYPE_CHECKING:
    from aibridge_cli.diagnosis.case import Case


def examine(case: Case, *, send: bool = False, with_client: bool = False) -> None:
    """Do all checks; what they find is in the case.

    Args:
        case: A new one.
        send: Whether models are asked, at the price of a token of output each.
        with_client: Whether the clients themselves are run.
    """
    check_deployment(case)
    check_token_in_use(case)
    check_providers(case)
    _other_side(case)
    for profile in case.profiles:
        if not case.origin:
            case.skip("client.configured", "no deployment is known", subject=profile.id)
        else:
            check_client(case, profile, send=send, with_client=with_client)


def _other_side(case: Case) -> None:
    """Say which clients are out of reach where Linux runs inside Windows.

    The variable is set by the Windows Subsystem for Linux (https://learn.microsoft.com/windows/wsl).
    """
    distribution = case.facts.variable("WSL_DISTRO_NAME")
    if case.facts.platform == "linux" and distribution:
        case.add(
            "machine.wsl",
            "note",
            "`WSL_DISTRO_NAME`",
            f"this is `{distribution}` inside Windows, whose own clients read files there, which nothing here writes",
            "install `aibridge` on Windows too, and configure those clients there",
        )
