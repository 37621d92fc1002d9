"""The schema for editors, held to the loader and to the model."""

from __future__ import annotations

import json
import os
import tomllib
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aibridge_cli.clients import candidates, presence
from aibridge_cli.clients import profile as model
from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.layers import BROKEN, HOLDS, REQUEST_WIRES, UPWARD
from aibridge_cli.clients.loader import ALLOWED, MODEL_NEEDS, STATUSES, VERDICTS, WAYS, WIRES
from aibridge_cli.clients.other_tools import OtherTool
from aibridge_cli.clients.path_tables import PLATFORMS
from aibridge_cli.clients.placeholders import RESERVED
from aibridge_cli.clients.sign_ins import SignIn
from aibridge_cli.documents.editing import FORMATS

with open(os.path.join(shipped_folder(), "profile.schema.json"), encoding="utf-8") as schema_file:
    SCHEMA: dict[str, Any] = json.load(schema_file)

SHIPPED = Catalogue([shipped_folder()])

TOP = SCHEMA["properties"]
EDIT = TOP["edit"]["items"]["properties"]
TABLES = {
    "": SCHEMA,
    "detect": TOP["detect"],
    "part": TOP["part"]["additionalProperties"],
    "version": TOP["version"],
    "paths": TOP["paths"]["additionalProperties"]["anyOf"][1],
    "generic_env": TOP["generic_env"],
    "template": TOP["template"],
    "request": TOP["request"]["items"],
    "ask": TOP["ask"],
    "run": TOP["run"],
    "edit": TOP["edit"]["items"],
    "upsert": EDIT["upsert"]["items"],
    "include": EDIT["include"]["items"],
    "when": SCHEMA["$defs"]["when"],
    "keychain": TOP["keychain"]["items"],
    "manual": TOP["manual"]["items"],
    "outranked_by": TOP["outranked_by"]["items"],
    "other_tool": TOP["other_tool"]["items"],
    "sign_in": TOP["sign_in"]["items"],
    "layer": TOP["layer"]["items"],
    "setting": TOP["setting"]["additionalProperties"],
    "route": TOP["route"]["items"],
}
CLASSES = {
    "": model.Profile,
    "detect": presence.Detect,
    "part": presence.Part,
    "version": model.Version,
    "paths": candidates.PathCandidates,
    "generic_env": model.GenericEnv,
    "template": model.RegistryModule,
    "request": model.Request,
    "ask": model.Ask,
    "run": model.Run,
    "edit": model.Edit,
    "upsert": model.Upsert,
    "include": model.Include,
    "keychain": model.KeychainEntry,
    "manual": model.Manual,
    "outranked_by": model.OutrankedBy,
    "other_tool": OtherTool,
    "sign_in": SignIn,
    "layer": model.Layer,
    "setting": model.Setting,
    "route": model.Route,
}
RENAMED = {
    "requests": "request",
    "edits": "edit",
    "upserts": "upsert",
    "includes": "include",
    "other_tools": "other_tool",
    "sign_ins": "sign_in",
    "layers": "layer",
    "parts": "part",
    "settings": "setting",
    "routes": "route",
}
FROM_THE_FILE = {"id", "source"}


def read(client: str) -> str:
    with open(SHIPPED.file(client), encoding="utf-8") as file:
        return file.read()


def test_the_schema_is_one() -> None:
    """It is valid JSON Schema of the draft that it names."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("client", SHIPPED.ids())
def test_every_profile_validates(client: str) -> None:
    """Editors see no error in what we ship, and find the schema by its first line."""
    assert read(client).startswith("#:schema ./profile.schema.json\n")
    assert list(Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(read(client)))) == []


@pytest.mark.parametrize("table", ALLOWED)
def test_schema_and_loader_allow_the_same_keys(table: str) -> None:
    """No table has a key that the other does not know, and none is open."""
    assert set(TABLES[table]["properties"]) == set(ALLOWED[table])
    assert TABLES[table]["additionalProperties"] is False


@pytest.mark.parametrize("table", CLASSES)
def test_loader_and_model_have_the_same_fields(table: str) -> None:
    """Every key ends up in a field, and every field comes from a key."""
    fields = {RENAMED.get(name, name) for name in CLASSES[table].__annotations__}
    assert fields - FROM_THE_FILE == set(ALLOWED[table])


def test_schema_and_loader_allow_the_same_words() -> None:
    """Each closed set of words is the same in both."""
    definitions = SCHEMA["$defs"]
    assert tuple(TOP["status"]["enum"]) == STATUSES
    assert tuple(TOP["speaks"]["items"]["enum"]) == WIRES
    assert tuple(definitions["way"]["enum"]) == WAYS
    assert tuple(definitions["platform"]["enum"]) == PLATFORMS
    assert tuple(definitions["modelNeed"]["enum"]) == MODEL_NEEDS
    assert tuple(TOP["generic_env"]["properties"]["verdict"]["enum"]) == VERDICTS
    assert tuple(TOP["request"]["items"]["properties"]["wire"]["enum"]) == REQUEST_WIRES
    assert tuple(EDIT["format"]["enum"]) == FORMATS
    assert tuple(TABLES["layer"]["properties"]["format"]["enum"]) == FORMATS
    assert tuple(TABLES["other_tool"]["properties"]["format"]["enum"]) == FORMATS
    assert tuple(TABLES["sign_in"]["properties"]["format"]["enum"]) == FORMATS
    assert tuple(TABLES["layer"]["properties"]["upward"]["enum"]) == UPWARD
    assert tuple(TABLES["layer"]["properties"]["broken"]["enum"]) == BROKEN
    assert tuple(TABLES["setting"]["properties"]["format"]["enum"]) == FORMATS
    assert tuple(TABLES["setting"]["properties"]["holds"]["enum"]) == HOLDS
    assert tuple(TABLES["route"]["properties"]["wire"]["enum"]) == REQUEST_WIRES
    assert tuple(TOP["paths"]["propertyNames"]["not"]["enum"]) == RESERVED


@pytest.mark.parametrize(
    "broken",
    [
        'credentials = ["env"]',
        'credential = ["helpr"]',
        'model = "sometimes"',
        'paths.config = ["example"]',
        'paths.config = ["~/{token}"]',
        'paths.token = ["~/x"]',
        "paths.config = {}",
        '[generic_env]\nverdict = "leaks"',
        '[template]\nmodule = "../mine"\nversion = "1"',
        '[template]\nmodule = "registry.example.com/a/b/coder"\nversion = "1"\ninputs.a = [1]',
        '[version]\nneeds = { helper = "1.0" }',
        '[[edit]]\nfile = "~/a.json"\nformat = "json"\nset.a = 1',
        '[[edit]]\nfile = "{config}/a.json"\nformat = "json"',
        '[[edit]]\nfile = "{config}/a.json"\nformat = "json"\nset.a = 1\nwhen = { version = "1" }',
        '[[edit]]\nfile = "{config}/a.json"\nformat = "json"\nremove = ["a"]',
        '[[manual]]\ntitle = "a"\nsteps = []',
    ],
)
def test_editors_see_what_the_loader_refuses(broken: str) -> None:
    """What can be said about one place is said while the profile is being written."""
    head = 'name = "E"\nsummary = "s"\ndocs = "https://e.com"\nstatus = "supported"\n'
    validator = Draft202012Validator(SCHEMA)
    assert validator.is_valid(tomllib.loads(head))
    assert not validator.is_valid(tomllib.loads(head + broken))
