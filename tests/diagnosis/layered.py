"""A client with every kind of layer, and a disk that is a dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aibridge_cli.clients.loader import load_profile
from aibridge_cli.clients.profile import Profile
from aibridge_cli.deployment.urls import gateway
from aibridge_cli.diagnosis.effective import Effective, Outcome, effective
from aibridge_cli.diagnosis.effective_findings import Ours
from aibridge_cli.documents.encoding import decode
from aibridge_cli.facts import Facts
from aibridge_cli.secret import Secret

TOKEN = "abcdefghij-abcdefghijklmnopqrstuv"
OTHER_TOKEN = "zyxwvutsrq-zyxwvutsrqponmlkjihgfe"
OURS = Ours(gateway("https://coder.example.com"), "file", Secret(TOKEN))
BASE = "https://coder.example.com/api/v2/aibridge/openai/v1"

HEAD = """
name = "Quill"
summary = "Writes code with a feather"
docs = "https://quill.example/docs"
status = "supported"
speaks = ["openai"]
credential = ["helper", "file"]

[paths]
config = ["$QUILL_HOME", "~/.quill"]

[unset]
QUILL_CLOUD = "requests would go elsewhere"

[[request]]
wire = "openai-chat"
base = ["api", "base"]
path = "/chat/completions"
[request.headers]
Authorization = "Bearer {token}"

[[edit]]
file = "{config}/config.json"
format = "json"
[edit.set.api]
base = "{gateway.openai}"

[[edit]]
file = "{config}/config.json"
format = "json"
when = { credential = "file" }
secret = true
[edit.set.api]
key = "{token}"

[[edit]]
file = "{config}/config.json"
format = "json"
when = { credential = "helper" }
[edit.set.api]
command = "{helper}"
"""

LAYERS = """
[[layer]]
what = "managed settings"
files = ["/etc/quill/conf.d", "/etc/quill/config.json", "$ProgramData/Quill/config.json"]
format = "json"

[[layer]]
what = "the `--set` flag"
flags = ["--set"]
format = "toml"

[[layer]]
what = "the profile of `--profile`"
flags = ["-p", "--profile"]
files = "{config}/{flag}.json"
format = "json"

[[layer]]
what = "the text in `QUILL_CONFIG`"
variable = "QUILL_CONFIG"
format = "jsonc"
references = true

[[layer]]
what = "the project's folders"
files = ".quill/config.jsonc"
format = "jsonc"
upward = "farthest"
references = true
broken = "stops"

[[layer]]
what = "the project's settings"
files = "quill.json"
format = "json"
upward = "nearest"
ignores = ["cloud"]
unless = "QUILL_ALONE"

[[layer]]
what = "the file of `QUILL_FILE`"
files = ["$QUILL_FILE", "$QUILL_FOLDER/config.json"]
format = "json"

[[layer]]
what = "the user's settings"
files = "{config}/config.json"
format = "json"

[[layer]]
what = "the environment"
environment = true

[setting.base]
key = ["api", "base"]
variable = "QUILL_BASE"

[setting.odd_base]
key = ["odd_base"]
empty = true

[setting.key]
key = ["api", "key"]

[setting.empty_key]
key = ["api", "odd_key"]
empty = true

[setting.key_name]
key = ["api", "key_name"]
default = "QUILL_KEY"

[setting.named_key]
variable = "{key_name}"

[setting.command]
key = ["api", "command"]
holds = "command"

[setting.header]
key = ["headers"]
variable = "QUILL_HEADERS"
header = "Authorization"

[setting.whole_header]
key = ["api", "header"]
holds = "header"

[setting.marked]
key = ["api", "marked"]
holds = "marked"

[setting.empty_command]
key = ["api", "odd_command"]
holds = "command"
empty = true

[setting.stored]
content = "QUILL_STORED"
file = ["$QUILL_STORE", "{config}/auth.json"]
format = "json"
key = ["accounts", 0, "key"]

[setting.of_account]
file = "{config}/accounts.json"
format = "json"
key = ["{account}", "key"]

[setting.account]
key = ["account"]

[setting.cloud]
key = ["cloud"]
variable = "QUILL_CLOUD"

[setting.old]
key = ["old"]

[setting.offline]
variable = "QUILL_OFFLINE"
flags = ["--offline"]

[setting.refused]
key = ["refused"]
holds = "list"

[[route]]
wire = "openai-chat"
when = { cloud = ["true", "1"] }
elsewhere = "the feather cloud"

[[route]]
wire = "openai-chat"
when = { old = ["*"] }
stops = "it is too old"

[[route]]
wire = "openai-chat"
when = { offline = ["true"] }
stops = "it is offline"

[[route]]
wire = "openai-chat"
when = { refused = ["openai"] }
stops = "it refuses this provider"

[[route]]
wire = "openai-chat"
url = ["base", "odd_base"]
default = "https://api.quill.example/v1"
[route.headers]
Authorization = [
  "key",
  "empty_key",
  "command",
  "named_key",
  "of_account",
  "header",
  "whole_header",
  "marked",
  "empty_command",
]
X-Quill = ["stored"]

[[route]]
wire = "anthropic-messages"
when = { account = ["never"] }
url = ["base"]
"""


def quill(more: str = LAYERS) -> Profile:
    """Return the profile."""
    return load_profile(HEAD + more, "quill.toml")


class Files:
    """A disk that is a dictionary of paths to texts."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.files = files

    def text(self, path: str) -> str | None:
        content = self.files.get(path)
        return decode(content).text if isinstance(content, bytes) else content

    def names(self, folder: str) -> tuple[str, ...] | None:
        inside = {
            path[len(folder) :].lstrip("/\\").split("/")[0] for path in self.files if path.startswith(folder + "/")
        }
        return tuple(sorted(inside)) or None


def facts_of(platform: str = "linux", **environ: str) -> Facts:
    """Return facts of a person whose project is two folders below the home."""
    home = "C:\\Users\\ada" if platform == "windows" else "/home/ada"
    below = "\\code\\feather" if platform == "windows" else "/code/feather"
    return Facts(environ=environ, platform=platform, home=home, cwd=home + below)


def found(
    files: Mapping[str, str | bytes], *arguments: str, facts: Facts | None = None, profile: Profile | None = None
) -> Effective:
    """Return what the client will do with these files."""
    return effective(profile or quill(), facts or facts_of(), Files(files), arguments)


def chat(files: Mapping[str, str | bytes], *arguments: str, facts: Facts | None = None) -> Outcome:
    """Return the one outcome."""
    (outcome,) = found(files, *arguments, facts=facts).outcomes
    return outcome


def carried(outcome: Outcome) -> dict[str, str]:
    """Return what each header carries."""
    return {sent.header: sent.value.text.reveal() for sent in outcome.headers}


def places(values: Sequence[object]) -> list[str]:
    """Return where values stand."""
    return [getattr(value, "place", "") for value in values]
