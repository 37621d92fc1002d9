from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aibridge_cli.clients.loader import ALLOWED

if TYPE_CHECKING:
    from aibridge_cli.loopback import Token
    from tests.conftest import RunAibridge

PROFILE = """
name = "Quill"
summary = "Writes code with a feather"
docs = "https://quill.example/docs"
status = "supported"
speaks = ["openai"]
credential = ["file"]
model = "optional"
paths.config = [{ exists = "~/.quill-new" }, "~/.quill"]
[[edit]]
file = "{config}/config.yaml"
format = "yaml"
secret = true
[edit.set.api]
base = "{gateway.openai}"
key = "{token}"
[[edit.upsert]]
at = ["models"]
match = { id = "{model.openai}" }
for_each = "models"
"""


def test_a_profile_from_nothing_to_use(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """`new` starts it, `lint` finds no mistakes, `test` shows what it does, and it is used at once."""
    made = aibridge("clients", "new", "quill")
    file = home / ".config/aibridge/profiles/quill.toml"

    assert made.out == "wrote ~/.config/aibridge/profiles/quill.toml\n"
    assert aibridge("clients", "lint", str(file)).out == f"`{file}` has no mistakes\n"
    tried = aibridge("clients", "test", str(file))
    assert tried.code == 0
    assert "== helper, in an empty home\n--- (no file)\n+++ ~/.quill/config.json\n" in tried.out
    assert '+    "base": "https://coder.example.com/api/v2/aibridge/openai/v1",\n' in tried.out
    assert "none of its files is here" in tried.out
    assert not (home / ".quill").exists()
    assert aibridge("configure", "quill", "--yes").code == 0
    assert (home / ".quill/config.json").exists()


def test_new_never_overwrites(home: Path, aibridge: RunAibridge) -> None:
    """A file that is there stays, shipped clients keep their ids, and an id must be one."""
    aibridge("clients", "new", "quill")
    file = home / ".config/aibridge/profiles/quill.toml"
    file.write_text("mine")

    again = aibridge("clients", "new", "quill")
    assert (again.code, file.read_text()) == (2, "mine")
    assert "`quill` is a client already" in again.err
    (file.parent / "feather.toml").symlink_to("nowhere")
    assert aibridge("clients", "new", "feather").code == 2
    assert aibridge("clients", "new", "Quill!").err.startswith("error: `Quill!` cannot be a client's id\n")


def test_new_where_it_cannot_be_written(home: Path, aibridge: RunAibridge) -> None:
    """A folder that is a file is an error with its place."""
    (home / ".config/aibridge").mkdir(parents=True)
    (home / ".config/aibridge/profiles").symlink_to(home / "nowhere/deep")

    ran = aibridge("clients", "new", "quill")

    assert ran.code == 1
    assert "the profile cannot be written" in ran.err


def test_lint_tells_every_mistake(home: Path, aibridge: RunAibridge) -> None:
    """All of them, each with its place, and for programs too."""
    file = home / "quill.toml"
    file.write_text(PROFILE.replace("summary", "sumary").replace('"yaml"', '"yml"'))

    ran = aibridge("clients", "lint", str(file))
    assert ran.code == 3
    assert ran.out == (
        f"error: `{file}`: unknown key `sumary`\n"
        f"hint: did you mean `summary`? allowed here: {', '.join(ALLOWED[''])}\n"
        f"error: `{file}`: the key `summary` is missing\n"
        f"error: `{file}`: edit[0].format: unknown value `yml`\n"
        "hint: did you mean `yaml`? allowed here: json, jsonc, toml, yaml, dotenv\n"
    )
    data = aibridge("clients", "lint", str(file), "--json").data
    assert [problem["where"] for problem in data["data"]["problems"]] == ["", "", "edit[0].format"]


def test_test_on_a_copy_of_your_files(home: Path, aibridge: RunAibridge) -> None:
    """What would change in files that are here is shown on copies; secrets are masked, the files stay."""
    file = home / "quill.toml"
    file.write_text(PROFILE)
    (home / ".quill-new").mkdir()
    mine = home / ".quill-new/config.yaml"
    mine.write_text("# mine\napi:\n    base: old # theirs\n")

    ran = aibridge("clients", "test", str(file))

    assert ran.code == 0
    assert ran.out.endswith("""\
== file, in a copy of your files
~/.quill-new/config.yaml: permissions 0644 -> 0600
--- ~/.quill-new/config.yaml
+++ ~/.quill-new/config.yaml
@@ -1,3 +1,7 @@
 # mine
 api:
-    base: old # theirs
+    base: "https://coder.example.com/api/v2/aibridge/openai/v1" # theirs
+    key: ***
+models:
+    - id: openai-model
+    - id: openai-model-2
taken back: every byte as before
""")
    assert mine.read_text() == "# mine\napi:\n    base: old # theirs\n"
    assert sorted(path.name for path in home.iterdir()) == [".quill-new", "quill.toml"]


def test_test_on_a_file_that_cannot_be_edited(home: Path, aibridge: RunAibridge) -> None:
    """What stands in the way in a file of yours is told with its place."""
    file = home / "quill.toml"
    file.write_text(PROFILE)
    (home / ".quill").mkdir()
    (home / ".quill/config.yaml").write_text("api: &shared\n  base: old\n")

    ran = aibridge("clients", "test", str(file))

    assert ran.code == 3
    assert f"error: `{home}/.quill/config.yaml`:1:6: others may refer to this by its anchor `&shared`\n" in ran.out
    data = aibridge("clients", "test", str(file), "--json").data
    assert [(each["home"], each["good"]) for each in data["data"]["rehearsals"]] == [("empty", True), ("yours", False)]


def test_several_models(home: Path, aibridge: RunAibridge, signed_in: Token) -> None:
    """`--model` may be given several times where each model gets an item, and once elsewhere."""
    folder = home / ".config/aibridge/profiles"
    folder.mkdir(parents=True)
    (folder / "quill.toml").write_text(PROFILE)

    aibridge("configure", "quill", "--model", "one", "--model", "two", "--model", "one", "--yes")
    assert (home / ".quill/config.yaml").read_text().endswith("models:\n  - id: one\n  - id: two\n")
    twice = aibridge("configure", "codex", "--model", "one", "--model", "two", "--yes")
    assert twice.err.startswith("error: Codex CLI takes one openai model\n")


def test_a_client_that_takes_one_model(home: Path, aibridge: RunAibridge) -> None:
    """Where naming a model of each wire is a conflict, `clients test` names one at a time."""
    file = home / "quill.toml"
    file.write_text(
        PROFILE.replace('["openai"]', '["openai", "anthropic"]')
        + "".join(
            f'[[edit]]\nfile = "{{config}}/config.yaml"\nformat = "yaml"\nset.use = "{wire}/{{model.{wire}}}"\n'
            for wire in ("openai", "anthropic")
        )
    )

    ran = aibridge("clients", "test", str(file))

    assert ran.code == 0, ran.out
    for wire in ("openai", "anthropic"):
        assert f", in an empty home, with an {wire} model\n" in ran.out
        assert f"use: {wire}/{wire}-model\n" in ran.out
