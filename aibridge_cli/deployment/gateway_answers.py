"""What the gateway's answers mean, each told apart from the others. Pure.

The gateway is not Coder's usual interface: a token that is not accepted is a 403 in plain
text there, a missing one a 400, and a 401 is the AI provider's word about the key that the
deployment holds. Order of its checks, and its words, are those of the public sources
(`coderd/aibridged/http.go` in coder/coder, and coder/aibridge). Where words may have moved
from one version to the next, the status decides.
"""

from __future__ import annotations

import json
from typing import Any, Literal, NamedTuple

from aibridge_cli.deployment.answer import Answer, is_page, seconds_to_wait, shortened, title
from aibridge_cli.deployment.refusals import Complaint, complaint

Fault = Literal["none", "token", "request", "deployment", "provider", "network", "passing"]
"""Who can do something: nobody needs to; the owner of the token; whoever configured the client; an
administrator of the deployment, in general or about a provider's key; whoever runs the network; time."""

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_ADMINISTRATOR = "an administrator of the deployment can look into it"
_LATER = "try again later"


class Meaning(NamedTuple):
    """What an answer means.

    Args:
        code: A word that scripts may rely on, as in `token-refused`.
        fault: Who can do something about it.
        found: What it means, in words, from "the".
        fix: What to do, or "" when there is nothing to do.
        said: The answer's own words on one line, perhaps "".
    """

    code: str
    fault: Fault
    found: str
    fix: str = ""
    said: str = ""

    @property
    def good(self) -> bool:
        """Whether the request was served."""
        return self.code == "served"

    @property
    def past_the_token(self) -> bool:
        """Whether the gateway took the token, whatever became of the request."""
        return self.code in _PAST_THE_TOKEN

    @property
    def words(self) -> str:
        """What it means and what was said, in one sentence."""
        return f"{self.found}: “{self.said}”" if self.said else self.found


_PAST_THE_TOKEN = frozenset(
    (
        *("served", "over-budget", "no-such-route", "not-at-the-provider", "provider-refuses-key", "no-sockets"),
        *("provider-refuses-request", "provider-limits", "provider-unreachable", "provider-trouble"),
        *("provider-rests", "provider-disabled", "request-not-understood"),
    )
)


def meaning(answer: Answer) -> Meaning:
    """Return what an answer of the gateway means.

    Args:
        answer: What came back; its headers and body are a stranger's.
    """
    said = complaint(answer)
    words = _words(answer, said)
    if answer.status in _REDIRECTS:
        return Meaning("redirect", "network", *_FRONT, said=_target(answer))
    if is_page(answer):
        return Meaning("page", "network", *_FRONT, said=title(answer))
    if answer.status < 300:
        return Meaning("served", "none", "the gateway served it")
    found = _by_status(answer, said, words.lower())
    return found._replace(said=words)


_FRONT = (
    "something in front of the deployment answers in its place",
    "look at the address; where a sign-in of its own stands in front, set `CODER_HEADER` or `CODER_HEADER_COMMAND`",
)


def _by_status(answer: Answer, said: Complaint | None, words: str) -> Meaning:
    match answer.status:
        case 400:
            return _bad_request(words)
        case 401:
            return _unauthenticated(said)
        case 403:
            return _forbidden(said, words)
        case 404:
            return _not_found(said, words)
        case 426:
            return Meaning("no-sockets", "none", "the gateway serves no WebSockets here; clients fall back to HTTPS")
        case 429:
            return _too_often(answer, said)
        case status if status >= 500:
            return _trouble(answer, said, words)
        case status:
            return Meaning("unknown", "deployment", f"the gateway answered {status}", _ADMINISTRATOR)


def _bad_request(words: str) -> Meaning:
    if "no authentication key" in words:
        return Meaning(
            "no-token", "request", "the gateway works, and no token was sent", "look at how the client sends its token"
        )
    return Meaning(
        "provider-refuses-request",
        "request",
        "the AI provider did not understand the request",
        "look at the model and at the client's version",
    )


def _unauthenticated(said: Complaint | None) -> Meaning:
    if said is not None:
        return Meaning("token-refused", "token", "the deployment does not accept the token", "run `aibridge login`")
    return Meaning(
        "provider-refuses-key",
        "provider",
        "the AI provider refuses the key that the deployment holds; your Coder token is fine",
        "an administrator of the deployment must look at the provider's key",
    )


