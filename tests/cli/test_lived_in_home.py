"""Everything at once, in a home where people have worked for years."""

from __future__ import annotations

import difflib
import re
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dotenv
import jsonc  # type: ignore[import-untyped]
import pytest
import yaml

from tests.real_clients.cases import BESIDE, LIVED_IN

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge

GOLDEN = Path(__file__).parent.parent / "clients"
FROM_GOLDEN_CASES = ("crush", "deepagents-code", "gptme", "hermes-agent", "mistral-vibe", "openclaw")
GOOSE = (
    b"# mine, do not touch\nGOOSE_TELEMETRY_ENABLED:   no   # really\nextensions: { }\n# the end, without a line feed"
)
EDITORS = {
    ".config/Code/User/settings.json": (
        b'// VS Code, by hand\r\n{\r\n\t"editor.fontSize" : 13, /* small */\r\n'
        b'  "[python]":{ "editor.tabSize" : 4.0 , },\r\n'
        b'\t"name": "Z\xc3\xbcrich \xf0\x9f\x8f\x94", // not mine\r\n\r\n}\r\n'
    ),
    ".config/zed/settings.json": (
        b'// my settings\n{\n\t"ui_font_size":   16,\n  "language_models" : {\n'
        b'    "ollama":{"api_url":"http://localhost:11434"}, // at home\n'
        b"    // pays by the month\n"
        b'\t"openai" : { "available_models": [ {"name":"gpt-x","max_tokens":1.28e5,} ], },\n  },\n}\n'
    ),
    ".junie/models/aibridge-openai.json": (
        b'{ "id" : "mine",\n\t"fasterModel":{"id":"Z\xc3\xbcrich \xf0\x9f\x8f\x94"} ,\n  "extraHeaders" : { } }\n'
    ),
    ".junie/models/local.json": b'{"id":"qwen3" , "apiType":"OpenAICompletion"}',
    ".mux/providers.jsonc": (
        b'// Providers\n{\n\t"anthropic":{ "models":["Z\xc3\xbcrich \xf0\x9f\x8f\x94"] , },   // mine\n'
        b'  /* at home */ "ollama" : {"baseUrl":"http://localhost:11434/api"},\n}\n'
    ),
    ".roo/mcp.json": b'{ "mcpServers" : { } }\n',
    ".vscode/extensions/rooveterinaryinc.roo-cline-3.52.1/package.json": b'{"name":"roo-cline"}',
    ".vscode/extensions/zoocodeorganization.zoo-code-3.82.0/package.json": b'{"name":"zoo-code"}',
    ".vscode/extensions/saoudrizwan.claude-dev-4.1.13/package.json": b'{"name":"claude-dev"}',
    ".cline/data/globalState.json": (
        b'{ "mode":"plan" ,\r\n\t"planModeApiProvider" : "cline", "openAiHeaders":{"X-Team":"one"},\r\n'
        b'  "favoritedModelIds":[ "Z\xc3\xbcrich \xf0\x9f\x8f\x94" ] }\r\n'
    ),
    ".cline/data/secrets.json": b'{"cline:clineAccountId":"made up" ,\t"apiKey":"sk-ant-personal-0000000000"}',
}
"""What stands beside, for clients that are editors or made for them, and one that no registry has."""
ALONE = ("junie", "zed")
MODES = (0o644, 0o600, 0o640, 0o664)
PROVIDERS = ("providers.coder-anthropic", "providers.coder-openai")
OURS: dict[str, tuple[str, ...]] = {
    ".aicommits": ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL"),
    ".claude/settings.json": (
        "apiKeyHelper",
        "env.ANTHROPIC_API_KEY",
        "env.ANTHROPIC_AUTH_TOKEN",
        "env.ANTHROPIC_BASE_URL",
    ),
    ".cline/data/globalState.json": (
        "actModeApiProvider",
        "actModeOpenAiModelId",
        "openAiBaseUrl",
        "openAiHeaders",
        "planModeApiProvider",
        "planModeOpenAiModelId",
        "welcomeViewCompleted",
    ),
    ".cline/data/secrets.json": ("openAiApiKey",),
    ".cline/data/settings/providers.json": (
        "lastUsedProvider",
        "providers.anthropic",
        "providers.openai-compatible",
        "providers.openai-native",
    ),
    ".codex/config.toml": ("model_provider", "model_providers.aibridge"),
    ".config/Code/User/settings.json": ("roo-cline", "zoo-code"),
    ".config/crush/crush.json": PROVIDERS,
    ".config/goose/custom_providers/coder_openai.json": (
        "api_key_env",
        "base_url",
        "description",
        "display_name",
        "models",
        "requires_auth",
        "supports_streaming",
    ),
    ".config/gptme/config.toml": ("providers",),
    ".config/kilo/kilo.jsonc": ("provider.anthropic.options", "provider.openai.options", "disabled_providers"),
    ".config/nanocoder/agents.config.json": ("nanocoder.providers",),
    ".config/opencode/opencode.json": ("provider.anthropic.options", "provider.openai.options", "disabled_providers"),
    ".continue/config.yaml": ("models", "schema"),
    ".config/zed/settings.json": ("language_models.anthropic", "language_models.openai.api_url"),
    ".kimi-code/config.toml": (*PROVIDERS, "models.coder-anthropic", "models.coder-openai"),
    ".deepagents/config.toml": ("models.providers.coder-anthropic", "models.providers.coder-openai"),
    ".factory/settings.json": ("customModels",),
    ".hermes/config.yaml": PROVIDERS,
    ".junie/models/aibridge-openai.json": ("apiKey", "apiType", "baseUrl", "id"),
    ".mux/providers.jsonc": (
        "anthropic.apiKeyFile",
        "anthropic.baseUrl",
        "openai.apiKeyFile",
        "openai.baseUrl",
        "openai.codexOauthDefaultAuth",
    ),
    ".openclaw/openclaw.json": ("models.providers.coder-anthropic", "models.providers.coder-openai"),
    ".pi/agent/models.json": PROVIDERS,
    ".qwen/settings.json": ("modelProviders.anthropic", "modelProviders.openai", "security.auth.selectedType"),
    ".vibe/config.toml": ("models", "providers"),
}
"""The keys of ours in each file that is changed, as the clients' documentation has them."""

