from __future__ import annotations

import pytest

from aibridge_cli.clients.candidates import PathCandidates
from aibridge_cli.clients.loader import client_id, load_profile
from aibridge_cli.clients.other_tools import OtherTool
from aibridge_cli.clients.presence import Detect
from aibridge_cli.clients.profile import (
    Edit,
    GenericEnv,
    Include,
    KeychainEntry,
    Manual,
    OutrankedBy,
    Profile,
    Request,
    Upsert,
    Version,
)
from aibridge_cli.clients.sign_ins import SignIn
from aibridge_cli.errors import ProfileError

EVERYTHING = """
name = "Example"
summary = "An example client"
docs = "https://example.com/docs"
status = "guided"
aliases = ["sample"]
speaks = ["openai", "anthropic"]
credential = ["helper", "reference", "file", "env", "keychain", "manual"]
tested = ["1.2.3"]
model = "required"

[detect]
commands = ["example"]
files = ["{config}/settings.json", "~/.example"]
vscode = ["example.example"]

[version]
command = ["example", "--version"]
needs = { helper = "1.20" }

[paths]
config = ["$EXAMPLE_HOME", "~/.example"]
cache = { linux = ["~/.cache/example"], windows = ["$LOCALAPPDATA/example", 'C:\\example'] }

[env]
EXAMPLE_TOKEN = "{token}"
EXAMPLE_HOME = ""

[unset]
OTHER_TOKEN = "it would win"

[generic_env]
verdict = "leaks"
note = "it goes to its maker"

[[request]]
wire = "openai-chat"
base = ["url"]
path = "/chat/completions"
[request.headers]
Authorization = "Bearer {token}"

[[edit]]
file = ["{config}/a.jsonc", "{config}/a.json"]
format = "jsonc"
remove = [["old"], ["list", 0, "key"]]
[edit.set]
url = "{gateway.openai}"
number = 1
ratio = 0.5
yes = true
nothing = {}
words = ["{helper.command}", "{helper.args}"]
[[edit.upsert]]
at = ["models"]
match = { id = "{model.openai}" }
value = { provider = "openai" }
[[edit.include]]
at = ["disabled"]
values = ["other", 2]

[[edit]]
file = "{config}/b.toml"
format = "toml"
when = { credential = "file", os = ["linux", "macos"] }
secret = true
set.token = "{token}"

[[edit]]
file = "{config}/c.json"
format = "json"
when = { credential = "reference" }
set.token_file = "{token.file}"

[[keychain]]
label = "Example"
attributes = { url = "{gateway.openai}" }
value = "Bearer {token}"

[[manual]]
title = "In the settings"
steps = ["Enter {gateway.openai}", "Choose {model.openai}"]
when = { credential = ["manual", "keychain"] }

[[outranked_by]]
what = "managed settings"
files = ["/etc/example.json", ".example.json"]
variables = ["EXAMPLE_CONFIG"]
note = "it wins"

[[other_tool]]
what = "another program"
file = "{config}/c.json"
format = "json"
key = ["use"]
values = ["theirs"]
places = [["theirs", "url"]]
note = "switch it off"

[[sign_in]]
what = "a sign-in at example.com"
file = "{config}/auth.json"
format = "json"
key = ["access"]
sign_out = "example logout"
note = "the client warns of it"

[documented]
url = "where requests go"
EXAMPLE_TOKEN = "the token"
"""


