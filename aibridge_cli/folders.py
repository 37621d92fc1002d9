"""Where our own files are.

::

    <config>/profiles/            client profiles of the user's own
    <state>/sign-ins/<name>       0600, one for each deployment that `aibridge login` signed in to
    <state>/current               the deployment that was signed in to last
    <state>/tokens/<name>         0600 copies that client files refer to
    <state>/sessions/<name>       0600 tokens that came from a flag, standard input or a variable
    <state>/gateways/<name>       names and paths of a deployment's gateway that are not the usual ones
    <state>/configured            one line per configured client: id, way and URL between tabs

`aibridge token` passes here, so platformdirs, which costs three interpreter starts, is
asked on Windows only; for Linux and macOS its rules are written out, and a test holds
the two to each other.
"""

from __future__ import annotations

import os

from aibridge_cli.errors import NoHome, UsageError
from aibridge_cli.facts import with_variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aibridge_cli.facts import Facts


def pinned(facts: Facts, *, state_dir: str | None = None, coder_config_dir: str | None = None) -> Facts:
    """Return the facts as `aibridge token` takes them, with the folders its flags name.

    Args:
        facts: Where we run.
        state_dir: The value of `--state-dir`, or None.
        coder_config_dir: The value of `--coder-config-dir`, or None.
    """
    chosen = {"AIBRIDGE_STATE_DIR": state_dir, "CODER_CONFIG_DIR": coder_config_dir}
    return with_variables(facts, **{name: value for name, value in chosen.items() if value})


def config_folder(facts: Facts) -> str:
    """Return the absolute path of our configuration folder, which need not exist.

    Raises:
        NoHome: There is no home folder to put it in.
        UsageError: `AIBRIDGE_CONFIG_DIR` is a relative path.
    """
    return _ours(facts, "AIBRIDGE_CONFIG_DIR", "XDG_CONFIG_HOME", ".config")


def state_folder(facts: Facts) -> str:
    """Return the absolute path of our state folder, which need not exist.

    Raises:
        NoHome: There is no home folder to put it in.
        UsageError: `AIBRIDGE_STATE_DIR` is a relative path.
    """
    return _ours(facts, "AIBRIDGE_STATE_DIR", "XDG_STATE_HOME", os.path.join(".local", "state"))


def token_file(facts: Facts, origin: str) -> str:
    """Return the path of the token copy that client files refer to."""
    return os.path.join(state_folder(facts), "tokens", deployment_name(origin))


def helper_file(facts: Facts, origin: str) -> str:
    """Return the path of the program that prints the token, for clients that can name nothing but a program."""
    ending = ".cmd" if facts.platform == "windows" else ""
    return os.path.join(state_folder(facts), "helpers", deployment_name(origin) + ending)


def session_file(facts: Facts, origin: str) -> str:
    """Return the path of our own record of a token for the deployment."""
    return os.path.join(state_folder(facts), "sessions", deployment_name(origin))


def sign_in_file(facts: Facts, origin: str) -> str:
    """Return the path of the record that `aibridge login` makes for the deployment."""
    return os.path.join(sign_ins_folder(facts), deployment_name(origin))


def sign_ins_folder(facts: Facts) -> str:
    """Return the path of the folder with the records of `aibridge login`."""
    return os.path.join(state_folder(facts), "sign-ins")


def gateway_file(facts: Facts, origin: str) -> str:
    """Return the path of what is remembered about the deployment's gateway."""
    return os.path.join(state_folder(facts), "gateways", deployment_name(origin))


def current_file(facts: Facts) -> str:
    """Return the path of the file that names the deployment signed in to last."""
    return os.path.join(state_folder(facts), "current")


def configured_file(facts: Facts) -> str:
    """Return the path of the list of clients that we configured."""
    return os.path.join(state_folder(facts), "configured")


def home_folder(facts: Facts) -> str:
    """Return the home folder.

    Raises:
        NoHome: There is none.
    """
    if not facts.home:
        raise NoHome("there is no home folder", hint="set `HOME` to an absolute path")
    return facts.home


def deployment_name(origin: str) -> str:
    """Return a file name for a deployment, as in `coder.example.com` or `127.0.0.1_8080`.

    Two deployments never share a name: an underscore of the host is doubled, and plain
    http is `http_` before a host that then always has its port.

    Args:
        origin: An origin from `aibridge_cli.deployment.urls.normalise`.
    """
    scheme, _, authority = origin.partition("://")
    host, port = authority, ""
    if not authority.endswith("]") and ":" in authority:
        host, _, port = authority.rpartition(":")
    name = host.replace("_", "__")
    if host.startswith("["):
        name = host.replace(":", "-")  # a colon cannot stand in a file name on Windows
    if scheme == "http":
        return f"http_{name}_{port or '80'}"
    return f"{name}_{port}" if port else name


def _ours(facts: Facts, override: str, xdg: str, below_home: str) -> str:
    chosen = facts.variable(override)
    if chosen:
        if not os.path.isabs(chosen):
            raise UsageError(
                f"`{override}` is not an absolute path: `{chosen}`", hint="set it to an absolute path, or unset it"
            )
        return os.path.normpath(chosen)
    if facts.platform == "windows":
        from platformdirs import user_config_dir, user_state_dir

        return user_config_dir("aibridge") if xdg == "XDG_CONFIG_HOME" else user_state_dir("aibridge")
    base = facts.environ.get(xdg, "")
    if not os.path.isabs(base):  # the XDG rules say to pass a relative path over
        if facts.platform == "macos":
            below_home = os.path.join("Library", "Application Support")
        base = os.path.join(home_folder(facts), below_home)
    return os.path.join(base, "aibridge")
