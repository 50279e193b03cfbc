"""What a host does to a server: the clock jumps, the disk is full, a change of key is killed, two servers share one database. Nothing that
was acknowledged is lost, nothing answers that should not, and each goes on without being started again where that is possible.

usage: upsets.py PYROMETER VIDEO_FOLDER [FAKE_CLOCK.so] [ROUNDS]
"""
import asyncio
import os
import pathlib
import random
import secrets
import subprocess
import sys
import tempfile
import time

from postgres import Postgres, database_flags
from server import PASSWORD, Server, Site, consent, frames_of, heard, jpegs, live, picture

program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
clock = sys.argv[3] if len(sys.argv) > 3 else None
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 6
chance = random.Random(1)
HOUR, DAY = 3600, 24 * 3600


def admin(data, *words, check=True, timeout=120):
    done = subprocess.run([program, "admin", *words, "--data", str(data)], capture_output=True, text=True, timeout=timeout, check=False)
    assert not check or done.returncode == 0, (words, done)
    return done


def rows_of(first, count):
    return [{"frame": first + i, "time_s": (first + i) / 30, "utc": "2026-01-31T12:00:00Z", "face_id": 0, "valid": True,
             "p": [0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.2]} for i in range(count)]


def observed_person(server):
    site = Site(server)
    site.mode("clinical")
    anna = site.user("anna", "participant")
    consent(anna, anna.person, "live_analysis", "store_observations")
    return site, anna, anna.post("sessions", {"person": anna.person}).json["id"]


def killed_rotations(folder):
    """The key is changed and the change is killed at a random moment; the server then starts, and reads what it had."""
    data = folder / "rotated"
    with Server(program, data, flags=["--no-live"]) as server:
        _, anna, session = observed_person(server)
        for first in range(0, 30_000, 1000):
            anna.post(f"sessions/{session}/observations", {"observations": rows_of(first, 1000)}, expect=200)
        server.stop()
        began = time.monotonic()
        admin(data, "rotate-key")
        whole_s = time.monotonic() - began
        left = 0
        for number in range(rounds):
            with subprocess.Popen([program, "admin", "rotate-key", "--data", str(data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as turning:
                time.sleep(chance.uniform(0.2, 1.0) * whole_s)
                turning.kill()
            if (data / "key.next").exists():
                left += 1
                refused = admin(data, "check", check=False)
                assert refused.returncode == 4 and "cut off" in refused.stderr, refused
            server.start()
            assert not (data / "key.next").exists()
            anna.port, anna._connection = server.port, None
            # What was signed and sealed before still counts: her login and its protection against forged requests.
            anna.post("notes", {"session": session, "text": f"after change {number}"})
            assert len(anna.get(f"notes?session={session}").json["rows"]) == number + 1
            assert len(frames_of(anna, session)) == 30_000
            server.stop()
            admin(data, "check")
            admin(data, "audit-verify")
        assert set(os.listdir(data)) >= {"key", "pyrometer.db"} and not list(data.glob("*.part")), os.listdir(data)
    return f"rotate-key killed {rounds} times, {left} of them midway"


def full_disk(folder):
    """The data folder's disk fills up while a device writes; it is told so, and goes on once there is space."""
    disk = folder / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(disk)], check=False).returncode != 0:
        return "SKIPPED: full disk (a small file system cannot be mounted here)"
    try:
        with Server(program, disk / "data", flags=["--no-live"]) as server:
            _, anna, session = observed_person(server)
            kept, refused = -1, None
            filler = disk / "filler"
            filler.write_bytes(bytes(12 << 20))
            while refused is None and kept < 3_000_000:
                reply = anna.ask("POST", f"sessions/{session}/observations", {"observations": rows_of(kept + 1, 900)})
                if reply.status == 200:
                    kept = reply.json["kept"]
                else:
                    refused = reply
            assert refused.status in (503, 507), refused
            assert "disk" in refused.json["detail"] or "space" in refused.json["detail"], refused
            assert anna.ask("GET", "site").status == 200, "what needs no space is answered"
            upload = anna.ask("POST", "uploads", raw=b"\xff\xd8\xff\xe0" + bytes(4 << 20), headers={"Content-Type": "application/octet-stream"})
            assert upload.status in (503, 507), upload
            filler.unlink()
            for _ in range(100):
                reply = anna.ask("POST", f"sessions/{session}/observations", {"observations": rows_of(kept + 1, 900)})
                if reply.status == 200:
                    break
                time.sleep(0.2)
            assert reply.status == 200, reply
            there = frames_of(anna, session)
            assert there == list(range(kept + 901)), (len(there), kept)
            anna.post("uploads", raw=b"\xff\xd8\xff\xe0" + bytes(100_000), headers={"Content-Type": "application/octet-stream"})
            server.stop()
            admin(disk / "data", "check")
            admin(disk / "data", "audit-verify")
        return f"full disk after {kept + 1} observations: refused with {refused.status}, none lost, on as before with space"
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=False)


