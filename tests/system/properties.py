"""The whole API under requests that are made from its contract, valid and not (schemathesis): no 5xx, no answer that the contract does not
describe, nothing invalid accepted. Every operation is asked as each role; ids are mostly those of records that there are, so that requests
reach further than to "no such record". Not part of ./test: it takes minutes, and installs its tool from the package registry.

usage: properties.py PYROMETER HOME [EXAMPLES]
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from server import Server, Site, consent

program, home = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
examples = sys.argv[3] if len(sys.argv) > 3 else "3"
pins = pathlib.Path(__file__).with_name("schemathesis.txt")
tool = home / "test-tools" / "schemathesis"
PICTURE = (home / "demo" / "astronaut.png").read_bytes()
# What ends the caller's own login or record: asked last, by callers of their own. Conversations by WebSocket it cannot hold.
ENDING = ("logout", "changePassword", "endOtherLogins", "endMyLogin", "erasePerson")
CONVERSATIONS = ("streamSession", "watchSession")
# What takes a record away, or a consent with which others stop: given records that nothing else needs.
TAKES_AWAY = ("endSession", "endUpload", "publishSurveyDefinition", "withdrawConsent", "cancelJob", "changeUser", "resetPassword", "startCamera", "stopCamera")


def installed():
    """The tool in an environment of its own, once."""
    stamp = tool / "pins"
    if stamp.exists() and stamp.read_text() == pins.read_text():
        return True
    done = subprocess.run(["/usr/bin/python3", "-m", "venv", "--clear", str(tool)], check=False) \
        .returncode == 0 and subprocess.run([str(tool / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--requirement", str(pins)],
                                            check=False).returncode == 0
    if done:
        stamp.write_text(pins.read_text())
    return done


class Records:
    """Of each kind some that last, and some that may be taken away."""

    def __init__(self, site):
        self.lasting, self.spare = {}, {}
        admin = site.admin
        self.anna, self.clara = site.user("anna", "participant"), site.user("clara", "clinician")
        self.rita, self.lena, self.otto = site.user("rita", "researcher"), site.user("lena", "organisation_lead"), site.user("otto", "clinician")
        anna, clara = self.anna, self.clara
        eva = site.user("eva", "participant")
        self.both("user", lambda: admin.post("users", {"name": f"u{time.monotonic_ns()}", "role": "clinician"}).json["id"])
        self.lasting["user"] = [clara.account, self.otto.account]
        self.lasting["person"] = self.spare["person"] = [anna.person, eva.person]
        for account in ("clara", "rita"):
            anna.post(f"people/{anna.person}/care", {"account": account})
        self.lasting["account"], self.spare["account"] = ["clara", "otto"], ["otto"]
        self.spare["care"] = [anna.post(f"people/{anna.person}/care", {"account": "otto"}).json["id"]]
        consent(anna, anna.person, "live_analysis", "store_observations", "store_images", "research_use")
        self.spare["consent"] = [consent(anna, anna.person, "group_aggregates")["id"]]
        self.both("session", lambda: anna.post("sessions", {"person": anna.person}).json["id"])
        session = self.lasting["session"][0]
        anna.ask("POST", f"sessions/{session}/observations", {"observations": [
            {"frame": i, "time_s": i / 30, "utc": "2026-01-31T12:00:00Z", "face_id": 0, "valid": True, "p": [0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.2]}
            for i in range(300)]}, expect=200)
        anna.ask("POST", f"sessions/{session}/end", expect=200)
        self.both("note", lambda: clara.post("notes", {"session": session, "text": "slept badly"}).json["id"])
        self.both("keyword", lambda: clara.post("keywords", {"session": session, "word": "rota", "from": "2026-01-31T12:00:00Z"}).json["id"])
        self.both("response", lambda: anna.post("responses", {"person": anna.person, "instrument": "who-5", "answers": [3] * 5}).json["id"])
        self.both("capture", lambda: anna.post(f"captures?person={anna.person}", raw=PICTURE, headers={"Content-Type": "image/png"}).json["id"])
        self.both("upload", lambda: anna.post("uploads", raw=PICTURE, headers={"Content-Type": "application/octet-stream"}).json["id"])
        self.both("job", lambda: anna.post("jobs", {"kind": "analyze", "uploads": [self.an_upload()], "person": anna.person}).json["id"])
        self.both("token", lambda: anna.post("me/tokens", {"name": "t", "scopes": ["read"]}).json["id"])
        self.spare["login"] = [row["id"] for row in anna.get("me/logins").json["rows"]][1:] or self.lasting["token"]
        self.both("organisation", lambda: admin.post("organisations", {"name": f"o{time.monotonic_ns()}"}).json["id"])
        organisation = self.lasting["organisation"][0]
        self.both("team", lambda: admin.post("teams", {"organisation": organisation, "name": f"t{time.monotonic_ns()}"}).json["id"])
        team, other = self.lasting["team"][0], self.spare["team"][0]
        for each in (team, other):
            self.spare.setdefault("member", []).append(admin.post(f"teams/{each}/members", {"person": anna.person}).json["id"])
            self.spare.setdefault("lead", []).append(admin.post(f"teams/{each}/leads", {"account": "lena"}).json["id"])
        admin.post(f"teams/{team}/members", {"person": eva.person})
        self.both("camera", lambda: admin.post("cameras", {"name": f"c{time.monotonic_ns()}", "url": "camera:0"}).json["id"])
        site.mode("research", research_approved=True)
        self.both("dataset", lambda: self.rita.post("datasets", {"name": f"d{time.monotonic_ns()}"}).json["id"])
        site.mode("clinical")
        self.both("definition", lambda: admin.post("survey-definitions", {"survey": f"own-{time.monotonic_ns()}", "from": "who-5"}).json["id"])
        admin.post(f"survey-definitions/{self.lasting['definition'][1]}/publication", expect=200)
        self.lasting["template"] = [row["id"] for row in admin.get("consent-templates").json["rows"]]
        self.both("video", lambda: anna.post(f"sessions/{session}/videos", {"at": "2026-01-31T12:00:00Z"}).json["id"])
        self.both("partial", lambda: anna.post("partial-uploads", {"bytes": len(PICTURE)}).json["id"])
        self.lasting["survey"] = self.lasting["instrument"] = ["who-5"]
        self.lasting["model"], self.lasting["name"] = ["expression"], ["frames.csv", "session.json"]
        self.lasting["figure"], self.lasting["period"] = ["participation", "survey:who-5:total"], [time.strftime("%Y-%m", time.gmtime(time.time() - 40 * 24 * 3600))]
        until = time.monotonic() + 60
        while anna.get(f"jobs/{self.lasting['job'][0]}").json["state"] != "done":
            assert time.monotonic() < until, anna.get(f"jobs/{self.lasting['job'][0]}")
            time.sleep(0.2)

    def both(self, kind, make):
        self.lasting[kind], self.spare[kind] = [make(), make()], [make() for _ in range(4)]

    def an_upload(self):
        return self.anna.post("uploads", raw=PICTURE, headers={"Content-Type": "application/octet-stream"}).json["id"]


def with_records(contract, records):
    """The same contract, in which each id's shape also names ids that there are: what is accepted stays the same, what is made does not."""
    def named(schema, name, pool):
        ids = pool.get(name) or records.lasting.get(name)
        return {"anyOf": [{"type": "string", "enum": ids}, schema]} if ids else schema

    def bodies(node, pool):
        if isinstance(node, list):
            return [bodies(one, pool) for one in node]
        if not isinstance(node, dict):
            return node
        out = {key: bodies(value, pool) for key, value in node.items()}
        for name, schema in out.get("properties", {}).items():
            if schema.get("type") == "array" and "$ref" in schema.get("items", {}):
                schema["items"] = named(schema["items"], name.removesuffix("s"), pool)
            elif "$ref" in schema:
                out["properties"][name] = named(schema, name, pool)
        return out

    shared = contract["components"]["parameters"]
    for name in ("Uploads", "OneUpload"):
        contract["components"]["schemas"][name]["items"] = named(contract["components"]["schemas"][name]["items"], "upload", records.lasting)
    for item in contract["paths"].values():
        for method, operation in item.items():
            pool = records.spare if method == "delete" or operation["operationId"] in TAKES_AWAY else records.lasting
            parameters = [shared[one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one for one in operation.get("parameters", [])]
            operation["parameters"] = [{**one, "schema": named(one["schema"], one["name"], pool)} for one in parameters]
            if "requestBody" in operation:
                operation["requestBody"] = bodies(operation["requestBody"], pool)
    contract["components"]["schemas"] = bodies(contract["components"]["schemas"], records.lasting)
    return contract


def run(server, who, client, records, *chosen):
    with tempfile.TemporaryDirectory() as folder:
        contract = pathlib.Path(folder) / "openapi.json"
        contract.write_text(json.dumps(with_records(client.get("openapi.json").json, records)))
        # Ids are those of the records above: of whatever else it reads, it might end the login that asks.
        settings = pathlib.Path(folder) / "schemathesis.toml"
        settings.write_text("".join(f"[phases.{phase}.extra-data-sources]\nresponses = false\n" for phase in ("coverage", "fuzzing")))
        words = [str(tool / "bin" / "schemathesis"), "--config-file", str(settings), "run", str(contract), "--url", f"https://localhost:{server.port}", "--tls-verify", "false",
                 "--max-examples", examples, "--seed", "1", "--phases", "examples,coverage,fuzzing", "--workers", "1", "--continue-on-failure",
                 # That whatever has the right form is accepted, rules beyond form forbid; what there is not, tests/system/serve.py asks.
                 "--exclude-checks", "unsupported_method,positive_data_acceptance",
                 "--header", f"Cookie: {client.cookie}", "--header", f"X-CSRF-Token: {client.csrf}", *chosen]
        done = subprocess.run(words, capture_output=True, text=True, cwd=folder, check=False)
    print(f"as {who}:", *(line.strip() for line in done.stdout.splitlines() if "generated" in line), flush=True)
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-2000:]


