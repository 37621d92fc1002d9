"""The completion script for zsh. Pure text."""

from __future__ import annotations

from aibridge_cli.completions.tree import Command, Flag, Script, Values, walk

_ACTIONS = {
    "free": " ",
    "clients": "_aibridge__clients",
    "packs": "_aibridge__packs",
    "files": "_files",
    "folders": "_files -/",
}

_HEAD = """\
#compdef aibridge
# Completion of aibridge for zsh; made by `{origin}`.

_aibridge__ours() {{
  if [[ -n $AIBRIDGE_CONFIG_DIR ]]; then
    ours=($AIBRIDGE_CONFIG_DIR)
  elif [[ $XDG_CONFIG_HOME == /* ]]; then
    ours=($XDG_CONFIG_HOME/aibridge)
  else
    ours=($HOME/.config/aibridge $HOME/Library/Application\\ Support/aibridge)
  fi
}}

_aibridge__packs() {{
  local -a ours files packs
  local file
  _aibridge__ours
  files=($^ours/packs/installed(N-.))
  for file in $files; do
    packs+=(${{(f)"$(<$file)"}})
  done
  packs=(${{(M)${{packs%%$'\t'*}}:#[a-z0-9-]##}})
  _describe -t packs pack packs
}}

_aibridge__clients() {{
  local -a clients ours folders files
  clients=(
{clients}
  )
  _aibridge__ours
  files=($^ours/profiles/*.toml(N-.) $^ours/packs/*/profiles/*.toml(N-.))
  folders=(${{(s.:.)AIBRIDGE_PROFILE_PATH}})
  (( $#folders )) && files+=($^folders/*.toml(N-.))
  clients+=(${{(M)${{files:t:r}}:#[a-z0-9-]##}})
  _describe -t clients client clients
}}
"""


def zsh(script: Script) -> str:
    """Return the script for zsh, which is the file of an autoloaded function."""
    clients = "\n".join(f"    {_quote(f'{client.word}:{_described(client.name)}')}" for client in script.clients)
    functions = [_function(command) for command in walk(script.program)]
    call = 'if [[ $funcstack[1] == _aibridge ]]; then\n  _aibridge "$@"\nelse\n  compdef _aibridge aibridge\nfi\n'
    return "\n".join([_HEAD.format(origin=script.origin, clients=clients), *functions, call])


def _function(command: Command) -> str:
    specs = [_flag(flag) for flag in command.flags]
    name = _function_name(command)
    if not command.commands:
        specs += [_argument(place, values) for place, values in enumerate(command.arguments, 1)]
        return f"{name}() {{\n  _arguments -s -S : \\\n    {_joined(specs)}\n}}\n"
    specs += [f"'1: :{name}__commands'", "'*:: :->below'"]
    below = "".join(f"    {each.name}) {_function_name(each)} ;;\n" for each in command.commands)
    listed = "".join(f"    {_quote(f'{each.name}:{_described(each.summary)}')}\n" for each in command.commands)
    return (
        f"{name}__commands() {{\n  local -a commands\n  commands=(\n{listed}  )\n"
        "  _describe -t commands command commands\n}\n\n"
        f"{name}() {{\n"
        "  local curcontext=$curcontext context state state_descr line\n  typeset -A opt_args\n"
        f"  _arguments -C -S : \\\n    {_joined(specs)} && return\n"
        "  [[ $state == below ]] || return 1\n"
        f"  curcontext=${{curcontext%:*:*}}:{name[1:].replace('_', '-')}-$words[1]:\n"
        f"  case $words[1] in\n{below}  esac\n}}\n"
    )


def _flag(flag: Flag) -> str:
    value = flag.value
    text = f"[{_escaped(flag.summary, '[]')}]"
    exclusive = "" if value and value.repeated else f"'({' '.join(flag.names)})'"
    star = "'*'" if value and value.repeated else ""
    taken = f":{_escaped(value.label, ':')}:{_action(value)}" if value else ""
    names = [_with_value(name) if value else name for name in flag.names]
    spelled = names[0] if len(names) == 1 else "{" + ",".join(names) + "}"
    return f"{exclusive}{star}{spelled}{_quote(text + taken)}"


def _with_value(name: str) -> str:
    return f"{name}=" if name.startswith("--") else f"{name}+"


def _argument(place: int, values: Values) -> str:
    where = "*" if values.repeated else str(place)
    return _quote(f"{where}:{_escaped(values.label, ':')}:{_action(values)}")


def _action(values: Values) -> str:
    return f"({' '.join(values.words)})" if values.kind == "words" else _ACTIONS[values.kind]


def _joined(specs: list[str]) -> str:
    return " \\\n    ".join(specs)


def _function_name(command: Command) -> str:
    return "_" + "_".join(["aibridge", *command.path.split()]).replace("-", "_")


def _described(text: str) -> str:
    return _escaped(text, ":")


def _escaped(text: str, special: str) -> str:
    return "".join(f"\\{letter}" if letter in special else letter for letter in text)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
