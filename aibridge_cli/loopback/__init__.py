"""A small deployment on loopback that answers as Coder does: for demo and tests."""

from __future__ import annotations
