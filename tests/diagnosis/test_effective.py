"""Which URL and which credential a client uses: the resolver alone, on a client that is made up."""

from __future__ import annotations

from tests.diagnosis.layered import carried, chat, facts_of, found, places, quill

USER = "/home/ada/.quill/config.json"
PROJECT = "/home/ada/code/feather"


def test_a_client_without_routes_has_no_outcome() -> None:
    """Nothing is said of a client whose profile does not say how it decides."""
    assert found({}, profile=quill("")).outcomes == ()


def test_nothing_is_set() -> None:
    """The client's own default address is told as such, without a credential."""
    outcome = chat({})
    assert (outcome.url, outcome.by, outcome.headers) == ("https://api.quill.example/v1", None, ())


def test_each_layer_wins_over_the_next() -> None:
    """Of all that say an address the strongest counts, and the others are named in their order."""
    files = {
        "/etc/quill/conf.d/10-a.json": '{"api": {"base": "https://a"}}',
        "/etc/quill/conf.d/20-b.json": '{"api": {"base": "https://b/"}}',
        "/etc/quill/conf.d/notes.txt": "not read",
        "/etc/quill/config.json": '{"api": {"base": "https://c"}}',
        "/home/ada/.quill/fast.json": '{"api": {"base": "https://e"}}',
        "/home/ada/.quill/config.jsonc": "{}",
        f"{PROJECT}/.quill/config.jsonc": '{"api": {"base": "https://h"}}',
        "/home/ada/code/.quill/config.jsonc": '{"api": {"base": "https://g"}}',
        "/home/ada/code/.git/HEAD": "",
        "/home/ada/.quill/nothing": "",
        f"{PROJECT}/quill.json": '{"api": {"base": "https://i"}}',
        "/home/ada/code/quill.json": '{"api": {"base": "https://j"}}',
        "/home/ada/quill.json": '{"api": {"base": "above the repository"}}',
        f"{PROJECT}/named.json": '{"api": {"base": "https://k"}}',
        USER: '{"api": {"base": "https://l"}}',
    }
    facts = facts_of(QUILL_CONFIG='{"api": {"base": "https://f"}}', QUILL_FILE="named.json", QUILL_BASE="https://m")
    outcome = chat(files, "--set", 'api.base="https://d"', "--profile=fast", facts=facts)
    assert outcome.url == "https://b"
    assert [value.text.reveal()[-1] for value in outcome.lost] == list("acdefghijklm")
    assert outcome.by is not None
    assert outcome.by.where == "`api.base` in `/etc/quill/conf.d/20-b.json` (managed settings)"
    assert outcome.lost[-1].where == "`QUILL_BASE` in the environment"
    assert places(outcome.lost)[2:5] == ["--set", "/home/ada/.quill/fast.json", "$QUILL_CONFIG"]


def test_flags() -> None:
    """The last of several counts; what is no TOML is a string; a value may name a file; other words are not flags."""
    assert chat({}, "--set", "api.base=https://one", "--set", "api.base=https://two").url == "https://two"
    assert chat({f"{PROJECT}/x.toml": 'api.base = "https://file"'}, "--set", "x.toml").url == "https://file"
    assert chat({}, "ask", "--set").url == "https://api.quill.example/v1"
    assert found({}, "--set", "no assignment").broken[0].place == "--set"


def test_folders_above_without_a_repository() -> None:
    """Without `.git` all folders up to the root count."""
    assert chat({"/quill.json": '{"api": {"base": "https://root"}}'}).url == "https://root"


def test_without_a_working_folder() -> None:
    """A folder that is gone holds no settings."""
    gone = facts_of()
    nowhere = type(gone)(environ={}, platform="linux", home="/home/ada", cwd="")
    assert chat({"quill.json": '{"api": {"base": "https://x"}}'}, facts=nowhere).by is None


def test_windows() -> None:
    """Folders are joined and climbed by the platform's rules."""
    files = {
        "C:\\Users\\ada\\quill.json": '{"api": {"base": "https://w"}}',
        "C:\\Users\\ada\\code\\feather\\.quill\\config.jsonc": '{"api": {"key": "{file:k.txt}"}}',
        "C:\\Users\\ada\\code\\feather\\.quill\\k.txt": "kept\n",
    }
    outcome = chat(files, facts=facts_of("windows"))
    assert (outcome.url, carried(outcome)) == ("https://w", {"Authorization": "kept"})


