"""The completion script for PowerShell, 5.1 and later. Pure text."""

from __future__ import annotations

from aibridge_cli.completions.tree import Command, Script, Values, taken, walk

_HEAD = """\
# Completion of aibridge for PowerShell; made by `{origin}`.

Register-ArgumentCompleter -Native -CommandName @('aibridge', 'aibridge.exe') -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)

    $clients = @(
{clients}
    )
    $commands = @{{
{commands}
    }}
    $flags = @{{
{flags}
    }}
    $values = @{{
{values}
    }}
"""

_TAIL = """\

    $path = ''
    $flag = ''
    $place = 0
    $literal = $false
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
        # the word that is being typed is the one to complete
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        $word = $element.Extent.Text
        $below = "$path $word".Trim()
        if ($flag) { $flag = '' }
        elseif ($literal) { $place++ }
        elseif ($word -eq '--') { $literal = $true }
        elseif ($word.StartsWith('-')) { if ($values.ContainsKey($below)) { $flag = $below } }
        elseif ($commands[$path] | Where-Object { $_ -and $_[0] -ceq $word }) { $path = $below }
        else { $place++ }
    }

    $folders = @()
    if ($env:AIBRIDGE_CONFIG_DIR) { $folders += $env:AIBRIDGE_CONFIG_DIR }
    elseif ($env:XDG_CONFIG_HOME) { $folders += Join-Path $env:XDG_CONFIG_HOME 'aibridge' }
    else {
        if ($env:LOCALAPPDATA) { $folders += Join-Path $env:LOCALAPPDATA 'aibridge\\aibridge' }
        if ($env:HOME) {
            $folders += Join-Path $env:HOME '.config/aibridge'
            $folders += Join-Path $env:HOME 'Library/Application Support/aibridge'
        }
    }

    $kind = $null
    $found = @()
    if ($flag) { $kind = $values[$flag] }
    elseif ($wordToComplete.StartsWith('-') -and -not $literal) { $found = $flags[$path] }
    elseif ($commands.ContainsKey($path)) { $found = $commands[$path] }
    elseif ($values.ContainsKey("$path $place".Trim())) { $kind = $values["$path $place".Trim()] }
    elseif ($values.ContainsKey("$path *".Trim())) { $kind = $values["$path *".Trim()] }

    if ($kind -is [array]) { $found = @($kind | ForEach-Object { , @($_, $_) }) }
    elseif ($kind -eq 'packs') {
        $lists = $folders | ForEach-Object { Join-Path $_ 'packs/installed' } | Where-Object { Test-Path $_ }
        foreach ($file in $lists) {
            $found += @(Get-Content $file | ForEach-Object { , @($_.Split("`t")[0], $_.Split("`t")[0]) })
        }
    }
    elseif ($kind -eq 'clients') {
        $found = $clients
        $patterns = @(
            $folders | ForEach-Object { Join-Path $_ 'profiles/*.toml' }
            $folders | ForEach-Object { Join-Path $_ 'packs/*/profiles/*.toml' }
        )
        if ($env:AIBRIDGE_PROFILE_PATH) {
            $patterns += $env:AIBRIDGE_PROFILE_PATH.Split([IO.Path]::PathSeparator) |
                Where-Object { $_ } | ForEach-Object { Join-Path $_ '*.toml' }
        }
        foreach ($file in ($patterns | Where-Object { $_ } | Get-ChildItem -File -ErrorAction Ignore)) {
            if ($file.BaseName -cmatch '^[a-z0-9-]+$') { $found += , @($file.BaseName, $file.BaseName) }
        }
    }
    elseif ($kind -eq 'files' -or $kind -eq 'folders') {
        return [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
    }

    $found | Where-Object { $_ -and $_[0].StartsWith($wordToComplete) } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
    }
}
"""


def powershell(script: Script) -> str:
    """Return the script for PowerShell, to be run from a profile of the shell."""
    commands = list(walk(script.program))
    head = _HEAD.format(
        origin=script.origin,
        clients="\n".join(f"        {_pair(client.word, client.name)}" for client in script.clients),
        commands="\n".join(
            _row(each, [(below.name, below.summary) for below in each.commands]) for each in commands if each.commands
        ),
        flags="\n".join(
            _row(each, [(name, flag.summary) for flag in each.flags for name in flag.names]) for each in commands
        ),
        values="\n".join(
            f"        {_quote(key)} = {_kind(values)}" for command in commands for key, values in taken(command)
        ),
    )
    return head + _TAIL


def _row(command: Command, pairs: list[tuple[str, str]]) -> str:
    inner = "\n".join(f"            {_pair(*pair)}" for pair in pairs)
    return f"        {_quote(command.path)} = @(\n{inner}\n        )"


def _pair(word: str, text: str) -> str:
    # the comma keeps an array of arrays from being flattened
    return f", @({_quote(word)}, {_quote(text)})"


def _kind(values: Values) -> str:
    if values.kind == "words":
        return f"@({', '.join(map(_quote, values.words))})"
    return _quote(values.kind)


def _quote(text: str) -> str:
    # PowerShell takes typographic quotes for quotes too
    return "'" + "".join(letter * 2 if letter in "'\u2018\u2019\u201a\u201b" else letter for letter in text) + "'"
