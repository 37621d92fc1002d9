"""What a program connects to by itself, past every proxy: its system calls are looked at."""

from __future__ import annotations

import ipaddress
import re
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DOMAIN = 53
# `-yy` tells both ends of a socket, `-x` gives bytes that are no text as `\x..`
COMMAND = ("strace", "-D", "-f", "-qq", "--seccomp-bpf", "-yy", "-x", "-s", "512", "-e", "signal=none")
CALLS = ("-e", "trace=connect,sendto,sendmsg,sendmmsg")

_CONNECT = re.compile(
    r"connect\(\d+<TCP.*?\{sa_family=AF_INET6?, sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|AF_INET6, )\"([^\"]+)\""
)
_DATAGRAM = re.compile(r"send\w+\(\d+<UDP\w*:\[[^\]]*?->\[?([^\]]+?)\]?:(\d+)\]>")
_CONTENT = re.compile(r'"((?:\\x[0-9a-f]{2})+)"')


def watched(file: Path) -> tuple[str, ...]:
    """Return the command that runs a program and writes down its connections; none where there is no such tool.

    Args:
        file: Where they are written to.
    """
    if sys.platform != "linux":
        return ()
    assert shutil.which("strace"), "`strace` is missing: tests/real_shells/install.sh installs it"
    return (*COMMAND, *CALLS, "-o", str(file))


def connections(text: str) -> list[str]:
    """Return where programs connected to or sent something to, this machine left out, and the names they asked for.

    Args:
        text: What was written down.
    """
    found: dict[str, None] = {}
    for line in text.splitlines():
        if connect := _CONNECT.search(line):
            port, address = connect.groups()
            if not _here(address):
                found[f"{address}:{port}"] = None
        elif datagram := _DATAGRAM.search(line):
            address, port = datagram.groups()
            names = [name for content in _CONTENT.findall(line) if (name := _asked_for(content))]
            if int(port) == DOMAIN and names:
                found.update(dict.fromkeys(names))
            elif not _here(address):
                found[f"{address}:{port}"] = None
    return list(found)


def _here(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return mapped.is_loopback or mapped.is_unspecified


def _asked_for(content: str) -> str:
    """Return the name in a question to a name server (RFC 1035, 4.1), or ""."""
    data = bytes.fromhex(content.replace("\\x", ""))
    labels, at = [], 12
    while at < len(data) and data[at]:
        labels.append(data[at + 1 : at + 1 + data[at]].decode(errors="replace"))
        at += 1 + data[at]
    return ".".join(labels)
