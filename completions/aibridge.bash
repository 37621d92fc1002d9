# shellcheck shell=bash
# Completion of aibridge for bash; made by `python -m aibridge_cli.cli.write_completions`.

_aibridge_ours() {
    if [[ -n ${AIBRIDGE_CONFIG_DIR-} ]]; then
        ours=("$AIBRIDGE_CONFIG_DIR")
    elif [[ ${XDG_CONFIG_HOME-} == /* ]]; then
        ours=("$XDG_CONFIG_HOME/aibridge")
    else
        ours=("${HOME-}/.config/aibridge" "${HOME-}/Library/Application Support/aibridge")
    fi
}

_aibridge_packs() {
    local folder name ours=()
    _aibridge_ours
    for folder in "${ours[@]}"; do
        [[ -r $folder/packs/installed ]] || continue
        while IFS=$'	' read -r name _; do
            [[ $name != *[!a-z0-9-]* ]] && words+=("$name")
        done <"$folder/packs/installed"
    done
    return 0
}

_aibridge_clients() {
    local folder file name restore='' list=${AIBRIDGE_PROFILE_PATH-}
    local ours=() folders=() IFS=:
    words=(ai-sdk aic aicommits aider amazon-q amp anthropic-sdk antigravity clai claude claude-code claude-desktop cline cn codex continue-cli continue-dev copilot copilot-cli crush cursor dcode deepagents deepagents-code devin-desktop droid factory gemini gemini-cli github-copilot goose gptme hermes hermes-agent jetbrains jetbrains-ai junie kilo kilo-code kilocode kimi kimi-code kiro langchain litellm litellm-sdk llm mini mini-swe-agent mistral-vibe mux nanocoder oco openai-agents openai-codex openai-sdk openclaw opencode opencommit openhands oracle pi pi-coding-agent pydantic-ai qwen qwen-code roo roo-cline roo-code sgpt shell-gpt sourcegraph-amp vercel-ai-sdk vibe vs-code windsurf xum zed zoo zoo-code)
    shopt -q failglob && restore=failglob && shopt -u failglob
    _aibridge_ours
    for folder in "${ours[@]}"; do
        folders+=("$folder/profiles" "$folder"/packs/*/profiles)
    done
    # shellcheck disable=SC2206 # the folders stand between colons
    [[ -n $list ]] && folders+=($list)
    for folder in "${folders[@]}"; do
        for file in "$folder"/*.toml; do
            name=${file##*/} name=${name%.toml}
            [[ -f $file && $name != *[!a-z0-9-]* ]] && words+=("$name")
        done
    done
    [[ -n $restore ]] && shopt -s failglob
    return 0
}

