"""The record that `aibridge login` makes: one small file for each deployment.

::

    aibridge sign-in 1
    url<TAB>https://coder.example.com
    store<TAB>file
    token<TAB>...                 only where the store is this file
    ...

Lines, not JSON, because `aibridge token` reads it, and one file, so that a token and what
is known about it change together.
"""

from __future__ import annotations

import os

from aibridge_cli import folders
from aibridge_cli.credentials.reading import read_line
from aibridge_cli.credentials.token import check_token
from aibridge_cli.errors import CredentialRefused, FileProblem
from aibridge_cli.own_files import forget, keep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts
    from aibridge_cli.secret import Secret

_FIRST_LINE = "aibridge sign-in 1"
_TEXTS = ("url", "store", "key", "name", "user")
_NUMBERS = ("created", "expires", "lifetime", "renew")
_HINT = "run `aibridge login` again; the file may be removed"

KEYCHAIN = "keyring"
FILE = "file"
NOWHERE = "none"


class SignIn:
    """What is known about our own session with a deployment.

    Args:
        url: The deployment's origin.
        store: Where the token is, `file` (in the record itself) or `keyring`.
        token: The token, or None when the keyring has it.
        key: The token's public half, by which the deployment knows it.
        name: What the token is called there; "" for the session of a browser.
        minted: Whether `aibridge` made it, and so may renew and revoke it.
        user: The user's name there.
        created: When the token was made, in seconds since 1970, or 0.
        expires: When it stops working, or 0 when that is not known.
        lifetime: For how long it was made, in seconds.
        renew: When to see to a new one, or 0 for never.
        earlier: Tokens that we made and that were replaced, by key.
    """

    __slots__ = (
        "created",
        "earlier",
        "expires",
        "key",
        "lifetime",
        "minted",
        "name",
        "renew",
        "store",
        "token",
        "url",
        "user",
    )

    def __init__(
        self,
        *,
        url: str,
        store: str = FILE,
        token: Secret | None = None,
        key: str = "",
        name: str = "",
        minted: bool = False,
        user: str = "",
        created: int = 0,
        expires: int = 0,
        lifetime: int = 0,
        renew: int = 0,
        earlier: tuple[str, ...] = (),
    ) -> None:
        self.url = url
        self.store = store
        self.token = token
        self.key = key
        self.name = name
        self.minted = minted
        self.user = user
        self.created = created
        self.expires = expires
        self.lifetime = lifetime
        self.renew = renew
        self.earlier = earlier


def sign_in_of(facts: Facts, origin: str) -> SignIn | None:
    """Return our record for a deployment, or None when there is none.

    Raises:
        AibridgeError: There is no home folder.
        FileProblem: It cannot be read, or is not what we wrote.
    """
    path = folders.sign_in_file(facts, origin)
    text = read_line(path)
    if not text:
        return None
    record = _parse(text, path)
    if record.url != origin:
        raise FileProblem(path, f"is about `{record.url}`, not `{origin}`", hint=_HINT)
    return record


def sign_ins(facts: Facts) -> tuple[tuple[SignIn, ...], tuple[FileProblem, ...]]:
    """Return every record in the order of file names, and the problems of those that are broken."""
    folder = folders.sign_ins_folder(facts)
    try:
        names = sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        names = []
    except OSError as error:
        return (), (FileProblem(folder, f"cannot be read: {error.strerror}"),)
    records, problems = [], []
    for name in names:
        if name.endswith("~"):  # what a crash left
            continue
        path = os.path.join(folder, name)
        try:
            records.append(_parse(read_line(path), path))
        except FileProblem as problem:
            problems.append(problem)
    return tuple(records), tuple(problems)


def write_sign_in(facts: Facts, record: SignIn) -> None:
    """Write a record; the caller holds `lock_file`.

    Raises:
        FileProblem: It cannot be written; the earlier one is as it was.
    """
    lines = [_FIRST_LINE]
    lines += [f"{name}\t{_one_line(str(getattr(record, name)))}" for name in (*_TEXTS, *_NUMBERS)]
    lines.append(f"minted\t{'yes' if record.minted else 'no'}")
    lines.append(f"earlier\t{' '.join(record.earlier)}")
    if record.token is not None:
        lines.append(f"token\t{record.token.reveal()}")
    keep(folders.sign_in_file(facts, record.url), "\n".join(lines) + "\n")


def forget_sign_in(facts: Facts, origin: str) -> bool:
    """Remove a record and tell whether there was one; the caller holds `lock_file`."""
    return forget(folders.sign_in_file(facts, origin))


def lock_file(facts: Facts) -> str:
    """Return the path of the lock that is held while sign-ins change."""
    return folders.sign_ins_folder(facts) + ".lock"


def _one_line(text: str) -> str:
    # names come from the deployment, which must not be able to add lines of its own
    return "".join([character for character in text if character.isprintable()])


def _parse(text: str, path: str) -> SignIn:
    first, *lines = text.splitlines() or [""]
    if first != _FIRST_LINE:
        raise FileProblem(path, "is not a record of `aibridge login`, or a later version's", hint=_HINT)
    found = {}
    for line in lines:
        name, _, value = line.partition("\t")
        found[name] = value
    texts = {name: found.get(name, "") for name in _TEXTS}
    numbers = {}
    for name in _NUMBERS:
        value = found.get(name, "0")
        if not (value.isascii() and value.isdigit() and len(value) < 16):
            raise FileProblem(path, f"has a `{name}` that is no number", hint=_HINT)
        numbers[name] = int(value)
    if not texts["url"] or texts["store"] not in (FILE, KEYCHAIN):
        raise FileProblem(path, "has no `url` or no `store`", hint=_HINT)
    try:
        token = check_token(found["token"]) if "token" in found else None
    except CredentialRefused as refused:
        raise FileProblem(path, f"cannot be used: {refused.message}", hint=_HINT) from None
    if (token is None) != (texts["store"] == KEYCHAIN):
        raise FileProblem(path, "has no token, or one that belongs into the keyring", hint=_HINT)
    return SignIn(
        url=texts["url"],
        store=texts["store"],
        token=token,
        key=texts["key"],
        name=texts["name"],
        user=texts["user"],
        created=numbers["created"],
        expires=numbers["expires"],
        lifetime=numbers["lifetime"],
        renew=numbers["renew"],
        minted=found.get("minted") == "yes",
        earlier=tuple(found.get("earlier", "").split()),
    )
