#!/bin/sh
# Install the Secret Service that the tests run, a D-Bus daemon and libsecret's program, where they are missing.
set -eu

missing=""
command -v dbus-run-session >/dev/null 2>&1 || missing="$missing dbus-daemon"
command -v gnome-keyring-daemon >/dev/null 2>&1 || missing="$missing gnome-keyring"
command -v secret-tool >/dev/null 2>&1 || missing="$missing libsecret-tools"
what="packages"
# shellcheck source=tests/install_packages.sh
. "$(dirname "$0")/../install_packages.sh"