_aibridge_about() {
    case $1 in
    '') commands='configure unconfigure check explain history undo secrets login logout status rotate tokens deployments env shell run token doctor models clients pack template completion demo' flags='-h --help --version' valued='' ;;
    configure) commands='' flags='--all --url --token-stdin --credential --require-secretless --model --provider-name --gateway-path --gateway-url --dry-run -n --yes -y --insecure-http --json -h --help' valued='--url --credential --model --provider-name --gateway-path --gateway-url' ;;
    unconfigure) commands='' flags='--all --dry-run -n --yes -y --json -h --help' valued='' ;;
    check) commands='' flags='--json -h --help' valued='' ;;
    explain) commands='' flags='--json -h --help' valued='' ;;
    history) commands='' flags='--json -h --help' valued='' ;;
    undo) commands='' flags='--all-since --whole-files --dry-run -n --yes -y --json -h --help' valued=--all-since ;;
    secrets) commands='' flags='--fix --dry-run -n --yes -y --json -h --help' valued='' ;;
    login) commands='' flags='--token-stdin --with-token-lifetime --store --ask --browser --no-browser --insecure-http --json -h --help' valued='--with-token-lifetime --store' ;;
    logout) commands='' flags='--everywhere --yes -y --insecure-http --json -h --help' valued='' ;;
    status) commands='' flags='--url --verify --check --within --insecure-http --json -h --help' valued='--url --within' ;;
    rotate) commands='' flags='--url --lifetime --yes -y --insecure-http --json -h --help' valued='--url --lifetime' ;;
    tokens) commands='list create revoke' flags='-h --help' valued='' ;;
    'tokens list') commands='' flags='--expired --url --insecure-http --json -h --help' valued=--url ;;
    'tokens create') commands='' flags='--lifetime --url --insecure-http --json -h --help' valued='--lifetime --url' ;;
    'tokens revoke') commands='' flags='--url --insecure-http --json -h --help' valued=--url ;;
    deployments) commands='' flags='--use --json -h --help' valued=--use ;;
    env) commands='' flags='--shell --clients --unset --to --replace --quiet --credential --url --token-stdin --anthropic-api-key --insecure-http -h --help' valued='--shell --clients --to --credential --url' ;;
    shell) commands='install uninstall status' flags='-h --help' valued='' ;;
    'shell install') commands='' flags='--hook --clients --dry-run -n --yes -y --json -h --help' valued=--clients ;;
    'shell uninstall') commands='' flags='--dry-run -n --yes -y --json -h --help' valued='' ;;
    'shell status') commands='' flags='--json -h --help' valued='' ;;
    run) commands='' flags='--url --anthropic-api-key --insecure-http -h --help' valued=--url ;;
    token) commands='' flags='--url --state-dir --coder-config-dir --coder-command --insecure-http --json -h --help' valued='--url --state-dir --coder-config-dir --coder-command' ;;
    doctor) commands='' flags='--fix --send --with-client --url --dry-run -n --yes -y --insecure-http --json -h --help' valued=--url ;;
    models) commands='' flags='--url --insecure-http --json -h --help' valued=--url ;;
    clients) commands='new lint test show' flags='--json -h --help' valued='' ;;
    'clients new') commands='' flags='--json -h --help' valued='' ;;
    'clients lint') commands='' flags='--json -h --help' valued='' ;;
    'clients test') commands='' flags='--json -h --help' valued='' ;;
    'clients show') commands='' flags='--json -h --help' valued='' ;;
    pack) commands='add list remove verify' flags='-h --help' valued='' ;;
    'pack add') commands='' flags='--sha256 --dry-run -n --yes -y --json -h --help' valued=--sha256 ;;
    'pack list') commands='' flags='--json -h --help' valued='' ;;
    'pack remove') commands='' flags='--json -h --help' valued='' ;;
    'pack verify') commands='' flags='--json -h --help' valued='' ;;
    template) commands='' flags='--agent --agent-env --modules --startup-script --gateway-path --standalone --format -h --help' valued='--agent --gateway-path --format' ;;
    completion) commands='' flags='-h --help' valued='' ;;
    demo) commands='' flags='--serve --port -h --help' valued=--port ;;
    esac
}

_aibridge_values() {
    case $1 in
    'configure --credential') words=(helper reference env keychain file) ;;
    'configure --gateway-path') words=(aibridge ai-gateway) ;;
    'configure '[0-9]*) _aibridge_clients ;;
    'unconfigure '[0-9]*) _aibridge_clients ;;
    'check '[0-9]*) _aibridge_clients ;;
    'explain 0') _aibridge_clients ;;
    'login --store') words=(keyring file none) ;;
    'env --shell') words=(sh bash zsh dash ash ksh mksh yash fish powershell pwsh nu nushell elvish xonsh tcsh csh cmd github gitlab azure circleci buildkite jenkins dotenv docker json systemd tfvars) ;;
    'env --clients') _aibridge_clients ;;
    'env --to') compopt -o default 2>/dev/null ;;
    'env --credential') words=(helper env) ;;
    'env '[0-9]*) _aibridge_clients ;;
    'shell install --clients') _aibridge_clients ;;
    'shell install 0') words=(sh bash zsh dash ash ksh mksh yash fish powershell pwsh nu nushell elvish xonsh tcsh csh cmd) ;;
    'shell uninstall 0') words=(sh bash zsh dash ash ksh mksh yash fish powershell pwsh nu nushell elvish xonsh tcsh csh cmd) ;;
    'run 0') _aibridge_clients ;;
    'run '[0-9]*) compopt -o default 2>/dev/null ;;
    'token --state-dir') compopt -o dirnames 2>/dev/null ;;
    'token --coder-config-dir') compopt -o dirnames 2>/dev/null ;;
    'token --coder-command') compopt -o default 2>/dev/null ;;
    'doctor '[0-9]*) _aibridge_clients ;;
    'clients lint 0') compopt -o default 2>/dev/null ;;
    'clients test 0') compopt -o default 2>/dev/null ;;
    'clients show 0') _aibridge_clients ;;
    'pack add 0') compopt -o dirnames 2>/dev/null ;;
    'pack remove 0') _aibridge_packs ;;
    'pack verify 0') _aibridge_packs ;;
    'template --gateway-path') words=(aibridge ai-gateway) ;;
    'template --format') words=(hcl json) ;;
    'template '[0-9]*) _aibridge_clients ;;
    'completion 0') words=(bash zsh fish powershell) ;;
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
