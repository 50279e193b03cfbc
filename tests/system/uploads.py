"""Uploads in pieces: cut off in the middle, by a network or by kill -9, they go on where they ended.

usage: uploads.py PYROMETER VIDEO_FOLDER [postgresql]
"""
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import random
import sys
import time

from postgres import Postgres, asked_for, database_flags
from server import API, Server, Site, trusting

on_postgres = asked_for()
program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
CLIP = (videos / "pyfeat_single_face.mp4").read_bytes()
SUM = hashlib.sha256(CLIP).hexdigest()
STEP = len(CLIP) // 7
BINARY = {"Content-Type": "application/octet-stream"}


def begin(client, data=CLIP):
    return client.post("partial-uploads", {"bytes": len(data)}).json["id"]


def piece(client, one, offset, data, expect=200):
    return client.ask("POST", f"partial-uploads/{one}/pieces?offset={offset}", raw=data, headers=BINARY, expect=expect)


def received(client, one):
    return client.get(f"partial-uploads/{one}").json["received"]


def send_rest(client, one, data=CLIP, until=None):
    at = received(client, one)
    while at < (until or len(data)):
        at = piece(client, one, at, data[at:at + STEP]).json["received"]


def end(client, one, sha256=SUM, expect=201):
    return client.post(f"partial-uploads/{one}/end", {"sha256": sha256}, expect=expect)


def files(server):
    return sorted(str(file.relative_to(server.data)) for folder in ("uploads", "jobs/uploads") for file in (server.data / folder).rglob("*") if file.is_file())


def analysed(client, upload):
    one = client.post("jobs", {"kind": "analyze", "uploads": [upload]}).json
    until = time.monotonic() + 120
    while one["state"] not in ("done", "failed", "cancelled") and time.monotonic() < until:
        time.sleep(0.2)
        one = client.get(f"jobs/{one['id']}").json
    assert one["state"] == "done", one
    return [row.split(",")[:2] + row.split(",")[3:] for row in client.get(f"jobs/{one['id']}/results/frames.csv").body.decode().splitlines()]