GONE = {
    ".junie/models/aibridge-openai.json": "mine",
    ".cline/data/globalState.json": "cline openAiHeaders X Team one",
    ".cline/data/settings/providers.json": "openai native sk personal 0000000000",
    ".config/goose/custom_providers/coder_openai.json": "Zürich OPENAI_API_KEY https elsewhere example com",
}
"""The user's words that make place for a value of ours; in every other file nothing does."""


def lay_out(home: Path) -> None:
    """Fill a home with the files of thirty clients, one of them behind a link, with different permissions."""
    contents = {**LIVED_IN, **{name: text.encode() for name, text in BESIDE.values()}}
    contents[".config/goose/config.yaml"] = GOOSE
    contents.update(EDITORS)
    for client in FROM_GOLDEN_CASES:
        before = GOLDEN / client / "odd-format/before"
        paths = [path for path in before.rglob("*") if path.is_file()]
        contents.update({str(path.relative_to(before)): path.read_bytes() for path in paths})
    for number, (name, content) in enumerate(sorted(contents.items())):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(MODES[number % len(MODES)])
    kept = home / "dotfiles/pi.json"
    kept.parent.mkdir()
    linked = home / ".pi/agent/models.json"
    linked.rename(kept)
    linked.symlink_to(kept)


def looks(home: Path) -> dict[str, tuple[bytes | None, int, bool]]:
    """Return each file and folder but our own: content, permission bits, and whether it is a link."""
    return {
        str(path.relative_to(home)): (
            path.read_bytes() if path.is_file() else None,
            stat.S_IMODE(path.stat().st_mode),
            path.is_symlink(),
        )
        for path in home.rglob("*")
        if ".local" not in path.relative_to(home).parts
    }


def data(file: Path) -> Any:
    """Read a file as programs do, with libraries that have nothing to do with our editors."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".toml":
        return tomllib.loads(text)
    if file.suffix == ".yaml":
        return yaml.safe_load(text)
    return jsonc.loads(text) if file.suffix in {".json", ".jsonc"} else dotenv.dotenv_values(file)


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Return the leaves of nested objects by their dotted keys; a list is a leaf."""
    if not isinstance(value, dict):
        return {path.removeprefix("."): value}
    return {name: leaf for key, item in value.items() for name, leaf in flat(item, f"{path}.{key}").items()}


