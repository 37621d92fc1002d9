"""The token for a deployment, in one order, and never another deployment's."""

from __future__ import annotations

import time

from aibridge_cli import folders
from aibridge_cli.credentials import coder_files
from aibridge_cli.credentials.found import FoundToken
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.credentials.token import check_token
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.errors import AibridgeError, NotSignedIn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts


class Search:
    """What the sources need to know, and what they passed over."""

    __slots__ = ("coder_command", "facts", "notes", "origin", "renew", "typed")

    def __init__(
        self, facts: Facts, origin: str, typed: str | None = None, coder_command: str = "", *, renew: bool = False
    ) -> None:
        self.facts = facts
        self.origin = origin
        self.typed = typed
        self.coder_command = coder_command
        self.renew = renew
        self.notes: list[str] = []


def resolve_token(
    facts: Facts, deployment: str, *, typed: str | None = None, coder_command: str = "", renew: bool = False
) -> FoundToken:
    """Return the token for a deployment, from the first source that has one.

    Args:
        facts: Where we run.
        deployment: The deployment's origin.
        typed: What came on standard input, or None when that was not asked for.
        coder_command: The Coder CLI to ask, or "" for the one on `PATH`.
        renew: Whether a token of our own that is near its end is renewed, which asks the
            deployment.

    Raises:
        CredentialRefused: Standard input or `CODER_SESSION_TOKEN` holds no Coder token.
        NotSignedIn: No source has a token; the message says what was passed over.
    """
    search = Search(facts, deployment, typed, coder_command, renew=renew)
    for source in SOURCES:
        found = source(search)
        if found:
            found.notes = tuple(search.notes)
            return found
    raise NotSignedIn(
        "; ".join([f"not signed in to `{deployment}`", *dict.fromkeys(search.notes)]),
        hint=f"run `aibridge login {deployment}`, or set `CODER_URL` and `CODER_SESSION_TOKEN`, "
        "or pass a token to `aibridge configure` with `--token-stdin`",
    )


def every_token(facts: Facts, deployment: str) -> tuple[FoundToken, ...]:
    """Return the token of each source that has one for the deployment, in the order of precedence.

    What makes a source unusable is passed over; `resolve_token` says it.
    """
    search = Search(facts, deployment)
    tokens = []
    for source in SOURCES:
        try:
            found = source(search)
        except AibridgeError:
            continue
        if found:
            tokens.append(found)
    return tuple(tokens)


def _from_standard_input(search: Search) -> FoundToken | None:
    if search.typed is None:
        return None
    token = check_token(search.typed, "the token on standard input")
    return FoundToken(token, "standard input", outlives_this_shell=False)


def _from_variable(search: Search) -> FoundToken | None:
    value = search.facts.variable("CODER_SESSION_TOKEN")
    if not value:
        return None
    try:
        owner, said_by = _owner_of_variable(search.facts)
    except AibridgeError as error:
        search.notes.append(
            f"`CODER_SESSION_TOKEN` was passed over, as it may be another deployment's: {error.message}"
        )
        return None
    if owner and owner != search.origin:
        search.notes.append(f"`CODER_SESSION_TOKEN` was passed over: it belongs to `{owner}`, says {said_by}")
        return None
    token = check_token(value, "`CODER_SESSION_TOKEN`")
    if search.facts.variable("CODER_AGENT_URL"):
        from aibridge_cli.credentials.workspace import in_workspace

        if in_workspace(search.facts):
            _refresh_copies(search, value)
    return FoundToken(token, "`CODER_SESSION_TOKEN`", outlives_this_shell=False)


def _refresh_copies(search: Search, token: str) -> None:
    """Bring copies up to date that were made before this workspace was started anew.

    The owner's session token is another one after each start, says the documentation of
    Coder's Terraform provider.
    """
    from aibridge_cli.credentials.sign_in import lock_file
    from aibridge_cli.own_files import Lock, keep

    try:
        paths = [path(search.facts, search.origin) for path in (folders.session_file, folders.token_file)]
        older = [path for path in paths if read_line(path) not in ("", token)]
        if older:
            with Lock(lock_file(search.facts)) as lock:
                if lock.attempt():  # else somebody does the same just now
                    for path in older:
                        keep(path, token)
    except AibridgeError as error:
        search.notes.append(f"an older copy of the token was not refreshed: {error.message}")


