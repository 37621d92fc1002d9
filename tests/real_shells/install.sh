#!/bin/sh
# Install the shells that the tests run, and shellcheck, where they are missing.
set -eu

missing=""
for shell in bash dash zsh fish tcsh elvish xonsh mksh yash busybox tmux shellcheck; do
    command -v "$shell" >/dev/null 2>&1 || missing="$missing $shell"
done
command -v ksh >/dev/null 2>&1 || missing="$missing ksh93u+m"
# nushell is on npm and not in Debian; PowerShell is on neither
"${PYTHON:-python3}" "$(dirname "$0")/install_from_npm.py" >/dev/null
[ -n "$missing" ] || exit 0

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$as_root" ] && ! command -v sudo >/dev/null 2>&1; }; then
    echo "error: the tests need these shells, which are not here:$missing" >&2
    echo "hint: install them with the system's package manager" >&2
    exit 1
fi
echo "installing$missing" >&2
# an old list of packages is good enough, when it has them
# shellcheck disable=SC2086  # one word for each shell
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2 || {
    $as_root apt-get update -q >&2
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
}
