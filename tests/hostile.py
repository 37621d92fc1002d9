"""Values of variables that are made to hurt whatever reads them."""

from __future__ import annotations

VALUES = {
    "plain": "https://coder.example.com/api/v2/aibridge/openai/v1",
    "empty": "",
    "spaces": "  two  words  ",
    "single quote": "it's",
    "only quotes": "'''\"\"\"'",
    "backslash at the end": "a\\",
    "backslashes and quotes": "\\'\\\\'\\n\\",
    "command": "$(touch ran) `touch ran` $((1+1)) (touch ran)",
    "end of quotes": "'; touch ran; '",
    "end of escaped quotes": "\\'; touch ran; \\'",
    "variables": "$HOME ${HOME} $1 $$ %PATH% ~ ~root",
    "history": "!! !x !$ ^a^b",
    "globs": "* ? [a] {a,b} **",
    "newlines": "one\ntwo\n\nfour\r\n",
    "leading dash": "-n --export",
    "operators": "a & b | c ; d > ran < e # f",
    "control characters": "\x01\x07\x1b[31m\t\x7f",
    "unicode": "Zürich 東京 🔑 \u2018quoted\u2019 \u202e \u00a0",
    "equals": "A=B=C",
    "8 kB": "x'y\\z" * 1600,
}