def test_an_empty_value_hides_weaker_ones() -> None:
    """An empty key in a stronger file is none; for a setting that says so it is one."""
    files = {USER: '{"api": {"key": "weak", "command": "print"}}', f"{PROJECT}/quill.json": '{"api": {"key": ""}}'}
    (sent,) = chat(files).headers
    assert (sent.value.text.reveal(), sent.value.command, len(sent.lost)) == ("print", True, 1)
    assert (
        chat({USER: '{"odd_base": ""}'}).stops == f"the address is empty: `odd_base` in `{USER}` (the user's settings)"
    )
    (sent,) = chat({USER: '{"api": {"odd_key": "", "command": "print"}}'}).headers
    assert (sent.value.setting, sent.value.text.reveal()) == ("empty_key", "")


def test_a_setting_may_name_another() -> None:
    """A variable whose name is a setting, with its default, and a key that is one; neither without a value."""
    assert carried(chat({}, facts=facts_of(QUILL_KEY="by default"))) == {"Authorization": "by default"}
    named = {USER: '{"api": {"key_name": "MINE"}}'}
    assert carried(chat(named, facts=facts_of(QUILL_KEY="no", MINE="yes"))) == {"Authorization": "yes"}
    of_account = {USER: '{"account": "ada"}', "/home/ada/.quill/accounts.json": '{"ada": {"key": "hers"}}'}
    assert carried(chat({USER: '{"account": ""}'})) == {}
    assert carried(chat(of_account)) == {"Authorization": "hers"}


def test_a_sign_in_that_the_client_keeps() -> None:
    """A file of its own is read beside the layers; the first that says something counts, a broken one says nothing."""
    auth = '{"accounts": [{"key": "stored"}]}'
    assert carried(chat({"/home/ada/.quill/auth.json": auth})) == {"X-Quill": "stored"}
    files = {"/home/ada/.quill/auth.json": auth, "/store.json": '{"accounts": [{"key": "first"}]}'}
    assert carried(chat(files, facts=facts_of(QUILL_STORE="/store.json"))) == {"X-Quill": "first"}
    files["/store.json"] = "broken"
    assert carried(chat(files, facts=facts_of(QUILL_STORE="/store.json"))) == {"X-Quill": "stored"}


def test_a_sign_in_in_a_variable() -> None:
    """Its text takes the place of the file, also where it says less; one that cannot be read does not."""
    files = {"/home/ada/.quill/auth.json": '{"accounts": [{"key": "stored"}]}'}
    given = facts_of(QUILL_STORED='{"accounts": [{"key": "given"}]}')
    (sent,) = chat(files, facts=given).headers
    assert (sent.value.text.reveal(), sent.value.place) == ("given", "$QUILL_STORED")
    assert carried(chat(files, facts=facts_of(QUILL_STORED="{}"))) == {}
    assert carried(chat(files, facts=facts_of(QUILL_STORED="{"))) == {"X-Quill": "stored"}


def test_headers() -> None:
    """Of several, a line each, the one that is meant counts, whatever its case, without the scheme before it."""
    lines = facts_of(QUILL_HEADERS="X-Quill: 1\n authorization :  Bearer mine \nAuthorization: second")
    (sent,) = chat({}, facts=lines).headers
    assert (sent.value.text.reveal(), sent.value.where) == ("mine", "`QUILL_HEADERS` in the environment")
    assert carried(chat({USER: '{"headers": "X-Quill: 1"}'}, facts=lines)) == {}
    assert carried(chat({USER: '{"api": {"header": "Basic abc"}}'})) == {"Authorization": "Basic abc"}
    assert carried(chat({USER: '{"api": {"header": "bearer abc"}}'})) == {"Authorization": "abc"}


def test_an_empty_command() -> None:
    """For a setting whose empty value counts it stops the client."""
    outcome = chat({USER: '{"api": {"odd_command": ""}}'})
    assert outcome.stops == f"the command is empty: `api.odd_command` in `{USER}` (the user's settings)"


