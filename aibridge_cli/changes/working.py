"""One file while a run is being planned: as found, as the user has it, as it will be.

Pure: everything was read before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from aibridge_cli.changes.snapshot import Snapshot, digest
from aibridge_cli.changes.state import Claim, FileState
from aibridge_cli.changes.takeback import shows_traces, take_back
from aibridge_cli.documents.editing import document_format
from aibridge_cli.documents.encoding import Decoded, decode
from aibridge_cli.errors import DocumentError

Images = Callable[[str], bytes]
"""Gives the bytes of a kept copy by its hash."""


@dataclass(slots=True, eq=False, repr=False)
class Working:
    """A file of a client during planning.

    Args:
        snapshot: The file as found.
        format: Its document format.
        entry: What we own in it so far, or None.
        images: Kept copies.
        text: Its text so far.
        claims: What is ours in it so far.
        untouched: Whether it is byte for byte as we left it.
        user: The user's own version: the bytes without anything of ours, or None for no file.
        stayed: Keys of ours that were changed since and so were left alone.
        gone: Lists out of which an object of ours went although it was edited since.
        elsewhere: Keys at which somebody else's edit put what holds the token.
    """

    snapshot: Snapshot
    format: str
    entry: FileState | None
    images: Images
    text: str = ""
    claims: tuple[Claim, ...] = ()
    untouched: bool = False
    user: bytes | None = None
    stayed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    clothes: Decoded = field(default_factory=lambda: Decoded(""))

    @property
    def secret(self) -> bool:
        """Whether the token may stand in it: something of ours that holds it does."""
        return any(claim.secret for claim in self.claims)

    @classmethod
    def begin(cls, snapshot: Snapshot, format_name: str, entry: FileState | None, images: Images) -> Working:
        """Return the file as found, ready to be changed.

        Raises:
            FileProblem: Its text cannot be understood.
        """
        self = cls(snapshot, format_name, entry, images)
        content = snapshot.content
        try:
            if content is not None:
                self.clothes = decode(content)
                self.text = self.clothes.text
                document_format(format_name).load(self.text)
            if entry is None or content is None:
                self.user = content
                return self
            self.claims = entry.claims
            self.untouched = digest(content) == entry.left
            if not self.untouched and not shows_traces(document_format(format_name).load(self.text), entry.claims):
                # what we once took out has no place in a file that was written anew
                self.claims = tuple(claim for claim in entry.claims if claim.kind != "removed")
            self.user = self._user_version(entry)
        except DocumentError as problem:
            raise replace_hint(problem, entry).at(snapshot.path) from None
        return self

    def _user_version(self, entry: FileState) -> bytes | None:
        if self.untouched:
            return self.images(entry.original) if entry.original else None
        theirs = take_back(self.format, self.text, self.claims, self.image_text).text
        return None if not entry.original and self.is_shell(theirs) else self.clothes.encode(theirs)

    def image_text(self, name: str) -> str:
        """Return the text of a kept copy."""
        return decode(self.images(name)).text

    def is_shell(self, text: str) -> bool:
        """Tell whether a text holds nothing: no data and no comments."""
        format_ = document_format(self.format)
        return not format_.load(text) and not format_.remarks(text)

    def user_text(self) -> str:
        """Return the user's own version as text; "" when there was no file."""
        return "" if self.user is None else decode(self.user).text

    def release(self, claims: tuple[Claim, ...], others: tuple[Claim, ...]) -> None:
        """Take the claims out of the text; `others` stay."""
        if not claims:
            return
        taken = take_back(self.format, self.text, claims, self.image_text, others)
        self.text = taken.text
        self.stayed.extend(taken.stayed)
        self.gone.extend(taken.gone)
        self.elsewhere.extend(taken.elsewhere)
        self.claims = others

    def after(self) -> bytes | None:
        """Return the bytes that the file shall have, or None when it shall go."""
        if self.claims or self.entry is None:
            return self.clothes.encode(self.text)
        gone = not self.entry.original and (self.untouched or self.is_shell(self.text))
        if gone and self.snapshot.link:  # the user's link shall not be left to lead nowhere
            return self.clothes.encode(self.text)
        if gone:
            return None
        return self.user if self.untouched else self.clothes.encode(self.text)

    def mode(self) -> int | None:
        """Return the permission bits that the file shall have, or None for a new file's usual ones."""
        found = self.snapshot.mode
        if found is None:
            return 0o600 if self.secret else None
        if self.secret:
            return found & 0o700
        tightened = self.entry is not None and self.entry.secret and self.entry.left_mode == found
        if tightened and not self.elsewhere and self.entry is not None and self.entry.original_mode is not None:
            return self.entry.original_mode
        return found

    def settled(self, left: bytes, mode: int | None) -> FileState | None:
        """Return what we own in the file after the run, or None when nothing is ours."""
        if not self.claims:
            return None
        original = "" if self.user is None else digest(self.user)
        if self.entry is not None and self.snapshot.content is not None:
            entry = self.entry
            if self.secret and not entry.secret:  # the user may have changed the permissions since
                entry = entry._replace(original_mode=self.snapshot.mode)
        else:
            missing = self.snapshot.missing_folders
            made = () if self.entry is None else self.entry.folders
            entry = FileState(
                path=self.snapshot.path,
                format=self.format,
                left="",
                left_mode=0,
                original=original,
                original_mode=self.snapshot.mode,
                folders=(*(folder for folder in made if folder not in missing), *missing),
            )
        return entry._replace(
            left=digest(left),
            left_mode=mode if self.secret and mode is not None else 0,
            original=original,
            claims=self.claims,
            secret=self.secret,
        )


def replace_hint(problem: DocumentError, entry: FileState | None) -> DocumentError:
    """Return the same problem; for a file that we once changed the hint names the kept copy."""
    if entry is None or not entry.original:
        return problem
    return DocumentError(
        problem.message,
        line=problem.line,
        column=problem.column,
        hint=f"mend it first; as it was before us it is kept as `images/{entry.original}` in the state folder",
    )
