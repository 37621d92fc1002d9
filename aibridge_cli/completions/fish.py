"""The completion script for fish. Pure text."""

from __future__ import annotations

from aibridge_cli.completions.tree import Command, Flag, Script, Values, taken, walk

_HEAD = """\
# Completion of aibridge for fish; made by `{origin}`.

function __aibridge_ours
    if set -q AIBRIDGE_CONFIG_DIR[1]; and test -n "$AIBRIDGE_CONFIG_DIR"
        echo $AIBRIDGE_CONFIG_DIR
    else if string match -q '/*' -- "$XDG_CONFIG_HOME"
        echo $XDG_CONFIG_HOME/aibridge
    else
        printf '%s\\n' ~/.config/aibridge ~/Library/'Application Support'/aibridge
    end
end

function __aibridge_packs
    for folder in (__aibridge_ours)
        if test -r $folder/packs/installed
            string replace -rf '^([a-z0-9-]+)\\t.*$' '$1' <$folder/packs/installed
        end
    end
end

function __aibridge_clients
    printf '%s\\n' {clients}
    set -l folders (__aibridge_ours)
    set -l files $folders/profiles/*.toml
    set -a files $folders/packs/*/profiles/*.toml
    if set -q AIBRIDGE_PROFILE_PATH[1]
        set -l more (string split -n : -- "$AIBRIDGE_PROFILE_PATH")
        set -a files $more/*.toml
    end
    string replace -rf '^.*/([a-z0-9-]+)\\.toml$' '$1' -- $files
end

# prints the command that was typed so far, then how many arguments it has
function __aibridge_typed
    set -l path
    set -l place 0
    set -l flag 0
    set -l literal 0
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $flag = 1
            set flag 0
        else if test $literal = 1
            set place (math $place + 1)
        else if test "$word" = --
            set literal 1
        else if string match -q -- '-*' "$word"
            if contains -- (string join ' ' -- $path $word) {valued}
                set flag 1
            end
        else if contains -- (string join ' ' -- $path $word) {paths}
            set -a path $word
        else
            set place (math $place + 1)
        end
    end
    echo "$path"
    echo $place
end

function __aibridge_at
    set -l typed (__aibridge_typed)
    test "$typed[1]" = "$argv[1]"
end

function __aibridge_place
    set -l typed (__aibridge_typed)
    test "$typed[1]" = "$argv[1]"; and test "$typed[2]" = "$argv[2]"
end

complete -c aibridge -f
"""


def fish(script: Script) -> str:
    """Return the script for fish."""
    commands = list(walk(script.program))
    valued = [key for command in commands for key, _ in taken(command) if key.rpartition(" ")[2].startswith("-")]
    clients = " ".join(_quote(f"{client.word}\t{client.name}") for client in script.clients)
    head = _HEAD.format(
        origin=script.origin,
        clients=clients,
        valued=" ".join(map(_quote, valued)),
        paths=" ".join(_quote(command.path) for command in commands[1:]),
    )
    return head + "".join(_lines(command) for command in commands)


def _lines(command: Command) -> str:
    here = _quote(f"__aibridge_at {_quote(command.path)}")
    lines = [""]
    lines += [f"complete -c aibridge -n {here} -a {each.name} -d {_quote(each.summary)}" for each in command.commands]
    lines += [f"complete -c aibridge -n {here} {_flag(flag)}" for flag in command.flags]
    for place, values in enumerate(command.arguments):
        where = here if values.repeated else _quote(f"__aibridge_place {_quote(command.path)} {place}")
        offered = _offered(values)
        lines += [f"complete -c aibridge -n {where} {offered}"] if offered else []
    return "\n".join(lines) + "\n"


def _flag(flag: Flag) -> str:
    names = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in flag.names]
    words = [*names, f"-d {_quote(flag.summary)}"]
    if flag.value:
        words.append("-r -F" if flag.value.kind == "files" else f"-x {_offered(flag.value)}".rstrip())
    return " ".join(words)


def _offered(values: Values) -> str:
    if values.kind == "words":
        return f"-a {_quote(' '.join(values.words))}"
    return {
        "free": "",
        "clients": "-a '(__aibridge_clients)'",
        "packs": "-a '(__aibridge_packs)'",
        "files": "-F",
        "folders": "-a '(__fish_complete_directories)'",
    }[values.kind]


def _quote(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
