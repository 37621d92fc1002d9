from __future__ import annotations

from collections.abc import Callable

import pytest

from aibridge_cli.clients.profile import Profile, Version, Way
from aibridge_cli.clients.ways import Choice, choose_way, proof, secret_on_disk
from aibridge_cli.errors import UsageError


def profile(*ways: Way, **needs: str) -> Profile:
    version = Version(("example", "--version"), needs)  # type: ignore[arg-type]  # ways, spelled as keywords
    return Profile("example", "example.toml", "Example", "", "", "supported", credential=ways, version=version)


def never_asked() -> str | None:
    raise AssertionError("asking for the version costs a process start")


def answer(version: str | None) -> Callable[[], str | None]:
    asked: list[None] = []

    def tell() -> str | None:
        assert not asked, "asked twice"
        asked.append(None)
        return version

    return tell


def test_the_best_way_is_taken_without_asking() -> None:
    """The version is looked at only when a way depends on it."""
    assert choose_way(profile("helper", "file"), None, never_asked) == Choice("helper")
    assert choose_way(profile("helper", "file", helper="1.0"), "file", never_asked) == Choice("file")


@pytest.mark.parametrize("version", ["0.118", "0.118.0", "0.118.1", "1.0", "0.1000.0"])
def test_a_new_enough_client_gets_the_best_way(version: str) -> None:
    """Versions are compared number by number."""
    assert choose_way(profile("helper", "file", helper="0.118.0"), None, answer(version)) == Choice("helper")


@pytest.mark.parametrize("version", ["0.117.9", "0.9.0", "0.117"])
def test_an_old_client_gets_the_next_way(version: str) -> None:
    """The note says why it is not the best way."""
    choice = choose_way(profile("helper", "file", helper="0.118.0"), None, answer(version))
    note = f"Example {version} is too old for `helper`, which needs 0.118.0 or later"
    assert choice == Choice("file", (note,))


def test_several_ways_can_be_too_new() -> None:
    """The version is asked for once, and every way that was passed over is told."""
    choice = choose_way(profile("helper", "reference", "env", helper="3.0", reference="2.0"), None, answer("1.0"))
    assert choice.way == "env"
    assert [note.split("`")[1] for note in choice.notes] == ["helper", "reference"]


def test_an_unknown_version_is_taken_for_new_enough() -> None:
    """A client that is not installed yet will be a current one."""
    choice = choose_way(profile("helper", "file", helper="0.118.0"), None, answer(None))
    assert choice == Choice("helper", ("the version of Example is not known; `helper` needs 0.118.0 or later",))


def test_an_old_client_and_a_user_who_insists() -> None:
    """What was asked for is not quietly replaced by something else."""
    with pytest.raises(UsageError) as caught:
        choose_way(profile("helper", "file", helper="0.118.0"), "helper", answer("0.1.0"))
    assert caught.value.message == "Example 0.1.0 is too old for `helper`, which needs 0.118.0 or later"
    assert caught.value.hint == "update it; possible: `--credential file`"


def test_an_old_client_without_another_way() -> None:
    """When every way needs a newer client, updating is all there is."""
    with pytest.raises(UsageError) as caught:
        choose_way(profile("helper", helper="2.0"), None, answer("1.0"))
    assert caught.value.hint == "update it"


def test_a_way_the_client_does_not_have() -> None:
    """The hint names the ways that there are, as they are typed."""
    with pytest.raises(UsageError) as caught:
        choose_way(profile("env", "file"), "helper", never_asked)
    assert caught.value.message == "Example cannot get the token by `helper`"
    assert caught.value.hint == "possible: `--credential env`, `--credential file`"


def test_secretless_passes_over_ways_that_write_the_token() -> None:
    """A file of ours that holds the token counts as on disk too."""
    ways = profile("reference", "file", "env")
    assert choose_way(ways, None, never_asked, require_secretless=True) == Choice("env")


def test_secretless_and_an_old_client() -> None:
    """Falling back to a file is no way out when the token may not stand on disk."""
    with pytest.raises(UsageError, match="too old for `helper`"):
        choose_way(profile("helper", "file", helper="2.0"), None, answer("1.0"), require_secretless=True)


def test_secretless_and_a_way_that_writes_the_token() -> None:
    """Both wishes together cannot be met, and the hint names what can."""
    with pytest.raises(UsageError) as caught:
        choose_way(profile("reference", "env"), "reference", never_asked, require_secretless=True)
    assert caught.value.message == "Example cannot get the token by `reference` without it standing on disk"
    assert caught.value.hint == "possible: `--credential env`"


def test_secretless_and_a_client_that_cannot() -> None:
    """A client that needs the token in a file is refused."""
    with pytest.raises(UsageError) as caught:
        choose_way(profile("file"), None, never_asked, require_secretless=True)
    assert caught.value.message == "Example cannot get the token here without it standing on disk"
    assert caught.value.hint == "leave `--require-secretless` out; possible: `--credential file`"


def test_an_unsupported_client_is_refused_with_reason_and_link() -> None:
    """The user learns why, and where it is discussed."""
    unsupported = Profile(
        "example", "", "Example", "", "", "unsupported", reason="it has no setting", link="https://example.com/1"
    )
    with pytest.raises(UsageError) as caught:
        choose_way(unsupported, None, never_asked)
    assert caught.value.message == "Example cannot be configured: it has no setting"
    assert caught.value.hint == "see https://example.com/1"


def test_a_keychain_that_cannot_be_used() -> None:
    """The next best way is taken with a note; who asked for the keychain is told why it is not."""
    ways = profile("keychain", "manual", "env")
    choice = choose_way(ways, None, never_asked, keychain=lambda: "it is locked")
    assert choice == Choice("manual", ("Example is not given the token by the keychain: it is locked",))
    with pytest.raises(UsageError, match="is not given the token by the keychain: it is locked") as caught:
        choose_way(ways, "keychain", never_asked, keychain=lambda: "it is locked")
    assert caught.value.hint == "possible: `--credential manual`, `--credential env`"
    with pytest.raises(UsageError) as caught:
        choose_way(profile("keychain"), None, never_asked, keychain=lambda: "it is locked")
    assert caught.value.hint == ""


def test_a_keychain_is_asked_when_it_matters() -> None:
    """One that can be used is the way; for another way it is not asked."""
    assert choose_way(profile("keychain", "env"), None, never_asked, keychain=str) == Choice("keychain")
    assert choose_way(profile("keychain", "env"), "env", never_asked, keychain=never_asked) == Choice("env")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("best", "said"),
    [("helper", "no"), ("env", "no"), ("keychain", "no"), ("reference", "in a file of ours"), ("file", "in its file")],
)
def test_the_secret_on_disk_is_that_of_the_best_way(best: Way, said: str) -> None:
    """What the table says of the disk goes by the way that is taken when nobody names one."""
    assert secret_on_disk(profile(best, "file")) == said


def test_how_sure_a_profile_is() -> None:
    """Versions that were run, or the documentation alone; what is not configured by a file says so."""
    known = profile("helper")

    assert proof(known._replace(tested=("1.2", "1.3"))) == "1.2, 1.3"
    assert proof(known) == "documented"
    assert (proof(known._replace(status="guided")), secret_on_disk(known._replace(status="guided"))) == ("guided", "-")
    assert secret_on_disk(Profile("x", "x.toml", "X", "", "", "unsupported")) == "-"
