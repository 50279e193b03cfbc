"""What the administrator's page asks: backups made, listed, looked through, removed; how the server is. And what a sign-in page may know.

usage: site_upkeep.py PYROMETER [postgresql]
"""
import contextlib
import pathlib
import subprocess
import sys
import tempfile
import time

from postgres import Postgres, asked_for, database_flags
from server import Server, Site, consent

on_postgres = asked_for()
program = sys.argv[1]


def first_run(server):
    stranger = server.client()
    assert stranger.get("welcome").json == {"waits_for_administrator": True}
    new = server.client()
    signed_in = new.login(*server.first).json
    assert signed_in["account"]["must_change_password"]
    assert new.get("users", expect=403).slug == "password-must-change", "nothing else before the password is one's own"
    assert new.get("me").json["account"]["must_change_password"]
    assert stranger.get("welcome").json == {"waits_for_administrator": True}, "to sign in is not to have settled"
    site = Site(server)
    assert stranger.get("welcome").json == {"waits_for_administrator": False}
    assert not site.admin.get("me").json["account"]["must_change_password"]
    return site


def made(admin):
    name = admin.post("backups", expect=202).json["name"]
    for _ in range(300):
        told = admin.get("backups").json
        if told["running"] is None:
            break
        assert all(row["name"] != told["running"] for row in told["rows"]), "what is not whole is not listed"
        time.sleep(0.1)
    assert told["running"] is None and told["error"] is None, told
    return next(row for row in told["rows"] if row["name"] == name)


def backups(server, admin, anna, folder):
    assert admin.get("backups").json["rows"] == [] and admin.get("status").json["last_backup"] is None
    note = anna.post("sessions", {"person": anna.person, "title": "before"}).json
    first = made(admin)
    assert first["verified"] is True and first["bytes"] > 4096
    file = folder / first["name"]
    assert b"SQLite format" not in file.read_bytes()[:32] and file.stat().st_mode & 0o077 == 0, "encrypted, and nobody else's to read"
    # What somebody has put there says nothing of itself, and what is no backup is none.
    (folder / "by-hand.db").write_bytes(b"x")
    (folder / "notes.txt").write_bytes(b"x")
    rows = {row["name"]: row for row in admin.get("backups").json["rows"]}
    assert set(rows) == {first["name"], "by-hand.db"} and rows["by-hand.db"]["verified"] is None
    second = made(admin)
    assert second["name"] != first["name"]
    assert admin.get("status").json["last_backup"]["name"] in (second["name"], "by-hand.db")
    for name in ("by-hand.db", second["name"]):
        admin.ask("DELETE", f"backups/{name}", expect=204)
    admin.ask("DELETE", f"backups/{second['name']}", expect=404)
    for wrong in ("..%2Fpyrometer.db", "pyrometer.db", "notes.txt", ".db"):
        assert admin.ask("DELETE", f"backups/{wrong}").status in (400, 404), wrong
    assert (folder / "notes.txt").exists() and (server.data / "pyrometer.db").exists()
    assert [row["name"] for row in admin.get("backups").json["rows"]] == [first["name"]]
    looked = [row["resource"] for row in admin.get("audit?limit=200").json["rows"] if row["action"] == "backups.write"]
    assert any(resource.startswith("POST") for resource in looked) and any(resource.startswith("DELETE") for resource in looked)
    # It can be brought back.
    anna.post("sessions", {"person": anna.person, "title": "after"})
    server.stop()
    subprocess.run([program, "admin", "restore", "--data", str(server.data), str(file)], check=True, capture_output=True, timeout=120)
    server.start()
    for client in (admin, anna):
        client.port, client._connection = server.port, None
    assert [row["id"] for row in anna.get("sessions").json["rows"]] == [note["id"]]


def status(server, admin):
    told = admin.get("status").json
    assert told["database"]["kind"] == ("postgresql" if on_postgres else "sqlite") and told["database"]["bytes"] > 4096
    assert 0 < told["disk"]["free_bytes"] <= told["disk"]["bytes"] and 0 <= told["uptime_s"] < 600
    assert told["live"] is None and told["jobs"] == {"queued": 0, "running": 0, "workers": 0} and told["connections"] >= 1
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
    assert told["version"] == version


with tempfile.TemporaryDirectory() as place, (Postgres() if on_postgres else contextlib.nullcontext()) as postgres:
    folder = pathlib.Path(place) / "backups"
    flags = ["--no-live", "--job-workers", "0", "--backups", str(folder), *database_flags(postgres)]
    with Server(program, flags=flags) as server:
        site = first_run(server)
        site.mode("clinical")
        anna = site.user("anna", "participant")
        consent(anna, anna.person, "live_analysis", "store_observations")
        status(server, site.admin)
        anna.get("backups", expect=403)
        anna.get("status", expect=403)
        if on_postgres:
            assert site.admin.post("backups", expect=409).slug == "not-here"
            assert site.admin.get("backups").json["rows"] == []
        else:
            backups(server, site.admin, anna, folder)
        server.stop()
print("site_upkeep: all as expected")
