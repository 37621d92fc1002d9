"""The clients that the resolver is held against, and what their combinations are drawn from."""

from __future__ import annotations

from typing import Any

from tests.real_clients.combinations import Cell, Subject

CLAUDE_USER = "{config}/settings.json"
CODEX_USER = "{config}/config.toml"
SWITCHES = ("bedrock", "vertex", "foundry")


def named_providers(document: Any, _cell: Cell) -> None:
    """Give each provider the name without which the client does not start."""
    for provider in document.get("model_providers", {}).values():
        provider.setdefault("name", "made up")
        provider.setdefault("request_max_retries", 0)
        provider.setdefault("stream_max_retries", 0)


def typed_logins(document: Any, cell: Cell) -> None:
    """Give each stored key its kind, and each configuration the schema that the client would write into it."""
    if cell.place == "{data}/auth.json":
        for login in document.values():
            login.setdefault("type", "api")
    else:
        document.setdefault("$schema", "https://opencode.ai/config.json")


SUBJECTS = {
    "claude-code": Subject(
        rows=14,
        always=((CLAUDE_USER, "base"),),
        crossed=(
            (CLAUDE_USER, "auth_token"),
            (CLAUDE_USER, "api_key"),
            (CLAUDE_USER, "helper"),
            (CLAUDE_USER, "oauth_token"),
            ("{config}/.credentials.json", "login"),
            ("{state}/.claude.json", "console_key"),
        ),
        words=dict.fromkeys(SWITCHES, ("1", "0")),
        diverting=SWITCHES,
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
        },
        elsewhere={
            "/elsewhere/bedrock": "Amazon Bedrock",
            "/elsewhere/vertex": "Google Vertex AI",
            "/elsewhere/foundry": "Microsoft Foundry",
        },
    ),
    "codex": Subject(
        rows=20,
        words={
            "provider": ("one", "two"),
            "env_key": ("FIRST_TOKEN", "SECOND_TOKEN"),
            "openai_auth": ("true",),
        },
        around={"{config}/auth.json": {"auth_mode": "apikey"}},
        always=((CODEX_USER, "provider"), (CODEX_USER, "base")),
        crossed=(
            (CODEX_USER, "auth"),
            (CODEX_USER, "bearer"),
            (CODEX_USER, "env_key"),
            ("environment", "env_token"),
            (CODEX_USER, "openai_auth"),
            ("environment", "codex_key"),
            ("{config}/auth.json", "login_key"),
        ),
        left_out=("login",),
        # what the client refuses together in any provider, even in one that is not used
        never=(
            ("one", "env_key"),
            ("one", "experimental_bearer_token"),
            ("two", "auth", "command"),
            ("one", "requires_openai_auth"),
            ("two", "requires_openai_auth"),
        ),
        together={"env_key": "env_token"},
        beside=named_providers,
        environment={"OPENAI_BASE_URL": "{url}/not-read", "OPENAI_API_KEY": "made-up-not-read"},
    ),
    "opencode": Subject(
        rows=14,
        words={"openai_login_type": ("oauth",)},
        left_out=("openai_login_type",),
        around={"{data}/auth.json": {}},
        beside=typed_logins,
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
