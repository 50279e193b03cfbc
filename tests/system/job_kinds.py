"""The kinds of jobs besides analyze: each gives what the verb of its name gives; models over the API; a person's whole export; backups.

usage: job_kinds.py PYROMETER SOURCE_FOLDER SURVEY_DATA [PYROMETER_TRAIN] [postgresql]
"""
import contextlib
import csv
import io
import json
import math
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

from postgres import Postgres, asked_for, database_flags
from server import Server, Site, consent, zipped

on_postgres = asked_for()
program, source, surveys = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
trainer = sys.argv[4] if len(sys.argv) > 4 else None
PICTURE = (source / ".pyrometer" / "demo" / "astronaut.png").read_bytes()
CLASSES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
random.seed(3)


def say(text):
    print(f"ok    {text}", flush=True)


def stripes(label):
    """Stripes whose direction is the class, in noise: can be learned in a few steps."""
    angle, phase = math.pi * label / len(CLASSES), random.uniform(0, 6)
    pixels = bytes(max(0, min(255, int(128 + 70 * math.sin(0.7 * (x * math.cos(angle) + y * math.sin(angle)) + phase) + random.gauss(0, 25))))
                   for y in range(48) for x in range(48))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + pixels[y * 48:y * 48 + 48] for y in range(48))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 48, 48, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


def send(client, data, expect=201):
    reply = client.ask("POST", "uploads", raw=data, headers={"Content-Type": "application/octet-stream"}, expect=expect)
    return reply.json["id"] if expect == 201 else reply


def until(client, one, seconds=240, when=None):
    before = time.monotonic()
    while time.monotonic() - before < seconds:
        row = client.get(f"jobs/{one['id']}").json
        if when(row) if when else row["state"] in ("done", "failed", "cancelled"):
            return row
        time.sleep(0.1)
    raise AssertionError(f"after {seconds} s still {row}")


def done(client, kind, uploads=(), seconds=240, **more):
    body = {"kind": kind, **more}
    if uploads:
        body["uploads"] = [send(client, data) for data in uploads]
    row = until(client, client.post("jobs", body).json, seconds)
    assert row["state"] == "done", row
    return row


def fails(client, kind, mention, uploads=(), **more):
    row = until(client, client.post("jobs", {"kind": kind, "uploads": [send(client, data) for data in uploads], **more}).json)
    assert row["state"] == "failed" and mention in row["error"] and row["result"] is None, row
    assert "/tmp" not in row["error"] and "runs/" not in row["error"], row


