# Completion of aibridge for fish; made by `python -m aibridge_cli.cli.write_completions`.

function __aibridge_ours
    if set -q AIBRIDGE_CONFIG_DIR[1]; and test -n "$AIBRIDGE_CONFIG_DIR"
        echo $AIBRIDGE_CONFIG_DIR
    else if string match -q '/*' -- "$XDG_CONFIG_HOME"
        echo $XDG_CONFIG_HOME/aibridge
    else
        printf '%s\n' ~/.config/aibridge ~/Library/'Application Support'/aibridge
    end
end

function __aibridge_packs
    for folder in (__aibridge_ours)
        if test -r $folder/packs/installed
            string replace -rf '^([a-z0-9-]+)\t.*$' '$1' <$folder/packs/installed
        end
    end
end

function __aibridge_clients
    printf '%s\n' 'ai-sdk	AI SDK' 'aic	aicommits' 'aicommits	aicommits' 'aider	Aider' 'amazon-q	Kiro' 'amp	Sourcegraph Amp' 'anthropic-sdk	Anthropic SDK' 'antigravity	Antigravity' 'clai	clai' 'claude	Claude Code' 'claude-code	Claude Code' 'claude-desktop	Claude Desktop' 'cline	Cline' 'cn	Continue CLI' 'codex	Codex CLI' 'continue-cli	Continue CLI' 'continue-dev	Continue CLI' 'copilot	GitHub Copilot CLI' 'copilot-cli	GitHub Copilot CLI' 'crush	Crush' 'cursor	Cursor' 'dcode	Deep Agents Code' 'deepagents	Deep Agents Code' 'deepagents-code	Deep Agents Code' 'devin-desktop	Windsurf' 'droid	Factory Droid' 'factory	Factory Droid' 'gemini	Gemini CLI' 'gemini-cli	Gemini CLI' 'github-copilot	GitHub Copilot CLI' 'goose	Goose' 'gptme	gptme' 'hermes	Hermes Agent' 'hermes-agent	Hermes Agent' 'jetbrains	JetBrains AI Assistant' 'jetbrains-ai	JetBrains AI Assistant' 'junie	Junie CLI' 'kilo	Kilo Code' 'kilo-code	Kilo Code' 'kilocode	Kilo Code' 'kimi	Kimi Code' 'kimi-code	Kimi Code' 'kiro	Kiro' 'langchain	LangChain' 'litellm	LiteLLM' 'litellm-sdk	LiteLLM' 'llm	LLM' 'mini	mini-SWE-agent' 'mini-swe-agent	mini-SWE-agent' 'mistral-vibe	Mistral Vibe' 'mux	Mux (Xum)' 'nanocoder	Nanocoder' 'oco	OpenCommit' 'openai-agents	OpenAI Agents SDK' 'openai-codex	Codex CLI' 'openai-sdk	OpenAI SDK' 'openclaw	OpenClaw' 'opencode	OpenCode' 'opencommit	OpenCommit' 'openhands	OpenHands CLI' 'oracle	Oracle' 'pi	Pi' 'pi-coding-agent	Pi' 'pydantic-ai	clai' 'qwen	Qwen Code' 'qwen-code	Qwen Code' 'roo	Roo Code' 'roo-cline	Roo Code' 'roo-code	Roo Code' 'sgpt	ShellGPT' 'shell-gpt	ShellGPT' 'sourcegraph-amp	Sourcegraph Amp' 'vercel-ai-sdk	AI SDK' 'vibe	Mistral Vibe' 'vs-code	VS Code chat' 'windsurf	Windsurf' 'xum	Mux (Xum)' 'zed	Zed' 'zoo	Zoo Code' 'zoo-code	Zoo Code'
    set -l folders (__aibridge_ours)
    set -l files $folders/profiles/*.toml
    set -a files $folders/packs/*/profiles/*.toml
    if set -q AIBRIDGE_PROFILE_PATH[1]
        set -l more (string split -n : -- "$AIBRIDGE_PROFILE_PATH")
        set -a files $more/*.toml
    end
    string replace -rf '^.*/([a-z0-9-]+)\.toml$' '$1' -- $files
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
            if contains -- (string join ' ' -- $path $word) 'configure --url' 'configure --credential' 'configure --model' 'configure --provider-name' 'configure --gateway-path' 'configure --gateway-url' 'undo --all-since' 'login --with-token-lifetime' 'login --store' 'status --url' 'status --within' 'rotate --url' 'rotate --lifetime' 'tokens list --url' 'tokens create --lifetime' 'tokens create --url' 'tokens revoke --url' 'deployments --use' 'env --shell' 'env --clients' 'env --to' 'env --credential' 'env --url' 'shell install --clients' 'run --url' 'token --url' 'token --state-dir' 'token --coder-config-dir' 'token --coder-command' 'doctor --url' 'models --url' 'pack add --sha256' 'template --agent' 'template --gateway-path' 'template --format' 'demo --port'
                set flag 1
            end
        else if contains -- (string join ' ' -- $path $word) 'configure' 'unconfigure' 'check' 'explain' 'history' 'undo' 'secrets' 'login' 'logout' 'status' 'rotate' 'tokens' 'tokens list' 'tokens create' 'tokens revoke' 'deployments' 'env' 'shell' 'shell install' 'shell uninstall' 'shell status' 'run' 'token' 'doctor' 'models' 'clients' 'clients new' 'clients lint' 'clients test' 'clients show' 'pack' 'pack add' 'pack list' 'pack remove' 'pack verify' 'template' 'completion' 'demo'
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

