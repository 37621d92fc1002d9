from __future__ import annotations

import traceback

import pytest

from aibridge_cli.secret import Secret, mask

TOKEN = "AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB"


def test_a_secret_shows_itself_nowhere() -> None:
    """However it is printed, a secret is three stars; only `reveal` gives it back."""
    secret = Secret(TOKEN)

    assert (str(secret), repr(secret), f"{secret}", f"{secret:>5}") == ("***", "Secret(***)", "***", "  ***")
    assert secret.reveal() == TOKEN


def test_a_secret_is_not_in_a_traceback() -> None:
    """An error about a secret does not show it."""
    error = ValueError(Secret(TOKEN))

    assert TOKEN not in "".join(traceback.format_exception(error))


def test_secrets_are_compared_by_value() -> None:
    """Two secrets are equal when their texts are, and never equal to the text itself."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f'"x": "{TOKEN}"', '"x": "***"'),
        ('"ANTHROPIC_API_KEY": "anything at all"', '"ANTHROPIC_API_KEY": "***"'),
        ('"models": [{"id": 1, "apiKey": "abc"}]', '"models": [{"id": 1, "apiKey": "***"}]'),
        ("experimental_bearer_token = 'abc'", "experimental_bearer_token = '***'"),
        ('key = "it\\"s"', 'key = "***"'),
        ('x = "sk-ant-api03-abcdefgh"', 'x = "***"'),
        ('x = "ghp_abcdefghij1234567890"', 'x = "***"'),
        ('x = "eyJhbGciOi.eyJzdWIi.c2ln"', 'x = "***"'),
        ('"Authorization": "Bearer abc"', '"Authorization": "***"'),
        ("curl -H 'X: Bearer abc.def'", "curl -H 'X: Bearer ***'"),
        ('url = "https://me:pass@host/x"', 'url = "https://me:***@host/x"'),
        ('"password": "p"', '"password": "***"'),
        ('"profile_token": "p"', '"profile_token": "***"'),
        ('"curlKey": "p"', '"curlKey": "***"'),
        ('"PGPASS": "p"', '"PGPASS": "***"'),
        ('"auth": "p"', '"auth": "***"'),
        ('"Cookie": "sid=p"', '"Cookie": "***"'),
        ('api_key = """p"q\nr"""', 'api_key = """***"""'),
        ('"apiKeys": ["p", "q"]', '"apiKeys": [***]'),
        ('"TOKEN_ENV": "p"', '"TOKEN_ENV": "***"'),
        ('"apiKeys": [\n  "]p"\n]', '"apiKeys": [***]'),
        ('"headers": {"X-Api": "p", "Y": "{env:Z}"}', '"headers": {"X-Api": "***", "Y": "{env:Z}"}'),
        ("http_headers = { X-Api = 'p' }, x = 'y'", "http_headers = { X-Api = '***' }, x = 'y'"),
        ('url = "https://host/?api_key=p&x=y"', 'url = "https://host/?api_key=***&x=y"'),
    ],
)
def test_what_looks_like_a_secret_is_masked(line: str, shown: str) -> None:
    """Keys of providers, tokens, passwords in URLs and values of keys that are named after secrets are masked."""
    assert mask(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        '"apiKeyHelper": "\'/opt/my tools/aibridge\' token"',
        'env_key = "CODER_AI_BRIDGE_TOKEN"',
        '"api_key_env": "CODER_AI_BRIDGE_TOKEN"',
        '"keyVariable": "QUILL_TOKEN"',
        '"apiKey": "{file:~/token}"',
        '"apiKey": "{env:TOKEN}"',
        '"apiKey": "${TOKEN}"',
        '"ANTHROPIC_API_KEY": ""',
        'model = "gpt-5.4"',
        'session = "4d3f9f0e-5c3a-4e59-9e5b-0d1b5f3f1a2b"',
        '"token_file": "/a/b"',
        '"maxTokens": [1, 2]',
        "requires_openai_auth = false",
        '"author": "me"',
        '"authMethod": "sso"',
        'compass = "north"',
        '"args": ["token", "--url", "https://coder.example.com"]',
    ],
)
def test_what_is_no_secret_is_shown(line: str) -> None:
    """Commands, references, names of variables and empty values are worth seeing in a preview."""
    assert mask(line) == line


def test_known_secrets_are_masked_wherever_they_stand() -> None:
    """A secret that we know is masked in the middle of anything; an empty one masks nothing."""
    assert mask("a=xyzzyb", (Secret("xyzzy"), Secret(""))) == "a=***b"
