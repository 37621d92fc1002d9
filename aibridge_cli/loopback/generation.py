"""What the made-up model says: the answer in pieces, identifiers, token counts."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any


def pieces(answer: str) -> list[str]:
    """Return the answer cut before each word, as a model would send it; joined, it is the answer."""
    return re.findall(r"\s*\S+(?:\s+\Z)?", answer) or ([answer] if answer else [])


def estimated_tokens(value: Any) -> int:
    """Return roughly how many tokens a value is: four characters of its JSON make one, and at least one."""
    return max(1, len(json.dumps(value)) // 4)


def identifier(prefix: str) -> str:
    """Return a new identifier such as `msg_0123…`."""
    return f"{prefix}_{secrets.token_hex(12)}"
