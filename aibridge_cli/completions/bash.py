"""The completion script for bash, 3.2 (macOS) and later. Pure text."""

from __future__ import annotations

from collections.abc import Iterable
from shlex import quote

from aibridge_cli.completions.tree import Script, Values, taken, walk

_COMPOPT = "compopt -o {} 2>/dev/null"
_ACTIONS = {
    "clients": "_aibridge_clients",
    "packs": "_aibridge_packs",
    "files": _COMPOPT.format("default"),
    "folders": _COMPOPT.format("dirnames"),
}

_HEAD = """\
# shellcheck shell=bash
# Completion of aibridge for bash; made by `{origin}`.

_aibridge_ours() {{
    if [[ -n ${{AIBRIDGE_CONFIG_DIR-}} ]]; then
        ours=("$AIBRIDGE_CONFIG_DIR")
    elif [[ ${{XDG_CONFIG_HOME-}} == /* ]]; then
        ours=("$XDG_CONFIG_HOME/aibridge")
    else
        ours=("${{HOME-}}/.config/aibridge" "${{HOME-}}/Library/Application Support/aibridge")
    fi
}}

_aibridge_packs() {{
    local folder name ours=()
    _aibridge_ours
    for folder in "${{ours[@]}}"; do
        [[ -r $folder/packs/installed ]] || continue
        while IFS=$'\t' read -r name _; do
            [[ $name != *[!a-z0-9-]* ]] && words+=("$name")
        done <"$folder/packs/installed"
    done
    return 0
}}

_aibridge_clients() {{
    local folder file name restore='' list=${{AIBRIDGE_PROFILE_PATH-}}
    local ours=() folders=() IFS=:
    words=({clients})
    shopt -q failglob && restore=failglob && shopt -u failglob
    _aibridge_ours
    for folder in "${{ours[@]}}"; do
        folders+=("$folder/profiles" "$folder"/packs/*/profiles)
    done
    # shellcheck disable=SC2206 # the folders stand between colons
    [[ -n $list ]] && folders+=($list)
    for folder in "${{folders[@]}}"; do
        for file in "$folder"/*.toml; do
            name=${{file##*/}} name=${{name%.toml}}
            [[ -f $file && $name != *[!a-z0-9-]* ]] && words+=("$name")
        done
    done
    [[ -n $restore ]] && shopt -s failglob
    return 0
}}

_aibridge_about() {{
    case $1 in
"""

_MIDDLE = """\
    esac
}

_aibridge_values() {
    case $1 in
"""

_TAIL = """\
    esac
    return 0
}

_aibridge() {
    local current=${COMP_WORDS[COMP_CWORD]} path='' flag='' literal='' joined='' word
    local commands='' flags='' valued='' words=()
    local -i index=1 place=0
    COMPREPLY=()
    _aibridge_about "$path"
    while ((index < COMP_CWORD)); do
        word=${COMP_WORDS[index]}
        index+=1
        if [[ $word == [=:]* && -z $literal ]]; then
            # bash cuts words at these: `=` stands before a flag's value, `:` inside one
            [[ $word == : ]] && joined=yes
        elif [[ -n $joined ]]; then
            joined=''
        elif [[ -n $flag ]]; then
            flag=''
        elif [[ -n $literal ]]; then
            place+=1
        elif [[ $word == -- ]]; then
            literal=yes
        elif [[ $word == -* ]]; then
            [[ " $valued " == *" $word "* ]] && flag=$word
        elif [[ " $commands " == *" $word "* ]]; then
            path="${path:+$path }$word"
            _aibridge_about "$path"
        else
            place+=1
        fi
    done
    [[ $current == = ]] && current=''
    [[ -n $joined || $current == : ]] && return 0
    if [[ -n $flag ]]; then
        _aibridge_values "${path:+$path }$flag"
    elif [[ $current == -* && -z $literal ]]; then
        # shellcheck disable=SC2206 # flags have no spaces
        words=($flags)
    elif [[ -n $commands ]]; then
        # shellcheck disable=SC2206 # nor have commands
        words=($commands)
    else
        _aibridge_values "${path:+$path }$place"
    fi
    for word in ${words[@]+"${words[@]}"}; do
        [[ $word == "$current"* ]] && COMPREPLY+=("$word")
    done
    return 0
}

complete -F _aibridge aibridge
"""


def bash(script: Script) -> str:
    """Return the script for bash."""
    clients = " ".join(client.word for client in script.clients)
    lines = [_HEAD.format(origin=script.origin, clients=clients)]
    for command in walk(script.program):
        names = " ".join(each.name for each in command.commands)
        flags = " ".join(name for flag in command.flags for name in flag.names)
        valued = " ".join(name for flag in command.flags if flag.value for name in flag.names)
        lines.append(
            f"    {quote(command.path)}) commands={quote(names)} flags={quote(flags)} valued={quote(valued)} ;;\n"
        )
    lines.append(_MIDDLE)
    for command in walk(script.program):
        lines += _cases(taken(command))
    return "".join([*lines, _TAIL])


def _cases(entries: Iterable[tuple[str, Values]]) -> list[str]:
    lines = []
    for key, values in entries:
        if values.kind != "free":
            action = (
                f"words=({' '.join(map(quote, values.words))})" if values.kind == "words" else _ACTIONS[values.kind]
            )
            pattern = f"{quote(key[:-1])}[0-9]*" if key.endswith("*") else quote(key)
            lines.append(f"    {pattern}) {action} ;;\n")
    return lines
