"""Texts of configuration files: read and edited by span, one file per format."""

from __future__ import annotations
