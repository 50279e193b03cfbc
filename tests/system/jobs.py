"""Jobs of `pyrometer serve`: uploads, what comes of them, and what does not; workers and servers that are killed in the middle.

usage: jobs.py PYROMETER VIDEO_FOLDER [postgresql]
"""
import contextlib
import csv
import io
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

from postgres import Postgres, asked_for, database_flags
from server import Server, Site, consent, jpegs

on_postgres = asked_for()
program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
NOBODY = "00000000-0000-7000-8000-000000000000"
CLIP = videos / "pyfeat_single_face.mp4"
LONG = videos / "lp_d6.mp4"
LEASE_S = 3


def send(client, data, expect=201, path="uploads"):
    if isinstance(data, pathlib.Path):
        data = data.read_bytes()
    return client.ask("POST", path, raw=data, headers={"Content-Type": "application/octet-stream"}, expect=expect)


def job(client, *uploads, **more):
    ids = [send(client, data).json["id"] for data in uploads]
    return client.post("jobs", {"kind": "analyze", "uploads": ids, **more}).json


def until(client, one, wanted=("done", "failed", "cancelled"), seconds=180, when=None):
    before = time.monotonic()
    while time.monotonic() - before < seconds:
        row = client.get(f"jobs/{one['id']}").json
        if (when and when(row)) or (not when and row["state"] in wanted):
            return row
        time.sleep(0.1)
    raise AssertionError(f"after {seconds} s still {row}")


def result(client, one, name):
    return client.get(f"jobs/{one['id']}/results/{name}").body


def rows(text):
    """Without the clock of the day, which a clip that does not say when it was taken gets from when it is read."""
    table = list(csv.DictReader(io.StringIO(text if isinstance(text, str) else text.decode())))
    for row in table:
        row.pop("utc", None)
        row.pop("start_utc", None)
    return table


def analyzed(folder, source):
    subprocess.run([program, "analyze", str(source), "--out", str(folder)], check=True, capture_output=True, timeout=300)
    return folder


def workers_of(server):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if len(words) > 2 and words[1] == b"worker" and str(server.data).encode() in words:
                found.append(int(entry.name))
    return found


def left(server):
    """Uploads, and what of runs is in the clear."""
    return [*(server.data / "jobs" / "uploads").iterdir(), *(server.data / "jobs" / "runs").glob("*/*.part")]


def nothing_left(server, seconds=5):
    before = time.monotonic()
    while left(server) and time.monotonic() - before < seconds:
        time.sleep(0.1)
    assert not left(server), left(server)


def same_as_the_command_line(server, client, tmp):
    one = job(client, CLIP, options={"parquet": True})
    done = until(client, one)
    assert done["state"] == "done" and done["progress"] == 1 and done["attempts"] == 1 and done["error"] is None, done
    files = {file["name"]: file for file in done["result"]["files"]}
    assert set(files) == {"frames.csv", "session.csv", "session.json", "frames.parquet"}, files
    folder = analyzed(tmp / "clip", CLIP)
    assert rows(result(client, one, "frames.csv")) == rows((folder / "frames.csv").read_text())
    assert len(result(client, one, "frames.csv")) == files["frames.csv"]["bytes"]
    ours, theirs = json.loads(result(client, one, "session.json")), json.loads((folder / "session.json").read_text())
    assert ours.keys() == theirs.keys() and len(ours["persons"]) == len(theirs["persons"]) == 1
    for found, expected in zip(ours["persons"], theirs["persons"]):  # a file without a date of its own begins when it is read
        assert {**found, "start": ""} == {**expected, "start": ""}
    assert "/tmp" not in json.dumps(ours) and str(server.data) not in json.dumps(ours), "where it was computed is nobody's business"
    reply = client.get(f"jobs/{one['id']}/results/frames.parquet")
    assert reply.body[:4] == b"PAR1" and reply.headers["content-disposition"] == 'attachment; filename="frames.parquet"', reply.headers
    client.get(f"jobs/{one['id']}/results/other.csv", expect=404)
    client.get(f"jobs/{one['id']}/results/..%2Fkey", expect=400)
    tag = client.get(f"jobs/{one['id']}").headers["etag"]
    assert client.get(f"jobs/{one['id']}", headers={"If-None-Match": tag}, expect=304).body == b""
    assert one["id"] in [row["id"] for row in client.get("jobs").json["rows"]]
    nothing_left(server)
    # At rest nothing is readable.
    for file in (server.data / "jobs").rglob("*"):
        if file.is_file():
            assert b"frame,time_s" not in file.read_bytes() and file.stat().st_mode & 0o77 == 0, file
    return one