def processes(mention, verb):
    """Of a server's workers and their children, by what stands in their command line or where they work."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                where = os.readlink(entry / "cwd")
            except OSError:
                continue
            if len(words) > 1 and words[1] == verb.encode() and (mention.encode() in words or mention in where):
                found.append(int(entry.name))
    return found


def result(client, row, name):
    return client.get(f"jobs/{row['id']}/results/{name}").body


def names(row):
    return {file["name"] for file in row["result"]["files"]}


def command(*words):
    return subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True, timeout=300).stdout


def wrong_options(rita, upload):
    """422, with the place that is wrong."""
    nobody = "00000000-0000-7000-8000-000000000000"

    def told(at, **body):
        reply = rita.post("jobs", body, expect=422)
        assert at in [fault["at"] for fault in reply.json["faults"]], (at, reply)

    told("/kind", kind="bake", uploads=[upload])
    told("/kind", uploads=[upload])
    told("/options", kind="analyze", uploads=[upload], options={"step_s": 3})
    told("/options/permutations", kind="validate", uploads=[upload], options={"permutations": 1})
    told("/options/instrument", kind="validate", options={"scale": "total"})
    told("/options/model", kind="evaluate", uploads=[upload], options={"model": "nothing"})
    told("/options/model", kind="evaluate", uploads=[upload], options={"model": "../x"})
    told("", kind="evaluate")
    told("", kind="evaluate", uploads=[upload], dataset=nobody)
    told("/options/epochs", kind="train", uploads=[upload], options={"epochs": 0})
    told("/options", kind="train", uploads=[upload], options={"out": "/tmp/x"})
    told("/uploads", kind="audit", uploads=[upload, nobody])
    assert rita.post("jobs", {"kind": "validate", "uploads": [send(rita, PICTURE)]}, expect=422).slug == "uploads-mixed"
    assert rita.post("jobs", {"kind": "evaluate", "dataset": nobody}, expect=422).slug == "no-such-dataset"


def validate(rita, tmp):
    pairs = surveys / "thesis_pairs.csv"
    table = pairs.read_bytes() if pairs.exists() else b"person,score,survey\na,1,2\nb,2,3\nc,4,4\nd,5,7\ne,6,6\n"
    (tmp / "pairs.csv").write_bytes(table)
    row = done(rita, "validate", [table])
    assert names(row) == {"validation.json", "validation.html", "validation.pdf", "pairs.json"}, row
    points = json.loads(result(rita, row, "pairs.json"))["comparisons"][0]["points"]
    assert [point[0] for point in points] == [0, 1, 2, 3, 4] and len(points[0]) == 3, points
    ours, theirs = json.loads(result(rita, row, "validation.json")), json.loads(command("validate", tmp / "pairs.csv", "--json"))
    for key in ("pearson", "spearman", "mean_abs_diff", "n"):
        assert ours[key] == theirs[key], key
    assert row["result"]["comparisons"][0]["r"] == theirs["pearson"]["r"], row
    page = rita.get(f"jobs/{row['id']}/results/validation.html")
    assert page.headers["content-type"] == "text/html" and page.headers["content-disposition"].startswith("attachment") and b"<svg" in page.body
    assert result(rita, row, "validation.pdf")[:5] == b"%PDF-"
    fails(rita, "validate", "column", [b"who,score,survey\na,1,2\n"])
    fails(rita, "validate", "same", [b"person,score,survey\na,1,2\nb,1,3\nc,1,4\nd,1,5\n"])


def data_sets(rita, tmp):
    """evaluate and audit of an uploaded data set: the figures of the command line."""
    files = {f"set/{name}/{i}.png": stripes(label) for label, name in enumerate(CLASSES[:4]) for i in range(3)}
    row = done(rita, "evaluate", [zipped(files)], options={"cropped": True, "against": "expression"})
    assert names(row) == {"evaluation.json", "evaluation.html"} and row["result"]["n"] == 12, row
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        archive.extractall(tmp / "unpacked")
    told = json.loads(command("evaluate", "--dataset", tmp / "unpacked" / "set", "--cropped", "--json").splitlines()[-1])
    ours = json.loads(result(rita, row, "evaluation.json"))
    for key in ("n", "accuracy", "balanced_accuracy", "macro_f1"):
        assert ours[key] == told[key], (key, ours[key], told[key])
    # A table in an archive names nothing but what lies in it.
    for name in ("/etc/hostname", "../../key", "a/../../x.png"):
        fails(rita, "evaluate", "outside", [zipped({"labels.csv": f"path,label\n{name},happy\n", "a/1.png": stripes(0)})])
    fails(rita, "evaluate", "no picture", [zipped({"labels.csv": "path,label\nlabels.csv,happy\n", "a/1.png": stripes(0)})])
    fails(rita, "evaluate", "joyful", [zipped({"joyful/1.png": stripes(0)})], options={"cropped": True})
    people = {"labels.csv": "path,age,gender\n" + "".join(f"{i}.png,{20 + 30 * (i % 2)},{'mf'[i % 2]}\n" for i in range(4)),
              **{f"{i}.png": PICTURE for i in range(4)}}
    row = done(rita, "audit", [zipped(people)])
    assert names(row) == {"audit.json", "audit.html"} and row["result"]["n"] == 4, row
    assert json.loads(result(rita, row, "audit.json"))["model"].startswith("expression@"), row


def explain_pictures(rita, tmp):
    (tmp / "1.png").write_bytes(PICTURE)
    row = done(rita, "explain", [PICTURE], options={"class": "happy", "random": 2})
    assert {"explanation.json", "explanation.html", "1-1-happy.png"} <= names(row), row
    ours, theirs = json.loads(result(rita, row, "explanation.json"))[0], json.loads(
        command("explain", tmp / "1.png", "--class", "happy", "--random", "2", "--json").splitlines()[0])
    for key in ("model", "class", "p", "map", "deletion", "insertion"):
        assert ours[key] == theirs[key], key
    assert result(rita, row, "1-1-happy.png")[:4] == b"\x89PNG"
    fails(rita, "explain", "nothing to explain", [stripes(1)])


def observations(happy=15):
    """Thirty frames of a face that goes from happy to sad."""
    out = []
    for i in range(30):
        p = [0.02] * 7
        p[3], p[4] = (0.88, 0.02) if i < happy else (0.02, 0.88)
        out.append({"frame": i, "time_s": i / 10, "utc": f"2026-01-31T12:00:{i / 10:06.3f}Z", "face_id": 0, "valid": True, "p": p,
                    "eye_openness": 0.8, "mouth_openness": 0.1})
    return out


def a_persons(server, site, tmp):
    """What is computed of a person: with consent, and it is in their export; and what research takes of them."""
    site.mode("clinical")
    anna, ben, clara = site.user("anna", "participant"), site.user("ben", "participant"), site.user("clara", "clinician")
    agreed = consent(anna, anna.person, "live_analysis", "store_observations", "store_images", "research_use")
    consent(ben, ben.person, "live_analysis", "store_observations")
    anna.post(f"people/{anna.person}/care", {"account": "clara"})
    session = anna.post("sessions", {"person": anna.person}).json
    assert session["model"].startswith("expression@"), "a session says what it is read by"
    anna.ask("POST", f"sessions/{session['id']}/observations", {"observations": observations()}, expect=200)
    anna.ask("POST", f"sessions/{session['id']}/end", expect=200)
    anna.post("responses", {"person": anna.person, "instrument": "who-5", "answers": [1, 2, 3, 4, None], "taken": "2026-01-31T12:00:00Z"})
    for i, happy in enumerate((3, 12, 20, 28)):
        more = anna.post("sessions", {"person": anna.person}).json
        anna.ask("POST", f"sessions/{more['id']}/observations", {"observations": observations(happy)}, expect=200)
        anna.ask("POST", f"sessions/{more['id']}/end", expect=200)
        anna.post("responses", {"person": anna.person, "instrument": "who-5", "answers": [i + 1] * 4 + [i], "taken": more["started"]})
    clara.post("notes", {"session": session["id"], "text": "=HYPERLINK(\"https://elsewhere.example\")"})
    capture = anna.post(f"captures?person={anna.person}", raw=PICTURE, headers={"Content-Type": "image/png"}).json
    for who in (anna, clara):
        row = done(who, "explain", person=anna.person, session=session["id"], options={"step_s": 1})
        assert names(row) == {"explanation.json", "explanation.html", "explanation.pdf"} and row["person"] == anna.person, row
    steps = json.loads(result(clara, row, "explanation.json"))[0]["steps"]
    assert len(steps) == 3, steps
    picture = done(clara, "explain", person=anna.person, capture=capture["id"], options={"random": 1})
    assert "explanation.html" in names(picture), picture
    # Another's, and what there is not, are the same to who asks; whose it is must be said.
    for body in ({"person": ben.person, "session": session["id"]}, {"session": session["id"]}):
        assert ben.post("jobs", {"kind": "explain", **body}, expect=422).slug == "session-of-another"
    assert clara.ask("POST", "jobs", {"kind": "explain", "person": ben.person, "session": session["id"]}).status == 404
    assert clara.ask("POST", "jobs", {"kind": "validate", "options": {"instrument": "who-5", "scale": "total"}}).status in (403, 404)
    assert anna.ask("POST", "jobs", {"kind": "evaluate", "uploads": [send(anna, zipped({"a/1.png": PICTURE}))]}).status in (403, 404)

    packed = zipfile.ZipFile(io.BytesIO(anna.get(f"people/{anna.person}/export").body))
    inside = packed.namelist()
    for name in (f"fhir/{session['id']}.json", "fhir/questionnaires.json", f"jobs/{row['id']}/explanation.json", f"jobs/{picture['id']}/explanation.html",
                 "person.json", "README.txt"):
        assert name in inside, (name, inside)
    assert packed.read(f"jobs/{row['id']}/explanation.json") == result(clara, row, "explanation.json")
    bundle = json.loads(packed.read(f"fhir/{session['id']}.json"))
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["Patient", "Device", "Observation"], kinds
    observation = bundle["entry"][2]["resource"]
    parts = {part["code"]["coding"][0]["code"]: part for part in observation["component"]}
    assert abs(parts["probability-happy"]["valueQuantity"]["value"] - 0.45) < 1e-6 and parts["frames"]["valueQuantity"]["value"] == 30, parts
    answers = json.loads(packed.read("fhir/questionnaires.json"))
    kinds = [entry["resource"]["resourceType"] for entry in answers["entry"]]
    assert "QuestionnaireResponse" in kinds and "Device" not in kinds, kinds
    assert "Not in it" in packed.read("README.txt").decode() and json.loads(packed.read("person.json"))["left_out"] == []
    # No cell of a table that is looked at begins as a formula does.
    for name in inside:
        if name.endswith("audit.csv"):
            for cells in csv.reader(io.StringIO(packed.read(name).decode())):
                assert not any(cell[:1] in tuple("=+-@\t\r") for cell in cells), cells
    return anna, ben, agreed, session, capture


def research(server, site, rita, anna, ben, agreed, capture):
    """Of people who agreed, as long as they do."""
    site.mode("research", research_approved=True)
    anna.post(f"people/{anna.person}/care", {"account": "rita"})
    dataset = rita.post("datasets", {"name": "ward"}).json["id"]
    anna.ask("PATCH", f"captures/{capture['id']}", {"label": "happy", "dataset": dataset}, expect=200)
    row = done(rita, "evaluate", dataset=dataset)
    assert rita.post(f"jobs/{row['id']}/pause", expect=409).slug == "not-to-be-paused"
    assert row["result"]["people"] == 1 and row["result"]["n"] == 1, row
    page = result(rita, row, "evaluation.html").decode()
    assert "data:image/" not in page, "a picture of a person is nowhere but with that person"
    found = done(rita, "validate", options={"instrument": "who-5", "scale": "total", "within_days": 0, "figure": "mean_score", "different_units": True})
    told = found["result"]
    assert told["people"] == 1 and told["comparisons"][0]["n"] == 4 and told["comparisons"][0]["persons"] == 1, told
    assert told["sessions_without_answer"] == 1 and told["comparisons"][0]["r"] < -0.9, "the happier, the less strain"
    assert anna.person not in result(rita, found, "validation.json").decode()
    running = None
    if trainer:
        for i in range(8):
            light = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(source / ".pyrometer" / "demo" / "astronaut.png"), "-vf",
                                    f"eq=brightness={i / 50}", "-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe", "-"], check=True, capture_output=True).stdout
            kept = anna.post(f"captures?person={anna.person}", raw=light, headers={"Content-Type": "image/jpeg"}).json
            anna.ask("PATCH", f"captures/{kept['id']}", {"label": ("happy", "sad")[i % 2], "dataset": dataset}, expect=200)
        running = rita.post("jobs", {"kind": "train", "dataset": dataset, "options": {"channels": [8], "blocks": [1], "batch": 4, "hold_out": 0,
                                                                                     "epochs": 10000}}).json
        seen = until(rita, running, when=lambda row: row["state"] not in ("queued", "running") or row["result"])
        assert seen["state"] == "running" and seen["result"]["epochs"], seen
    anna.ask("POST", f"consents/{agreed['id']}/withdrawal", expect=200)
    if running:
        seen = until(rita, running, seconds=20)
        assert seen["state"] == "cancelled" and "no longer agrees" in seen["error"] and seen["result"] is None, seen
    ended = until(rita, rita.post("jobs", {"kind": "evaluate", "dataset": dataset}).json)
    assert ended["state"] == "failed" and "agrees" in ended["error"], ended
    ended = until(rita, rita.post("jobs", {"kind": "validate", "options": {"instrument": "who-5", "scale": "total"}}).json)
    assert ended["state"] == "failed" and "agrees" in ended["error"], ended


def models(server, site, rita):
    rows = {row["reference"]: row for row in rita.get("models").json["rows"]}
    used = next(row for row in rows.values() if "expression" in row["meant_by"])
    one = rita.get("models/expression").json
    assert one["reference"] == used["reference"] and one["self_test"] == "passed" and one["record"]["metrics"] and one["card"].startswith("#"), one.keys()
    rita.get("models/nothing", expect=404)
    assert rita.post("models/expression/rollback", expect=403).slug == "role"
    assert site.admin.post("models/expression/rollback", expect=422).slug == "model-refused", "there is nothing to go back to"
    assert site.admin.post("models/nothing@1.0.0/promotion", {"as": "expression"}, expect=422).slug == "model-refused"
    return used["reference"]


def training(server, site, rita, shipped, tmp):
    """A run is fitted, cancelled, resumed; what came of it is taken in, used, and put back."""
    faces = zipped({f"{name}/{i}.png": stripes(label) for label, name in enumerate(CLASSES) for i in range(16)})
    small = {"channels": [8, 16], "blocks": [1, 1], "batch": 16, "learning_rate": 0.1, "ema_decay": 0.9, "epochs": 12}
    made = rita.post("jobs", {"kind": "train", "uploads": [send(rita, faces)], "options": {**small, "epochs": 5000}}).json
    seen = until(rita, made, when=lambda row: row["state"] != "running" and row["state"] != "queued" or row["result"] and len(row["result"]["epochs"]) >= 2)
    assert seen["state"] == "running", seen
    assert seen["result"]["epochs"][1]["epoch"] == 1 and 0 < seen["progress"] < 1 and "files" not in seen["result"], seen
    rita.post(f"jobs/{made['id']}/cancel", expect=200)
    assert until(rita, made)["result"] is None
    # Held, more often than an attempt may fail: it goes on where it was.
    made = rita.post("jobs", {"kind": "train", "uploads": [send(rita, faces)], "options": {**small, "epochs": 5000}}).json
    path = f"jobs/{made['id']}"
    seen = first = until(rita, made, when=lambda row: row["result"] and len(row["result"]["epochs"]) >= 2)
    for _ in range(4):
        assert rita.post(f"{path}/resume", expect=409).slug == "not-paused"
        assert rita.post(f"{path}/pause", expect=200).json["state"] == "paused"
        assert rita.post(f"{path}/pause", expect=409).slug == "not-running"
        held = rita.get(path).json
        time.sleep(1)
        assert rita.get(path).json == held and len(held["result"]["epochs"]) >= len(seen["result"]["epochs"])
        assert rita.post(f"{path}/resume", expect=200).json["state"] == "queued"
        seen = until(rita, made, when=lambda row: len(row["result"]["epochs"]) > len(held["result"]["epochs"]))
        assert seen["state"] == "running" and seen["attempts"] == 1 and seen["result"]["epochs"][0] == first["result"]["epochs"][0], seen
        assert [epoch["epoch"] for epoch in seen["result"]["epochs"]] == list(range(len(seen["result"]["epochs"]))), "each epoch once"
    rita.post(f"{path}/pause", expect=200)
    ended = rita.post(f"{path}/cancel", expect=200).json
    assert ended["state"] == "cancelled" and ended["result"] is None, ended
    assert rita.post(f"{path}/resume", expect=409).slug == "not-paused"
    # Its worker killed in the middle: the child goes with it, and the next goes on where it was.
    made = rita.post("jobs", {"kind": "train", "uploads": [send(rita, faces)], "options": {**small, "epochs": 40}}).json
    seen = until(rita, made, when=lambda row: row["result"] and len(row["result"]["epochs"]) >= 3)["result"]["epochs"]
    (worker,) = processes(str(server.data), "worker")
    (child,) = processes(made["id"], "train")
    os.kill(worker, signal.SIGKILL)
    before = time.monotonic()
    while pathlib.Path(f"/proc/{child}").exists() and time.monotonic() - before < 5:
        time.sleep(0.05)
    assert not pathlib.Path(f"/proc/{child}").exists(), "a child outlives its worker"
    kept = server.data / "jobs" / "runs" / made["id"] / "kept" / "run"
    before = [file.read_bytes() for file in (kept / "metrics.jsonl", kept / "checkpoint.pt")]
    assert all(before) and b'"epoch"' not in before[0] and b"PK" != before[1][:2], "what the next attempt goes on from lies in the clear"
    again = until(rita, made)
    assert again["state"] == "done" and again["attempts"] == 2, again
    assert again["result"]["epochs"][0] == seen[0], "it began anew: an epoch takes another time"
    assert [epoch["epoch"] for epoch in again["result"]["epochs"]] == list(range(40)), "each epoch once"
    left, before = server.data / "jobs" / "runs" / made["id"] / "kept", time.monotonic()
    while left.exists() and time.monotonic() - before < 5:  # it goes just behind the row's last change
        time.sleep(0.05)
    assert not left.exists(), "the checkpoint stays"
    row = done(rita, "train", [faces], options=small)
    assert rita.post(f"jobs/{row['id']}/pause", expect=409).slug == "not-running"
    assert {"expression.xml", "expression.bin", "record.json", "report.html", "metrics.jsonl"} == names(row) and len(row["result"]["epochs"]) == 12, row
    assert rita.post("models", {"job": row["id"], "name": "stripes", "licence": "Apache-2.0"}, expect=403).slug == "role"
    added = site.admin.post("models", {"job": row["id"], "name": "stripes", "licence": "Apache-2.0"}).json
    assert added["reference"] == "stripes@1.0.0" and added["origin"] == "added" and "stripes" not in added["meant_by"], added
    assert rita.get("models/stripes@1.0.0").json["self_test"] == "passed"
    change = site.admin.post("models/stripes@1.0.0/promotion", {"as": "expression"}, expect=200).json
    assert change == {"name": "expression", "before": shipped, "now": "stripes@1.0.0", "in_use": True}, change
    # From here on without a restart: jobs, pictures, sessions.
    judged = done(rita, "evaluate", [faces], options={"cropped": True, "against": shipped})
    assert judged["result"]["model"] == "stripes@1.0.0" and judged["result"]["accuracy"] > 0.3, judged
    back = site.admin.post("models/expression/rollback", expect=200).json
    assert back["now"] == shipped and back["in_use"], back
    tuned = done(rita, "finetune", [faces], options={"model": "stripes@1.0.0"})
    assert tuned["result"]["parent"] == "stripes@1.0.0" and tuned["result"]["n_fit"] > 0, tuned
    added = site.admin.post("models", {"job": tuned["id"], "name": "stripes", "licence": "Apache-2.0"}).json
    assert added["reference"] == "stripes@1.1.0" and added["parent"] == "stripes@1.0.0", added
    fails(rita, "train", "joyful", [zipped({"joyful/1.png": stripes(0), "sad/1.png": stripes(1)})], options=small)


def backups(server, site, anna, tmp):
    """With the results of jobs, which open again where they are put back."""
    upload = send(anna, PICTURE)
    row = until(anna, anna.post("jobs", {"kind": "analyze", "uploads": [upload]}).json)
    assert row["state"] == "done", row
    frames = result(anna, row, "frames.csv")
    command("admin", "backup", tmp / "monday.db", "--data", server.data)
    kept = [file for file in (tmp / "monday.db.jobs").rglob("*") if file.is_file()]
    assert kept and not any(b"frame,time_s" in file.read_bytes() for file in kept), "sealed there as well"
    anna.ask("DELETE", f"jobs/{row['id']}", expect=204)
    server.stop()
    command("admin", "restore", tmp / "monday.db", "--data", server.data)
    server.start()
    for client in (anna, site.admin):
        client.port, client._connection = server.port, None
    assert result(anna, row, "frames.csv") == frames


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    flags = ["--job-priority", "normal", "--job-lease-s", "3", "--registry", str(tmp / "registry"), *(["--trainer", trainer] if trainer else [])]
    with Postgres() if on_postgres else contextlib.nullcontext() as postgres, Server(program, flags=[*flags, *database_flags(postgres)]) as server:
        site = Site(server)
        site.mode("research", research_approved=True)
        rita = site.user("rita", "researcher")
        wrong_options(rita, send(rita, PICTURE))
        validate(rita, tmp)
        say("validate: a table, as on the command line")
        data_sets(rita, tmp)
        say("evaluate and audit of uploaded sets; tables that lead out are refused")
        explain_pictures(rita, tmp)
        say("explain: pictures, as on the command line")
        anna, ben, agreed, session, capture = a_persons(server, site, tmp)
        say("explain of a person's session and picture; a whole export")
        research(server, site, rita, anna, ben, agreed, capture)
        say("research: of those who agree alone")
        shipped = models(server, site, rita)
        say("models: list, card, self-test")
        if trainer:
            training(server, site, rita, shipped, tmp)
            say("train, finetune, add, promote, use, roll back")
        else:
            fails(rita, "train", "pyrometer-train", [zipped({"happy/1.png": stripes(0), "sad/1.png": stripes(1)})])
            say("train without pyrometer-train says what to install")
        consent(anna, anna.person, "live_analysis", "store_observations")
        site.mode("clinical")
        if postgres:
            refused = subprocess.run([program, "admin", "backup", tmp / "monday.db", "--data", server.data, *database_flags(postgres)],
                                     capture_output=True, text=True, timeout=60, check=False)
            assert refused.returncode == 2 and "pg_dump" in refused.stderr, refused
            say("backup of PostgreSQL: by its own tools")
        else:
            backups(server, site, anna, tmp)
            say("backup and restore with results")
print("all passed")
