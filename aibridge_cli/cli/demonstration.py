"""The main job from start to end, against the loopback deployment, in a scratch home.

Everything is done by the program itself, started as a user starts it.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from aibridge_cli.clients.catalogue import Catalogue, shipped_folder
from aibridge_cli.clients.conditions import applies
from aibridge_cli.clients.paths import resolve_paths
from aibridge_cli.clients.placeholders import fill
from aibridge_cli.clients.profile import Profile, Request
from aibridge_cli.diagnosis.client_files import ClientFiles
from aibridge_cli.errors import AibridgeError
from aibridge_cli.facts import Facts, with_variables
from aibridge_cli.helper import helper_command, program_command
from aibridge_cli.loopback import Deployment
from aibridge_cli.output import write

PROMPT = "Say hello"

EXISTING = {
    "json": '{\n    "theme" : "dark",\n    "limit": 1.10\n}\n',
    "jsonc": '{\n  // what I chose, and why\n  "theme": "dark", // easier at night\n}\n',
    "toml": '# what I chose, and why\ntheme   = "dark" # easier at night\n\n[limits]\nratio = 1.10\n',
    "yaml": '# what I chose, and why\ntheme:   "dark" # easier at night\n\nlimits:\n    ratio: 1.10\n',
    "dotenv": '# what I chose, and why\nexport THEME="dark" # easier at night\n',
}
"""What the scratch home holds before, in each format: a user's own settings and remarks."""

EXISTING_LIST = '[\n  // what I chose, and why\n  {"name": "mine"}, // for the train\n]\n'
"""The same, where the file is a list as a whole."""

BODIES: dict[str, dict[str, Any]] = {
    "anthropic-messages": {"max_tokens": 64, "messages": [{"role": "user", "content": PROMPT}]},
    "openai-responses": {"input": PROMPT},
    "openai-chat": {"messages": [{"role": "user", "content": PROMPT}]},
}


def demonstrate(facts: Facts, deployment: Deployment) -> int:
    """Do the main job in a scratch home and tell about it on standard output.

    Args:
        facts: Where we run; of its environment only `PATH` is used.
        deployment: A running loopback deployment.

    Returns:
        The exit code: 0 when every step did what it should.
    """
    catalogue = Catalogue([shipped_folder()])
    supported = [profile for profile in catalogue.load_all()[0] if profile.requests and profile.status == "supported"]
    profiles = [profile for profile in supported if not profile.opt_in]
    with tempfile.TemporaryDirectory(prefix="aibridge-demo-") as home:
        demonstration = _Demonstration(facts, deployment, os.path.realpath(home), profiles)
        return demonstration.run()