complete -c aibridge -n '__aibridge_at \'\'' -a configure -d 'Point clients at the AI Bridge.'
complete -c aibridge -n '__aibridge_at \'\'' -a unconfigure -d 'Take back what `configure` did, to the byte.'
complete -c aibridge -n '__aibridge_at \'\'' -a check -d 'Tell whether `configure` would change anything, and why.'
complete -c aibridge -n '__aibridge_at \'\'' -a explain -d 'Explain each key of ours in a client\'s files.'
complete -c aibridge -n '__aibridge_at \'\'' -a history -d 'List what was changed when: runs, files and keys.'
complete -c aibridge -n '__aibridge_at \'\'' -a undo -d 'Go back to before a run: the last, or one you name.'
complete -c aibridge -n '__aibridge_at \'\'' -a secrets -d 'Find tokens of ours where they should not be.'
complete -c aibridge -n '__aibridge_at \'\'' -a login -d 'Sign in to a Coder deployment.'
complete -c aibridge -n '__aibridge_at \'\'' -a logout -d 'Forget the session with a deployment.'
complete -c aibridge -n '__aibridge_at \'\'' -a status -d 'Show deployment, token and configured clients.'
complete -c aibridge -n '__aibridge_at \'\'' -a rotate -d 'Replace the token of `aibridge login` everywhere.'
complete -c aibridge -n '__aibridge_at \'\'' -a tokens -d 'List, make and revoke your tokens on the deployment.'
complete -c aibridge -n '__aibridge_at \'\'' -a deployments -d 'List the deployments that were signed in to.'
complete -c aibridge -n '__aibridge_at \'\'' -a env -d 'Print the variables for a shell to evaluate.'
complete -c aibridge -n '__aibridge_at \'\'' -a shell -d 'Set the variables whenever a shell starts.'
complete -c aibridge -n '__aibridge_at \'\'' -a run -d 'Start a client for one session, with nothing written.'
complete -c aibridge -n '__aibridge_at \'\'' -a token -d 'Print the Coder token and nothing else.'
complete -c aibridge -n '__aibridge_at \'\'' -a doctor -d 'Find out why it does not work, and what helps.'
complete -c aibridge -n '__aibridge_at \'\'' -a models -d 'List the models of each provider of the deployment.'
complete -c aibridge -n '__aibridge_at \'\'' -a clients -d 'List the clients: supported, found here, configured.'
complete -c aibridge -n '__aibridge_at \'\'' -a pack -d 'Use profiles and rules that your organisation hands out.'
complete -c aibridge -n '__aibridge_at \'\'' -a template -d 'Print Terraform for clients in Coder workspaces.'
complete -c aibridge -n '__aibridge_at \'\'' -a completion -d 'Print the script that lets a shell complete our commands.'
complete -c aibridge -n '__aibridge_at \'\'' -a demo -d 'Try the main job on a small deployment of our own.'
complete -c aibridge -n '__aibridge_at \'\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_at \'\'' -l version -d 'Print the version and exit'

