"""What a pack may say, and what is said about one that is broken.

`broken_packs.txt` is the transcript: a title after `===`, the lines of `pack.toml`
(`without pack.toml` leaves it out, `profile LINE` puts a line on top of the profile `quill`),
`---`, and the error.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from aibridge_cli import __version__
from aibridge_cli.errors import ProfileError, error_text
from aibridge_cli.packs.pack import ALLOWED, Pack, check_pack, digest, load_pack, profiles_of
from tests.packs.conftest import PACK, PROFILE, files


def transcript() -> dict[str, tuple[str, str]]:
    with open(os.path.join(os.path.dirname(__file__), "broken_packs.txt"), encoding="utf-8") as file:
        cases = file.read().split("=== ")[1:]
    found = {}
    for case in cases:
        title, _, rest = case.partition("\n")
        lines, _, error = rest.partition("---\n")
        found[title] = (lines, error)
    assert len(found) == len(cases) > 15
    return found


CASES = transcript()


def content(lines: str) -> dict[str, bytes]:
    """Return the files that a case is about."""
    pack = [line for line in lines.splitlines() if not line.startswith(("profile ", "without "))]
    on_top = [line.removeprefix("profile ") for line in lines.splitlines() if line.startswith("profile ")]
    found = {
        "pack.toml": "".join(f"{line}\n" for line in pack).encode(),
        "profiles/quill.toml": "\n".join([*on_top, PROFILE]).encode().replace(rb"\xff", b"\xff"),
    }
    if "without pack.toml" in lines:
        del found["pack.toml"]
    return found


@pytest.mark.parametrize("title", CASES)
def test_a_broken_pack_is_refused_with_its_place(title: str) -> None:
    """The error names file, key and what would be right, exactly as the transcript says."""
    lines, error = CASES[title]

    with pytest.raises(ProfileError) as caught:
        check_pack(content(lines), "our", running="1.9.3", known=["shipped"])

    assert error_text(caught.value) + "\n" == error


def test_a_whole_pack() -> None:
    """Every key ends up in its field."""
    text = """
        name = "our-pack"
        version = "2026.11-rc1"
        summary = "What we use"
        deployment = "https://coder.example.com/"
        allowed-clients = ["quill", "shipped"]
        require-secretless = true
        minimum-aibridge = "1.9"
    """

    pack = check_pack(files(text), "our", running="1.9.0", known=["shipped"])

    assert pack == Pack(
        *("our-pack", "2026.11-rc1", "What we use", "https://coder.example.com"),
        ("quill", "shipped"),
        require_secretless=True,
        minimum_aibridge="1.9",
    )


def test_a_small_pack() -> None:
    """A name and a version are enough; all clients are allowed then."""
    pack = load_pack(PACK, "pack.toml", running="0.1")

    assert pack == Pack("our", "1.0")
    assert pack.allowed_clients is None


def test_a_development_version_counts_as_its_numbers() -> None:
    """What stands behind the numbers of this program's version is passed over."""
    text = PACK + 'minimum-aibridge = "1.2.0"'

    assert load_pack(text, "pack.toml", running="1.2.dev3").minimum_aibridge == "1.2.0"
    with pytest.raises(ProfileError):
        load_pack(text, "pack.toml", running="unknown")


def test_the_hash_is_over_names_and_contents() -> None:
    """A file that was renamed or changed changes the hash; the order does not."""
    one = {"pack.toml": b"a", "profiles/b.toml": b"b"}

    assert digest(one) == digest(dict(reversed(one.items())))
    assert len({digest(one), digest({**one, "pack.toml": b"c"}), digest({"pack.toml": b"a", "b.toml": b"b"})}) == 3
    assert profiles_of(one) == ["profiles/b.toml"]


def test_another_name_of_a_client() -> None:
    """A profile may have aliases that nobody else has."""
    content = files(quill='aliases = ["feather"]\n' + PROFILE)

    assert check_pack(content, "our", running="1", known=["shipped"]).name == "our"


def test_the_example_of_the_readme() -> None:
    """The pack that README shows can be used as it stands."""
    root = Path(__file__).parent.parent.parent
    (example,) = re.findall(r"```toml\n(.*?)```", (root / "README.md").read_text(), flags=re.DOTALL)

    pack = check_pack({"pack.toml": example.encode()}, "our", running=__version__, known=["claude-code", "codex"])

    assert pack.deployment == "https://coder.example.com"
    assert {line.partition(" =")[0] for line in example.splitlines()} == set(ALLOWED)
