"""What the life of a token costs: `token` from each store, `status`, and `login` and `doctor` over HTTPS.

    python benchmarks/signing_in.py                 # in a virtual environment of its own

On a session bus of its own with a real GNOME Keyring, against a loopback deployment with
a certificate of a private authority. Ratios and budgets as in `startup.py`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile

import trustme

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from aibridge_cli.loopback import Deployment
from benchmarks.startup import BASE, Row, install, report

INSIDE = "AIBRIDGE_BENCHMARK_ON_A_BUS"


def sign_in(program: str, deployment: Deployment, environ: dict[str, str], *words: str) -> None:
    """Sign in with a new session's token."""
    token = deployment.tokens.issue(lifetime=30 * 86400).text
    command = [program, "login", deployment.url, "--token-stdin", *words]
    subprocess.run(command, env=environ, input=token, text=True, check=True, capture_output=True)


def rows(python: str, program: str, deployment: Deployment, homes: dict[str, str], trust: str) -> list[Row]:
    """Return what is measured, with the budgets."""
    with open(program, "rb") as script:
        hot = 2.0 if b"import re" in script.read() else 1.35
    bus = {name: os.environ[name] for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}
    in_file = {"HOME": homes["file"]}
    in_keyring = {"HOME": homes["keyring"], **bus}
    over_https = {"HOME": homes["coder"], "SSL_CERT_FILE": trust}
    return [
        Row(BASE, [python, "-I", "-c", "pass"]),
        Row("token (sign-in, file)", [program, "token"], hot, in_file),
        Row("token (sign-in, Secret Service)", [program, "token"], 3.2, in_keyring),
        Row("env (sign-in, file)", [program, "env"], max(hot, 1.5), in_file),
        Row("status", [program, "status"], 10.5, in_file),
        Row("deployments", [program, "deployments"], 10.5, in_file),
        Row("login (three HTTPS calls)", [program, "login", deployment.url, "--store", "none"], 19.0, over_https),
        Row("doctor (nine HTTPS calls)", [program, "doctor"], 19.0, {**over_https, "NODE_EXTRA_CA_CERTS": trust}),
    ]


def on_a_bus(runs: int, margin: float) -> bool:
    """Measure with a keyring of our own; return whether every row is within its budget."""
    scratch = tempfile.mkdtemp(prefix="aibridge-benchmark-")
    homes = {name: os.path.join(scratch, name) for name in ("file", "keyring", "coder")}
    for home in homes.values():
        os.mkdir(home)
    authority = trustme.CA()
    trust = os.path.join(scratch, "authority.pem")
    authority.cert_pem.write_to_path(trust)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    os.environ["HOME"] = homes["keyring"]  # where the keyring keeps its file
    os.environ["XDG_RUNTIME_DIR"] = scratch
    keyring = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert keyring.stdin is not None
        keyring.stdin.write("benchmark")
        keyring.stdin.close()
        python = install(os.path.join(scratch, "venv"))
        program = os.path.join(os.path.dirname(python), "aibridge")
        with Deployment() as plain, Deployment(tls=tls) as secure:
            sign_in(program, plain, {"HOME": homes["file"]}, "--store", "file")
            sign_in(program, plain, dict(os.environ), "--store", "keyring")
            folder = os.path.join(homes["coder"], ".config", "coderv2")
            os.makedirs(folder)
            for name, text in (("url", secure.url), ("session", secure.tokens.issue(lifetime=86400 * 30).text)):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            return report(rows(python, program, secure, homes, trust), runs, margin, homes["file"])
    finally:
        keyring.send_signal(signal.SIGTERM)
        keyring.wait()
        shutil.rmtree(scratch, ignore_errors=True)


def main() -> int:
    """Measure as the arguments say and return the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--runs", type=int, default=21, help="measured runs of each row")
    parser.add_argument("--margin", type=float, default=1.5, help="how far past a budget is too far")
    arguments = parser.parse_args()
    if INSIDE not in os.environ:
        command = ["dbus-run-session", "--", sys.executable, os.path.abspath(__file__), *sys.argv[1:]]
        return subprocess.run(command, env={**os.environ, INSIDE: "1"}, check=False).returncode
    return 0 if on_a_bus(arguments.runs, arguments.margin) else 1


if __name__ == "__main__":
    sys.exit(main())