complete -c aibridge -n '__aibridge_at \'configure\'' -l all -d 'Every supported client found on this machine'
complete -c aibridge -n '__aibridge_at \'configure\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'configure\'' -l token-stdin -d 'Read the Coder token from standard input'
complete -c aibridge -n '__aibridge_at \'configure\'' -l credential -d 'How clients get the token' -x -a 'helper reference env keychain file'
complete -c aibridge -n '__aibridge_at \'configure\'' -l require-secretless -d 'Fail rather than write the token to any file'
complete -c aibridge -n '__aibridge_at \'configure\'' -l model -d 'A model, where a client takes one' -x
complete -c aibridge -n '__aibridge_at \'configure\'' -l provider-name -d 'What the deployment calls its `openai` or `anthropic` provider' -x
complete -c aibridge -n '__aibridge_at \'configure\'' -l gateway-path -d 'The gateway\'s path on the deployment' -x -a 'aibridge ai-gateway'
complete -c aibridge -n '__aibridge_at \'configure\'' -l gateway-url -d 'A standalone gateway' -x
complete -c aibridge -n '__aibridge_at \'configure\'' -l dry-run -s n -d 'Show what would change and write nothing'
complete -c aibridge -n '__aibridge_at \'configure\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'configure\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'configure\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'configure\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_at \'configure\'' -a '(__aibridge_clients)'

complete -c aibridge -n '__aibridge_at \'unconfigure\'' -l all -d 'Every client that we configured'
complete -c aibridge -n '__aibridge_at \'unconfigure\'' -l dry-run -s n -d 'Show what would change and write nothing'
complete -c aibridge -n '__aibridge_at \'unconfigure\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'unconfigure\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'unconfigure\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_at \'unconfigure\'' -a '(__aibridge_clients)'

complete -c aibridge -n '__aibridge_at \'check\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'check\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_at \'check\'' -a '(__aibridge_clients)'

complete -c aibridge -n '__aibridge_at \'explain\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'explain\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'explain\' 0' -a '(__aibridge_clients)'