def difference(before: bytes, after: bytes) -> tuple[str, int]:
    """Return the words of the user's that are gone, or else what is gone, and how many places have something new."""
    old, new = (re.findall(rb"\w+|\s|.", content, flags=re.DOTALL) for content in (before, after))
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    gone = b" ".join(b"".join(old[start:end]) for step, start, end, _, _ in steps if step in {"replace", "delete"})
    return " ".join(re.findall(r"\w+", gone.decode())) or gone.decode(), sum(
        step in {"replace", "insert"} for step, *_ in steps
    )


def at_or_below(key: str, places: tuple[str, ...]) -> bool:
    return any(key == place or key.startswith(f"{place}.") for place in places)


def configure_everything(aibridge: RunAibridge) -> set[str]:
    """Configure what is found, and what needs to be named: where there is no keychain, or no command to find it by."""
    configured = set()
    for words in (("--all",), (*ALONE, "--credential", "env")):
        ran = aibridge("configure", *words, "--yes", "--json")
        assert ran.code == 0, ran.err
        configured |= {each["id"] for each in ran.data["data"]["clients"]}
    return configured


@pytest.fixture(name="lived_in")
def home_that_is_lived_in(home: Path, signed_in: Token) -> Path:
    """A home with the files of thirty clients, in which somebody has signed in."""
    lay_out(home)
    return home


def test_only_our_keys_change(lived_in: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """Each file has our keys and all of the user's values, lists with their items first; what is new holds together."""
    before, old = looks(lived_in), {name: flat(data(lived_in / name)) for name in OURS}

    configure_everything(aibridge)

    after = looks(lived_in)
    changed = {name for name, look in before.items() if after[name] != look}
    assert {name for name in changed if name != "dotfiles/pi.json"} == set(OURS)
    for name, places in OURS.items():
        new = flat(data(lived_in / name))
        differing = {key for key in old[name] | new if old[name].get(key) != new.get(key)}
        assert {key for key in differing if not at_or_below(key, places)} == set(), name
        assert {place for place in places if not any(at_or_below(key, (place,)) for key in differing)} == set(), name
        for key in differing:
            if isinstance(old[name].get(key), list):
                assert new[key][: len(old[name][key])] == old[name][key], (name, key)
        gone, places_of_new = difference(before[name][0] or b"", after[name][0] or b"")
        assert (name, gone) == (name, GONE.get(name, ""))
        assert gone or places_of_new <= 2, name


def test_permissions_and_links(lived_in: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """A file keeps its permissions unless the token stands in it, and a link stays one."""
    before = looks(lived_in)
    configure_everything(aibridge)

    for name, (content, mode, link) in looks(lived_in).items():
        if name in before:
            holds_it = signed_in.text.encode() in (content or b"") and name in OURS
            assert (name, mode, link) == (name, 0o600 if holds_it else before[name][1], before[name][2])


def test_a_second_run_writes_nothing(lived_in: Path, aibridge: RunAibridge) -> None:
    """Not a byte, not a permission, not a time of a file is another after the second run."""
    aibridge("configure", "--all", "--yes")
    times = {path: path.stat().st_mtime_ns for path in lived_in.rglob("*") if path.is_file()}
    written = looks(lived_in)

    ran = aibridge("configure", "--all", "--yes")

    assert ran.err.endswith("nothing to do: everything is configured like this\n")
    assert looks(lived_in) == written
    own = lived_in / ".local"
    assert {
        path for path, time in times.items() if path.stat().st_mtime_ns != time and own not in path.parents
    } == set()


def test_every_byte_comes_back(lived_in: Path, aibridge: RunAibridge) -> None:
    """`unconfigure --all` leaves every file and folder as it was, permissions and links too, and none of ours."""
    before = looks(lived_in)
    configured = configure_everything(aibridge)

    ran = aibridge("unconfigure", "--all", "--yes")

    assert len(configured) >= 25
    assert configured >= {"cline", *ALONE, "mux", "roo-code", "zoo-code"}
    assert ran.code == 0, ran.err
    assert looks(lived_in) == before