def _owner_of_variable(facts: Facts) -> tuple[str, str]:
    url = facts.variable("CODER_URL")
    if url:
        return normalise(url, insecure_http=True, what="`CODER_URL`"), "`CODER_URL`"
    if facts.home or facts.variable("CODER_CONFIG_DIR"):
        origin = coder_files.coder_origin(facts)
        if origin:
            return origin, f"`{coder_files.url_file(facts)}`"
    url = facts.variable("CODER_AGENT_URL")
    if url:
        return normalise(url, insecure_http=True, what="`CODER_AGENT_URL`"), "`CODER_AGENT_URL`"
    return "", ""


def _from_own_record(search: Search) -> FoundToken | None:
    try:
        path = folders.session_file(search.facts, search.origin)
        return _from_file(path, "our own")
    except AibridgeError as error:
        search.notes.append(error.message)
        return None


def _from_sign_in(search: Search) -> FoundToken | None:
    from aibridge_cli.credentials.sign_in import KEYCHAIN, sign_in_of

    try:
        record = sign_in_of(search.facts, search.origin)
        if record is None:
            return None
        now = int(time.time())
        over = bool(record.expires) and record.expires <= now
        if search.renew and record.renew and record.renew <= now and not over:
            from aibridge_cli.credentials.renewal import renewed

            record = renewed(search.facts, record, now, search.notes)
            if record is None:
                return None
        if over:
            search.notes.append("the token of `aibridge login` has expired")
            return None
        token, source = record.token, "`aibridge login`"
        if token is None:
            from aibridge_cli.credentials.storing import from_keychain

            token, source = from_keychain(search.facts, record), f"`aibridge login`, in the {KEYCHAIN}"
    except AibridgeError as error:
        search.notes.append(error.message)
        return None
    return FoundToken(token, source, expires=record.expires, signed_in=True)


def _from_coder(search: Search) -> FoundToken | None:
    # Where the files are the Coder CLI's own store, reading them tells all that the
    # program could, and costs a hundredth. Where a keychain is, only the program knows
    # how to read it, and a session file is a left-over of some older version.
    for way in _FILES_FIRST if coder_files.files_are_the_store(search.facts) else _KEYCHAIN_FIRST:
        found = way(search)
        if found:
            return found
    return None


def _from_coder_files(search: Search) -> FoundToken | None:
    try:
        origin = coder_files.coder_origin(search.facts)
        if not origin:
            return None
        if origin != search.origin:
            search.notes.append(f"the Coder CLI is signed in to `{origin}`")
            return None
        return _from_file(coder_files.session_file(search.facts), "the Coder CLI's")
    except AibridgeError as error:
        search.notes.append(error.message)
        return None


def _from_coder_program(search: Search) -> FoundToken | None:
    from aibridge_cli.credentials.coder_program import ask_for_token, find_coder

    program = find_coder(search.facts, search.coder_command)
    if not program:
        return None
    try:
        token = check_token(ask_for_token(search.facts, program, search.origin), f"what `{program}` printed")
    except AibridgeError as error:
        search.notes.append(error.message)
        return None
    return FoundToken(token, f"`{program} login token`", program=program)


def _from_coder_keyring(search: Search) -> FoundToken | None:
    from aibridge_cli.credentials.coder_keyring import read

    try:
        text = read(search.facts, search.origin)
        if not text:
            return None
        return FoundToken(check_token(text, "the Coder CLI's token in the keyring"), "the Coder CLI's keyring entry")
    except AibridgeError as error:
        search.notes.append(error.message)
        return None


def _from_workspace(search: Search) -> FoundToken | None:
    from aibridge_cli.credentials.workspace import from_workspace

    found = from_workspace(search.facts, search.origin)
    if found is None:
        return None
    text, name = found
    return FoundToken(check_token(text, f"`{name}`"), f"`{name}`, set by the workspace", outlives_this_shell=False)


def _from_file(path: str, whose: str) -> FoundToken | None:
    text = read_line(path)
    return FoundToken(check_token(text, f"the token in `{path}`"), f"{whose} `{path}`") if text else None


_FILES_FIRST = (_from_coder_files, _from_coder_program)
_KEYCHAIN_FIRST = (_from_coder_program, _from_coder_keyring, _from_coder_files)

# The precedence: what was typed for this run, what was set for this shell, what was passed
# to `configure` and kept, our own sign-in, what the Coder CLI keeps, and in a workspace what
# its template set for other programs.
SOURCES = (_from_standard_input, _from_variable, _from_own_record, _from_sign_in, _from_coder, _from_workspace)

# What `aibridge login` tries before it asks a person.
LOGIN_SOURCES = (_from_variable, _from_own_record, _from_coder, _from_workspace, _from_sign_in)
