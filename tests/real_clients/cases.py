"""The clients from npm: how each is asked, what it asks in turn, and files as people have them."""

from __future__ import annotations

# What stands in a shell that has been used for years: none of it may arrive anywhere.
HOSTILE = {
    "ANTHROPIC_API_KEY": "sk-ant-personal-0000000000",
    "ANTHROPIC_AUTH_TOKEN": "stale-anthropic-0000000000",
    "ANTHROPIC_BASE_URL": "https://elsewhere.example.com/anthropic",
    "OCO_AI_PROVIDER": "flowise",
    "OCO_API_CUSTOM_HEADERS": '{"X-Personal": "opencommit-personal-0000000000"}',
    "OCO_API_KEY": "sk-opencommit-personal-0000000000",
    "OCO_API_URL": "https://elsewhere.example.com/v1",
    "COPILOT_PROVIDER_API_KEY": "sk-copilot-personal-0000000000",
    "COPILOT_PROVIDER_API_KEY_COMMAND": "echo sk-copilot-printed-0000000000",
    "COPILOT_PROVIDER_BEARER_TOKEN": "stale-copilot-0000000000",
    "CODEX_API_KEY": "sk-codex-personal-0000000000",
    "OPENAI_API_KEY": "sk-openai-personal-0000000000",
    "OPENAI_BASE_URL": "https://elsewhere.example.com/openai/v1",
}
# With these in the shell a client rewrites its file by itself; what is left to undo is in `test_client_facts.py`.
REWRITTEN_FOR = {"continue-cli": {"ANTHROPIC_API_KEY"}}
VENDORS = {
    "api.anthropic.com:443",
    "api.openai.com:443",
    "openrouter.ai:443",
    "opencode.ai:443",
    "api.kilo.ai:443",
    "api.githubcopilot.com:443",
    "elsewhere.example.com:443",
}
# Vendors that a client asks by itself where the shell has the user's own key for them, and what for.
WITH_THEIR_KEY = {"openclaw": {"api.openai.com:443"}}  # its memory is indexed there

