"""Clients made by hand, so that the planner is tested apart from profiles."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aibridge_cli.changes.plan import Plan, Wanted
from aibridge_cli.changes.run import Outcome, carry_out, plan_configure, plan_release
from aibridge_cli.changes.store import Store
from aibridge_cli.clients.rendered import RenderedEdit, RenderedProfile, RenderedUpsert, RenderedWhole
from aibridge_cli.documents.operations import KeyPath


def leaves(tree: Mapping[str, Any], path: KeyPath = ()) -> list[tuple[KeyPath, Any]]:
    found: list[tuple[KeyPath, Any]] = []
    for key, value in tree.items():
        found += leaves(value, (*path, key)) if isinstance(value, dict) and value else [((*path, key), value)]
    return found


@dataclass
class Machine:
    """A home folder with a store, and the verbs of the product on it."""

    home: Path
    store: Store

    def client(
        self,
        name: str,
        file: str,
        tree: Mapping[str, Any] | None = None,
        *,
        format: str = "jsonc",  # noqa: A002
        secret: bool = False,
        remove: tuple[KeyPath, ...] = (),
        includes: tuple[tuple[KeyPath, tuple[Any, ...]], ...] = (),
        defaults: Mapping[str, Any] | None = None,
        wholes: tuple[RenderedWhole, ...] = (),
        extends: tuple[tuple[KeyPath, tuple[Any, ...]], ...] = (),
        upserts: tuple[RenderedUpsert, ...] = (),
        kept: Mapping[str, bytes] | None = None,
        others: tuple[str, ...] = (),
    ) -> Wanted:
        edit = RenderedEdit(
            candidates=tuple(str(self.home / each) for each in (file, *others)),
            format=format,
            sets=tuple(leaves(tree or {})),
            includes=includes,
            extends=extends,
            upserts=upserts,
            remove=remove,
            secret=secret,
            defaults=tuple(leaves(defaults or {})),
            wholes=wholes,
        )
        needed = {str(self.home / path): content for path, content in (kept or {}).items()}
        return Wanted(RenderedProfile(name, "file", (edit,)), "https://coder.example.com", needed)

    def plan(self, *wanted: Wanted) -> Plan:
        return plan_configure(self.store, wanted)

    def configure(self, *wanted: Wanted) -> Outcome:
        return self.carry_out(lambda: plan_configure(self.store, wanted))

    def unconfigure(self, *names: str) -> Outcome:
        return self.carry_out(lambda: plan_release(self.store, names))

    def carry_out(self, prepare: Callable[[], Plan]) -> Outcome:
        return carry_out(self.store, prepare, "test", show=lambda _plan: None)

    def write(self, name: str, content: str | bytes, mode: int = 0o644) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)
        return path

    def tree(self) -> dict[str, tuple[bytes, int]]:
        """Every file of the home but our own, with content and permission bits."""
        found = {}
        for folder, folders, files in os.walk(self.home):
            folders[:] = [each for each in folders if each != "aibridge-state"]
            for name in files:
                path = Path(folder) / name
                found[str(path.relative_to(self.home))] = (path.read_bytes(), path.stat().st_mode & 0o777)
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """An empty home and an empty store."""
    home = tmp_path / "home"
    home.mkdir()
    return Machine(home, Store(str(home / "aibridge-state")))
