"""`pyrometer serve` from its first start: signing in, who may do what, consent, live streams, records, and what is kept of them.

usage: serve.py PYROMETER VIDEO_FOLDER [postgresql]
"""
import asyncio
import contextlib
import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import zipfile

import websockets
from postgres import Postgres, asked_for, database_flags
from server import API, PASSWORD, Server, Site, consent, heard, jpegs, live, picture, totp, trusting

on_postgres = asked_for()
program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
NOBODY = "00000000-0000-7000-8000-000000000000"


def first_start(server, postgres):
    name, one_time = server.first
    assert name == "admin" and re.fullmatch(r"[a-z0-9]{5}(-[a-z0-9]{5}){3}", one_time), server.first
    for path, mode in (("data", 0o700), ("data/key", 0o600), ("data/pyrometer.db", 0o600), ("data/tls/key.pem", 0o600)):
        if postgres and path.endswith(".db"):
            continue
        found = (server.data.parent / path).stat().st_mode & 0o777
        assert found == mode, f"{path} has mode {found:o}"
    client = server.client()
    assert client.get("/healthz").json == {"status": "alive"} and client.get("/readyz").json == {"status": "ready"}
    contract = client.get("openapi.json").json
    assert contract["openapi"] == "3.1.0"
    for path in ("me", "people", "sessions", "users", "audit", f"people/{NOBODY}"):
        assert client.get(path, expect=401).slug == "not-signed-in"
    assert client.get("nothing", expect=404).slug == "no-such-path"
    refused = client.ask("DELETE", "people", expect=405)
    assert refused.headers["allow"] == "GET, POST" and refused.headers["content-type"] == "application/problem+json"


def signing_in(server):
    client = server.client()
    name, one_time = server.first
    for wrong in ((name, "nonsense"), ("nobody", "nonsense")):
        assert client.login(*wrong, expect=401).slug == "login-failed"
    client.login(name, one_time)
    assert "HttpOnly" in client.login(name, one_time).headers["set-cookie"]
    assert client.get("users", expect=403).slug == "password-must-change"
    for poor in ("short", "password123456", "admin-admin-admin"):
        assert client.ask("POST", "me/password", {"old": one_time, "new": poor}, expect=422).slug == "password-refused", poor
    client.ask("POST", "me/password", {"old": one_time, "new": PASSWORD}, expect=204)
    assert client.get("me", expect=401).slug == "not-signed-in", "all logins end with the old password"
    client.login(name, PASSWORD)
    assert client.ask("POST", "me/totp", csrf=False, expect=403).slug == "forged-request"
    secret = client.post("me/totp", expect=200).json["secret"]
    code = totp(secret)
    client.ask("PUT", "me/totp", {"code": code}, expect=200)
    other = server.client()
    assert other.login(name, PASSWORD, expect=401).slug == "code-needed"
    assert other.login(name, PASSWORD, code=code, expect=401).slug == "login-failed", "a code counts once"
    other.login(name, PASSWORD, code=totp(secret, time.time() + 30))
    client.ask("DELETE", "me/totp", expect=204)
    for _ in range(8):
        last = other.login(name, "wrong again and again", expect=None)
    assert last.status == 429 and int(last.headers["retry-after"]) >= 1
    client.ask("POST", "logout", expect=204)
    time.sleep(int(last.headers["retry-after"]))
    client.login(name, PASSWORD)
    return client


