"""One's own account: recovery codes, where one is signed in, and what the log says of it.

usage: account.py PYROMETER [FAKE_CLOCK]
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from server import PASSWORD, Server, Site, totp

program = sys.argv[1]
clock = sys.argv[2] if len(sys.argv) > 2 else None
FLAGS = ["--no-live", "--job-workers", "0"]


def recovery_codes(server, clara):
    secret = clara.post("me/totp", expect=200).json["secret"]
    assert clara.post("me/recovery-codes", {"password": PASSWORD, "code": "000000"}, expect=409).slug == "no-authenticator"
    codes = clara.ask("PUT", "me/totp", {"code": totp(secret)}, expect=200).json["recovery_codes"]
    assert len(set(codes)) == 10 and all(re.fullmatch(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", code) for code in codes), codes
    assert clara.get("me").json["account"]["recovery_codes_left"] == 10
    other = server.client()
    assert other.login("clara", PASSWORD, codes[0]).json["account"]["recovery_codes_left"] == 9
    assert other.login("clara", PASSWORD, codes[0], expect=401).slug == "login-failed", "each counts once"
    other.login("clara", PASSWORD, codes[1].upper().replace("-", " "))
    assert other.login("clara", "wrong", codes[2], expect=401).slug == "login-failed", "the password is asked as well"
    other.login("clara", PASSWORD, codes[2])
    # New ones: only for whoever knows password and code.
    assert clara.post("me/recovery-codes", {"password": "wrong", "code": codes[3]}, expect=403).slug == "login-failed"
    assert clara.post("me/recovery-codes", {"code": codes[3]}, expect=403).slug == "login-failed"
    clara.post("me/recovery-codes", {"password": PASSWORD}, expect=422)
    fresh = clara.post("me/recovery-codes", {"password": PASSWORD, "code": totp(secret, time.time() + 30)}, expect=200).json["recovery_codes"]
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    assert other.login("clara", PASSWORD, codes[3], expect=401).slug == "login-failed", "the old ones are gone"
    assert other.login("clara", PASSWORD, fresh[0]).json["account"]["recovery_codes_left"] == 9
    clara.ask("DELETE", "me/totp", expect=204)
    assert clara.get("me").json["account"]["recovery_codes_left"] is None
    # A new authenticator begins with codes of its own.
    secret = clara.post("me/totp", expect=200).json["secret"]
    clara.ask("PUT", "me/totp", {"code": totp(secret)}, expect=200)
    assert other.login("clara", PASSWORD, fresh[1], expect=401).slug == "login-failed"
    clara.ask("DELETE", "me/totp", expect=204)


def signed_in_as(server, agent, name="otto"):
    client = server.client()
    client.csrf = client.ask("POST", "login", {"name": name, "password": PASSWORD}, headers={"User-Agent": agent}, expect=200).json["csrf_token"]
    return client


def logins(server, site, otto, clara):
    phone = signed_in_as(server, "Mozilla/5.0 (Phone) Browser/1")
    desk = signed_in_as(server, "Desk " + "x" * 4000)
    rows = phone.get("me/logins").json["rows"]
    assert len(rows) == 3 and [row["current"] for row in rows] == [False, True, False], rows
    assert rows[1]["client"] == "Mozilla/5.0 (Phone) Browser/1" and len(rows[0]["client"]) == 160, rows
    assert rows == sorted(rows, key=lambda row: row["created"], reverse=True)
    assert "hash" not in rows[0]
    at_desk = rows[0]["id"]
    assert clara.ask("DELETE", f"me/logins/{at_desk}", expect=404).slug == "no-such-record", "another's"
    desk.get("me")
    phone.ask("DELETE", f"me/logins/{at_desk}", csrf=False, expect=403)
    phone.ask("DELETE", f"me/logins/{at_desk}", expect=204)
    desk.get("me", expect=401)
    assert phone.ask("DELETE", "me/logins", expect=200).json == {"ended": 1}
    otto.get("me", expect=401)
    assert [row["current"] for row in phone.get("me/logins").json["rows"]] == [True]
    token = server.client(phone.post("me/tokens", {"name": "t", "scopes": ["read"]}).json["secret"])
    assert [row["current"] for row in token.get("me/logins").json["rows"]] == [False]
    assert token.ask("DELETE", "me/logins", expect=403).slug == "token-scope"
    # The administrator ends them all, and only the administrator.
    account = phone.get("me").json["account"]["id"]
    clara.ask("DELETE", f"users/{account}/logins", expect=403)
    assert site.admin.ask("DELETE", f"users/{account}/logins", expect=200).json == {"ended": 1}
    phone.get("me", expect=401)
    site.admin.ask("DELETE", "users/00000000-0000-7000-8000-000000000000/logins", expect=404)


def seen(folder):
    """When a login was last seen, to a minute; one that is over is not listed."""
    ahead = folder / "ahead"
    ahead.write_text("0")
    with Server(program, flags=FLAGS, environment={"LD_PRELOAD": clock, "FAKE_CLOCK": str(ahead)}) as server:
        site = Site(server)
        first = site.admin.get("me/logins").json["rows"]
        assert len(first) == 1 and first[0]["seen"] == first[0]["created"]
        ahead.write_text("600")
        site.admin.get("me")
        again = site.admin.get("me/logins").json["rows"]
        assert again[0]["seen"][:16] != first[0]["seen"][:16] and again[0]["created"] == first[0]["created"], (first, again)
        ahead.write_text(str(13 * 3600))
        site.admin.get("me", expect=401)
        site.admin.login("admin", PASSWORD)
        assert len(site.admin.get("me/logins").json["rows"]) == 1


def log_lines(folder):
    verbose = folder / "verbose"
    verbose.write_text(f'#!/bin/sh\nexec "{program}" -v "$@"\n')
    verbose.chmod(0o755)
    settings = folder / "settings.toml"
    settings.write_text('log-format = "json"\n')
    with Server(str(verbose), flags=["--no-live", "--config", str(settings)]) as server:  # with a worker, which logs as well
        site = Site(server)
        site.mode("clinical")
        anna = site.user("anna-planted", "participant")
        anna.ask("PATCH", f"people/{anna.person}", {"name": "Anna Planted-Name"}, expect=200)
        server.client().login("anna-planted", 'wrong "quoted"\n', expect=401)
        anna.get("people?limit=0", expect=400)
        server.stop()
        text = server.errors()
    lines = [json.loads(line) for line in text.splitlines()]
    assert len(lines) > 8 and all(list(line) == ["time", "level", "message"] for line in lines), lines[:3]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", line["time"]) for line in lines), lines[0]
    assert any(" changePerson 200 " in line["message"] for line in lines) and any(" login 401 " in line["message"] for line in lines)
    for planted in ("planted", "Planted", "127.0.0.1", anna.person, anna.account):
        assert planted not in text, planted
    (folder / "file").write_text("x")
    failed = subprocess.run([program, "serve", "--log-format", "json", "--data", str(folder / "file")], capture_output=True, text=True, timeout=60)
    assert failed.returncode == 4 and [json.loads(line)["level"] for line in failed.stderr.splitlines()] == ["critical"], failed


def device_tokens(running, site):
    """Two devices deliver for one person by tokens of one account: each can be shut out alone."""
    eva = site.user("eva", "participant")
    first = site.user("ward", "device", person=eva.person)
    tokens = f"users/{first.account}/tokens"
    made = site.admin.post(tokens, {"name": "the other room"}).json
    second = running.client(made["secret"])
    told = {row["name"]: row for row in site.admin.get(tokens).json["rows"]}
    assert set(told) == {"ward", "the other room"} and all("secret" not in row and row["scopes"] == ["stream", "observations"] for row in told.values()), told
    assert told["the other room"]["tail"] == made["tail"] and made["secret"].endswith(made["tail"])
    session = {"person": eva.person}
    assert first.post("sessions", session, expect=403).slug == "consent-missing"
    site.admin.ask("DELETE", f"{tokens}/{told['ward']['id']}", expect=204)
    first.post("sessions", session, expect=401)
    assert second.post("sessions", session, expect=403).slug == "consent-missing", "the other goes on"
    site.admin.ask("DELETE", f"{tokens}/{told['ward']['id']}", expect=404)
    assert [row["name"] for row in site.admin.get(tokens).json["rows"] if row["revoked"]] == ["ward"]
    # A person's own are theirs.
    own = eva.post("me/tokens", {"name": "t", "scopes": ["read"]}).json["id"]
    site.admin.get(f"users/{eva.account}/tokens", expect=404)
    site.admin.ask("DELETE", f"users/{eva.account}/tokens/{own}", expect=404)
    site.admin.ask("DELETE", f"{tokens}/{own}", expect=404)


with Server(program, flags=FLAGS) as running:
    place = Site(running)
    place.mode("clinical")
    people = place.user("clara", "clinician"), place.user("otto", "clinician")
    device_tokens(running, place)
    recovery_codes(running, people[0])
    logins(running, place, people[1], people[0])
    running.stop()
with tempfile.TemporaryDirectory() as own:
    log_lines(pathlib.Path(own))
    if clock:
        seen(pathlib.Path(own))
print("account: all as expected")