def pictures_and_archives(client, tmp):
    pictures = jpegs(CLIP, count=12)[::3]
    folder = tmp / "pictures"
    folder.mkdir()
    for i, picture in enumerate(pictures, 1):
        (folder / f"{i}.jpg").write_bytes(picture)
    expected = rows((analyzed(tmp / "pictures-out", folder) / "frames.csv").read_text())
    one = job(client, *pictures)
    assert until(client, one)["state"] == "done"
    assert rows(result(client, one, "frames.csv")) == expected
    single = job(client, pictures[0])
    assert until(client, single)["result"]["frames"] == 1

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(CLIP, "day one/Clip A.mp4")
        archive.write(CLIP, "day two/Clip A.mp4")
        archive.writestr("day one/notes.txt", "not to be looked at")
        for i, picture in enumerate(pictures):
            archive.writestr(f"stills/{i + 1}.jpg", picture)
    one = job(client, packed.getvalue())
    done = until(client, one)
    assert done["state"] == "done" and done["result"]["skipped"] == 1, done
    assert [told["input"] for told in done["result"]["inputs"]] == ["Clip_A", "Clip_A-2", "pictures"], done
    assert rows(result(client, one, "pictures.frames.csv")) == expected
    assert rows(result(client, one, "Clip_A.frames.csv")) == rows(result(client, one, "Clip_A-2.frames.csv")) == rows((tmp / "clip" / "frames.csv").read_text())

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for i in range(1, len(pictures) + 1):
            archive.add(folder / f"{i}.jpg", f"{i}.jpg")
    one = job(client, packed.getvalue())
    assert until(client, one)["state"] == "done"
    assert rows(result(client, one, "frames.csv")) == expected


