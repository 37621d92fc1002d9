"""Completion scripts for shells, made from the commands, so that TAB starts no Python."""

from __future__ import annotations