complete -c aibridge -n '__aibridge_at \'history\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'history\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'undo\'' -l all-since -d 'Undo this run and every later one' -x
complete -c aibridge -n '__aibridge_at \'undo\'' -l whole-files -d 'Where a file cannot be edited, put the kept copy back, later edits lost'
complete -c aibridge -n '__aibridge_at \'undo\'' -l dry-run -s n -d 'Show what would change and write nothing'
complete -c aibridge -n '__aibridge_at \'undo\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'undo\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'undo\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'secrets\'' -l fix -d 'Do what is ours to do about them, after showing it'
complete -c aibridge -n '__aibridge_at \'secrets\'' -l dry-run -s n -d 'Show what would change and write nothing'
complete -c aibridge -n '__aibridge_at \'secrets\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'secrets\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'secrets\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'login\'' -l token-stdin -d 'Read the Coder token from standard input'
complete -c aibridge -n '__aibridge_at \'login\'' -l with-token-lifetime -d 'Of the token made for this machine' -x
complete -c aibridge -n '__aibridge_at \'login\'' -l store -d 'Where to keep it' -x -a 'keyring file none'
complete -c aibridge -n '__aibridge_at \'login\'' -l ask -d 'Ask for a token even if the Coder CLI is signed in'
complete -c aibridge -n '__aibridge_at \'login\'' -l browser -l no-browser -d 'Open the page that shows a token'
complete -c aibridge -n '__aibridge_at \'login\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'login\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'login\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'logout\'' -l everywhere -d 'Take our configuration of clients for it back, too'
complete -c aibridge -n '__aibridge_at \'logout\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'logout\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'logout\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'logout\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'status\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'status\'' -l verify -d 'Ask the deployment about the token'
complete -c aibridge -n '__aibridge_at \'status\'' -l check -d 'Ask the deployment, and end with 3 when something needs doing'
complete -c aibridge -n '__aibridge_at \'status\'' -l within -d 'A token that ends so soon needs something done' -x
complete -c aibridge -n '__aibridge_at \'status\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'status\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'status\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'rotate\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'rotate\'' -l lifetime -d 'Of the new token' -x
complete -c aibridge -n '__aibridge_at \'rotate\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'rotate\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'rotate\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'rotate\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'tokens\'' -a list -d 'List your tokens on the deployment.'
complete -c aibridge -n '__aibridge_at \'tokens\'' -a create -d 'Make a token and print it, for a job or another machine.'
complete -c aibridge -n '__aibridge_at \'tokens\'' -a revoke -d 'Have the deployment refuse tokens from now on.'
complete -c aibridge -n '__aibridge_at \'tokens\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'tokens list\'' -l expired -d 'Those that have ended, too'
complete -c aibridge -n '__aibridge_at \'tokens list\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'tokens list\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'tokens list\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'tokens list\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'tokens create\'' -l lifetime -d 'How long it is good for' -x
complete -c aibridge -n '__aibridge_at \'tokens create\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'tokens create\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'tokens create\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'tokens create\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'tokens revoke\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'tokens revoke\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'tokens revoke\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'tokens revoke\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'deployments\'' -l use -d 'The one that counts when none is named' -x
complete -c aibridge -n '__aibridge_at \'deployments\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'deployments\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'env\'' -l shell -d 'One of sh, bash, zsh, dash, ash, ksh, mksh, yash, fish, powershell, pwsh, nu, nushell, elvish, xonsh, tcsh, csh, cmd' -x -a 'sh bash zsh dash ash ksh mksh yash fish powershell pwsh nu nushell elvish xonsh tcsh csh cmd github gitlab azure circleci buildkite jenkins dotenv docker json systemd tfvars'
complete -c aibridge -n '__aibridge_at \'env\'' -l clients -d 'The same, in one word' -x -a '(__aibridge_clients)'
complete -c aibridge -n '__aibridge_at \'env\'' -l unset -d 'Print the lines that put back what stood before'
complete -c aibridge -n '__aibridge_at \'env\'' -l to -d 'Write it to this file, 0600' -r -F
complete -c aibridge -n '__aibridge_at \'env\'' -l replace -d 'With `--to`: the file may exist, and is replaced'
complete -c aibridge -n '__aibridge_at \'env\'' -l quiet -d 'For start-up files: without a token nothing is set, and one line said'
complete -c aibridge -n '__aibridge_at \'env\'' -l credential -d 'How clients get the token: by our helper, which those that can call it do, or in a variable' -x -a 'helper env'
complete -c aibridge -n '__aibridge_at \'env\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'env\'' -l token-stdin -d 'Read the Coder token from standard input'
complete -c aibridge -n '__aibridge_at \'env\'' -l anthropic-api-key -d 'Put the token into `ANTHROPIC_API_KEY` as well, and the address into `ANTHROPIC_HOST`'
complete -c aibridge -n '__aibridge_at \'env\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'env\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_at \'env\'' -a '(__aibridge_clients)'

