"""What a client profile says: frozen values, made only by the strict loader.

The format is described in `client_profiles/profile.schema.json`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from aibridge_cli.clients.candidates import PathCandidates
from aibridge_cli.clients.other_tools import OtherTool
from aibridge_cli.clients.presence import Detect, Part
from aibridge_cli.clients.sign_ins import SignIn
from aibridge_cli.documents.operations import KeyPath, Place

Status = Literal["supported", "guided", "unsupported"]
Wire = Literal["openai", "anthropic"]
Way = Literal["helper", "reference", "env", "keychain", "file", "manual"]
"""How a client gets the token. `helper`: it runs our command; `reference`: its file names a
0600 file of ours; `env`: it reads a variable; `keychain`: an entry of the operating system's;
`file`: the token stands in its file; `manual`: a person enters it."""
Platform = Literal["linux", "macos", "windows"]
ModelNeed = Literal["none", "optional", "required"]
GenericVerdict = Literal["works", "ignored", "breaks", "leaks"]

Broken = Literal["passed-over", "stops"]
Holds = Literal["text", "command", "marked", "header", "list"]
Upward = Literal["", "nearest", "farthest"]


class Version(NamedTuple):
    """How to ask for the installed version, and what it must be.

    Args:
        command: The argument list to run, as in `["NAME", "--version"]`; the first
            dotted number it prints is the version.
        needs: For a way of passing the token, the first version in which it works.
    """

    command: tuple[str, ...] = ()
    needs: Mapping[Way, str] = {}


class Upsert(NamedTuple):
    """One item of a list of objects that is ours: the one whose `match` keys agree.

    Args:
        at: Where the list is; empty where the file is a list itself.
        match: Keys and values that identify our item; part of the item as well.
        value: The item's other keys.
        for_each: `models`: one item for each model named on the wire whose placeholder it uses.
        remove: Keys of the item that would make ours invalid or win over them.
    """

    at: Place
    match: Mapping[str, Any]
    value: Mapping[str, Any]
    for_each: str = ""
    remove: tuple[str, ...] = ()


class Include(NamedTuple):
    """Values that a list must contain; the others in it stay.

    Args:
        at: Where the list is.
        values: What it must contain.
        only_if_present: Whether a file without the list is left without it.
    """

    at: KeyPath
    values: tuple[Any, ...]
    only_if_present: bool = False


class Edit(NamedTuple):
    """Changes to one file.

    Args:
        file: Candidates, with placeholders; the first that exists is edited, and when
            none does, the first is made.
        format: A name of `aibridge_cli.documents.editing.FORMATS`.
        when: Conditions on `credential`, `os`, `model` and `part`, each a tuple of the values that fit.
        set: A tree of values to merge key by key; leaves may hold placeholders.
        default: The same, for keys that the user does not have.
        whole: Objects in `set` and `default` that are ours with all that is in them, also what
            the client adds or rewrites.
        upserts: Items of lists of objects.
        includes: Values that lists must contain.
        remove: Keys that would make ours invalid or win over them.
        secret: Whether the file holds the token afterwards.
    """

    file: tuple[str, ...]
    format: str
    when: Mapping[str, tuple[str, ...]] = {}
    set: Mapping[str, Any] = {}
    default: Mapping[str, Any] = {}
    whole: tuple[KeyPath, ...] = ()
    upserts: tuple[Upsert, ...] = ()
    includes: tuple[Include, ...] = ()
    remove: tuple[KeyPath, ...] = ()
    secret: bool = False


class KeychainEntry(NamedTuple):
    """An entry of the operating system's keychain, for the way `keychain`.

    Args:
        attributes: What the client looks it up by; may hold addresses and the profile's own paths.
        label: What the keychain's own window calls it.
        value: What it holds; `{token}` is in it.
    """

    attributes: Mapping[str, str]
    label: str
    value: str = "{token}"


class Run(NamedTuple):
    """How `aibridge run` starts the client, so that one session goes to the deployment and nothing is written.

    Args:
        command: What is started; the first of `detect.commands` when empty.
        arguments: Put before the user's; may hold `{run.json}` and addresses.
        each: Put before the user's once for each setting; may hold `{run.key}` and `{run.toml}`.
        env: Variables on top of those in `[env]`; may hold `{run.json}`.
        set: The settings, a tree of values that wins over the client's files. They end up
            where every user of the machine may look, so they never hold the token.
    """

    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    env: Mapping[str, str] = {}
    set: Mapping[str, Any] = {}


class GenericEnv(NamedTuple):
    """What the client does with the variables that `aibridge env` sets for everyone.

    Args:
        verdict: `works`, `ignored`, `breaks` (a wrong address on the deployment) or
            `leaks` (the Coder token would go to the vendor).
        note: One sentence for the user, from "it …".
    """

    verdict: GenericVerdict
    note: str = ""


class Request(NamedTuple):
    """What the client sends when it is asked something, for `demo` and diagnosis.

    Args:
        wire: `anthropic-messages`, `openai-responses` or `openai-chat`.
        base: Where an edit of this profile puts the base URL; in an item of a list, the
            list's path and the key in the item.
        path: What the client appends to it; may be empty.
        headers: Header templates with `{token}`, as the client sends them.
        when: Conditions, as in `Edit`.
    """

    wire: str
    base: Place
    path: str
    headers: Mapping[str, str]
    when: Mapping[str, tuple[str, ...]] = {}


class Ask(NamedTuple):
    """How to put one question to the client without a screen, for diagnosis.

    Args:
        command: The argument list; the question comes last.
        env: Variables that keep it from updating itself, and from trying for minutes.
    """

    command: tuple[str, ...] = ()
    env: Mapping[str, str] = {}


class RegistryModule(NamedTuple):
    """A Terraform module that sets the client up in a workspace, for `aibridge template --modules`.

    Args:
        module: Its address, as in `registry.coder.com/NAMESPACE/NAME/coder`.
        version: Which versions, in Terraform's words, as in `~> 5.2`.
        inputs: What it is given beside the agent.
        sets: The variables by which it points the client at the deployment; without any,
            the profile's own variables are set beside it.
    """

    module: str
    version: str
    inputs: Mapping[str, str | bool | int] = {}
    sets: tuple[str, ...] = ()


class Manual(NamedTuple):
    """Steps that only a person can do."""

    title: str
    steps: tuple[str, ...]
    when: Mapping[str, tuple[str, ...]] = {}


class OutrankedBy(NamedTuple):
    """Something that beats our edits; reported, never written.

    Args:
        what: Its name, as in "managed settings".
        files: Files that do it, per platform where they differ, with placeholders.
        variables: Variables that do it.
        note: What it means.
    """

    what: str
    files: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    note: str = ""


class Layer(NamedTuple):
    """One place from which the client takes settings. A profile lists them strongest first.

    Args:
        what: Its name, as in "the project's settings".
        files: Files, strongest first; a folder stands for the files in it, the last name
            strongest. A relative one belongs to the project, and `{flag}` is a flag's value.
        format: How they are written, a name of `aibridge_cli.documents.editing.FORMATS`.
        upward: Where a project's files count in every folder above as well, up to the one
            with `.git`: which of them is the strongest, "" where they do not.
        variable: A variable that holds such a document itself.
        flags: Flags whose value is a document, or names a file with one.
        environment: Whether this is the process environment.
        ignores: Settings that the client does not take from here.
        references: Whether values may be `{env:NAME}` and `{file:PATH}`.
        broken: What the client does with a file that it cannot read: passes it over, or
            `stops`.
        unless: A variable that keeps the client from this layer when it is `1` or `true`.
        note: For a layer that wins over our file: what that means.
    """

    what: str
    files: tuple[str, ...] = ()
    format: str = ""
    upward: Upward = ""
    variable: str = ""
    flags: tuple[str, ...] = ()
    environment: bool = False
    ignores: tuple[str, ...] = ()
    references: bool = False
    broken: Broken = "passed-over"
    unless: str = ""
    note: str = ""


class Setting(NamedTuple):
    """One value that decides where requests go or what is sent with them.

    `{name}` in a key or a variable stands for the value of the setting `name`.

    Args:
        key: Where it stands in the documents of the layers, or in `file`.
        variable: The variable that holds it, in the layer that is the environment.
        flags: Flags that switch it on, so that it is `true`, whatever the layers say.
        file: A file of its own, beside the layers: a sign-in that the client keeps.
        content: A variable with the text of that file, read in its place when it can be.
        format: How that file is written.
        holds: `text`; `command`, so that what it prints is sent; `marked`, a command after `!`, a variable's
            name after `$`, else text; `header`, the whole value of one; or `list`: a route's condition wants an item.
        header: The value is a list of headers, a line each, and this one of them is meant.
        empty: Whether an empty value counts as one; else it counts as none.
        default: What it is where nothing says so.
        short: For a model: the names that the client itself makes another of.
    """

    key: KeyPath = ()
    variable: str = ""
    flags: tuple[str, ...] = ()
    file: tuple[str, ...] = ()
    content: str = ""
    format: str = ""
    holds: Holds = "text"
    header: str = ""
    empty: bool = False
    default: str = ""
    short: tuple[str, ...] = ()


class Route(NamedTuple):
    """Where the requests of one wire go, and what is sent with them. The first whose `when` holds counts.

    Args:
        wire: The wire, as in `Request`.
        when: For each setting, the values that fit: "" is none, `*` is any other.
        url: Settings that hold the base URL, strongest first.
        default: The base URL where none of them does.
        headers: For each header, the settings whose value it carries, strongest first.
        model: Settings that hold the model, strongest first.
        elsewhere: Where requests go instead, in words; there is no URL then.
        stops: Why the client does not start, in words, from "it …"; there is no URL then.
    """

    wire: str
    when: Mapping[str, tuple[str, ...]] = {}
    url: tuple[str, ...] = ()
    default: str = ""
    headers: Mapping[str, tuple[str, ...]] = {}
    model: tuple[str, ...] = ()
    elsewhere: str = ""
    stops: str = ""


class Profile(NamedTuple):
    """One client. The id is the file's stem.

    Args:
        id: What the user types.
        source: The file it was read from.
        name: What people call the client.
        summary: One line on what it is.
        docs: Where its configuration is documented.
        status: `supported`, `guided` or `unsupported`.
        reason: For `unsupported`: why, and what would work instead.
        link: For `unsupported`: where that is discussed.
        aliases: Other ids that mean this client.
        speaks: The wires it uses.
        credential: The ways it can get the token, best first.
        tested: Versions of the client this profile was run against.
        model: Whether a model is needed: `none`, `optional` (written when given), `required`; or that for each wire.
        opt_in: What the deployment takes the place of, where that is done only for a client that is named.
        ask: How to put a question to it, where that goes without a screen.
        parts: What the client also is, by name.
        helper_env: Variables that name the helper, in the place of those of `env` with the token.
        documented: For keys of ours, as dotted words, why and where documented.
    """

    id: str
    source: str
    name: str
    summary: str
    docs: str
    status: Status
    reason: str = ""
    link: str = ""
    aliases: tuple[str, ...] = ()
    speaks: tuple[Wire, ...] = ()
    credential: tuple[Way, ...] = ()
    tested: tuple[str, ...] = ()
    model: ModelNeed | Mapping[Wire, ModelNeed] = "none"
    opt_in: str = ""
    detect: Detect = Detect()
    parts: Mapping[str, Part] = {}
    version: Version = Version()
    paths: Mapping[str, PathCandidates] = {}
    env: Mapping[str, str] = {}
    helper_env: Mapping[str, str] = {}
    unset: Mapping[str, str] = {}
    generic_env: GenericEnv | None = None
    template: RegistryModule | None = None
    requests: tuple[Request, ...] = ()
    ask: Ask = Ask()
    run: Run | None = None
    edits: tuple[Edit, ...] = ()
    keychain: tuple[KeychainEntry, ...] = ()
    manual: tuple[Manual, ...] = ()
    outranked_by: tuple[OutrankedBy, ...] = ()
    other_tools: tuple[OtherTool, ...] = ()
    sign_ins: tuple[SignIn, ...] = ()
    layers: tuple[Layer, ...] = ()
    settings: Mapping[str, Setting] = {}
    routes: tuple[Route, ...] = ()
    documented: Mapping[str, str] = {}


def model_need(profile: Profile, wire: str) -> ModelNeed:
    """Return whether a client needs a model of a wire."""
    if isinstance(profile.model, str):
        return profile.model
    return next((need for name, need in profile.model.items() if name == wire), "none")