def without(*names):
    return [word for name in names for word in ("--exclude-operation-id", name)]


if not installed():
    print("schemathesis could not be installed from the package registry: skipped")
    sys.exit(77)
with tempfile.TemporaryDirectory() as registry, Server(program, flags=["--allow-camera", "camera:0", "--registry", registry]) as server:
    site = Site(server)
    site.mode("clinical")
    records = Records(site)
    for who, client, mode in (("clinician", records.clara, "clinical"), ("participant", records.anna, "clinical"), ("lead", records.lena, "clinical"),
                              ("researcher", records.rita, "research")):
        site.mode(mode, research_approved=True)
        run(server, who, client, records, *without(*ENDING, *CONVERSATIONS))
        client.get("me")  # it was they who asked, until the end
    site.mode("clinical")
    persons = records.lasting["person"]
    for name in ENDING:
        leaving = site.user(f"leaving-{name}", "participant")
        records.spare["person"] = records.lasting["person"] = [leaving.person]
        run(server, f"one who leaves by {name}", leaving, records, "--include-operation-id", name)
    # Last, for it changes the site.
    records.spare["person"] = records.lasting["person"] = persons
    run(server, "administrator", site.admin, records, *without(*ENDING, *CONVERSATIONS))
    site.admin.get("me")
    for line in server.errors().splitlines():
        assert " error " not in line, line
    server.stop()
print("properties: all as expected")
