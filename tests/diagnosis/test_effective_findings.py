"""What is said about the effective value: where requests go, what they carry, and who is in the way."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aibridge_cli.diagnosis.effective import effective
from aibridge_cli.diagnosis.effective_findings import Ours, findings
from aibridge_cli.diagnosis.finding import Finding
from aibridge_cli.facts import Facts
from tests.diagnosis.layered import BASE, OTHER_TOKEN, OURS, TOKEN, Files, facts_of, quill

USER = "/home/ada/.quill/config.json"
PROJECT = "/home/ada/code/feather/quill.json"
WELL = f'{{"api": {{"base": "{BASE}", "key": "{TOKEN}"}}}}'


def said(
    files: Mapping[str, str | bytes], *arguments: str, facts: Facts | None = None, ours: Ours = OURS
) -> tuple[Finding, ...]:
    """Return what is found."""
    facts = facts or facts_of()
    profile = quill()
    return findings(profile, effective(profile, facts, Files(files), arguments), facts, ours)


def lines(found: tuple[Finding, ...]) -> list[str]:
    """Return findings as a person reads them."""
    return [f"{each.level}: {each.found}" + (f" -> {each.fix}" if each.fix else "") for each in found]


def test_all_is_well() -> None:
    """Address and token are ours, and both places are named."""
    assert lines(said({USER: WELL})) == [
        f"ok: `{BASE}`, by `api.base` in `{USER}` (the user's settings)",
        f"ok: `Authorization` carries our token, from `api.key` in `{USER}` (the user's settings)",
    ]


def test_the_gateways_other_name_is_as_good() -> None:
    """`ai-gateway` serves what `aibridge` does; the same address twice is no conflict."""
    files = {USER: WELL, PROJECT: f'{{"api": {{"base": "{BASE}"}}}}'}
    assert [each.level for each in said(files)] == ["ok", "ok"]
    assert {each.level for each in said({USER: WELL.replace("aibridge", "ai-gateway")})} == {"ok"}


def test_the_helper_in_our_own_file_is_ours() -> None:
    """What our own edit writes is ours by its place; the same key elsewhere is another's command."""
    ours = OURS._replace(way="helper", token=None)
    helper = f'{{"api": {{"base": "{BASE}", "command": "print"}}}}'
    assert {each.level for each in said({USER: helper}, ours=ours)} == {"ok"}
    foreign = said({USER: helper, PROJECT: '{"api": {"command": "mine"}}'}, ours=ours)
    assert lines(foreign)[1:] == [
        (
            f"problem: `Authorization` carries what another command prints, from `api.command` in `{PROJECT}` "
            f"(the project's settings) -> take `api.command` out of `{PROJECT}`"
        ),
    ]


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://coder.example.com/api/v2/aibridge/openai", "that is this deployment, but its address for this"),
        ("https://other.example.com/api/v2/ai-gateway/openai/v1", "that is another deployment"),
        ("https://llm.example.com/v1", "that is not this deployment"),
    ],
)
def test_another_address(url: str, verdict: str) -> None:
    """Another path, another deployment and another gateway are told apart, and our token must not go there."""
    address, credential = said({USER: f'{{"api": {{"base": "{url}", "key": "{TOKEN}"}}}}'})[:2]
    assert (address.level, address.fix, address.fixable) == ("problem", "`aibridge configure quill`", True)
    assert f"; {verdict}" in address.found
    assert (credential.level, "which would get a token that is not meant for it" in credential.found) == (
        "problem",
        True,
    )


def test_the_vendor() -> None:
    """Without any address the client goes to its maker, and has nothing to send there."""
    assert lines(said({})) == [
        (
            "problem: `https://api.quill.example/v1`, its own default; that is the vendor, not the deployment"
            " -> `aibridge configure quill`"
        ),
        "problem: no credential is sent -> `aibridge configure quill`",
    ]


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("sk-made-up", "a provider's key"),
        ("sk-ant-oat-made-up", "a personal sign-in"),
        ("eyJmade.up", "a personal sign-in"),
        (OTHER_TOKEN, "a Coder token that is not the one in use"),
        ("something", "another key"),
    ],
)
def test_another_credential(key: str, kind: str) -> None:
    """A real key beside our address is named by its kind, never shown."""
    found = said({USER: WELL, PROJECT: f'{{"api": {{"key": "{key}"}}}}'})
    assert (found[1].level, f"carries {kind}, from `api.key` in `{PROJECT}`" in found[1].found) == ("problem", True)
    assert not any(key in line for line in lines(found))


