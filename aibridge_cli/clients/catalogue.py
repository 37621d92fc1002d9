"""Which clients there are, and from which file each one comes.

Listing reads folder names only; a profile is read when it is asked for, so that work grows
with the clients named on the command line. `aibridge env CLIENT` passes here: the loader
is imported when a profile is loaded.
"""

from __future__ import annotations

import os

from aibridge_cli.errors import FileProblem, ProfileError, UsageError
from aibridge_cli.pack_index import installed_packs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from aibridge_cli.clients.profile import Profile
    from aibridge_cli.facts import Facts

PATH_VARIABLE = "AIBRIDGE_PROFILE_PATH"


class Catalogue:
    """The profiles of some folders.

    Args:
        folders: From the weakest to the strongest: a file in a later folder replaces the
            one of the same name. An absent folder holds nothing.

    Raises:
        FileProblem: A folder cannot be listed.
    """

    __slots__ = ("_files",)

    def __init__(self, folders: Sequence[str]) -> None:
        self._files: dict[str, str] = {}
        for folder in folders:
            for name in listing(folder):
                if name.endswith(".toml") and not name.startswith("."):
                    self._files[name.removesuffix(".toml")] = os.path.join(folder, name)

    def ids(self) -> tuple[str, ...]:
        """Return every client's id, sorted."""
        return tuple(sorted(self._files))

    def file(self, client: str) -> str:
        """Return the file that describes a client.

        Args:
            client: An id or an alias. Only an alias makes other profiles be read.

        Raises:
            UsageError: There is no such client; the hint has the nearest names.
        """
        if client in self._files:
            return self._files[client]
        return self._files[self._by_alias(client)]

    def load(self, client: str) -> Profile:
        """Return a client's profile.

        Args:
            client: An id or an alias.

        Raises:
            UsageError: There is no such client; the hint has the nearest names.
            ProfileError: Its file breaks the format, or one of its aliases is taken.
            FileProblem: Its file cannot be read.
        """
        from aibridge_cli.clients.loader import load_profile

        file = self.file(client)
        profile = load_profile(read(file), file, proven=os.path.dirname(file) == shipped_folder())
        for alias in profile.aliases:
            if alias in self._files:
                raise ProfileError(file, "aliases", f"`{alias}` is the id of another client")
        return profile

    def load_all(self) -> tuple[list[Profile], list[ProfileError | FileProblem]]:
        """Return every profile that can be read, sorted by id, and what is wrong with the others."""
        profiles: list[Profile] = []
        problems: list[ProfileError | FileProblem] = []
        for client in self.ids():
            try:
                profiles.append(self.load(client))
            except (ProfileError, FileProblem) as problem:
                problems.append(problem)
        return profiles, problems

    def _by_alias(self, client: str) -> str:
        profiles, problems = self.load_all()
        owners = [profile for profile in profiles if client in profile.aliases]
        if len(owners) > 1:
            first, second = owners[0], owners[1]
            raise ProfileError(second.source, "aliases", f"`{client}` is an alias of `{first.id}` too")
        if owners:
            return owners[0].id
        raise self._unknown(client, profiles, problems)

    def _unknown(
        self, client: str, profiles: Sequence[Profile], problems: Sequence[ProfileError | FileProblem]
    ) -> UsageError:
        import difflib

        known = {alias: each.id for each in profiles for alias in each.aliases} | {id_: id_ for id_ in self.ids()}
        near = dict.fromkeys([known[name] for name in difflib.get_close_matches(client.lower(), known, n=3)])
        question = f"did you mean {' or '.join(f'`{name}`' for name in near)}? " if near else ""
        hints = ["`aibridge clients` lists them all"]
        hints += [f"a profile could not be read: {problem.message}" for problem in problems]
        return UsageError(f"unknown client `{client}`", hint=question + "; ".join(hints))


def catalogue(facts: Facts, config_folder: str) -> Catalogue:
    """Return the catalogue of this machine.

    Shipped profiles, then those of organisation packs by the packs' names, then `profiles`
    in the user's own folder, then each folder of `AIBRIDGE_PROFILE_PATH`, left to right;
    never the working directory.

    Args:
        facts: The environment and the platform.
        config_folder: The user's own configuration folder for this program.

    Raises:
        UsageError: `AIBRIDGE_PROFILE_PATH` names a relative or an absent folder.
        FileProblem: The list of packs cannot be read.
    """
    extra = [folder for folder in facts.variable(PATH_VARIABLE).split(os.pathsep) if folder]
    for folder in extra:
        if not os.path.isabs(folder):
            raise UsageError(
                f"`{PATH_VARIABLE}` names `{folder}`, which is not an absolute path",
                hint="profiles are never taken from the working directory",
            )
        if not os.path.isdir(folder):
            raise UsageError(
                f"`{PATH_VARIABLE}` names `{folder}`, which is not a folder",
                hint="without it, other profiles than you mean would be used",
            )
    packs = [pack.profiles for pack in installed_packs(config_folder)]
    return Catalogue([shipped_folder(), *packs, os.path.join(config_folder, "profiles"), *extra])


def shipped_folder() -> str:
    """Return the folder of the profiles that come with the program.

    Inside the package when it was installed from a wheel, beside it in a checkout.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "client_profiles")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "client_profiles")


def listing(folder: str) -> list[str]:
    """Return the names in a folder; an absent one holds nothing.

    Raises:
        FileProblem: It cannot be listed.
    """
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FileProblem(
            folder, f"the folder of profiles cannot be read: {error.strerror}", hint=f"look at `ls -ld {folder}`"
        ) from None


def read(file: str) -> str:
    """Return the text of a profile.

    Raises:
        FileProblem: It cannot be read, or is not UTF-8.
    """
    try:
        with open(file, encoding="utf-8-sig") as stream:
            return stream.read()
    except OSError as error:
        raise FileProblem(
            file, f"the profile cannot be read: {error.strerror}", hint=f"look at `ls -l {file}`"
        ) from None
    except UnicodeDecodeError:
        raise FileProblem(file, "the profile is not UTF-8 text") from None
