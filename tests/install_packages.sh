# For the install scripts beside the tests that need programs: sourced, with a list in $missing and what they
# are in $what. Does nothing when the list is empty.
# shellcheck shell=sh disable=SC2154  # both are set by whoever sources this
if [ -n "$missing" ]; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo"
    if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$as_root" ] && ! command -v sudo >/dev/null 2>&1; }; then
        echo "error: the tests need these $what, which are not here:$missing" >&2
        echo "hint: install them with the system's package manager" >&2
        exit 1
    fi
    echo "installing$missing" >&2
    # an old list of packages is good enough, when it has them
    # shellcheck disable=SC2086  # one word for each package
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2 || {
        $as_root apt-get update -q >&2
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
    }
fi
