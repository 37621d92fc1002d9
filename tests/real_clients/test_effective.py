"""The resolver against the real clients: generated combinations of settings, and what each client then sent.

A combination is put on a disk of its own, with managed settings in an `/etc` that only that
run sees. The resolver says which URL and which credential the client will use; the client is
run; what arrived at the recorder, or wanted to leave the machine, has to be the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.profile import Profile
from aibridge_cli.diagnosis.effective import Outcome, effective
from aibridge_cli.diagnosis.reading import Disk
from aibridge_cli.facts import Facts
from tests.real_clients.combinations import Combination, Subject, combinations, crossed, place
from tests.real_clients.conftest import Run, Runner
from tests.real_clients.proxy import RefusingProxy
from tests.real_clients.recorder import RecordingServer
from tests.real_clients.subjects import SUBJECTS

pytestmark = pytest.mark.real_client

SEED = int(os.environ.get("COMBINATIONS_SEED", "20261123"))
CROSSED = None if os.environ.get("COMBINATIONS") == "all" else 12
"""How many pairs of settings are tried for each client: some, by the seed, as all of them take several minutes."""
AT_ONCE = 2
SECONDS_OF_NOTHING = 10.0
NOTHING = "nothing is sent"

# A copy of /etc that holds the combination's files, seen by one run only.
IN_ITS_OWN_ETC = """
set -e
mount -t tmpfs tmpfs "$1/mount"
cp -a /etc/. "$1/mount/" 2>/dev/null || true
cp -a "$1/etc/." "$1/mount/"
mount --bind "$1/mount" /etc
shift
exec "$@"
"""


class Row(NamedTuple):
    """One line of the table of agreement."""

    number: int
    predicted: str
    observed: str
    run: Run
    combination: Combination


class EtcOverDisk(Disk):
    """The disk as the run sees it."""

    def __init__(self, etc: Path) -> None:
        self.etc = etc

    def _seen(self, path: str) -> str:
        return str(self.etc) + path.removeprefix("/etc") if path.startswith("/etc/") else path

    def text(self, path: str) -> str | None:
        return super().text(self._seen(path))

    def names(self, folder: str) -> tuple[str, ...] | None:
        return super().names(self._seen(folder))


def unshared(folder: Path) -> list[str]:
    """Return the command that gives a program an `/etc` of its own."""
    (folder / "mount").mkdir()
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *user, "--mount", "sh", "-c", IN_ITS_OWN_ETC, "sh", str(folder)]


def shown(url: str, headers: dict[str, str], recorder: str) -> str:
    """Return a verdict in one line: where to, and what in which header."""
    where = url.removeprefix(recorder) if url.startswith(recorder) else urlsplit(url).netloc
    return " ".join([where, *(f"{name}={value}" for name, value in sorted(headers.items()) if value)])


def predicted(outcome: Outcome, recorder: str) -> str:
    """Return what the resolver says."""
    if outcome.elsewhere or outcome.stops:
        return outcome.elsewhere or NOTHING
    if not outcome.url.startswith(recorder):
        return urlsplit(outcome.url).netloc
    headers = {}
    for sent in outcome.headers:
        text = sent.value.text.reveal()
        headers[sent.header.lower()] = f"printed-{os.path.basename(text)}" if sent.value.command else text
    return shown(outcome.url, headers, recorder)


class Waiting:
    """Tells whether something has been so for as long as a client takes to change its mind."""

    def __init__(self, so: Callable[[], bool]) -> None:
        self.so = so
        self.since = 0.0

    def __call__(self) -> bool:
        if not self.so():
            return False
        self.since = self.since or time.monotonic()
        return time.monotonic() - self.since > SECONDS_OF_NOTHING


def vendors(profile: Profile, wire: str) -> set[str]:
    """Return where the client goes by a wire when nothing says otherwise, as `host:port`."""
    return {f"{urlsplit(route.default).netloc}:443" for route in profile.routes if route.wire == wire and route.default}


def observed(run: Run, outcome: Outcome, profile: Profile, subject: Subject, recorder: str) -> str:
    """Return what the client did."""
    for way, elsewhere in subject.elsewhere.items():
        if any(each.path.startswith(way) for each in run.asked()) or (way in run.outside and not run.asked()):
            return elsewhere
    paths = {each.wire: each.path for each in profile.requests} | dict(subject.paths)
    end = paths[outcome.wire]
    asked = [each for each in run.asked() if each.path.partition("?")[0].endswith(end)]
    if not asked:
        reached = vendors(profile, outcome.wire) & set(run.outside)
        others = {host for host in reached if host not in subject.busybodies}
        reached = others or {host for host in reached if subject.busybodies[host] in run.stderr}
        return reached.pop().removesuffix(":443") if reached and not outcome.elsewhere else NOTHING
    names = {header.lower() for route in profile.routes for header in route.headers}
    verdicts = set()
    for each in asked:
        headers = {name: each.headers.get(name, "").removeprefix("Bearer").strip() for name in names}
        verdicts.add(shown(recorder + each.path.partition("?")[0].removesuffix(end), headers, recorder))
    return " | ".join(sorted(verdicts))


def compare(
    number: int, folder: Path, profile: Profile, subject: Subject, row: Combination, clients_folder: str
) -> Row:
    """Put one combination on a disk, ask the resolver, run the client."""
    home, project, etc = folder / "home", folder / "home" / "work" / "project", folder / "etc"
    for each in (project, etc, home / "work" / ".git"):
        each.mkdir(parents=True)
    with RecordingServer() as recorder, RefusingProxy() as proxy:
        clients = Runner(clients_folder, home, lambda: recorder.requests, proxy)
        turn = subject.now_and_then[number % len(subject.now_and_then)]
        moved = {name: value.replace("{home}", str(home)) for name, value in turn.items()}
        facts = Facts(environ={**clients.environment, **moved}, platform="linux", home=str(home), cwd=str(project))
        own = resolve_paths(profile, facts)
        for path in own.values():
            Path(path).mkdir(parents=True, exist_ok=True)
        placed = place(row, subject, own, home, project, etc, recorder.url)
        environment = {**clients.environment, **moved, **placed.environment}
        facts = Facts(environ=environment, platform="linux", home=str(home), cwd=str(project))
        wires = sorted({route.wire for route in profile.routes})
        wire = wires[number % len(wires)]
        found = effective(profile, facts, EtcOverDisk(etc), placed.arguments)
        outcome = next(each for each in found.outcomes if each.wire == wire)
        run = clients.run(
            profile.id,
            "Say hello",
            *placed.arguments,
            *subject.for_wire.get(wire, ()),
            env={**moved, **placed.environment},
            cwd=project,
            inside=unshared(folder),
            until=Waiting(lambda: bool(vendors(profile, wire) & set(proxy.targets)) and not recorder.requests),
        )
        return Row(
            number, predicted(outcome, recorder.url), observed(run, outcome, profile, subject, recorder.url), run, row
        )


@pytest.mark.parametrize("client", SUBJECTS)
def test_the_resolver_says_what_the_client_does(
    client: str, clients_folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In every generated combination the client uses the URL and the credential that were predicted."""
    assert shutil.which("unshare"), "managed settings need `unshare`, of util-linux, for an `/etc` of their own"
    can = subprocess.run([*unshared(tmp_path), "true"], capture_output=True, text=True, check=False, cwd=tmp_path)
    (tmp_path / "mount").rmdir()
    assert can.returncode == 0 or "No such file" in can.stderr, f"no mount namespace to be had here: {can.stderr}"
    profile = Catalogue([shipped_folder()]).load(client)
    subject = SUBJECTS[client]
    drawn, share = combinations(profile, subject, SEED)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        rows = list(
            pool.map(
                lambda numbered: compare(
                    numbered[0], tmp_path / str(numbered[0]), profile, subject, numbered[1], clients_folder
                ),
                enumerate([*drawn, *crossed(profile, subject, SEED, CROSSED)]),
            )
        )

    with capsys.disabled():
        sys.stdout.write(f"\n{client}: {len(rows)} combinations, {share:.0%} of the pairs of states\n")
        sys.stdout.writelines(map(line, rows))
    assert [row.number for row in rows if row.predicted != row.observed] == []
    assert len({row.predicted for row in rows[: len(drawn)]}) > len(drawn) // 2, "the combinations hardly differ"


def line(row: Row) -> str:
    """Return a row of the table of agreement, with all there is to know where the two differ."""
    if row.predicted == row.observed:
        return f"  {row.number:3} agrees   {row.predicted}\n"
    both = f"predicted {row.predicted}\n      observed  {row.observed}"
    return f"  {row.number:3} DIFFERS  {both}\n      {described(row)}\n"


def described(row: Row) -> str:
    """Return what there is to know about a row that differs."""
    lines = [f"{cell.place} {'.'.join(map(str, cell.key))} = {value!r}" for cell, value in row.combination.items()]
    lines += [f"exit code {row.run.code}, outside {sorted(set(row.run.outside))}"]
    lines += [row.run.stdout[-800:], row.run.stderr[-800:]]
    return "\n      ".join(line for text in lines for line in text.splitlines())