complete -c aibridge -n '__aibridge_at \'shell\'' -a install -d 'Add a block of ours to the shell\'s start-up file, after showing it.'
complete -c aibridge -n '__aibridge_at \'shell\'' -a uninstall -d 'Take our block out again, from the shell\'s start-up files or, when none is named, from all.'
complete -c aibridge -n '__aibridge_at \'shell\'' -a status -d 'Show which start-up files have a block of ours, and whether it is as we wrote it.'
complete -c aibridge -n '__aibridge_at \'shell\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'shell install\'' -l hook -d 'A new sign-in also reaches shells that run: bash, zsh and fish look for one'
complete -c aibridge -n '__aibridge_at \'shell install\'' -l clients -d 'What these clients need' -x -a '(__aibridge_clients)'
complete -c aibridge -n '__aibridge_at \'shell install\'' -l dry-run -s n -d 'Show what would change and write nothing'
complete -c aibridge -n '__aibridge_at \'shell install\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'shell install\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'shell install\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'shell install\' 0' -a 'sh bash zsh dash ash ksh mksh yash fish powershell pwsh nu nushell elvish xonsh tcsh csh cmd'

complete -c aibridge -n '__aibridge_at \'shell uninstall\'' -l dry-run -s n -d 'Show what would change and write nothing'
complete -c aibridge -n '__aibridge_at \'shell uninstall\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'shell uninstall\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'shell uninstall\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'shell uninstall\' 0' -a 'sh bash zsh dash ash ksh mksh yash fish powershell pwsh nu nushell elvish xonsh tcsh csh cmd'

complete -c aibridge -n '__aibridge_at \'shell status\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'shell status\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'run\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'run\'' -l anthropic-api-key -d 'For a command: put the token into `ANTHROPIC_API_KEY` as well'
complete -c aibridge -n '__aibridge_at \'run\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'run\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'run\' 0' -a '(__aibridge_clients)'
complete -c aibridge -n '__aibridge_at \'run\'' -F

complete -c aibridge -n '__aibridge_at \'token\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'token\'' -l state-dir -d 'Our state folder, where it is not the usual one' -x -a '(__fish_complete_directories)'
complete -c aibridge -n '__aibridge_at \'token\'' -l coder-config-dir -d 'The Coder CLI\'s folder, where it is not the usual one' -x -a '(__fish_complete_directories)'
complete -c aibridge -n '__aibridge_at \'token\'' -l coder-command -d 'The Coder CLI to ask' -r -F
complete -c aibridge -n '__aibridge_at \'token\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'token\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'token\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'doctor\'' -l fix -d 'Do what is ours to do, after showing it and asking'
complete -c aibridge -n '__aibridge_at \'doctor\'' -l send -d 'Also ask each client\'s model for one token, which costs'
complete -c aibridge -n '__aibridge_at \'doctor\'' -l with-client -d 'Also run each client, in a copy of its settings, and see what it sends'
complete -c aibridge -n '__aibridge_at \'doctor\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'doctor\'' -l dry-run -s n -d 'Show what would change and write nothing'
complete -c aibridge -n '__aibridge_at \'doctor\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'doctor\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'doctor\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'doctor\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_at \'doctor\'' -a '(__aibridge_clients)'

complete -c aibridge -n '__aibridge_at \'models\'' -l url -d 'The Coder deployment, as in `https://coder.example.com`' -x
complete -c aibridge -n '__aibridge_at \'models\'' -l insecure-http -d 'Accept plain http to a machine other than this one'
complete -c aibridge -n '__aibridge_at \'models\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'models\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'clients\'' -a new -d 'Start a profile in your own folder, with remarks on what goes where.'
complete -c aibridge -n '__aibridge_at \'clients\'' -a lint -d 'Tell everything that is wrong with a profile, each with its place.'
complete -c aibridge -n '__aibridge_at \'clients\'' -a test -d 'Show what a profile would do in an empty home and to copies of your files; nothing of yours is written.'
complete -c aibridge -n '__aibridge_at \'clients\'' -a show -d 'Show each key that is set for a client, and why.'
complete -c aibridge -n '__aibridge_at \'clients\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'clients\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'clients new\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'clients new\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'clients lint\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'clients lint\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'clients lint\' 0' -F

