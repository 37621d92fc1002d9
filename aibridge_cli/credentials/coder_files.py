"""The files that the Coder CLI keeps: `url`, and `session` where it uses no keychain.

They belong together: the session is that of the URL's deployment and of no other.
"""

from __future__ import annotations

import os

from aibridge_cli.credentials.reading import read_line
from aibridge_cli.deployment.urls import normalise
from aibridge_cli.folders import home_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts


def coder_folder(facts: Facts) -> str:
    """Return the Coder CLI's configuration folder, which need not exist.

    The rules are those of the Go library it uses, `kirsle/configdir`: `XDG_CONFIG_HOME`
    counts on Linux only. `CODER_CONFIG_DIR` goes before all.

    Raises:
        AibridgeError: There is no home folder to look in.
    """
    chosen = facts.variable("CODER_CONFIG_DIR")
    if chosen:
        return os.path.join(facts.cwd, chosen)
    if facts.platform == "macos":
        return os.path.join(home_folder(facts), "Library", "Application Support", "coderv2")
    if facts.platform == "windows":
        roaming = facts.variable("APPDATA") or os.path.join(home_folder(facts), "AppData", "Roaming")
        return os.path.join(roaming, "coderv2")
    base = facts.variable("XDG_CONFIG_HOME") or os.path.join(home_folder(facts), ".config")
    return os.path.join(base, "coderv2")


def files_are_the_store(facts: Facts) -> bool:
    """Tell whether the Coder CLI itself keeps its token in the `session` file.

    It does on Linux, and wherever a configuration folder was named; otherwise macOS and
    Windows have it in their keychain, and the file may be a stale one.
    """
    return facts.platform == "linux" or bool(facts.variable("CODER_CONFIG_DIR"))


def url_file(facts: Facts) -> str:
    """Return the path of the file with the deployment that was last signed in to."""
    return os.path.join(coder_folder(facts), "url")


def session_file(facts: Facts) -> str:
    """Return the path of the file with the token for that deployment."""
    return os.path.join(coder_folder(facts), "session")


def coder_origin(facts: Facts, insecure_http: bool = True) -> str:
    """Return the origin of the deployment that the Coder CLI is signed in to, or "".

    Args:
        facts: Where we run.
        insecure_http: Whether plain http is accepted, as it is for comparing.

    Raises:
        FileProblem: The file cannot be read.
        CredentialRefused: It holds no URL.
    """
    path = url_file(facts)
    text = read_line(path)
    return normalise(text, insecure_http, what=f"the URL in `{path}`") if text else ""
