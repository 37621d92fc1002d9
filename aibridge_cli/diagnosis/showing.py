"""A value of somebody's file as it may be shown. Pure."""

from __future__ import annotations

import json

from aibridge_cli.documents.operations import ABSENT, Item, Place, Value
from aibridge_cli.secret import MASK, Secret, mask


def shown(path: Place, value: Value, secrets: tuple[Secret, ...] = ()) -> str:
    """Return a value as JSON, with everything that is or looks like a secret as `***`.

    Args:
        path: Where it stands: what a key is called says whether its value is a secret.
        value: The value, or `ABSENT`, which is shown as "nothing".
        secrets: Secrets that are known, wherever they stand.
    """
    if value is ABSENT:
        return "nothing"
    tree = value
    for key in reversed(path):
        tree = [tree] if isinstance(key, int | Item) else {key: tree}
    try:
        masked = json.loads(mask(json.dumps(tree, ensure_ascii=False, default=str), secrets))
    except ValueError:  # a whole list was masked
        return MASK
    for key in path:
        masked = masked[0 if isinstance(key, int | Item) else key]
    return json.dumps(masked, ensure_ascii=False)
