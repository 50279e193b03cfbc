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
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

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


def nothing_left(server):
    until = time.monotonic() + 5
    while files(server) and time.monotonic() < until:
        time.sleep(0.1)
    assert files(server) == [], files(server)


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
    nothing_left(server)


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
    nothing_left(server)


class Cutter:
    """Between a client and the server: once so many bytes have gone up, it cuts, and takes nobody for a while."""

    def __init__(self, port, after, away_s):
        self.port, self.after, self.away_s = port, after, away_s
        self.up, self.cuts = 0, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()

    def port_of(self):
        return self.listener.getsockname()[1]

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.port))
            ends = [threading.Thread(target=self.pump, args=pair, daemon=True) for pair in ((client, server, True), (server, client, False))]
            for end in ends:
                end.start()
            if self.cuts == 0:  # one connection, and its cut, before the next
                for end in ends:
                    end.join()
                time.sleep(self.away_s if self.cuts else 0)

    def pump(self, source, target, up):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self.up += len(data) if up else 0
                if up and not self.cuts and self.up > self.after:
                    self.cuts += 1
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def command_line(server, client, tmp):
    """analyze --server goes on where a cut ended it: nothing that arrived is sent twice."""
    random.seed(6)
    packed = tmp / "ward.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.mp4", CLIP)
        archive.writestr("notes.txt", random.randbytes(30 << 20))
    size = packed.stat().st_size
    token = client.post("me/tokens", {"name": "a program", "scopes": ["read", "write", "batch"]}).json["secret"]

    def analyze(port, out):
        done = subprocess.run([program, "analyze", str(packed), "--out", str(tmp / out), "--server", f"https://localhost:{port}", "--ca-file", str(server.data / "tls" / "certificate.pem")],
                              capture_output=True, text=True, timeout=300, env={**os.environ, "PYROMETER_TOKEN": token})
        assert done.returncode == 0, done
        return [row.split(",")[:2] + row.split(",")[3:] for row in next((tmp / out).rglob("frames.csv")).read_text().splitlines()]

    cutter = Cutter(server.port, size - (9 << 20), 3)
    assert analyze(cutter.port_of(), "cut") == analyze(server.port, "straight")
    assert cutter.cuts == 1 and size < cutter.up < size + (10 << 20), f"{cutter.up} bytes went for {size}"
    nothing_left(server)


with Postgres() if on_postgres else contextlib.nullcontext() as postgres, \
        Server(program, flags=[*database_flags(postgres), "--job-priority", "normal"]) as server:
    site = Site(server)
    site.mode("research")
    rita, rob = site.user("rita", "researcher"), site.user("rob", "researcher")
    cut_and_killed(server, rita, (rita, rob, site.admin))
    what_is_refused(server, rita, rob)
    with tempfile.TemporaryDirectory() as folder:
        command_line(server, rita, pathlib.Path(folder))
    print(json.dumps({"uploads": "resumed after a cut and three kills"}))
