# Completion of aibridge for PowerShell; made by `python -m aibridge_cli.cli.write_completions`.

Register-ArgumentCompleter -Native -CommandName @('aibridge', 'aibridge.exe') -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $clients = @(
        , @('ai-sdk', 'AI SDK')
        , @('aic', 'aicommits')
        , @('aicommits', 'aicommits')
        , @('aider', 'Aider')
        , @('amazon-q', 'Kiro')
        , @('amp', 'Sourcegraph Amp')
        , @('anthropic-sdk', 'Anthropic SDK')
        , @('antigravity', 'Antigravity')
        , @('clai', 'clai')
        , @('claude', 'Claude Code')
        , @('claude-code', 'Claude Code')
        , @('claude-desktop', 'Claude Desktop')
        , @('cline', 'Cline')
        , @('cn', 'Continue CLI')
        , @('codex', 'Codex CLI')
        , @('continue-cli', 'Continue CLI')
        , @('continue-dev', 'Continue CLI')
        , @('copilot', 'GitHub Copilot CLI')
        , @('copilot-cli', 'GitHub Copilot CLI')
        , @('crush', 'Crush')
        , @('cursor', 'Cursor')
        , @('dcode', 'Deep Agents Code')
        , @('deepagents', 'Deep Agents Code')
        , @('deepagents-code', 'Deep Agents Code')
        , @('devin-desktop', 'Windsurf')
        , @('droid', 'Factory Droid')
        , @('factory', 'Factory Droid')
        , @('gemini', 'Gemini CLI')
        , @('gemini-cli', 'Gemini CLI')
        , @('github-copilot', 'GitHub Copilot CLI')
        , @('goose', 'Goose')
        , @('gptme', 'gptme')
        , @('hermes', 'Hermes Agent')
        , @('hermes-agent', 'Hermes Agent')
        , @('jetbrains', 'JetBrains AI Assistant')
        , @('jetbrains-ai', 'JetBrains AI Assistant')
        , @('junie', 'Junie CLI')
        , @('kilo', 'Kilo Code')
        , @('kilo-code', 'Kilo Code')
        , @('kilocode', 'Kilo Code')
        , @('kimi', 'Kimi Code')
        , @('kimi-code', 'Kimi Code')
        , @('kiro', 'Kiro')
        , @('langchain', 'LangChain')
        , @('litellm', 'LiteLLM')
        , @('litellm-sdk', 'LiteLLM')
        , @('llm', 'LLM')
        , @('mini', 'mini-SWE-agent')
        , @('mini-swe-agent', 'mini-SWE-agent')
        , @('mistral-vibe', 'Mistral Vibe')
        , @('mux', 'Mux (Xum)')
        , @('nanocoder', 'Nanocoder')
        , @('oco', 'OpenCommit')
        , @('openai-agents', 'OpenAI Agents SDK')
        , @('openai-codex', 'Codex CLI')
        , @('openai-sdk', 'OpenAI SDK')
        , @('openclaw', 'OpenClaw')
        , @('opencode', 'OpenCode')
        , @('opencommit', 'OpenCommit')
        , @('openhands', 'OpenHands CLI')
        , @('oracle', 'Oracle')
        , @('pi', 'Pi')
        , @('pi-coding-agent', 'Pi')
        , @('pydantic-ai', 'clai')
        , @('qwen', 'Qwen Code')
        , @('qwen-code', 'Qwen Code')
        , @('roo', 'Roo Code')
        , @('roo-cline', 'Roo Code')
        , @('roo-code', 'Roo Code')
        , @('sgpt', 'ShellGPT')
        , @('shell-gpt', 'ShellGPT')
        , @('sourcegraph-amp', 'Sourcegraph Amp')
        , @('vercel-ai-sdk', 'AI SDK')
        , @('vibe', 'Mistral Vibe')
        , @('vs-code', 'VS Code chat')
        , @('windsurf', 'Windsurf')
        , @('xum', 'Mux (Xum)')
        , @('zed', 'Zed')
        , @('zoo', 'Zoo Code')
        , @('zoo-code', 'Zoo Code')
    )
    $commands = @{
        '' = @(
            , @('configure', 'Point clients at the AI Bridge.')
            , @('unconfigure', 'Take back what `configure` did, to the byte.')
            , @('check', 'Tell whether `configure` would change anything, and why.')
            , @('explain', 'Explain each key of ours in a client''s files.')
            , @('history', 'List what was changed when: runs, files and keys.')
            , @('undo', 'Go back to before a run: the last, or one you name.')
            , @('secrets', 'Find tokens of ours where they should not be.')
            , @('login', 'Sign in to a Coder deployment.')
            , @('logout', 'Forget the session with a deployment.')
            , @('status', 'Show deployment, token and configured clients.')
            , @('rotate', 'Replace the token of `aibridge login` everywhere.')
            , @('tokens', 'List, make and revoke your tokens on the deployment.')
            , @('deployments', 'List the deployments that were signed in to.')
            , @('env', 'Print the variables for a shell to evaluate.')
            , @('shell', 'Set the variables whenever a shell starts.')
            , @('run', 'Start a client for one session, with nothing written.')
            , @('token', 'Print the Coder token and nothing else.')
            , @('doctor', 'Find out why it does not work, and what helps.')
            , @('models', 'List the models of each provider of the deployment.')
            , @('clients', 'List the clients: supported, found here, configured.')
            , @('pack', 'Use profiles and rules that your organisation hands out.')
            , @('template', 'Print Terraform for clients in Coder workspaces.')
            , @('completion', 'Print the script that lets a shell complete our commands.')
            , @('demo', 'Try the main job on a small deployment of our own.')
        )
        'tokens' = @(
            , @('list', 'List your tokens on the deployment.')
            , @('create', 'Make a token and print it, for a job or another machine.')
            , @('revoke', 'Have the deployment refuse tokens from now on.')
        )
        'shell' = @(
            , @('install', 'Add a block of ours to the shell''s start-up file, after showing it.')
            , @('uninstall', 'Take our block out again, from the shell''s start-up files or, when none is named, from all.')
            , @('status', 'Show which start-up files have a block of ours, and whether it is as we wrote it.')
        )
        'clients' = @(
            , @('new', 'Start a profile in your own folder, with remarks on what goes where.')
            , @('lint', 'Tell everything that is wrong with a profile, each with its place.')
            , @('test', 'Show what a profile would do in an empty home and to copies of your files; nothing of yours is written.')
            , @('show', 'Show each key that is set for a client, and why.')
        )
        'pack' = @(
            , @('add', 'Install a pack, or another version of one.')
            , @('list', 'List the installed packs.')
            , @('remove', 'Take a pack away without a trace.')
            , @('verify', 'Compare what is installed with what was installed, by its hashes.')
        )
    }
    $flags = @{
        '' = @(
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
            , @('--version', 'Print the version and exit')
        )
        'configure' = @(
            , @('--all', 'Every supported client found on this machine')
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--token-stdin', 'Read the Coder token from standard input')
            , @('--credential', 'How clients get the token')
            , @('--require-secretless', 'Fail rather than write the token to any file')
            , @('--model', 'A model, where a client takes one')
            , @('--provider-name', 'What the deployment calls its `openai` or `anthropic` provider')
            , @('--gateway-path', 'The gateway''s path on the deployment')
            , @('--gateway-url', 'A standalone gateway')
            , @('--dry-run', 'Show what would change and write nothing')
            , @('-n', 'Show what would change and write nothing')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'unconfigure' = @(
            , @('--all', 'Every client that we configured')
            , @('--dry-run', 'Show what would change and write nothing')
            , @('-n', 'Show what would change and write nothing')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'check' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'explain' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'history' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'undo' = @(
            , @('--all-since', 'Undo this run and every later one')
            , @('--whole-files', 'Where a file cannot be edited, put the kept copy back, later edits lost')
            , @('--dry-run', 'Show what would change and write nothing')
            , @('-n', 'Show what would change and write nothing')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'secrets' = @(
            , @('--fix', 'Do what is ours to do about them, after showing it')
            , @('--dry-run', 'Show what would change and write nothing')
            , @('-n', 'Show what would change and write nothing')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'login' = @(
            , @('--token-stdin', 'Read the Coder token from standard input')
            , @('--with-token-lifetime', 'Of the token made for this machine')
            , @('--store', 'Where to keep it')
            , @('--ask', 'Ask for a token even if the Coder CLI is signed in')
            , @('--browser', 'Open the page that shows a token')
            , @('--no-browser', 'Open the page that shows a token')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'logout' = @(
            , @('--everywhere', 'Take our configuration of clients for it back, too')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'status' = @(
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--verify', 'Ask the deployment about the token')
            , @('--check', 'Ask the deployment, and end with 3 when something needs doing')
            , @('--within', 'A token that ends so soon needs something done')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'rotate' = @(
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--lifetime', 'Of the new token')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'tokens' = @(
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'tokens list' = @(
            , @('--expired', 'Those that have ended, too')
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'tokens create' = @(
            , @('--lifetime', 'How long it is good for')
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'tokens revoke' = @(
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'deployments' = @(
            , @('--use', 'The one that counts when none is named')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'env' = @(
            , @('--shell', 'One of sh, bash, zsh, dash, ash, ksh, mksh, yash, fish, powershell, pwsh, nu, nushell, elvish, xonsh, tcsh, csh, cmd')
            , @('--clients', 'The same, in one word')
            , @('--unset', 'Print the lines that put back what stood before')
            , @('--to', 'Write it to this file, 0600')
            , @('--replace', 'With `--to`: the file may exist, and is replaced')
            , @('--quiet', 'For start-up files: without a token nothing is set, and one line said')
            , @('--credential', 'How clients get the token: by our helper, which those that can call it do, or in a variable')
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--token-stdin', 'Read the Coder token from standard input')
            , @('--anthropic-api-key', 'Put the token into `ANTHROPIC_API_KEY` as well, and the address into `ANTHROPIC_HOST`')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'shell' = @(
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'shell install' = @(
            , @('--hook', 'A new sign-in also reaches shells that run: bash, zsh and fish look for one')
            , @('--clients', 'What these clients need')
            , @('--dry-run', 'Show what would change and write nothing')
            , @('-n', 'Show what would change and write nothing')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'shell uninstall' = @(
            , @('--dry-run', 'Show what would change and write nothing')
            , @('-n', 'Show what would change and write nothing')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'shell status' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'run' = @(
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--anthropic-api-key', 'For a command: put the token into `ANTHROPIC_API_KEY` as well')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'token' = @(
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--state-dir', 'Our state folder, where it is not the usual one')
            , @('--coder-config-dir', 'The Coder CLI''s folder, where it is not the usual one')
            , @('--coder-command', 'The Coder CLI to ask')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'doctor' = @(
            , @('--fix', 'Do what is ours to do, after showing it and asking')
            , @('--send', 'Also ask each client''s model for one token, which costs')
            , @('--with-client', 'Also run each client, in a copy of its settings, and see what it sends')
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--dry-run', 'Show what would change and write nothing')
            , @('-n', 'Show what would change and write nothing')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'models' = @(
            , @('--url', 'The Coder deployment, as in `https://coder.example.com`')
            , @('--insecure-http', 'Accept plain http to a machine other than this one')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'clients' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'clients new' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'clients lint' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'clients test' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'clients show' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'pack' = @(
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'pack add' = @(
            , @('--sha256', 'Of the archive')
            , @('--dry-run', 'Show what would change and write nothing')
            , @('-n', 'Show what would change and write nothing')
            , @('--yes', 'Write without asking')
            , @('-y', 'Write without asking')
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'pack list' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'pack remove' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'pack verify' = @(
            , @('--json', 'Print one JSON object for programs')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'template' = @(
            , @('--agent', 'The name of the template''s `coder_agent`')
            , @('--agent-env', 'One map for the agent''s `env`')
            , @('--modules', 'Leave a client to its module of Coder''s registry, where it has one')
            , @('--startup-script', 'Run `aibridge configure` when the workspace starts')
            , @('--gateway-path', 'The path on the deployment: every one has the first, new ones both')
            , @('--standalone', 'Declare the provider, the data and an agent too')
            , @('--format', 'For a file that ends in `.tf`, or in `.tf.json`')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'completion' = @(
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
        'demo' = @(
            , @('--serve', 'Only start the deployment, and keep it up for trying things by hand')
            , @('--port', 'Where it listens')
            , @('-h', 'Show this message and exit')
            , @('--help', 'Show this message and exit')
        )
    }
    $values = @{
        'configure --url' = 'free'
        'configure --credential' = @('helper', 'reference', 'env', 'keychain', 'file')
        'configure --model' = 'free'
        'configure --provider-name' = 'free'
        'configure --gateway-path' = @('aibridge', 'ai-gateway')
        'configure --gateway-url' = 'free'
        'configure *' = 'clients'
        'unconfigure *' = 'clients'
        'check *' = 'clients'
        'explain 0' = 'clients'
        'undo --all-since' = 'free'
        'undo 0' = 'free'
        'login --with-token-lifetime' = 'free'
        'login --store' = @('keyring', 'file', 'none')
        'login 0' = 'free'
        'logout 0' = 'free'
        'status --url' = 'free'
        'status --within' = 'free'
        'rotate --url' = 'free'
        'rotate --lifetime' = 'free'
        'tokens list --url' = 'free'
        'tokens create --lifetime' = 'free'
        'tokens create --url' = 'free'
        'tokens create 0' = 'free'
        'tokens revoke --url' = 'free'
        'tokens revoke *' = 'free'
        'deployments --use' = 'free'
        'env --shell' = @('sh', 'bash', 'zsh', 'dash', 'ash', 'ksh', 'mksh', 'yash', 'fish', 'powershell', 'pwsh', 'nu', 'nushell', 'elvish', 'xonsh', 'tcsh', 'csh', 'cmd', 'github', 'gitlab', 'azure', 'circleci', 'buildkite', 'jenkins', 'dotenv', 'docker', 'json', 'systemd', 'tfvars')
        'env --clients' = 'clients'
        'env --to' = 'files'
        'env --credential' = @('helper', 'env')
        'env --url' = 'free'
        'env *' = 'clients'
        'shell install --clients' = 'clients'
        'shell install 0' = @('sh', 'bash', 'zsh', 'dash', 'ash', 'ksh', 'mksh', 'yash', 'fish', 'powershell', 'pwsh', 'nu', 'nushell', 'elvish', 'xonsh', 'tcsh', 'csh', 'cmd')
        'shell uninstall 0' = @('sh', 'bash', 'zsh', 'dash', 'ash', 'ksh', 'mksh', 'yash', 'fish', 'powershell', 'pwsh', 'nu', 'nushell', 'elvish', 'xonsh', 'tcsh', 'csh', 'cmd')
        'run --url' = 'free'
        'run 0' = 'clients'
        'run *' = 'files'
        'token --url' = 'free'
        'token --state-dir' = 'folders'
        'token --coder-config-dir' = 'folders'
        'token --coder-command' = 'files'
        'doctor --url' = 'free'
        'doctor *' = 'clients'
        'models --url' = 'free'
        'clients new 0' = 'free'
        'clients lint 0' = 'files'
        'clients test 0' = 'files'
        'clients show 0' = 'clients'
        'pack add --sha256' = 'free'
        'pack add 0' = 'folders'
        'pack remove 0' = 'packs'
        'pack verify 0' = 'packs'
        'template --agent' = 'free'
        'template --gateway-path' = @('aibridge', 'ai-gateway')
        'template --format' = @('hcl', 'json')
        'template *' = 'clients'
        'completion 0' = @('bash', 'zsh', 'fish', 'powershell')
        'demo --port' = 'free'
    }

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
        if ($env:LOCALAPPDATA) { $folders += Join-Path $env:LOCALAPPDATA 'aibridge\aibridge' }
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