class _Demonstration:
    def __init__(self, facts: Facts, deployment: Deployment, home: str, profiles: list[Profile]) -> None:
        self.program = program_command(facts)
        self.deployment = deployment
        self.home = home
        self.profiles = profiles
        # The folder of this program comes first, so that the helper is found by its usual name.
        path = os.pathsep.join([os.path.dirname(self.program[0]), facts.environ.get("PATH", "")])
        self.environ = {"HOME": home, "USERPROFILE": home, "PATH": path, "PYTHONUTF8": "1"}
        for name in ("SYSTEMROOT", "APPDATA", "LOCALAPPDATA"):
            if name in facts.environ:
                self.environ[name] = facts.environ[name] if name == "SYSTEMROOT" else os.path.join(home, name)
        self.facts = Facts(
            environ=self.environ, platform=facts.platform, home=home, program=facts.program, python=facts.python
        )
        self.failures: list[str] = []

    def run(self) -> int:
        ids = [profile.id for profile in self.profiles]
        self._title(f"A small Coder deployment on this machine: {self.deployment.url}")
        self._seed()
        self._sign_in()
        before = self._contents()
        self._title("Configure: these lines change, nothing else")
        self._aibridge("configure", *ids, "--yes")
        self._title("One request the way each client sends it")
        for profile in self.profiles:
            usual = [
                each for each in profile.requests if applies(each.when, profile.credential[0], self.facts.platform, ())
            ]
            for request in usual:
                self._send(profile, request)
        self._title("For shells and CI")
        self._tell(self._hide(self._aibridge("env", "--shell", "sh", quiet=True)))
        self._title("Take it back")
        self._aibridge("unconfigure", "--yes")
        self._compare(before)
        for failure in self.failures:
            self._tell(f"FAILED: {failure}")
        return 1 if self.failures else 0

    def _seed(self) -> None:
        """Give each client a settings file of its user's own."""
        for profile in self.profiles:
            for edit in profile.edits[:1]:
                path = fill(edit.file[0], resolve_paths(profile, self.facts))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8", newline="") as file:
                    as_list = any(not upsert.at for upsert in edit.upserts)
                    file.write(EXISTING_LIST if as_list else EXISTING[edit.format])

    def _sign_in(self) -> None:
        """Leave a session as the Coder CLI leaves one, and check that it works."""
        token = self.deployment.tokens.issue()
        folder = os.path.join(self.home, ".config", "coderv2")
        os.makedirs(folder, mode=0o700)
        for name, text in (("url", self.deployment.url), ("session", token.text)):
            with open(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(text)
        self.environ["CODER_CONFIG_DIR"] = folder
        self.facts = with_variables(self.facts, CODER_CONFIG_DIR=folder)
        self.token = token.text
        status, answer = self._request(
            "GET", f"{self.deployment.url}/api/v2/users/me", {"Coder-Session-Token": self.token}
        )
        self._tell(f"signed in as {answer.get('username')}, as `coder login` does")
        self._expect(status == 200, f"`users/me` answered {status}")

    def _send(self, profile: Profile, request: Request) -> None:
        base = self._written(profile, request)
        token = self._token_as_the_client_gets_it(profile)
        headers = {name: fill(value, {"token": token}) for name, value in request.headers.items()}
        body = {"model": "any", **BODIES[request.wire]}
        status, answer = self._request("POST", base + request.path, headers, body)
        text = json.dumps(answer)
        self._expect(self.deployment.settings.answer in text, f"{profile.name} got {status}: {text}")
        place = (base + request.path).removeprefix(self.deployment.url)
        self._tell(f"{profile.name}: POST {place} -> {status} {self.deployment.settings.answer!r}")

    def _written(self, profile: Profile, request: Request) -> str:
        for way in profile.credential:
            standing = ClientFiles(profile, self.facts, way).at(request.base)
            if standing is not None and str(standing.value).startswith(self.deployment.url):
                return str(standing.value)
        raise AibridgeError(f"{profile.name}: no base URL was written")

    def _token_as_the_client_gets_it(self, profile: Profile) -> str:
        state = os.path.join(self.home, ".local", "state", "aibridge", "tokens")
        if profile.credential[0] == "reference" and os.path.isdir(state):
            with open(os.path.join(state, os.listdir(state)[0]), encoding="utf-8") as file:
                return file.read()
        words = helper_command(self.facts, self.deployment.url)
        # a client may be started from a dock, with nothing in its environment
        bare = {name: value for name, value in self.environ.items() if name == "SYSTEMROOT"}
        done = subprocess.run(words, env=bare, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self._expect(done.returncode == 0, f"the helper ended with {done.returncode}: {done.stderr.decode()}")
        return done.stdout.decode().strip()

    def _compare(self, before: Mapping[str, bytes]) -> None:
        after = self._contents()
        for path in sorted({*before, *after}):
            same = before.get(path) == after.get(path)
            self._tell(f"{'as before' if same else 'DIFFERENT'}: ~{path[len(self.home) :]}")
            self._expect(same, f"`{path}` is not as it was")

    def _contents(self) -> dict[str, bytes]:
        contents = {}
        for folder, folders, files in os.walk(self.home):
            if os.path.basename(folder) == "aibridge":  # our own records
                folders.clear()
                continue
            for name in files:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    contents[path] = file.read()
        return contents

    def _aibridge(self, *words: str, quiet: bool = False) -> str:
        if not quiet:
            self._tell("$ aibridge " + " ".join(words))
        done = subprocess.run(
            [*self.program, *words],
            env=self.environ,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        text = done.stdout.decode()
        if not quiet:
            self._tell(self._hide(text + done.stderr.decode()))
        self._expect(
            done.returncode == 0, f"`aibridge {words[0]}` ended with {done.returncode}: {done.stderr.decode()}"
        )
        return text

    def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        host, _, path = url.removeprefix("http://").partition("/")
        connection = http.client.HTTPConnection(host, timeout=10)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, f"/{path}", payload, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        try:
            data = json.loads(text)
        except ValueError:
            data = {"text": text}
        return answer.status, data if isinstance(data, dict) else {"data": data}

    def _hide(self, text: str) -> str:
        return text.replace(self.token, "***").replace(self.home, "~").rstrip("\n")

    def _expect(self, good: bool, failure: str) -> None:
        if not good:
            self.failures.append(self._hide(failure))

    def _title(self, words: str) -> None:
        self._tell(f"\n== {words}")

    def _tell(self, words: str) -> None:
        write(words + "\n", sys.stdout)