# Settings files as people have them: odd spacing, comments where the client allows them, unicode, CRLF.
LIVED_IN = {
    ".claude/settings.json": (
        b'{ "permissions" : {"allow":["Bash(ls:*)" ,"Read"]},\r\n'
        b'\t"env":{"EDITOR":"vi" ,   "NAME":"Z\xc3\xbcrich \xf0\x9f\x8f\x94"},\r\n\r\n'
        b'  "includeCoAuthoredBy" : false }\r\n'
    ),
    ".codex/config.toml": (
        b'# mine, do not touch\napproval_policy   = "never"   # really\n\n[projects."/tmp/some where"]\n'
        b"trust_level = 'trusted'\n\n[mcp_servers]   # none yet\n# the end, without a line feed"
    ),
    ".copilot/settings.json": b'{ "theme":"dark",\r\n\t"banner" : "never" }\r\n',
    ".factory/settings.json": (
        b'{ // by hand\r\n\t"theme":"factory-dark" ,\r\n  "customModels" : [ /* the local one */ {"model":"llama3",'
        b'"displayName":"Z\xc3\xbcrich \xf0\x9f\x8f\x94","baseUrl":"http://localhost:11434/v1","apiKey":"none",\r\n'
        b'    "provider":"generic-chat-completion-api"} // keep\r\n ] }\r\n'
    ),
    ".qwen/settings.json": (
        b'{ // by hand\r\n\t"$version" : 4,\r\n  "general":{"checkForUpdates":false} , /* no news */\r\n'
        b'  "env":{"NAME":"Z\xc3\xbcrich \xf0\x9f\x8f\x94"} }\r\n'
    ),
    ".aicommits": b"# mine\r\nlocale =  en\r\n\r\ntype=plain\r\nmax-length = 72",
    ".cline/data/settings/providers.json": (
        b'{\n  "version": 1,\n  "lastUsedProvider": "openai-native",\n  "modes": {},\n  "providers": {\n'
        b'    "openai-native": {\n      "settings": {\n        "provider": "openai-native",\n'
        b'        "apiKey": "sk-personal-0000000000",\n        "model": "gpt-5.4"\n      },\n'
        b'      "updatedAt": "2026-10-01T08:00:00.000Z",\n      "tokenSource": "manual"\n    }\n  }\n}\n'
    ),
    ".continue/config.yaml": (
        b"# mine, do not touch\nname:   Z\xc3\xbcrich \xf0\x9f\x8f\x94     # what it is called\nversion: 0.0.1\n\n"
        b"rules: [ 'Be brief',  \"No jokes\" ]\nmodels:\n# none yet\n\nmcpServers: []   # the end"
    ),
    ".config/goose/custom_providers/coder_openai.json": (
        b'{ "name":"coder_openai", "engine":"openai",\r\n\t"display_name":"Z\xc3\xbcrich \xf0\x9f\x8f\x94" ,'
        b' "api_key_env":"OPENAI_API_KEY",\r\n  "base_url":"https://elsewhere.example.com/v1" , "timeout_seconds":600,'
        b'\r\n\r\n "models":[ {"name":"gpt-4o","context_limit":128000} ] }\r\n'
    ),
    ".config/nanocoder/agents.config.json": (
        b'{ "nanocoder" : {"providers":[ {"name":"ollama" ,"baseUrl":"http://localhost:11434/v1",\r\n\t'
        b'"models":["Z\xc3\xbcrich \xf0\x9f\x8f\x94"]} ],\r\n  "autoCompact" : { "threshold":6.0e1 } } }\r\n'
    ),
    ".kimi-code/config.toml": (
        b'# mine, do not touch\r\ndefault_model   = "kimi-code/k3"     # Z\xc3\xbcrich \xf0\x9f\x8f\x94\r\n\r\n'
        b'[providers."managed:kimi-code"]\r\ntype = \'kimi\'\r\nbase_url = "https://api.kimi.com/coding/v1"\r\n'
        b'api_key = "sk-kimi-personal-0000000000"\r\n\r\n[models."kimi-code/k3"]\r\n'
        b'provider = "managed:kimi-code"\r\nmodel = "k3"\r\n'
        b"max_context_size = 1_048_576 # the end"
    ),
    ".opencommit": b"; mine\r\nOCO_AI_PROVIDER=anthropic\nOCO_API_KEY =personal-0000000000\nOCO_MODEL=gpt-5.4\n",
    ".oracle/config.json": b'{ // mine\r\n\t"engine":"api" ,  "notify" : false }\r\n',
    ".pi/agent/models.json": (
        b'{ // by hand\r\n\t"providers" : { "ollama" : {"baseUrl":"http://localhost:11434/v1" , "apiKey":"ollama",\r\n'
        b'  "api":"openai-completions", "models":[ {"id":"llama3","name":"Z\xc3\xbcrich \xf0\x9f\x8f\x94"} ] } } }\r\n'
    ),
    ".config/kilo/kilo.jsonc": (
        b'{ "$schema":"https://app.kilo.ai/config.json",\r\n\t"permission":{"bash":"ask"}, // as ever\r\n\r\n'
        b'  "username":"Z\xc3\xbcrich \xf0\x9f\x8f\x94", /* not mine */ "autoupdate":false,\r\n}\r\n'
    ),
    ".openclaw/openclaw.json": (
        b'{ // by hand\r\n\t"logging":{"level":"warn"} , /* quiet */\r\n'
        b'  "agents":{ "defaults":{ "userTimezone":"Europe/Zurich" , "thinkingDefault":"off" } } }\r\n'
    ),
    ".config/opencode/opencode.json": (
        b'{\n    "$schema": "https://opencode.ai/config.json",   // checked by the editor\n'
        b'    "autoupdate": false, /* never */ "share":"disabled",\n\n\n    // "theme": "one",\n}\n'
    ),
}
# What has to stand beside such a file, else the client would bring it up to date and ask to be run again.
BESIDE = {
    ".opencommit": (
        ".opencommit_migrations",
        (
            '["00_use_single_api_key_and_url", "01_remove_obsolete_config_keys_from_global_file",'
            ' "02_set_missing_default_values"]'
        ),
    ),
}
# What `aibridge` writes to; where it writes nothing, a file of the client's that stays as it is.
FILES = {
    "aicommits": ".aicommits",
    "claude-code": ".claude/settings.json",
    "codex": ".codex/config.toml",
    "cline": ".cline/data/settings/providers.json",
    "continue-cli": ".continue/config.yaml",
    "copilot": ".copilot/settings.json",
    "droid": ".factory/settings.json",
    "goose": ".config/goose/custom_providers/coder_openai.json",
    "kilo": ".config/kilo/kilo.jsonc",
    "kimi-code": ".kimi-code/config.toml",
    "nanocoder": ".config/nanocoder/agents.config.json",
    "openclaw": ".openclaw/openclaw.json",
    "opencode": ".config/opencode/opencode.json",
    "opencommit": ".opencommit",
    "oracle": ".oracle/config.json",
    "pi": ".pi/agent/models.json",
    "qwen-code": ".qwen/settings.json",
}
# Clients whose helper is named by a variable, as they have no file that could name it.
HELPER_VARIABLES = {"copilot"}
# What a client makes for itself at its first start, or adds to the file when we were faster.
OPENCODE_STARTED = ".config/opencode/opencode.jsonc"
STARTED: dict[str, tuple[str, dict[str, object]]] = {
    "cline": (".cline/data/settings/providers.json", {"modes": {}, "lastUsedProvider": "openai-native"}),
    "kilo": (
        ".config/kilo/kilo.jsonc",
        {"$schema": "https://app.kilo.ai/config.json", "permission": {"bash": "allow"}},
    ),
    "opencode": (OPENCODE_STARTED, {"$schema": "https://opencode.ai/config.json"}),
    "qwen-code": (".qwen/settings.json", {"$version": 4}),
}
CASES = [
    ("aicommits", "file", (), "/openai/v1/chat/completions"),
    ("claude-code", "helper", (), "/anthropic/v1/messages?beta=true"),
    ("claude-code", "file", (), "/anthropic/v1/messages?beta=true"),
    ("claude-code", "env", (), "/anthropic/v1/messages?beta=true"),
    ("codex", "helper", (), "/openai/v1/responses"),
    ("codex", "file", (), "/openai/v1/responses"),
    ("codex", "env", (), "/openai/v1/responses"),
    ("cline", "file", (), "/anthropic/v1/messages"),
    ("cline", "file", ("-P", "openai-native"), "/openai/v1/responses"),
    ("continue-cli", "env", (), "/anthropic/v1/messages"),
    ("continue-cli", "file", (), "/anthropic/v1/messages"),
    ("copilot", "helper", ("--model", "claude-sonnet-4-5", "-p"), "/anthropic/v1/messages"),
    ("copilot", "env", ("--model", "claude-sonnet-4-5", "-p"), "/anthropic/v1/messages"),
    ("droid", "env", ("-m", "custom:coder-anthropic"), "/anthropic/v1/messages"),
    ("droid", "env", ("-m", "custom:coder-openai"), "/openai/v1/responses"),
    ("droid", "file", ("-m", "custom:coder-anthropic"), "/anthropic/v1/messages"),
    ("goose", "env", ("--provider", "coder_anthropic", "--model", "claude-sonnet-4-5", "-t"), "/anthropic/v1/messages"),
    ("goose", "env", ("--provider", "coder_openai", "--model", "gpt-5.4", "-t"), "/openai/v1/chat/completions"),
    ("kilo", "reference", ("-m", "anthropic/claude-sonnet-4-5"), "/anthropic/v1/messages"),
    ("kilo", "reference", ("-m", "openai/gpt-5.4"), "/openai/v1/responses"),
    ("kilo", "file", ("-m", "openai/gpt-5.4"), "/openai/v1/responses"),
    ("kilo", "env", ("-m", "anthropic/claude-sonnet-4-5"), "/anthropic/v1/messages"),
    ("kimi-code", "env", ("-m", "coder-anthropic", "-p"), "/anthropic/v1/messages?beta=true"),
    ("kimi-code", "env", ("-m", "coder-openai", "-p"), "/openai/v1/responses"),
    ("kimi-code", "file", ("-m", "coder-anthropic", "-p"), "/anthropic/v1/messages?beta=true"),
    ("kimi-code", "file", ("-m", "coder-openai", "-p"), "/openai/v1/responses"),
    (
        "nanocoder",
        "env",
        ("--provider", "coder-anthropic", "--model", "claude-sonnet-4-5", "run"),
        "/anthropic/v1/messages",
    ),
    ("nanocoder", "env", ("--provider", "coder-openai", "--model", "gpt-5.4", "run"), "/openai/v1/chat/completions"),
    ("nanocoder", "file", ("--provider", "coder-openai", "--model", "gpt-5.4", "run"), "/openai/v1/chat/completions"),
    ("openclaw", "file", ("--model", "coder-anthropic/claude-sonnet-4-5", "--message"), "/anthropic/v1/messages"),
    ("openclaw", "env", ("--model", "coder-openai/gpt-5.4", "--message"), "/openai/v1/responses"),
    ("opencode", "reference", ("-m", "anthropic/claude-sonnet-4-5"), "/anthropic/v1/messages"),
    ("opencode", "reference", ("-m", "openai/gpt-5.4"), "/openai/v1/responses"),
    ("opencode", "file", ("-m", "openai/gpt-5.4"), "/openai/v1/responses"),
    ("opencode", "env", ("-m", "anthropic/claude-sonnet-4-5"), "/anthropic/v1/messages"),
    ("opencommit", "env", (), "/openai/v1/chat/completions"),
    ("oracle", "env", (), "/openai/v1/chat/completions"),
    ("pi", "helper", ("--model", "coder-anthropic/claude-sonnet-4-5", "-p"), "/anthropic/v1/messages?beta=true"),
    ("pi", "helper", ("--model", "coder-openai/gpt-5.4", "-p"), "/openai/v1/responses"),
    ("pi", "file", ("--model", "coder-openai/gpt-5.4", "-p"), "/openai/v1/responses"),
    ("qwen-code", "env", ("-m", "gpt-5.4", "-p"), "/openai/v1/chat/completions"),
    ("qwen-code", "file", ("-m", "gpt-5.4", "-p"), "/openai/v1/chat/completions"),
    (
        "qwen-code",
        "env",
        ("--auth-type", "anthropic", "-m", "claude-sonnet-4-5", "-p"),
        "/anthropic/v1/messages",
    ),
]
# A model that is named when configuring, and how the client is asked without naming one.
MODELS = [
    ("cline", "file", "anthropic=claude-opus-4-1", (), "/anthropic/v1/messages"),
    ("droid", "file", "anthropic=claude-opus-4-1", (), "/anthropic/v1/messages"),
    ("droid", "env", "openai=gpt-5.2-codex", (), "/openai/v1/responses"),
    ("goose", "env", "openai=gpt-5.2-codex", ("-t",), "/openai/v1/chat/completions"),
    ("kimi-code", "env", "openai=gpt-5.2-codex", ("-p",), "/openai/v1/responses"),
    ("qwen-code", "env", "openai=gpt-5.2-codex", ("-p",), "/openai/v1/chat/completions"),
    ("qwen-code", "file", "anthropic=claude-opus-4-1", ("-p",), "/anthropic/v1/messages"),
    ("pi", "helper", "anthropic=claude-opus-4-1", ("-p",), "/anthropic/v1/messages?beta=true"),
]