def contract_is_obeyed(site):
    admin = site.admin
    wrong = admin.post("users", {"name": "x y", "role": "clinician"}, expect=422)
    assert wrong.json["faults"][0]["at"] == "/name", wrong
    admin.post("users", {"name": "x", "role": "king"}, expect=422)
    admin.post("users", {"name": "x", "role": "clinician", "more": 1}, expect=422)
    admin.post("users", raw=b"{", headers={"Content-Type": "application/json"}, expect=400)
    admin.post("users", raw=b"[" * 100000, headers={"Content-Type": "application/json"}, expect=413)
    admin.post("users", raw=b"[" * 60000, headers={"Content-Type": "application/json"}, expect=400)
    admin.post("users", raw=b"name=x", headers={"Content-Type": "text/plain"}, expect=415)
    admin.get("users?limit=0", expect=400)
    admin.get("users?limit=ten", expect=400)
    admin.get("users?colour=red", expect=400)
    admin.get("users?after=%ff", expect=400)
    key = {"Idempotency-Key": "once"}
    one = admin.post("users", {"name": "once", "role": "clinician"}, headers=key).json
    assert admin.post("users", {"name": "once", "role": "clinician"}, headers=key).json == one
    assert admin.post("users", {"name": "twice", "role": "clinician"}, headers=key, expect=422).slug == "key-used"
    assert admin.post("users", {"name": "once", "role": "clinician"}, expect=409).slug == "exists"
    row = admin.get(f"users/{one['id']}")
    assert "password" not in row.json and "totp" not in row.json
    tag = row.headers["etag"]
    admin.ask("PATCH", f"users/{one['id']}", {"display_name": "One"}, headers={"If-Match": tag}, expect=200)
    assert admin.ask("PATCH", f"users/{one['id']}", {"display_name": "Two"}, headers={"If-Match": tag}, expect=412).slug == "changed-meanwhile"
    me = admin.get("me").json["account"]["id"]
    assert admin.ask("PATCH", f"users/{me}", {"disabled": True}, expect=409).slug == "last-administrator"


def records(site):
    site.mode("clinical")
    anna, clara, other = site.user("anna", "participant"), site.user("clara", "clinician"), site.user("otto", "clinician")
    ben = site.user("ben", "participant")
    anna.ask("PATCH", f"people/{anna.person}", {"name": "Anna Planted-Name", "birth_year": 1990}, expect=200)
    for stranger in (ben, clara, other):
        assert stranger.get(f"people/{anna.person}", expect=404).slug == "no-such-record"
        assert stranger.get(f"people/{NOBODY}", expect=404).json["detail"] == stranger.get(f"people/{anna.person}", expect=404).json["detail"]
    assert site.admin.get(f"people/{anna.person}", expect=403).slug == "role"
    anna.post(f"people/{anna.person}/care", {"account": "clara"})
    assert clara.get(f"people/{anna.person}").json["name"] == "Anna Planted-Name"
    assert [row["id"] for row in clara.get("people").json["rows"]] == [anna.person]
    assert other.get("people").json["rows"] == []
    # Nothing runs without consent.
    refused = clara.post("sessions", {"person": anna.person}, expect=403)
    assert refused.slug == "consent-missing" and refused.json["missing_consents"] == ["live_analysis"]
    both = consent(anna, anna.person, "live_analysis", "store_observations")
    session = clara.post("sessions", {"person": anna.person, "title": "first"}).json
    note = clara.post("notes", {"session": session["id"], "text": "slept badly"}).json
    assert note["person"] == anna.person and note["author"] == clara.account
    clara.post("keywords", {"session": session["id"], "word": "night shift", "from": "2026-01-31T12:00:00Z"})
    assert len(clara.get(f"notes?session={session['id']}").json["rows"]) == 1
    for stranger in (ben, other):
        stranger.get(f"notes/{note['id']}", expect=404)
        stranger.get(f"sessions/{session['id']}", expect=404)
        stranger.post("notes", {"session": session["id"], "text": "x"}, expect=404)
        assert stranger.get("notes").json["rows"] == []
        stranger.get(f"notes?person={anna.person}", expect=404)
    assert len(anna.get("notes").json["rows"]) == 1, "what is written about anna is anna's"
    return anna, clara, session, both


