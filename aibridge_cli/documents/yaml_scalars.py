"""What YAML's scalars mean, and how new ones are written so that every reader means the same.

Programs read YAML 1.1 (`yes` is true, `017` is fifteen) or 1.2 (`yes` is a word). A plain word is taken
for a value only where both agree; what they do not agree on is `Unsettled`, which is equal to nothing
that we would write. What we write is plain only where it can be read in one way.
"""

from __future__ import annotations

import json
import re

from aibridge_cli.documents.operations import Unsettled, Value, kind
from aibridge_cli.documents.yaml_nodes import Node
from aibridge_cli.errors import DocumentError

_WORDS: dict[str, bool | None] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]*(?:[eE][-+][0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DISPUTED = re.compile(
    r"y|n|yes|no|on|off"
    r"|<<|="
    r"|[-+]?[0-9.][0-9a-f_.:]*(?:e[-+]?[0-9]+)?"
    r"|[-+]?0[obx][0-9a-f_]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t \t].*)?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./@+-]| (?=[A-Za-z0-9_./@+-]))*")
_RESERVED = re.compile(r"y|n|yes|no|on|off|true|false|null|nan|inf", re.IGNORECASE)
_ESCAPED = re.compile("[\x7f-\xa0\ufeff\ufffe\uffff\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def meaning(node: Node) -> Value:
    """Return what a scalar says to every reader, or `Unsettled`."""
    text = node.text
    if node.tag not in {"", "!", "tag:yaml.org,2002:str"}:
        return Unsettled(f"!<{node.tag}> {_in_quotes(text)}")
    if node.style or node.tag:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) and len(text) < 4000:
        return int(text)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    special = _SPECIAL.fullmatch(text)
    if special is not None:
        return float("nan") if special[1] is None else float(f"{special[1]}inf")
    return Unsettled(text) if _DISPUTED.fullmatch(text) else text


def name_of(key: Node, text: str) -> str:
    """Return the word that a key is known by; one that is no text begins with `? `, as none of ours does."""
    value = meaning(key) if key.kind == "scalar" else None
    return value if type(value) is str else f"? {text[key.start : key.end]}"


def written(value: Value, *, quoted: bool = False) -> str:
    """Return a value on one line, in flow style where it is a collection.

    Args:
        value: What to write.
        quoted: Whether words stand in double quotes although they need none.

    Raises:
        DocumentError: It is nothing that YAML has a common way to write.
    """
    match value:
        case dict():
            pairs = ", ".join(
                f"{written(key, quoted=quoted)}: {written(item, quoted=quoted)}" for key, item in value.items()
            )
            return f"{{{pairs}}}"
        case list():
            return f"[{', '.join(written(item, quoted=quoted) for item in value)}]"
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
        case Unsettled():
            return str(value)
        case str():
            return value if not quoted and is_plain(value) else _in_quotes(value)
        case _:
            raise DocumentError(f"{kind(value)} of this sort cannot be written as YAML")


def is_plain(text: str) -> bool:
    """Tell whether a text means itself without quotes, to every reader and in every place."""
    return _PLAIN.fullmatch(text) is not None and _RESERVED.fullmatch(text) is None


def _float(value: float) -> str:
    text = repr(value)
    if text.endswith(("inf", "nan")):
        return text.replace("inf", ".inf").replace("nan", ".nan")
    # YAML 1.1 wants the point
    return text if "." in text else text.replace("e", ".0e")


def _in_quotes(text: str) -> str:
    if _SURROGATE.search(text):
        raise DocumentError("a YAML file cannot hold this text, part of which is not a character")
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
