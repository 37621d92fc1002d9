"""What an answer that is no success means, in the words of the deployment.

Coder's errors are JSON with `message`, and perhaps `detail` and `validations` (`codersdk`,
`Response`); the gateway's are plain text; what stands in front of a deployment sends pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aibridge_cli.deployment.answer import is_page, seconds_to_wait, shortened, title
from aibridge_cli.errors import AibridgeError, GatewayError, TokenRejected

if TYPE_CHECKING:
    from aibridge_cli.deployment.http import Answer, Client

_SIGNED_OUT = ("you are signed out", "unauthorized", "api key", "could not refresh expired oauth token")
"""How a 403 begins that is about the token and not about what its owner may do."""


class Complaint(NamedTuple):
    """An error in the shape of Coder's API.

    Args:
        message: What happened.
        detail: More of it, or "".
        fields: Names of what was asked to what is wrong with it.
    """

    message: str
    detail: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """All of it on one line."""
        said = [self.message, self.detail, *(f"{field}: {detail}" for field, detail in self.fields)]
        return shortened("; ".join(part.rstrip(". ") for part in said if part))


def complaint(answer: Answer) -> Complaint | None:
    """Return the error in the shape of Coder's API that the answer is, or None when it is something else."""
    try:
        body: Any = answer.json()
    except GatewayError:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        return None
    validations = body.get("validations")
    fields = tuple(
        (str(item.get("field", "")), str(item.get("detail", "")))
        for item in (validations if isinstance(validations, list) else [])
        if isinstance(item, dict)
    )
    detail = body.get("detail")
    return Complaint(body["message"], detail if isinstance(detail, str) else "", fields)


def refusal(client: Client, answer: Answer) -> AibridgeError:
    """Return the error for an answer that is no success.

    Args:
        client: Who got it; it knows what may not be shown.
        answer: What came back.
    """
    origin, status = client.origin, answer.status
    said = complaint(answer)
    words = client.masked(said.words if said else _plain(answer))
    because = f": {words}" if words else ""
    if _about_the_token(status, answer, said):
        return TokenRejected(
            f"`{origin}` does not accept the token{because}", hint=f"run `aibridge login {origin}` to sign in again"
        )
    if status == 429:
        seconds = seconds_to_wait(answer)
        hint = f"try again in {seconds:.0f} s" if seconds else "try again in a minute"
        return GatewayError(f"`{origin}` limits how often it is asked{because}", hint=hint)
    if status == 403 and said is None:
        return GatewayError(
            f"something in front of `{origin}` refuses the request (403){because}",
            hint="set `CODER_HEADER` or `CODER_HEADER_COMMAND` to what lets programs through",
        )
    if status == 403:
        return GatewayError(f"`{origin}` does not allow this{because}", hint="an administrator of the deployment can")
    if status >= 500:
        return GatewayError(
            f"`{origin}` has trouble of its own ({status}){because}",
            hint="try again later, or tell whoever runs the deployment",
        )
    if status == 404 and said is None:
        return GatewayError(f"`{origin}` is not a Coder deployment{because}", hint="look at the address")
    return GatewayError(f"`{answer.url}` answered {status}{because}")


def _about_the_token(status: int, answer: Answer, said: Complaint | None) -> bool:
    if status == 401:
        # a page is of something in front, which wants a sign-in of its own
        return said is not None or not is_page(answer)
    text = said.message if said else answer.text()
    return status == 403 and text.strip().lower().startswith(_SIGNED_OUT)


def _plain(answer: Answer) -> str:
    if is_page(answer):
        called = title(answer)
        return f"a page called “{called}”" if called else "a web page"
    return shortened(answer.text(), 200)
