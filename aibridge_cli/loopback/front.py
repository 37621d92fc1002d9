"""What stands in front of a deployment: sign-ins, load balancers, and what breaks between here and there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibridge_cli.loopback.messages import NoReply, Reply, Request, page
from aibridge_cli.loopback.settings import Fault, Settings

if TYPE_CHECKING:
    from threading import Event


def answer(request: Request, settings: Settings, stopping: Event) -> Reply | None:
    """Answer in the place of the deployment, or return None to let the request through.

    Args:
        request: The request.
        settings: How the deployment behaves.
        stopping: Set when the deployment stops.

    Raises:
        NoReply: The connection is to be closed without an answer.
    """
    faults = settings.faults
    if Fault.SERVER_DISCONNECTS in faults:
        raise NoReply
    if Fault.SILENT in faults:
        stopping.wait()
        raise NoReply
    if settings.delay and stopping.wait(settings.delay):
        raise NoReply
    if Fault.UNAVAILABLE in faults:
        return page(503, "503 Service Temporarily Unavailable", Retry_After=str(settings.retry_after))
    if Fault.SIGN_IN_REDIRECT in faults:
        return page(302, "Found", Location=settings.sign_in_url)
    if Fault.SIGN_IN_PAGE in faults:
        return page(200, "Sign in - Example &amp; Co")
    if settings.required_header is not None:
        name, value = settings.required_header
        if request.header(name.lower()) != value:
            return page(403, "Access denied")
    return None
