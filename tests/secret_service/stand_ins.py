"""Programs on a session bus that are not what they are called.

    python stand_ins.py silent ADDRESS      # owns the Secret Service's name and answers nothing
    python stand_ins.py prompter ADDRESS    # owns the name of GNOME's prompter and prints what it is asked

Each prints `ready` when it owns its name, and runs until it is ended.
"""

from __future__ import annotations

import sys

from jeepney import HeaderFields, message_bus
from jeepney.io.blocking import open_dbus_connection

NAMES = {"silent": "org.freedesktop.secrets", "prompter": "org.gnome.keyring.SystemPrompter"}


def main(kind: str, address: str) -> None:
    """Own a name, and read what comes."""
    with open_dbus_connection(address) as connection:
        connection.send_and_get_reply(message_bus.RequestName(NAMES[kind]))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            fields = connection.receive().header.fields
            if fields.get(HeaderFields.destination) == NAMES[kind]:
                sys.stdout.write(f"{fields[HeaderFields.member]}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