def test_every_table_is_read() -> None:
    """A profile that uses the whole format becomes exactly this value."""
    both = ("$EXAMPLE_HOME", "~/.example")
    assert load_profile(EVERYTHING, "/profiles/my-client.toml") == Profile(
        id="my-client",
        source="/profiles/my-client.toml",
        name="Example",
        summary="An example client",
        docs="https://example.com/docs",
        status="guided",
        aliases=("sample",),
        speaks=("openai", "anthropic"),
        credential=("helper", "reference", "file", "env", "keychain", "manual"),
        tested=("1.2.3",),
        model="required",
        detect=Detect(("example",), ("{config}/settings.json", "~/.example"), ("example.example",)),
        version=Version(("example", "--version"), {"helper": "1.20"}),
        paths={
            "config": PathCandidates(both, both, both),
            "cache": PathCandidates(("~/.cache/example",), (), ("$LOCALAPPDATA/example", "C:\\example")),
        },
        env={"EXAMPLE_TOKEN": "{token}", "EXAMPLE_HOME": ""},
        unset={"OTHER_TOKEN": "it would win"},
        generic_env=GenericEnv("leaks", "it goes to its maker"),
        requests=(Request("openai-chat", ("url",), "/chat/completions", {"Authorization": "Bearer {token}"}),),
        edits=(
            Edit(
                file=("{config}/a.jsonc", "{config}/a.json"),
                format="jsonc",
                set={
                    "url": "{gateway.openai}",
                    "number": 1,
                    "ratio": 0.5,
                    "yes": True,
                    "nothing": {},
                    "words": ["{helper.command}", "{helper.args}"],
                },
                upserts=(Upsert(("models",), {"id": "{model.openai}"}, {"provider": "openai"}),),
                includes=(Include(("disabled",), ("other", 2)),),
                remove=(("old",), ("list", 0, "key")),
            ),
            Edit(
                file=("{config}/b.toml",),
                format="toml",
                when={"credential": ("file",), "os": ("linux", "macos")},
                set={"token": "{token}"},
                secret=True,
            ),
            Edit(
                file=("{config}/c.json",),
                format="json",
                when={"credential": ("reference",)},
                set={"token_file": "{token.file}"},
            ),
        ),
        keychain=(KeychainEntry({"url": "{gateway.openai}"}, "Example", "Bearer {token}"),),
        manual=(
            Manual(
                "In the settings",
                ("Enter {gateway.openai}", "Choose {model.openai}"),
                {"credential": ("manual", "keychain")},
            ),
        ),
        outranked_by=(
            OutrankedBy("managed settings", ("/etc/example.json", ".example.json"), ("EXAMPLE_CONFIG",), "it wins"),
        ),
        other_tools=(
            OtherTool(
                *("another program", ("{config}/c.json",), "json", ("use",), ("theirs",), (("theirs", "url"),)),
                note="switch it off",
            ),
        ),
        sign_ins=(
            SignIn(
                *("a sign-in at example.com", ("{config}/auth.json",), "json", ("access",)),
                sign_out="example logout",
                note="the client warns of it",
            ),
        ),
        documented={"url": "where requests go", "EXAMPLE_TOKEN": "the token"},
    )


def test_an_unsupported_client_needs_little() -> None:
    """Reason and link are all there is to say about a client that cannot be configured."""
    text = (
        'name = "E"\nsummary = "s"\ndocs = "https://e.com"\nstatus = "unsupported"\n'
        'reason = "it has no setting for it"\nlink = "https://e.com/issues"\n'
    )
    profile = load_profile(text, "e.toml")
    assert (profile.status, profile.reason, profile.link) == (
        "unsupported",
        "it has no setting for it",
        "https://e.com/issues",
    )
    assert profile.generic_env is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "`e.toml`: line 1, column 8: not valid TOML: Invalid value"),
        ('name = "a"\nname = "E', "`e.toml`: line 2, column 10: not valid TOML: Unterminated string"),
        ('name = "a"\nname = "b"\n\n', "`e.toml`: line 2, column 11: not valid TOML: Cannot overwrite a value"),
        ("a = [\n1 2]", "`e.toml`: line 2, column 3: not valid TOML: Unclosed array"),
    ],
)
def test_a_syntax_error_has_a_place(text: str, message: str) -> None:
    """What is not TOML is named with line and column."""
    with pytest.raises(ProfileError) as caught:
        load_profile(text, "e.toml")
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("source", "expected"),
    [("/a/claude-code.toml", "claude-code"), ("C:\\a\\x.toml", "x"), ("x2.toml", "x2")],
)
def test_the_id_is_the_stem(source: str, expected: str) -> None:
    """A profile's id is its file's name, on every platform."""
    assert client_id(source) == expected


@pytest.mark.parametrize("source", ["My Client.toml", "a--b.toml", "-a.toml", "a_b.toml", ".toml", "é.toml"])
def test_a_file_name_that_is_no_id_is_refused(source: str) -> None:
    """Ids are small letters, digits and single hyphens, as they are typed."""
    with pytest.raises(ProfileError, match="the file's name is not a client's id"):
        client_id(source)