def jumping_clock(folder, pictures):
    ahead = folder / "ahead"
    ahead.write_text("0")

    async def stream(client, session, first, count):
        got = []
        async with live(client, f"sessions/{session}/stream") as socket:
            await heard(socket)
            for i in range(first, first + count):
                await socket.send(picture(i, time.time(), pictures[i % len(pictures)]))
                while True:
                    said = await heard(socket)
                    if said["type"] == "observations":
                        got.append(said["frame"])
                        break
                if i == first + count // 2:
                    ahead.write_text(str(int(ahead.read_text()) + 2 * HOUR))  # in the middle of a stream
                elif i == first + count * 3 // 4:
                    ahead.write_text(str(int(ahead.read_text()) - HOUR))
        return got

    with Server(program, environment={"LD_PRELOAD": clock, "FAKE_CLOCK": str(ahead)}) as server:
        site, anna, session = observed_person(server)
        assert asyncio.run(stream(anna, session, 0, 60)) == list(range(60))
        # What was seen last is kept when its second is over, or with the session's end.
        anna.post(f"sessions/{session}/end", expect=200)
        ahead.write_text(str(3 * DAY))
        anna.get("sessions", expect=401)  # the login has run out
        anna.login("anna", PASSWORD)
        late = anna.post("notes", {"session": session, "text": "from three days ahead"}).json["id"]
        ahead.write_text(str(-DAY))
        anna.get("sessions")  # begun in what is the future now: it lasts no longer for that, and is no error
        anna.login("anna", PASSWORD)
        early = anna.post("notes", {"session": session, "text": "from a day before"}).json["id"]
        assert {late, early} <= {row["id"] for row in anna.get(f"notes?session={session}").json["rows"]}
        ahead.write_text(str(HOUR))
        anna.login("anna", PASSWORD)
        there = frames_of(anna, session)
        assert there == list(range(60)), there
        again = anna.post("sessions", {"person": anna.person}).json["id"]
        ahead.write_text(str(-DAY))  # by which the consent is not given yet: nothing is processed
        assert anna.get(f"sessions/{again}/stream", expect=403).slug == "consent-missing"
        ahead.write_text(str(HOUR))
        assert asyncio.run(stream(anna, again, 0, 20)) == list(range(20))
        ahead.write_text("0")
        server.stop()
        admin(server.data, "check")
        admin(server.data, "audit-verify")
    return "clock moved by hours within a stream, three days on and a day back: streams, records and audit log whole, no consent taken before its time"


def two_servers(folder, pictures):
    """Two servers on one PostgreSQL, with the same key: what one is told, the other obeys."""
    with Postgres() as postgres:
        flags = database_flags(postgres)
        environment = {"PYROMETER_KEY": secrets.token_hex(32)}
        with Server(program, folder / "one", flags, environment) as one, Server(program, folder / "two", flags, environment) as two:
            assert one.first and not two.first, "one first administrator"
            _, anna, session = observed_person(one)
            elsewhere = two.client()
            elsewhere.cookie, elsewhere.csrf = anna.cookie, anna.csrf
            assert elsewhere.get("me").json["account"]["name"] == "anna"

            async def withdrawn_at_the_other():
                async with live(anna, f"sessions/{session}/stream") as socket:
                    await heard(socket)
                    await socket.send(picture(0, time.time(), pictures[0]))
                    while (await heard(socket))["type"] != "observations":
                        pass
                    given = elsewhere.get(f"people/{anna.person}/consents").json["rows"][0]["id"]
                    began = time.monotonic()
                    await asyncio.to_thread(elsewhere.ask, "POST", f"consents/{given}/withdrawal", expect=200)
                    while True:
                        said = await heard(socket)
                        if said["type"] == "ended":
                            return time.monotonic() - began, said["reason"]

            took_s, reason = asyncio.run(withdrawn_at_the_other())
            assert took_s < 1 and reason == "consent-withdrawn", (took_s, reason)
            # Both write the audit log at once; it stays one chain.
            for i in range(20):
                anna.get(f"sessions/{session}")
                elsewhere.get(f"sessions/{session}")
            one.stop()
            elsewhere.get(f"sessions/{session}")
            verified = subprocess.run([program, "admin", "audit-verify", "--data", str(two.data), "--database", postgres.address], check=False,
                                      capture_output=True, text=True, timeout=120, env={**os.environ, **environment})
            assert verified.returncode == 0, verified
            two.stop()
    return f"two servers on one PostgreSQL: a consent withdrawn at one ended the other's stream after {took_s:.2f} s; one audit chain"


with tempfile.TemporaryDirectory() as own:
    place = pathlib.Path(own)
    clip = jpegs(videos / "pyfeat_wolfganglanger.mp4", count=20, size="640:360")
    print(killed_rotations(place), flush=True)
    print(full_disk(place), flush=True)
    print(jumping_clock(place, clip) if clock else "SKIPPED: clock (no library that moves it in this build)", flush=True)
    print(two_servers(place, clip), flush=True)
