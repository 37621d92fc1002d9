"""What a template sets, by what it is asked for."""

from __future__ import annotations

import pytest

from aibridge_cli.clients.profile import Edit, Profile, RegistryModule
from aibridge_cli.terraform.blocks import Heredoc, Reference, Template
from aibridge_cli.terraform.workspace import ACCESS_URL, SESSION_TOKEN, Wishes, workspace

EDIT = Edit(("{config}/a.json",), "json")


def client(name: str, **more: object) -> Profile:
    return Profile(name, f"{name}.toml", name, "s", "https://d", "supported", **more)  # type: ignore[arg-type]


def variables(wishes: Wishes) -> dict[object, object]:
    found = workspace(wishes).blocks
    return {block.attributes["name"]: block.attributes.get("value") for block in found if "coder_env" in block.labels}


def test_the_sign_in_comes_first() -> None:
    """`CODER_URL` and `CODER_SESSION_TOKEN` are always set, by reference."""
    assert variables(Wishes({})) == {"CODER_URL": ACCESS_URL, "CODER_SESSION_TOKEN": SESSION_TOKEN}


def test_placeholders_become_references() -> None:
    """Text stays text, an address is the deployment's with a path, a token is the owner's session."""
    found = variables(
        Wishes({"A": "{gateway.openai}", "B": "x{token}", "C": "{deployment.url}", "D": "plain", "E": ""})
    )

    assert found["A"] == Template((ACCESS_URL, "/api/v2/aibridge/openai/v1"))
    assert found["B"] == Template(("x", SESSION_TOKEN))
    assert (found["C"], found["D"], found["E"]) == (ACCESS_URL, "plain", "")


def test_what_nobody_knows_in_a_workspace_is_left_out() -> None:
    """A variable for a model, a helper or a path is not set, as `aibridge env` sets none for a model."""
    assert {"A", "B"}.isdisjoint(variables(Wishes({"A": "{model.openai}", "B": "{helper}"})))


@pytest.mark.parametrize("prefix", ["aibridge", "ai-gateway"])
def test_the_path_of_the_gateway(prefix: str) -> None:
    """Both paths can be had."""
    found = variables(Wishes({"A": "{gateway.root}"}, prefix=prefix))

    assert found["A"] == Template((ACCESS_URL, f"/api/v2/{prefix}"))


def test_a_module_keeps_its_variables() -> None:
    """What a module sets, nobody else sets; its inputs follow the agent."""
    module = RegistryModule("r/a/b/coder", "~> 1", {"on": True}, ("A",))
    wishes = Wishes({"A": "1", "B": "2"}, modules=(client("quill", template=module), client("pen")), agent="dev")

    blocks = workspace(wishes).blocks

    assert set(variables(wishes)) == {"CODER_URL", "CODER_SESSION_TOKEN", "B"}
    assert (blocks[-1].labels, dict(blocks[-1].attributes)) == (
        ("module", "quill"),
        {"source": "r/a/b/coder", "version": "~> 1", "agent_id": Reference("coder_agent.dev.id"), "on": True},
    )


def test_one_map_for_the_agent() -> None:
    """With a map there is no `coder_env`, and the remark says where it goes."""
    found = workspace(Wishes({"A": "1"}, agent_env=True))

    assert [block.labels for block in found.blocks] == [("locals",)]
    assert "In coder_agent.main write: env = local.aibridge_env" in found.remarks


def test_standing_alone() -> None:
    """Everything that is referred to is declared, once."""
    labels = [block.labels for block in workspace(Wishes({}, standalone=True, agent_env=True, agent="dev")).blocks]

    assert labels == [
        ("terraform",),
        ("data", "coder_workspace", "me"),
        ("data", "coder_workspace_owner", "me"),
        ("resource", "coder_agent", "dev"),
        ("locals",),
    ]


def test_the_script() -> None:
    """A client reads the variable where it can, and one that fails does not keep the next from being configured."""
    wishes = Wishes({}, configured=(client("quill", credential=("helper", "env")), client("pen", credential=("file",))))

    script = workspace(wishes).blocks[-1].attributes["script"]

    assert isinstance(script, Heredoc)
    assert script.lines[-3:] == (
        "aibridge configure quill --credential env --yes || failed=1",
        "aibridge configure pen --yes || failed=1",
        "exit $failed",
    )


def test_what_would_win_is_named() -> None:
    """Variables that would win over ours are told in a remark, as a template cannot take them away."""
    assert workspace(Wishes({}, ("A", "B"))).remarks[-1].endswith(": A, B")
