"""One request by a client's own wire, from the address in its file, with the token it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aibridge_cli.clients.placeholders import fill, names
from aibridge_cli.deployment.gateway_answers import Meaning, meaning
from aibridge_cli.deployment.providers import ANTHROPIC_VERSION
from aibridge_cli.deployment.urls import is_below, origin_of
from aibridge_cli.documents.operations import ABSENT, dotted
from aibridge_cli.errors import AibridgeError

if TYPE_CHECKING:
    from aibridge_cli.clients.profile import Profile, Request
    from aibridge_cli.deployment.answer import Answer
    from aibridge_cli.diagnosis.case import Case
    from aibridge_cli.diagnosis.client_files import ClientFiles
    from aibridge_cli.secret import Secret

QUESTION = [{"role": "user", "content": "hi"}]
_ENDPOINTS = ("/responses", "/chat/completions")
_SMALLEST: dict[str, dict[str, Any]] = {
    "anthropic-messages": {"max_tokens": 1, "messages": QUESTION},
    # the smallest that OpenAI takes here
    "openai-responses": {"max_output_tokens": 16, "input": "hi"},
    "openai-chat": {"max_completion_tokens": 1, "messages": QUESTION},
}


def check_address(case: Case, profile: Profile, files: ClientFiles, request: Request) -> str:
    """Return the base address in a client's file if it is the gateway's, else "" after noting what it is.

    Args:
        case: The examination.
        profile: The client.
        files: Its files.
        request: What it sends.
    """
    standing = files.at(request.base)
    if standing is None:
        case.skip("client.address", "its file has the address in an item of a list", subject=profile.id)
        return ""
    looked_at = f"`{dotted(request.base)}` in `{standing.path}`"
    addresses = case.gateway
    known = {
        "gateway.root": addresses.root,
        "gateway.openai": addresses.openai,
        "gateway.anthropic": addresses.anthropic,
        "deployment.url": case.deployment,
    }
    template = str(standing.template)
    if not set(names(template)) <= known.keys():
        case.skip("client.address", "its profile makes the address of more than the gateway's", subject=profile.id)
        return ""
    expected = fill(template, known)
    if standing.value == expected:
        case.add("client.address", "ok", looked_at, f"`{expected}`", subject=profile.id)
        return expected
    if standing.value is ABSENT:
        found = "there is no address"
    elif not isinstance(standing.value, str):
        found = "what stands there is no address"
    elif is_below(standing.value, case.deployment) or is_below(standing.value, addresses.root):
        found = f"it is `{standing.value}`, a wrong path of this deployment"
    else:
        # nothing of it but the host: an address may hold somebody's key
        found = f"it leads to `{origin_of(standing.value)}`, not to this deployment"
    case.client_repairs.add(profile.id)
    fix = f"`aibridge configure {profile.id}` writes `{expected}`"
    case.add("client.address", "problem", looked_at, found, fix, subject=profile.id, fixable=True)
    return ""


def check_request(
    case: Case, profile: Profile, request: Request, base: str, token: Secret, model: str, *, send: bool
) -> None:
    """Ask as the client asks, for something that costs nothing, or for one short answer.

    Args:
        case: The examination.
        profile: The client.
        request: What it sends.
        base: The address in its file.
        token: The token that it gets.
        model: The model that it is set to, or one that there is.
        send: Whether a model is asked, at the price of a token of output.
    """
    headers = {name: fill(value, {"token": token.reveal()}) for name, value in request.headers.items()}
    if request.wire == "anthropic-messages":
        headers |= ANTHROPIC_VERSION
    method, url, body = (
        ("POST", base + request.path, {"model": model, **_SMALLEST[request.wire]})
        if send
        else _free(request, base, model)
    )
    looked_at = f"{method} {url}, as the client sends it"
    check = "client.answer" if send else "client.request"
    try:
        with case.connect(base) as client:
            path = url.removeprefix(client.origin)
            answer: Answer
            if method == "GET":
                answer = client.get(path, headers=headers, anonymous=True)
            else:
                answer = client.post(path, body, headers=headers, anonymous=True)
            found = meaning(answer)
            found = found._replace(said=client.masked(found.said))
    except AibridgeError as error:
        case.add(check, "problem", looked_at, error.message, error.hint, subject=profile.id)
        return
    if found.code == "no-such-route":
        wire = request.wire.partition("-")[0]
        fix = (
            f"`aibridge models` finds the names; `aibridge configure {profile.id} --provider-name {wire}=NAME` uses one"
        )
        found = found._replace(fix=fix)
    _note(case, profile, check, looked_at, found)


def _note(case: Case, profile: Profile, check: str, looked_at: str, found: Meaning) -> None:
    if found.good:
        case.add(check, "ok", looked_at, "it is served", subject=profile.id)
    elif found.code == "not-at-the-provider" and check == "client.request":
        # not every provider counts tokens or lists models, and clients live without
        case.add(check, "note", looked_at, found.words, "`--send` asks for an answer", subject=profile.id)
    else:
        fix = f"run `aibridge login {case.deployment}`" if found.code == "token-refused" else found.fix
        case.add(check, "problem", looked_at, found.words, fix, subject=profile.id)


def _free(request: Request, base: str, model: str) -> tuple[str, str, dict[str, Any]]:
    """Return method, address and body of a request that no model answers."""
    if request.wire == "anthropic-messages":
        return "POST", f"{base}{request.path}/count_tokens", {"model": model, "messages": QUESTION}
    url = base + request.path
    for endpoint in _ENDPOINTS:
        url = url.removesuffix(endpoint)
    return "GET", url + "/models", {}