def what_is_refused(server, client):
    assert send(client, b"", expect=None).status in (400, 422)
    for bad in (b"no video at all" * 100, b"#EXTM3U\nhttps://elsewhere.example/a.ts\n", b"ffconcat version 1.0\nfile /etc/passwd\n"):
        assert send(client, bad, expect=422).slug == "unknown-media"
    assert send(server.client(), CLIP, expect=401).slug == "not-signed-in"
    # Larger than may be: told by the headers alone.
    too_large = client.ask("POST", "uploads", raw=b"x", headers={"Content-Length": str((4 << 30) + 1)}, expect=413)
    assert too_large.slug == "too-large"
    assert client.post("jobs", {"kind": "analyze", "uploads": [NOBODY]}, expect=422).slug == "no-such-upload"
    client.post("jobs", {"kind": "bake", "uploads": [NOBODY]}, expect=422)
    two = [send(client, CLIP).json["id"] for _ in range(2)]
    assert client.post("jobs", {"kind": "analyze", "uploads": two}, expect=422).slug == "uploads-mixed"
    for one in two:
        client.ask("DELETE", f"uploads/{one}", expect=204)
        client.ask("DELETE", f"uploads/{one}", expect=404)
    nothing_left(server)

    def fails(data, *mentions):
        done = until(client, job(client, data))
        assert done["state"] == "failed" and done["result"] is None and done["attempts"] == 1, done
        for mention in mentions:
            assert mention in done["error"], (mention, done["error"])
        assert str(server.data) not in done["error"], done

    random.seed(1)
    noise = bytes(random.randrange(256) for _ in range(20000))
    fails(CLIP.read_bytes()[:40] + noise)  # a video by its first bytes only
    fails(b"\xff\xd8\xff\xe0" + noise)

    def zipped(*entries):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in entries:
                archive.writestr(name, data)
        return packed.getvalue()

    fails(zipped(("a.jpg", b"\xff\xd8\xff\xe0" + bytes(200 << 20))), "times its size")
    fails(zipped(("../../evil.jpg", b"\xff\xd8\xff\xe0")), "leads out")
    fails(zipped(("/tmp/evil.jpg", b"\xff\xd8\xff\xe0")), "leads out")
    fails(zipped(("readme.txt", b"nothing to see")), "no picture")
    fails(zipped(), "no picture")
    fails(zipped(*[(f"{i}.txt", b"x") for i in range(10_001)]), "10000 entries")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        link = tarfile.TarInfo("a.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    fails(packed.getvalue(), "link")
    assert not pathlib.Path("/tmp/evil.jpg").exists()
    # Cut off in the middle: what came before is told, and that it is not all.
    cut = until(client, job(client, LONG.read_bytes()[: LONG.stat().st_size // 2]))
    assert (cut["state"] == "done" and cut["result"]["inputs"][0]["fault"]) or cut["state"] == "failed", cut
    nothing_left(server)


def cancelling(server, client):
    one = job(client, LONG)
    until(client, one, when=lambda row: row["progress"] > 0)
    client.ask("DELETE", f"jobs/{one['id']}", expect=409)
    before = time.monotonic()
    client.post(f"jobs/{one['id']}/cancel", expect=200)
    done = until(client, one)
    assert done["state"] == "cancelled" and done["result"] is None, done
    nothing_left(server)
    client.get(f"jobs/{one['id']}/results/frames.csv", expect=404)
    client.ask("DELETE", f"jobs/{one['id']}", expect=204)
    client.get(f"jobs/{one['id']}", expect=404)
    return time.monotonic() - before


def others_see_nothing(one, *others):
    for other in others:
        path = f"jobs/{one['id']}"
        for method, where in (("GET", path), ("POST", path + "/cancel"), ("DELETE", path), ("GET", path + "/results/frames.csv")):
            assert other.ask(method, where, expect=404).slug == "no-such-record"
        assert one["id"] not in [row["id"] for row in other.get("jobs").json["rows"]]


def killed_worker(server, client):
    """Killed in the middle: taken again by the next, done once, whole."""
    one = job(client, LONG)
    until(client, one, when=lambda row: row["progress"] > 0.02)
    before = workers_of(server)
    assert len(before) == 1, before
    os.kill(before[0], signal.SIGKILL)
    # What it did so far is nowhere to be had.
    client.get(f"jobs/{one['id']}/results/frames.csv", expect=404)
    done = until(client, one, seconds=300)
    assert done["state"] == "done" and done["attempts"] == 2, done
    after = workers_of(server)
    assert len(after) == 1 and after != before, "one that died is begun again"
    assert len(rows(result(client, one, "session.csv"))) >= 1
    frames = rows(result(client, one, "frames.csv"))
    numbers = [int(row["frame"]) for row in frames]
    assert numbers == sorted(numbers) and numbers[0] == 0 and numbers[-1] == done["result"]["frames"] - 1, "whole, and once"
    runs = list((server.data / "jobs" / "runs" / one["id"]).glob("run-*"))
    assert [run.name for run in runs] == ["run-2"], runs
    nothing_left(server)
    return frames


def killed_server(server, site, client, expected):
    one = job(client, LONG)
    until(client, one, when=lambda row: row["progress"] > 0.02)
    pids = workers_of(server)
    server.kill()
    before = time.monotonic()
    while any(pathlib.Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() - before < 12, "a worker outlives its server"
        time.sleep(0.1)
    server.start()
    for one_client in (client, site.admin):
        one_client.port, one_client._connection = server.port, None
    done = until(client, one, seconds=300)
    assert done["state"] == "done", done
    assert rows(result(client, one, "frames.csv")) == expected, "the same figures, from the start"
    # Stopped in order, the job that runs is no try that failed.
    two = job(client, LONG)
    until(client, two, when=lambda row: row["progress"] > 0.02)
    server.stop()
    assert not workers_of(server)
    server.start()
    for one_client in (client, site.admin):
        one_client.port, one_client._connection = server.port, None
    done = until(client, two, seconds=300)
    assert done["state"] == "done" and done["attempts"] == 1, done
    nothing_left(server)


def consents(server, site):
    site.mode("clinical")
    anna, clara = site.user("anna", "participant"), site.user("clara", "clinician")
    ben = site.user("ben", "participant")
    anna.post(f"people/{anna.person}/care", {"account": "clara"})
    upload = send(clara, CLIP).json["id"]

    def ask(**more):
        return clara.ask("POST", "jobs", {"kind": "analyze", "uploads": [upload], "person": anna.person, **more})

    assert ask().slug == "consent-missing"
    live = consent(anna, anna.person, "live_analysis")
    refused = ask()
    assert refused.status == 403 and refused.json["missing_consents"] == ["store_observations"], refused
    store = consent(anna, anna.person, "store_observations")
    made = ask()
    assert made.status == 201, made
    assert until(clara, made.json)["state"] == "done"
    one = made.json
    assert result(clara, one, "frames.csv") == result(anna, one, "frames.csv")
    others_see_nothing(one, ben)
    # In the middle.
    two = job(clara, LONG, person=anna.person)
    until(clara, two, when=lambda row: row["progress"] > 0)
    before = time.monotonic()
    anna.ask("POST", f"consents/{store['id']}/withdrawal", expect=200)
    done = until(anna, two)
    took = time.monotonic() - before
    assert done["state"] == "cancelled" and "consent" in done["error"] and done["result"] is None, done
    nothing_left(server)
    assert clara.get(f"jobs/{one['id']}/results/frames.csv", expect=403).slug == "consent-missing", "kept figures are read only as long as that is agreed to"
    anna.ask("POST", f"consents/{live['id']}/withdrawal", expect=200)
    clara.get(f"jobs/{one['id']}", expect=403)
    # Their own may still be ended and removed by whom they are about; who takes part means themselves.
    anna.ask("DELETE", f"jobs/{one['id']}", expect=204)
    assert not (server.data / "jobs" / "runs" / one["id"]).exists()
    consent(ben, ben.person, "live_analysis", "store_observations")
    own = job(ben, CLIP)
    assert own["person"] == ben.person
    site.mode("fatigue_and_surveys")
    three = job(ben, CLIP)
    until(ben, own), until(ben, three)
    assert not until(ben, three)["result"]["expressions"]
    faces = [row for row in rows(result(ben, three, "frames.csv")) if row["valid"] == "1"]
    assert faces and all(row["happy"] == "" and row["score"] == "" for row in faces), faces[:1]
    # What of them was computed in another mode is not shown in this one.
    if until(ben, own)["result"]["expressions"]:
        assert ben.get(f"jobs/{own['id']}/results/frames.csv", expect=403).slug == "not-in-this-mode"
    ben.ask("DELETE", f"people/{ben.person}", expect=200)
    for gone in (own, three):
        assert not (server.data / "jobs" / "runs" / gone["id"]).exists(), "erased with whom it is about"
    return took


def policies(pid):
    """The scheduling of each thread, and whether it is nice."""
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
        found.append((int(fields[38]), int(fields[16])))
    return found


def stands_back(server, client):
    """As it comes, a job computes with what is left of the processor; its heartbeat does not."""
    server.stop()
    server.flags = server.flags[:server.flags.index("--job-priority")]
    server.start()
    client.port, client._connection = server.port, None
    one = job(client, LONG)
    until(client, one, wanted=("running",))
    (pid,) = workers_of(server)
    before = time.monotonic()
    while (5, 19) not in policies(pid):
        assert time.monotonic() - before < 20, policies(pid)
        time.sleep(0.1)
    assert (0, 0) in policies(pid)
    time.sleep(2 * LEASE_S)
    row = client.get(f"jobs/{one['id']}").json
    assert row["attempts"] == 1, "however slow it is, it keeps its lease"
    client.post(f"jobs/{one['id']}/cancel", expect=200)
    until(client, one)


if not videos.is_dir():
    print(f"no {videos}: jobs are not tested")
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder, Postgres() if on_postgres else contextlib.nullcontext() as postgres, \
        Server(program, flags=[*database_flags(postgres), "--job-lease-s", str(LEASE_S), "--job-priority", "normal"]) as running:
    place = Site(running)
    place.mode("research", research_approved=True)
    rita, otto = place.user("rita", "researcher"), place.user("otto", "researcher")
    lead = place.user("lea", "organisation_lead")
    assert send(lead, CLIP, expect=403).slug == "role" and send(place.admin, CLIP, expect=403).slug == "role"
    first = same_as_the_command_line(running, rita, pathlib.Path(folder))
    others_see_nothing(first, otto)
    assert place.admin.get(f"jobs/{first['id']}", expect=403).slug == "role"
    pictures_and_archives(rita, pathlib.Path(folder))
    what_is_refused(running, rita)
    print(f"cancelled within {cancelling(running, rita):.1f} s")
    whole = killed_worker(running, rita)
    killed_server(running, place, rita, whole)
    stands_back(running, rita)
    place.admin.port, place.admin._connection = running.port, None
    print(f"withdrawn: ended within {consents(running, place):.1f} s")
print("jobs: all as expected")
