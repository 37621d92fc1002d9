"""Entries of the keychain that other programs look up, each by the attributes of its own.

On Linux the Secret Service knows an entry by any attributes. The keychains of macOS and
Windows know the library's `service` and `username`; what other programs keep there in
another form is not written.
"""

from __future__ import annotations

from aibridge_cli.keychains.unavailable import Unavailable
from aibridge_cli.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aibridge_cli.facts import Facts

_EVERYWHERE = {"service", "username"}


class Entries:
    """The keychain of this machine.

    Args:
        facts: Where we run.
    """

    __slots__ = ("_facts",)

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def read(self, attributes: Mapping[str, str]) -> Secret | None:
        """Return what the entry with these attributes holds, or None when there is none.

        Raises:
            Unavailable: No keychain answers within its limit and without a prompt.
        """
        if self._facts.platform == "linux":
            from aibridge_cli.keychains import secret_service

            found = secret_service.read_attributes(self._facts, attributes)
        else:
            from aibridge_cli.keychains import library

            found = library.read(*_names(attributes))
        return None if found is None else Secret(found)

    def write(self, attributes: Mapping[str, str], label: str, secret: Secret) -> None:
        """Make the entry with these attributes, or give it another secret.

        Args:
            attributes: Those of the entry.
            label: What the keychain's own window calls a new entry; only the Secret Service
                has such a thing.
            secret: What it holds.

        Raises:
            Unavailable: No keychain took it within its limit and without a prompt.
        """
        if self._facts.platform == "linux":
            from aibridge_cli.keychains import secret_service

            secret_service.write_attributes(self._facts, attributes, label, secret)
            return
        from aibridge_cli.keychains import library

        library.write(*_names(attributes), secret)

    def delete(self, attributes: Mapping[str, str]) -> None:
        """Delete the entry with these attributes, if there is one.

        Raises:
            Unavailable: No keychain answers within its limit and without a prompt.
        """
        if self._facts.platform == "linux":
            from aibridge_cli.keychains import secret_service

            secret_service.delete_attributes(self._facts, attributes)
            return
        from aibridge_cli.keychains import library

        library.delete(*_names(attributes))

    def refusal(self, attributes: Sequence[Mapping[str, str]]) -> str:
        """Return "" when entries of this kind can be written here, else the reason; writes nothing.

        Args:
            attributes: Those of each entry; only their names count.
        """
        try:
            if self._facts.platform == "linux":
                from aibridge_cli.keychains import secret_service

                secret_service.check_writable(self._facts)
            else:
                from aibridge_cli.keychains import library

                for each in attributes:
                    _names(each)
                library.check_writable()
        except Unavailable as error:
            return error.message
        return ""


def _names(attributes: Mapping[str, str]) -> tuple[str, str]:
    if attributes.keys() != _EVERYWHERE:
        raise Unavailable("its entries have another form on this system than `aibridge` can write")
    return attributes["service"], attributes["username"]