async def stream(client, session, pictures, *, after=-1, pace_s=0.03, first=0):
    """Sends, and gives back the frames that were answered and the last one that was kept."""
    seen, kept = {}, -1
    async with live(client, f"sessions/{session}/stream?after={after}") as socket:
        hello = await heard(socket)
        assert hello["type"] == "hello", hello
        first = max(first, hello["next_frame"])

        async def send():
            for i, jpeg in enumerate(pictures):
                await socket.send(picture(first + i, time.time(), jpeg))
                await asyncio.sleep(pace_s)

        sending = asyncio.create_task(send())
        until = time.time() + 60
        while time.time() < until and not (sending.done() and first + len(pictures) - 1 in seen):
            try:
                said = await heard(socket, 3)
            except asyncio.TimeoutError:
                assert sending.done(), "nothing is heard while pictures are sent"
                break  # the last ones were pushed out by others: all cannot be read on a busy machine
            if said["type"] == "observations":
                seen[said["frame"]] = said
            elif said["type"] == "kept":
                kept = said["frame"]
        await sending
    return seen, kept, first


def live_session(server, site, anna, clara, session, both):
    pictures = jpegs(videos / "pyfeat_wolfganglanger.mp4", count=90, size="640:-2")
    seen, kept, _ = asyncio.run(stream(clara, session["id"], pictures, pace_s=0.05))
    faces = [face for said in seen.values() for face in said["faces"] if face["valid"]]
    assert len(seen) > 60 and len(faces) > 40, (len(seen), len(faces))
    assert all(abs(sum(face["p"]) - 1) < 0.01 for face in faces)
    # A break, and on: numbers go on, nothing twice.
    time.sleep(0.5)
    again, kept_again, first = asyncio.run(stream(clara, session["id"], pictures[:30], pace_s=0.05, first=max(seen) + 1))
    assert min(again) >= first > max(seen) and not set(seen) & set(again)
    watched = asyncio.run(watch_and_withdraw(clara, anna, session["id"], pictures, both["id"], max(again) + 1))
    print(f"withdrawal ended the stream after {watched:.2f} s")
    assert watched < 1
    assert clara.post("sessions", {"person": anna.person}, expect=403).slug == "consent-missing"
    # What was kept: each frame once, in order, with all columns.
    rows, after = [], -1
    while True:
        page = anna.get(f"sessions/{session['id']}/observations?after={after}&limit=40").json
        rows += page["rows"]
        if page["next"] is None:
            break
        after = page["next"]
    frames = [row[page["columns"].index("frame")] for row in rows]
    assert frames == sorted(frames), "in order"
    # What had not been told as kept when the consent was withdrawn is not kept: on a busy machine that may be the last seconds.
    told = max(kept, kept_again)
    assert told >= max(seen) and {frame for frame in (*seen, *again) if frame <= told} <= set(frames), "what was told as kept was kept"
    some = anna.get(f"sessions/{session['id']}/observations?columns=index,frame&limit=2000").json
    assert some["columns"] == ["index", "frame"] and [row[1] for row in some["rows"]] == frames[:len(some["rows"])]
    assert anna.get(f"sessions/{session['id']}/observations?columns=nose", expect=422).slug == "not-as-contract"
    # A clinician reads what a face gave only under consent.
    assert clara.get(f"sessions/{session['id']}/observations", expect=403).slug == "consent-missing"
    again_agreed = consent(anna, anna.person, "live_analysis", "store_observations")
    csv = clara.get(f"sessions/{session['id']}/observations?format=csv&limit=2000").body.decode()
    assert csv.splitlines()[0].startswith("frame,time_s,utc,face_id,valid,reason,angry")
    ended = clara.post(f"sessions/{session['id']}/end", expect=200).json
    assert ended["state"] == "ended" and ended["summary"]["frames"] == len(set(frames)), ended["summary"]
    face = ended["summary"]["people"][0]
    assert face["valid_frames"] > 40 and sum(ended["summary"]["gaps"].values()) == face["frames"] - face["valid_frames"], ended
    assert ended["summary"]["score"].startswith("alpha=1;") and ended["main_index"] == face["index"] and 0.5 < ended["readable_share"] <= 1
    assert abs(sum(face["p"]) - 1) < 1e-6
    # And so is what came of it, wherever a session is shown: without the consent there is its frame alone.
    anna.post(f"consents/{again_agreed['id']}/withdrawal", expect=200)
    for shown in (clara.get(f"sessions/{session['id']}").json, clara.get(f"sessions?person={anna.person}").json["rows"][0],
                  next(row for row in clara.get("sessions").json["rows"] if row["id"] == session["id"]), clara.post(f"sessions/{session['id']}/end", expect=200).json):
        assert shown["started"] and all(shown[figure] is None for figure in ("summary", "main_index", "main_perclos", "readable_share")), shown
    assert anna.get(f"sessions/{session['id']}").json["summary"] == ended["summary"], "their own they see"
    consent(anna, anna.person, "live_analysis", "store_observations")
    return frames