complete -c aibridge -n '__aibridge_at \'clients test\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'clients test\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'clients test\' 0' -F

complete -c aibridge -n '__aibridge_at \'clients show\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'clients show\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'clients show\' 0' -a '(__aibridge_clients)'

complete -c aibridge -n '__aibridge_at \'pack\'' -a add -d 'Install a pack, or another version of one.'
complete -c aibridge -n '__aibridge_at \'pack\'' -a list -d 'List the installed packs.'
complete -c aibridge -n '__aibridge_at \'pack\'' -a remove -d 'Take a pack away without a trace.'
complete -c aibridge -n '__aibridge_at \'pack\'' -a verify -d 'Compare what is installed with what was installed, by its hashes.'
complete -c aibridge -n '__aibridge_at \'pack\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'pack add\'' -l sha256 -d 'Of the archive' -x
complete -c aibridge -n '__aibridge_at \'pack add\'' -l dry-run -s n -d 'Show what would change and write nothing'
complete -c aibridge -n '__aibridge_at \'pack add\'' -l yes -s y -d 'Write without asking'
complete -c aibridge -n '__aibridge_at \'pack add\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'pack add\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'pack add\' 0' -a '(__fish_complete_directories)'

complete -c aibridge -n '__aibridge_at \'pack list\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'pack list\'' -s h -l help -d 'Show this message and exit'

complete -c aibridge -n '__aibridge_at \'pack remove\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'pack remove\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'pack remove\' 0' -a '(__aibridge_packs)'

complete -c aibridge -n '__aibridge_at \'pack verify\'' -l json -d 'Print one JSON object for programs'
complete -c aibridge -n '__aibridge_at \'pack verify\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'pack verify\' 0' -a '(__aibridge_packs)'

complete -c aibridge -n '__aibridge_at \'template\'' -l agent -d 'The name of the template\'s `coder_agent`' -x
complete -c aibridge -n '__aibridge_at \'template\'' -l agent-env -d 'One map for the agent\'s `env`'
complete -c aibridge -n '__aibridge_at \'template\'' -l modules -d 'Leave a client to its module of Coder\'s registry, where it has one'
complete -c aibridge -n '__aibridge_at \'template\'' -l startup-script -d 'Run `aibridge configure` when the workspace starts'
complete -c aibridge -n '__aibridge_at \'template\'' -l gateway-path -d 'The path on the deployment: every one has the first, new ones both' -x -a 'aibridge ai-gateway'
complete -c aibridge -n '__aibridge_at \'template\'' -l standalone -d 'Declare the provider, the data and an agent too'
complete -c aibridge -n '__aibridge_at \'template\'' -l format -d 'For a file that ends in `.tf`, or in `.tf.json`' -x -a 'hcl json'
complete -c aibridge -n '__aibridge_at \'template\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_at \'template\'' -a '(__aibridge_clients)'

complete -c aibridge -n '__aibridge_at \'completion\'' -s h -l help -d 'Show this message and exit'
complete -c aibridge -n '__aibridge_place \'completion\' 0' -a 'bash zsh fish powershell'

complete -c aibridge -n '__aibridge_at \'demo\'' -l serve -d 'Only start the deployment, and keep it up for trying things by hand'
complete -c aibridge -n '__aibridge_at \'demo\'' -l port -d 'Where it listens' -x
complete -c aibridge -n '__aibridge_at \'demo\'' -s h -l help -d 'Show this message and exit'