def _forbidden(said: Complaint | None, words: str) -> Meaning:
    if "premium feature" in words or "contact sales" in words:
        return Meaning(
            "unlicensed", "deployment", "the deployment's licence does not include the gateway", _ADMINISTRATOR
        )
    if "bring your own key" in words or "byok" in words:
        return Meaning(
            "own-key-refused",
            "request",
            "the request carries a provider's key of its own, which the deployment does not allow",
            "take `X-Coder-AI-Governance-Token` out of the client's headers, or ask an administrator",
        )
    if "budget" in words:
        return Meaning(
            "over-budget",
            "deployment",
            "your budget for AI is spent",
            "an administrator of the deployment can raise it",
        )
    if said is None and words.startswith("unauthorized"):
        return Meaning(
            "token-refused",
            "token",
            "the gateway does not accept the token: it has expired, was revoked, or is no Coder token",
            "run `aibridge login`",
        )
    return Meaning("forbidden", "deployment", "the request is not allowed", _ADMINISTRATOR)


def _not_found(said: Complaint | None, words: str) -> Meaning:
    if "not mounted" in words:
        return Meaning(
            "not-enabled",
            "deployment",
            "the gateway is licensed, but not switched on",
            "an administrator sets `CODER_AI_GATEWAY_ENABLED` (`CODER_AIBRIDGE_ENABLED` in older versions)",
        )
    if said is None and "route not supported" in words:
        return Meaning(
            "no-such-route",
            "request",
            "the gateway has no provider of that name, or the provider serves no such path",
            "`aibridge models` finds the names; `aibridge configure CLIENT --provider-name WIRE=NAME` uses one",
        )
    if said is not None:
        return Meaning(
            "no-such-prefix",
            "deployment",
            "the deployment serves no gateway under this path: it is too old, or without the feature",
            "`--gateway-path` of `aibridge configure` names the other path",
        )
    return Meaning(
        "not-at-the-provider",
        "request",
        "the AI provider knows no such model or path",
        "`aibridge models` lists the models",
    )


def _too_often(answer: Answer, said: Complaint | None) -> Meaning:
    seconds = seconds_to_wait(answer)
    fix = f"try again in {seconds:.0f} s" if seconds else "try again in a minute"
    if said is not None:
        return Meaning("rate-limited", "passing", "the deployment limits how often it is asked", fix)
    return Meaning("provider-limits", "passing", "the AI provider limits how often it is asked", fix)


def _trouble(answer: Answer, said: Complaint | None, words: str) -> Meaning:
    seconds = seconds_to_wait(answer)
    later = f"try again in {seconds:.0f} s" if seconds else _LATER
    if "provider_disabled" in words:  # https://github.com/coder/coder/pull/25794
        return Meaning(
            "provider-disabled",
            "provider",
            "an administrator of the deployment switched this AI provider off",
            "ask for it to be switched on; `aibridge models` lists the others, and "
            "`aibridge configure CLIENT --provider-name WIRE=NAME` uses one",
        )
    if "circuit breaker" in words:
        return Meaning(
            "provider-rests", "passing", "the AI provider failed too often, and the deployment lets it rest", later
        )
    if "could not connect to coderd" in words:
        return Meaning(
            "control-plane-unreachable", "deployment", "the gateway does not reach its deployment", _ADMINISTRATOR
        )
    if "failed to create" in words:
        return Meaning("request-not-understood", "request", "the gateway could not read the request's body")
    if "upstream proxy error" in words or "invalid provider base url" in words:
        return Meaning(
            "provider-unreachable", "provider", "the deployment does not reach the AI provider", _ADMINISTRATOR
        )
    if answer.status == 503 and (said is not None or "capacity" in words):
        return Meaning("at-capacity", "passing", "the gateway serves as many requests as it can", later)
    if _is_provider_error(answer):
        return Meaning("provider-trouble", "passing", "the AI provider has trouble of its own", later)
    return Meaning("deployment-trouble", "deployment", "the deployment has trouble of its own", _ADMINISTRATOR)


def _is_provider_error(answer: Answer) -> bool:
    body = _object(answer)
    return isinstance(body.get("error"), dict)


def _object(answer: Answer) -> dict[str, Any]:
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _words(answer: Answer, said: Complaint | None) -> str:
    """Return what the answer says itself: Coder's shape, a provider's, or plain text."""
    if said is not None:
        return said.words
    error = _object(answer).get("error")
    if isinstance(error, dict) and isinstance(error.get("message"), str):
        return shortened(error["message"])
    return shortened(answer.text(), 200)


def _target(answer: Answer) -> str:
    # the query is where sign-ins keep what is nobody's business
    return shortened(answer.headers.get("location", "").partition("?")[0])