async def watch_and_withdraw(clara, anna, session, pictures, consent_id, first):
    """How long a stream goes on after its consent was withdrawn."""
    async with live(clara, f"sessions/{session}/stream") as sender:
        first = max(first, (await heard(sender))["next_frame"])

        async def send():
            for i in range(400):
                await sender.send(picture(first + i, time.time(), pictures[i % len(pictures)]))
                await asyncio.sleep(0.04)

        sending = asyncio.create_task(send())
        async with live(anna, f"sessions/{session}/watch") as watcher:
            while (await heard(watcher))["type"] != "observations":
                pass
            before = time.monotonic()
            await asyncio.get_running_loop().run_in_executor(None, lambda: anna.ask("POST", f"consents/{consent_id}/withdrawal", expect=200))
            while True:
                said = await heard(watcher)
                if said["type"] == "ended":
                    break
            took = time.monotonic() - before
            assert said["reason"] == "consent-withdrawn", said
        try:
            await asyncio.wait_for(sending, 10)
        except websockets.ConnectionClosed:
            pass
        return took


def bad_messages(clara, anna):
    session = clara.post("sessions", {"person": anna.person}).json["id"]

    async def throw():
        async with live(clara, f"sessions/{session}/stream") as socket:
            await heard(socket)
            await socket.send("text where pictures belong")
            assert (await heard(socket))["slug"] == "not-as-contract"
            await socket.send(picture(5, time.time(), b"\xff\xd8 no picture"))
            assert (await heard(socket)) == {"type": "problem", "slug": "picture-unreadable", "frame": 5}
            await socket.send(picture(3, time.time(), b"\xff\xd8"))
            assert (await heard(socket))["slug"] == "frame-number"
            try:
                for _ in range(200):
                    await socket.send(b"x")
                while True:
                    await heard(socket)
            except websockets.ConnectionClosed as closed:
                assert closed.code == 1008, closed
        # From a page of another site, the browser's cookie is not enough.
        try:
            async with websockets.connect(f"wss://127.0.0.1:{clara.port}{API}/sessions/{session}/stream",
                                          ssl=trusting(),
                                          extra_headers={"Cookie": clara.cookie, "Origin": "https://evil.example"}):
                raise AssertionError("a page of another site was let in")
        except websockets.InvalidStatusCode as refused:
            assert refused.status_code == 403

    asyncio.run(throw())


def device(site, server, anna):
    box = site.user("box", "device", person=anna.person)
    client = box
    session = client.post("sessions", {"person": anna.person}).json["id"]

    def row(frame):
        return {"frame": frame, "time_s": frame / 10, "utc": "2026-01-31T12:00:00.5Z", "face_id": 0, "valid": True,
                "p": [0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.2], "eye_openness": 0.9, "yaw_deg": 12.5, "pitch_deg": None}

    rows = [row(i) for i in range(25)]
    assert client.post(f"sessions/{session}/observations", {"observations": rows}, expect=200).json == {"kept": 24}
    assert client.post(f"sessions/{session}/observations", {"observations": rows[20:] + [row(25)]}, expect=200).json == {"kept": 25}
    kept = anna.get(f"sessions/{session}/observations").json
    assert [r[0] for r in kept["rows"]] == list(range(26)), "sent twice, kept once"
    turned = anna.get(f"sessions/{session}/observations?columns=eye_openness,yaw_deg,pitch_deg,roll_deg&limit=1").json["rows"][0]
    assert abs(turned[0] - 0.9) < 1e-6 and turned[1:] == [12.5, None, None], turned
    client.get(f"people/{anna.person}", expect=403)
    client.get(f"sessions/{session}/observations", expect=403)