def cut_in_a_piece(client, one, offset):
    """The connection goes while a piece is on its way."""
    connection = http.client.HTTPSConnection("127.0.0.1", client.port, timeout=10, context=trusting())
    connection.putrequest("POST", f"{API}/partial-uploads/{one}/pieces?offset={offset}")
    for name, value in {"Cookie": client.cookie, "X-CSRF-Token": client.csrf, "Content-Length": str(STEP), **BINARY}.items():
        connection.putheader(name, value)
    connection.endheaders(CLIP[offset:offset + STEP // 2])
    time.sleep(0.1)
    connection.close()


def cut_and_killed(server, client, clients):
    whole = client.ask("POST", "uploads", raw=CLIP, headers=BINARY, expect=201).json
    expected = analysed(client, whole["id"])
    one = begin(client)
    # It is no upload yet.
    assert client.post("jobs", {"kind": "analyze", "uploads": [one]}, expect=422).slug == "no-such-upload"
    send_rest(client, one, until=2 * STEP)
    cut_in_a_piece(client, one, 2 * STEP)
    assert received(client, one) == 2 * STEP
    random.seed(5)
    for kill in range(3):
        acknowledged = received(client, one)
        if kill == 1:  # in the middle of a piece; whether it counted nobody was told
            cut_in_a_piece(client, one, acknowledged)
        elif acknowledged < 5 * STEP:
            acknowledged = piece(client, one, acknowledged, CLIP[acknowledged:acknowledged + STEP]).json["received"]
        server.kill()
        server.start()
        for each in clients:
            each.port, each._connection = server.port, None
        assert received(client, one) == acknowledged, "what was acknowledged is there after kill -9"
    assert end(client, one, expect=409).slug == "wrong-offset", "what is not whole does not end"
    send_rest(client, one)
    at_rest = b"".join((server.data / file).read_bytes() for file in files(server))
    assert CLIP[1000:1100] not in at_rest and CLIP[3 * STEP:3 * STEP + 100] not in at_rest, "pieces are sealed"
    done = end(client, one).json
    assert done == end(client, one).json, "asked again it answers the same"
    assert (done["kind"], done["bytes"], done["id"]) == ("video", len(CLIP), one), done
    assert files(server) == [f"jobs/uploads/{one}"], files(server)
    assert analysed(client, one) == expected, "the same figures as of one that was sent whole"
    assert files(server) == [], files(server)


def what_is_refused(server, client, other):
    one = begin(client)
    for offset in (1, STEP, len(CLIP)):
        refusal = piece(client, one, offset, b"x" * 10, expect=409)
        assert refusal.slug == "wrong-offset" and refusal.json["received"] == 0, refusal
    send_rest(client, one, until=STEP)
    assert piece(client, one, 0, CLIP[:STEP], expect=409).json["received"] == STEP, "a piece whose answer was lost is not taken twice"
    # Another's.
    assert other.ask("GET", f"partial-uploads/{one}", expect=404).slug == "no-such-record"
    assert piece(other, one, STEP, b"x", expect=404).slug == "no-such-record"
    end(other, one, expect=404)
    other.ask("DELETE", f"uploads/{one}", expect=404)
    piece(server.client(), one, STEP, b"x", expect=401)
    # Too much: of a piece, of an upload, of all of them.
    assert piece(client, one, STEP, CLIP, expect=413).slug == "too-large"
    assert client.ask("POST", f"partial-uploads/{one}/pieces?offset={STEP}", raw=b"x", headers={**BINARY, "Content-Length": str((32 << 20) + 1)}, expect=413).slug == "too-large"
    assert client.post("partial-uploads", {"bytes": (4 << 30) + 1}, expect=413).slug == "too-large"
    large = []
    while (reply := client.ask("POST", "partial-uploads", {"bytes": 4 << 30})).status == 201:
        large.append(reply.json["id"])
    assert reply.status == 429 and reply.slug == "too-many-uploads" and len(large) == 3, reply
    # What is nothing.
    assert piece(client, one, STEP, b"", expect=None).status in (400, 422)
    for bad in (0, -1, "x", 1.5, None):
        client.post("partial-uploads", {"bytes": bad}, expect=422)
    for bad in ("", SUM.upper(), SUM[:-1], "../../key"):
        client.post(f"partial-uploads/{one}/end", {"sha256": bad}, expect=422)
    # Names that lead elsewhere.
    before = sorted(os.listdir(server.data))
    for name in ("..%2F..%2Fkey", "%2e%2e", "..", "x", "a" * 36):
        for method, path in (("GET", f"partial-uploads/{name}"), ("POST", f"partial-uploads/{name}/pieces?offset=0"), ("DELETE", f"uploads/{name}")):
            reply = client.ask(method, path, raw=b"x" if method == "POST" else None, headers=BINARY if method == "POST" else None)
            assert reply.status in (400, 404, 405), reply
    assert sorted(os.listdir(server.data)) == before
    # What no job takes is refused at its first piece, and forgotten.
    two = begin(client, b"no video at all" * 100)
    assert piece(client, two, 0, b"no video at all" * 50, expect=422).slug == "unknown-media"
    client.ask("GET", f"partial-uploads/{two}", expect=404)
    # Other bytes than were meant.
    send_rest(client, one)
    assert end(client, one, hashlib.sha256(b"other").hexdigest(), expect=422).slug == "other-content"
    client.ask("GET", f"partial-uploads/{one}", expect=404)
    # Removed in the middle.
    client.ask("DELETE", f"uploads/{large[0]}", expect=204)
    half = begin(client)
    send_rest(client, half, until=STEP)
    for each in (half, *large[1:]):
        client.ask("DELETE", f"uploads/{each}", expect=204)
        client.ask("GET", f"partial-uploads/{each}", expect=404)
    assert files(server) == [], files(server)


with Postgres() if on_postgres else contextlib.nullcontext() as postgres, \
        Server(program, flags=[*database_flags(postgres), "--job-priority", "normal"]) as server:
    site = Site(server)
    site.mode("research")
    rita, rob = site.user("rita", "researcher"), site.user("rob", "researcher")
    cut_and_killed(server, rita, (rita, rob, site.admin))
    what_is_refused(server, rita, rob)
    print(json.dumps({"uploads": "resumed after a cut and three kills"}))
