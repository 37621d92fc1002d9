#!/bin/sh
# Install the shells that the tests run, and the tools around them, where they are missing.
set -eu

missing=""
for shell in bash dash zsh fish tcsh elvish xonsh mksh yash busybox tmux strace shellcheck; do
    command -v "$shell" >/dev/null 2>&1 || missing="$missing $shell"
done
command -v ksh >/dev/null 2>&1 || missing="$missing ksh93u+m"
# nushell is on npm and not in Debian; PowerShell is on neither
"${PYTHON:-python3}" "$(dirname "$0")/install_from_npm.py" >/dev/null
what="shells"
# shellcheck source=tests/install_packages.sh
. "$(dirname "$0")/../install_packages.sh"
