"""Terraform for a Coder workspace template: what it says, and how it is written."""

from __future__ import annotations
