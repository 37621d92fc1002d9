"""The clients that the resolver is held against, and what their combinations are drawn from."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.real_clients.combinations import Cell, Subject

CLAUDE_USER = "{config}/settings.json"
CODEX_USER = "{config}/config.toml"
PI_MODELS = "{config}/models.json"
OPENCODE_USER = "{config}/opencode.json"
SWITCHES = ("bedrock", "vertex", "foundry", "mantle", "anthropic_aws", "anthropic_google")
# a sign-in's token is read for whose it is, and never checked
CLAIMS = {
    "exp": 4102444800,
    "email": "ada@example.com",
    "https://api.openai.com/auth": {"chatgpt_account_id": "made-up", "chatgpt_plan_type": "plus"},
}


def unsigned(claims: Any) -> str:
    """Return claims as the token of a sign-in."""
    parts = ({"alg": "RS256"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + ".x"


def named_providers(document: Any, _cell: Cell) -> None:
    """Give each provider the name without which the client does not start, and a sign-in what belongs to it."""
    if "tokens" in document:
        document["tokens"] |= {"id_token": unsigned(CLAIMS), "refresh_token": "made-up", "account_id": "made-up"}
        document["last_refresh"] = "2099-01-01T00:00:00Z"
    for provider in document.get("model_providers", {}).values():
        provider.setdefault("name", "made up")
        provider.setdefault("request_max_retries", 0)
        provider.setdefault("stream_max_retries", 0)


def typed_logins(document: Any, cell: Cell) -> None:
    """Give each stored key its kind, and each configuration the schema that the client would write into it."""
    if cell.place in ("{data}/auth.json", "$OPENCODE_AUTH_CONTENT"):
        for login in document.values():
            login.setdefault("type", "api")
            if login["type"] == "oauth":
                login |= {"access": "made-up", "refresh": "made-up", "expires": 4102444800000}
    else:
        document.setdefault("$schema", "https://opencode.ai/config.json")


def typed_keys(document: Any, cell: Cell) -> None:
    """Give each stored key its kind; a switch is no string."""
    if cell.place == "{config}/auth.json":
        for login in document.values():
            login["type"] = "api_key"
    for provider in document.get("providers", {}).values():
        if "authHeader" in provider:
            provider["authHeader"] = True


SUBJECTS = {
    "claude-code": Subject(
        rows=14,
        always=((CLAUDE_USER, "base"),),
        crossed=(
            (CLAUDE_USER, "auth_token"),
            (CLAUDE_USER, "api_key"),
            (CLAUDE_USER, "helper"),
            (CLAUDE_USER, "oauth_token"),
            (CLAUDE_USER, "header_authorization"),
            (CLAUDE_USER, "header_api_key"),
            ("--bare", "bare"),
            ("--settings", "helper"),
            ("{config}/.credentials.json", "login"),
            ("{state}/.claude.json", "console_key"),
        ),
        words=dict.fromkeys((*SWITCHES, "bare"), ("1", "0")),
        left_out=("model", "model_variable"),  # test_effective_model.py has these
        diverting=(*SWITCHES, "bare"),
        now_and_then=({}, {}, {"CLAUDE_CONFIG_DIR": "{home}/moved"}),
        folder_files=("20-late.json", "10-early.json"),
        around={
            "{config}/.credentials.json": {
                "claudeAiOauth": {
                    "refreshToken": "made-up-refresh",
                    "expiresAt": 4102444800000,
                    "scopes": ["user:inference", "user:profile"],
                    "subscriptionType": "max",
                }
            }
        },
        environment={
            "ANTHROPIC_BEDROCK_BASE_URL": "{url}/elsewhere/bedrock",
            "AWS_BEARER_TOKEN_BEDROCK": "made-up-bedrock",
            "AWS_REGION": "us-east-1",
            "ANTHROPIC_VERTEX_BASE_URL": "{url}/elsewhere/vertex",
            "ANTHROPIC_VERTEX_PROJECT_ID": "made-up-project",
            "CLAUDE_CODE_SKIP_VERTEX_AUTH": "1",
            "CLOUD_ML_REGION": "us-east5",
            "ANTHROPIC_FOUNDRY_BASE_URL": "{url}/elsewhere/foundry",
            "ANTHROPIC_FOUNDRY_API_KEY": "made-up-foundry",
            "ANTHROPIC_BEDROCK_MANTLE_BASE_URL": "{url}/elsewhere/mantle",
            "ANTHROPIC_AWS_BASE_URL": "{url}/elsewhere/aws",
            "ANTHROPIC_AWS_API_KEY": "made-up-aws",
            "ANTHROPIC_AWS_WORKSPACE_ID": "made-up-workspace",
            "ANTHROPIC_GOOGLE_CLOUD_BASE_URL": "{url}/elsewhere/google",
            "ANTHROPIC_GOOGLE_CLOUD_PROJECT": "made-up-project",
            "ANTHROPIC_GOOGLE_CLOUD_LOCATION": "us-east5",
            "ANTHROPIC_GOOGLE_CLOUD_WORKSPACE_ID": "made-up-workspace",
            "CLAUDE_CODE_SKIP_ANTHROPIC_GOOGLE_CLOUD_AUTH": "1",
        },
        elsewhere={
            "/elsewhere/bedrock": "Amazon Bedrock",
            "/elsewhere/vertex": "Google Vertex AI",
            "/elsewhere/foundry": "Microsoft Foundry",
            "/elsewhere/mantle": "Amazon Bedrock (Mantle)",
            "/elsewhere/aws": "Claude Platform on AWS",
            "/elsewhere/google": "Claude Platform on Google Cloud",
        },
    ),
    "codex": Subject(
        rows=20,
        left_out=("model",),
        words={
            "provider": ("one", "two"),
            "env_key": ("FIRST_TOKEN", "SECOND_TOKEN"),
            "openai_auth": ("true",),
            "header_variable": ("FIRST_HEADER", "SECOND_HEADER"),
            "login_mode": ("chatgpt", "apikey"),
        },
        now_and_then=({}, {}, {"CODEX_HOME": "{home}/moved"}),
        busybodies={"chatgpt.com:443": "Reconnecting"},
        always=((CODEX_USER, "provider"), (CODEX_USER, "base")),
        crossed=(
            (CODEX_USER, "auth"),
            (CODEX_USER, "bearer"),
            (CODEX_USER, "env_key"),
            ("environment", "env_token"),
            (CODEX_USER, "openai_auth"),
            ("environment", "codex_key"),
            ("{config}/auth.json", "login_key"),
            ("{config}/auth.json", "login"),
            ("{config}/auth.json", "login_mode"),
            (CODEX_USER, "header"),
            (CODEX_USER, "header_variable"),
            ("environment", "header_from_variable"),
        ),
        # what the client refuses together in any provider, even in one that is not used
        never=(
            ("one", "env_key"),
            ("one", "experimental_bearer_token"),
            ("two", "auth", "command"),
            ("one", "requires_openai_auth"),
            ("two", "requires_openai_auth"),
        ),
        # an empty command in a provider that is not used stops it too
        never_empty=("auth",),
        together={"env_key": "env_token", "header_variable": "header_from_variable"},
        beside=named_providers,
        environment={"OPENAI_BASE_URL": "{url}/not-read", "OPENAI_API_KEY": "made-up-not-read"},
    ),
    "copilot": Subject(
        rows=4,
        left_out=("type",),
        always=(("environment", "base"),),
        crossed=(
            ("environment", "bearer"),
            ("environment", "key"),
            ("environment", "command"),
        ),
        for_wire={"anthropic-messages": ("--model", "claude-sonnet-4-5", "-p")},
        paths={"anthropic-messages": "/v1/messages"},
        environment={"COPILOT_PROVIDER_TYPE": "anthropic"},
        elsewhere={"api.github.com:443": "GitHub, with a sign-in there"},
    ),
    "pi": Subject(
        rows=8,
        left_out=("anthropic_base", "openai_base"),
        always=((PI_MODELS, "anthropic_key"), (PI_MODELS, "openai_key")),
        crossed=(
            ("{config}/auth.json", "anthropic_login"),
            (PI_MODELS, "anthropic_header"),
            (PI_MODELS, "anthropic_auth_header"),
            ("{config}/auth.json", "openai_login"),
            (PI_MODELS, "openai_header"),
        ),
        words={"anthropic_auth_header": ("true",)},
        around={
            PI_MODELS: {
                "providers": {
                    "coder-anthropic": {
                        "baseUrl": "{url}/anthropic",
                        "api": "anthropic-messages",
                        "models": [{"id": "claude-sonnet-4-5"}],
                    },
                    "coder-openai": {
                        "baseUrl": "{url}/openai",
                        "api": "openai-responses",
                        "models": [{"id": "gpt-5.4"}],
                    },
                }
            }
        },
        beside=typed_keys,
        for_wire={
            "anthropic-messages": ("--model", "coder-anthropic/claude-sonnet-4-5", "-p"),
            "openai-responses": ("--model", "coder-openai/gpt-5.4", "-p"),
        },
        environment={"PI_OFFLINE": "1"},
        now_and_then=({}, {}, {"PI_CODING_AGENT_DIR": "{home}/moved"}),
    ),
    "opencode": Subject(
        rows=16,
        words={
            "openai_login_type": ("oauth",),
            "disabled": ("anthropic", "openai", "opencode"),
            "enabled": ("anthropic", "openai"),
        },
        diverting=("openai_login_type", "disabled", "enabled", "anthropic_token"),
        always=((OPENCODE_USER, "anthropic_base"), (OPENCODE_USER, "openai_base"), (OPENCODE_USER, "openai_key")),
        crossed=(
            ("$OPENCODE_AUTH_CONTENT", "openai_login_type"),
            (OPENCODE_USER, "anthropic_token"),
            ("$OPENCODE_CONFIG_DIR/opencode.json", "openai_base"),
        ),
        elsewhere={"chatgpt.com:443": "OpenAI, with the ChatGPT sign-in"},
        beside=typed_logins,
        below="/v1",
        now_and_then=(
            {},
            {"OPENCODE_DISABLE_PROJECT_CONFIG": "1"},
            {"XDG_CONFIG_HOME": "{home}/moved", "XDG_DATA_HOME": "{home}/moved"},
        ),
        for_wire={
            "anthropic-messages": ("-m", "anthropic/claude-sonnet-4-5"),
            "openai-responses": ("-m", "openai/gpt-5.4"),
        },
    ),
    "kilo": Subject(
        rows=12,
        words={"openai_login_type": ("oauth",)},
        left_out=("openai_login_type",),
        around={"{data}/auth.json": {}},
        beside=typed_logins,
        for_wire={
            "anthropic-messages": ("-m", "anthropic/claude-sonnet-4-5"),
            "openai-responses": ("-m", "openai/gpt-5.4"),
        },
    ),
}