def test_an_empty_credential() -> None:
    """A key that is sent empty is said to be empty."""
    assert "carries an empty value" in said({USER: f'{{"api": {{"base": "{BASE}", "odd_key": ""}}}}'})[1].found


def test_a_second_credential_goes_along() -> None:
    """What another header carries beside our token is a conflict with both sides named."""
    found = said({USER: WELL, "/home/ada/.quill/auth.json": '{"accounts": [{"key": "sk-made-up"}]}'})
    assert [(each.check, each.level) for each in found[2:]] == [("client.conflict", "problem")]
    assert found[2].found == (
        "`X-Quill` carries a provider's key beside it, from `accounts[0].key` in `/home/ada/.quill/auth.json` "
        "(what the client keeps itself)"
    )
    assert found[2].fix == "take `accounts[0].key` out of `/home/ada/.quill/auth.json`"
    same = said({USER: WELL, "/home/ada/.quill/auth.json": f'{{"accounts": [{{"key": "{TOKEN}"}}]}}'})
    assert [each.level for each in same] == ["ok", "ok"]


def test_what_lost_is_told() -> None:
    """Weaker addresses and keys are notes with both sides; an old Coder token is to be taken out."""
    facts = facts_of(QUILL_BASE="https://llm.example.com", QUILL_KEY=OTHER_TOKEN)
    user = f'{{"api": {{"base": "{BASE}", "key": "{TOKEN}", "odd_key": "sk-made-up"}}}}'
    assert lines(said({USER: user, "/etc/quill/config.json": f'{{"api": {{"key": "{TOKEN}"}}}}'}, facts=facts))[2:] == [
        (
            "note: `api.key` in `/etc/quill/config.json` (managed settings) wins over a provider's key, "
            f"from `api.odd_key` in `{USER}` (the user's settings)"
        ),
        (
            "note: `api.key` in `/etc/quill/config.json` (managed settings) wins over a Coder token that is not "
            "the one in use, from `QUILL_KEY` in the environment -> `unset QUILL_KEY`, "
            "also where it is set when a shell starts"
        ),
        f"note: `api.base` in `{USER}` (the user's settings) wins over `QUILL_BASE` in the environment",
    ]


@pytest.mark.parametrize(
    ("files", "arguments", "environ", "fix"),
    [
        ({}, (), {"QUILL_BASE": "https://x"}, "`unset QUILL_BASE`, also where it is set when a shell starts"),
        ({}, ("--set", "api.base=https://x"), {}, "leave `--set` out"),
        ({}, (), {"QUILL_CONFIG": '{"api": {"base": "https://x"}}'}, "`unset QUILL_CONFIG`, or take `api.base` out"),
        ({PROJECT: '{"api": {"base": "https://x"}}'}, (), {}, f"take `api.base` out of `{PROJECT}`"),
        ({"/etc/quill/config.json": '{"api": {"base": "https://x"}}'}, (), {}, "is kept by whoever manages this"),
    ],
)
def test_the_fix_fits_the_place(
    files: dict[str, str], arguments: tuple[str, ...], environ: dict[str, str], fix: str
) -> None:
    """What to do depends on what decided; a machine's own settings are not the user's to change."""
    address = said(files, *arguments, facts=facts_of(**environ))[0]
    assert (address.level, fix in address.fix, address.fixable) == ("problem", True, False)


def test_past_the_deployment() -> None:
    """A switch to another cloud and a client that does not start are problems of their own."""
    assert lines(said({USER: WELL}, facts=facts_of(QUILL_CLOUD="1"))) == [
        (
            "problem: requests go to the feather cloud, past the deployment, because of `QUILL_CLOUD` "
            "in the environment -> `unset QUILL_CLOUD`, also where it is set when a shell starts"
        )
    ]
    assert lines(said({USER: '{"old": 1}'})) == [
        f"problem: nothing is sent: it is too old -> take `old` out of `{USER}`"
    ]


def test_a_file_that_cannot_be_read() -> None:
    """It is a problem where it is ours or stops the client, and a note elsewhere."""
    ours, others = said({USER: "{", "/etc/quill/config.json": "{"})[1::-1]
    assert [(each.level, each.looked_at) for each in (ours, others)] == [
        ("problem", f"`{USER}`"),
        ("note", "`/etc/quill/config.json`"),
    ]
    stops = said({"/home/ada/code/feather/.quill/config.jsonc": "{"})[0]
    assert (stops.level, "does not start because of it" in stops.found) == ("problem", True)
