"""The text that a new profile starts with."""

from __future__ import annotations

_TEXT = """\
# How [CLIENT] is pointed at the deployment. Change what stands here, then:
#   aibridge clients lint FILE
#   aibridge clients test FILE
name = "[NAME]"
summary = "What it is, in one line"
docs = "https://example.com/docs"        # where its configuration is documented
status = "supported"                     # guided: with steps for a person; unsupported: with reason and link
speaks = ["openai"]                      # openai, anthropic
credential = ["helper", "env"]           # the ways it can get the token, best first
# model = "optional"                     # where {model.openai} or {model.anthropic} is used; or { openai = "required" }

[detect]                                 # any one of these shows that it is here
commands = ["[CLIENT]"]
files = ["{config}/config.json"]

[paths]                                  # the first that resolves; $NAME is passed over when it is not set
config = ["$[VARIABLE]_HOME", "~/.[CLIENT]"] # { exists = "~/.old" } counts only where that folder is in use

[env]                                    # for `aibridge env [CLIENT]` and the way `env`
[VARIABLE]_TOKEN = "{token}"

[[edit]]                                 # for every way
file = "{config}/config.json"
format = "json"                          # [FORMATS]
[edit.set.api]
base = "{gateway.openai}"                # with /v1; {gateway.anthropic} is without
# [edit.default]                         # like set, for keys that the user does not have

[[edit]]
file = "{config}/config.json"
format = "json"
when = { credential = "helper" }
remove = [["api", "key_variable"]]       # what would win over our key, or may not stand beside it
[edit.set.api]
key_command = "{helper}"                 # one line for a shell; as a list ["{helper.command}", "{helper.args}"]

[[edit]]
file = "{config}/config.json"
format = "json"
when = { credential = "env" }
remove = [["api", "key_command"]]
[edit.set.api]
key_variable = "[VARIABLE]_TOKEN"

# [unset]                                # variables that would win over ours, with the reason
# [VARIABLE]_KEY = "it would be sent instead of the token"

# [[outranked_by]]                       # what beats our keys: reported, never written
# what = "a project's own file"
# files = [".[CLIENT]/config.json"]
"""


def skeleton(client: str, formats: tuple[str, ...]) -> str:
    """Return the text of a profile that has no mistakes and waits to be changed.

    Args:
        client: The client's id.
        formats: The formats of files that can be edited.
    """
    words = {
        "[NAME]": client.replace("-", " ").title(),
        "[CLIENT]": client,
        "[VARIABLE]": client.upper().replace("-", "_"),
        "[FORMATS]": f"or {', '.join(formats[1:])}",
    }
    text = _TEXT
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text