def test_marked_values() -> None:
    """A command stands after `!`, a variable after `$`, in braces or not; anything else is meant as it is."""
    (sent,) = chat({USER: '{"api": {"marked": "!print it"}}'}).headers
    assert (sent.value.text.reveal(), sent.value.command) == ("print it", True)
    mine = facts_of(MINE="mine")
    assert carried(chat({USER: '{"api": {"marked": "$MINE"}}'}, facts=mine)) == {"Authorization": "mine"}
    assert carried(chat({USER: '{"api": {"marked": "${MINE}"}}'}, facts=mine)) == {"Authorization": "mine"}
    assert carried(chat({USER: '{"api": {"marked": "$MINE"}}'})) == {}
    assert carried(chat({USER: '{"api": {"marked": "$a$b"}}'})) == {"Authorization": "$a$b"}


def test_switches() -> None:
    """A flag is on whatever a variable says; what stands after `--` is no flag."""
    outcome = chat({}, "--offline", facts=facts_of(QUILL_OFFLINE="false"))
    assert (outcome.stops, outcome.by and outcome.by.where) == ("it is offline", "`--offline` in the command line")
    assert chat({}, "--", "--offline").url
    assert chat({}, facts=facts_of(QUILL_OFFLINE="TRUE")).stops == "it is offline"


def test_lists() -> None:
    """A condition on a list wants one item of it."""
    assert chat({USER: '{"refused": ["anthropic", "openai"]}'}).stops == "it refuses this provider"
    assert chat({USER: '{"refused": ["anthropic"]}'}).url
    assert chat({USER: '{"refused": []}'}).url


def test_layers_that_variables_name_or_switch_off() -> None:
    """A file in the folder that a variable names; and a layer that a variable keeps the client from."""
    named = facts_of(QUILL_FOLDER="there")
    assert (
        chat({f"{PROJECT}/there/config.json": '{"api": {"base": "https://there"}}'}, facts=named).url == "https://there"
    )
    files = {f"{PROJECT}/quill.json": '{"api": {"base": "https://i"}}'}
    assert chat(files, facts=facts_of(QUILL_ALONE="0")).url == "https://i"
    assert chat(files, facts=facts_of(QUILL_ALONE="True")).by is None


def test_references() -> None:
    """`{env:…}` and `{file:…}` are followed where the layer says so; a file that is missing stops the client."""
    project = f"{PROJECT}/.quill/config.jsonc"
    files = {project: '{"api": {"key": "{env:MINE}-{file:~/k}"}}', "/home/ada/k": "kept\n"}
    assert carried(chat(files, facts=facts_of(MINE="mine"))) == {"Authorization": "mine-kept"}
    stopped = chat({project: '{"api": {"key": "{file:k}"}}'})
    assert stopped.stops == (
        f"`api.key` in `{project}` (the project's folders) refers to `{PROJECT}/.quill/k`, which is not there"
    )
    assert carried(chat({USER: '{"api": {"key": "{env:MINE}"}}'})) == {"Authorization": "{env:MINE}"}


def test_routes() -> None:
    """The first whose conditions hold counts; values of any plain type are compared as words."""
    elsewhere = chat({USER: '{"cloud": true}'})
    assert (elsewhere.elsewhere, elsewhere.by and elsewhere.by.place) == ("the feather cloud", USER)
    assert chat({USER: '{"cloud": false}'}).url
    assert chat({f"{PROJECT}/quill.json": '{"cloud": true}'}).url
    assert chat({USER: '{"old": [1, 2]}'}).stops == "it is too old"
    assert chat({USER: '{"old": {"no": "word"}, "cloud": null}'}).url
    assert chat({}, facts=facts_of(QUILL_CLOUD="1")).elsewhere == "the feather cloud"


def test_a_file_that_cannot_be_read() -> None:
    """It is named with its place; whether the client starts without it is in the profile."""
    passed = found({USER: '{"api": ', "/etc/quill/config.json": b"\xff"})
    assert [(file.place, file.stops) for file in passed.broken] == [("/etc/quill/config.json", False), (USER, False)]
    assert "line 1" in passed.broken[1].reason
    assert passed.outcomes[0].url
    stopped = found({f"{PROJECT}/.quill/config.jsonc": "{"}).outcomes[0]
    assert stopped.stops.startswith(f"it cannot read `{PROJECT}/.quill/config.jsonc`: line 1")