def rights(site, anna, clara):
    """Everything out, who looked, and everything gone."""
    archive = zipfile.ZipFile(io.BytesIO(anna.get(f"people/{anna.person}/export").body))
    everything = json.loads(archive.read("person.json"))
    assert everything["person"]["name"] == "Anna Planted-Name" and everything["note"][0]["text"] == "slept badly"
    assert "Not a diagnosis" in everything["notice"]
    # The same as tables: a cell is the text itself (made harmless where a spreadsheet would reckon with it), or JSON.
    for table, rows in everything.items():
        if not isinstance(rows, list) or not rows or table == "left_out":
            continue
        cells = list(csv.DictReader(io.StringIO(archive.read(f"tables/{table}.csv").decode())))
        assert len(cells) == len(rows), table
        for cell, row in zip(cells, rows):
            assert set(cell) == set(row), table
            for name, value in row.items():
                read = cell[name] if isinstance(value, str) else json.loads(cell[name] or "null")
                assert read == value or read == f"'{value}" and value[0] in "=+-@", (table, name, read, value)
    assert "tables/note.csv" in archive.namelist() and "tables/session.csv" in archive.namelist()
    sessions = [name for name in archive.namelist() if name.startswith("observations/")]
    assert sessions and archive.read(sessions[0]).startswith(b"frame,time_s")
    looked = [row["actor"] for row in anna.get("audit?limit=200").json["rows"]]
    assert clara.account in looked
    clara.get("audit", expect=403)
    assert len(site.admin.get("audit?limit=200").json["rows"]) > len(looked), "an administrator sees what was done, to all"
    assert clara.ask("DELETE", f"people/{anna.person}", expect=403).slug == "role"
    gone = anna.ask("DELETE", f"people/{anna.person}", expect=200).json
    assert gone["person"] == 1 and gone["session"] >= 2 and gone["segment"] > 3, gone
    anna.get("me", expect=401)
    clara.get(f"people/{anna.person}", expect=404)


def mode_limits(site):
    """In fatigue and surveys only, no expression is computed or kept."""
    site.mode("fatigue_and_surveys")
    eva, kai = site.user("eva", "participant"), site.user("kai", "clinician")
    eva.post(f"people/{eva.person}/care", {"account": "kai"})
    consent(eva, eva.person, "live_analysis", "store_observations")
    session = eva.post("sessions", {"person": eva.person}).json["id"]
    pictures = jpegs(videos / "pyfeat_wolfganglanger.mp4", count=20, size="640:-2")
    seen, _, _ = asyncio.run(stream(eva, session, pictures, pace_s=0.08))
    faces = [face for said in seen.values() for face in said["faces"] if face["valid"]]
    assert faces and all(p is None for face in faces for p in face["p"]), faces[:1]
    assert any(face["eye_openness"] is not None for face in faces)
    ended = eva.post(f"sessions/{session}/end", expect=200).json
    assert ended["main_index"] is None and all(face["index"] is None and face["perclos"] is not None for face in ended["summary"]["people"]), ended
    box = site.user("box2", "device", person=eva.person)
    other = box.post("sessions", {"person": eva.person}).json["id"]
    refused = box.post(f"sessions/{other}/observations", {"observations": [
        {"frame": 0, "time_s": 0, "utc": "2026-01-31T12:00:00Z", "face_id": 0, "valid": True, "p": [1, 0, 0, 0, 0, 0, 0]}]}, expect=403)
    assert refused.slug == "not-in-this-mode"


def admin_words(*words, code=0):
    done = subprocess.run([program, "admin", *map(str, words)], capture_output=True, text=True, timeout=120)
    assert done.returncode == code, f"admin {words}: {done.returncode} {done.stdout} {done.stderr}"
    return done.stdout


def upkeep(server, site, postgres):
    data = ("--data", server.data, *database_flags(postgres))
    anchor = json.loads(admin_words("audit-verify", *data, "--json"))["anchor"]
    site.admin.get("users")
    admin_words("audit-verify", *data, "--anchor", anchor)
    if postgres:
        outage(server, site, postgres)
        server.stop()
        return
    copy = server.data.parent / "copy.db"
    admin_words("backup", *data, copy)
    assert json.loads(admin_words("check", *data, "--json")) == {"faults": [], "whole": True}
    users = site.admin.get("users?limit=200").json["rows"]
    server.stop()
    for file in [*server.data.rglob("*"), copy]:
        if file.is_file():
            assert b"Planted-Name" not in file.read_bytes() and b"slept badly" not in file.read_bytes(), file
    admin_words("rotate-key", *data)
    server.start()
    site.admin.port = server.port
    site.admin._connection = None
    assert site.admin.get("users?limit=200").json["rows"] == users, "the login and all rows outlive a new key"
    server.stop()
    admin_words("audit-verify", *data, "--anchor", anchor)
    admin_words("restore", *data, copy, code=3)  # made under the old key


def outage(server, site, postgres):
    """The database goes and comes back: clear words meanwhile, and on as before."""
    postgres.stop("immediate")
    assert site.admin.get("/healthz").status == 200
    site.admin.get("/readyz", expect=503)
    refused = site.admin.get("users", expect=503)
    assert refused.slug == "database-away" and refused.headers["retry-after"], refused
    postgres.start()
    until = time.time() + 20
    while site.admin.ask("GET", "users").status != 200:
        assert time.time() < until, "the server does not find its database again"
        time.sleep(0.2)


def bad_starts(tmp):
    def refused(code, *flags, mentions=()):
        done = subprocess.run([program, "serve", "--port", "0", *map(str, flags)], capture_output=True, text=True, timeout=60)
        assert done.returncode == code and done.stderr.startswith("pyrometer: "), (flags, done)
        for mention in mentions:
            assert mention in done.stderr, (mention, done.stderr)

    (tmp / "file").write_text("x")
    refused(4, "--data", tmp / "file", mentions=[str(tmp / "file")])
    refused(2, "--data", tmp / "a", "--address", "elsewhere", mentions=["elsewhere"])
    refused(2, "--data", tmp / "a", "--certificate", tmp / "none.pem", mentions=["--certificate-key"])
    (tmp / "short").write_text("abc")
    refused(3, "--data", tmp / "a", "--key-file", tmp / "short", mentions=["short"])
    (tmp / "wrong").write_text("ab" * 32)
    refused(3, "--data", tmp / "a", "--key-file", tmp / "wrong", mentions=["key"])
    checked = subprocess.run([program, "serve", "--check-config", "--data", str(tmp / "file")], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 2 and "no folder" in checked.stdout, checked


with Postgres() if on_postgres else contextlib.nullcontext() as postgres, Server(program, flags=database_flags(postgres)) as running:
    first_start(running, postgres)
    administrator = signing_in(running)
    place = Site.__new__(Site)
    place.server, place.admin = running, administrator
    contract_is_obeyed(place)
    people = records(place)
    if videos.is_dir():
        live_session(running, place, *people)
        bad_messages(people[1], people[0])
    else:
        print(f"no {videos}: live streams are not tested")
    device(place, running, people[0])
    rights(place, people[0], people[1])
    if videos.is_dir():
        mode_limits(place)
    upkeep(running, place, postgres)
with tempfile.TemporaryDirectory() as folder:
    bad_starts(pathlib.Path(folder))
print("serve: all as expected")
