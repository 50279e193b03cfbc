"""What a session's camera saw, kept where the person agreed to it: piece by piece while it runs, sealed, played back in ranges, laid beside
the observations, and gone when it is to go.

usage: session_video.py PYROMETER VIDEO_FOLDER [FAKE_CLOCK.so] [postgresql]
"""
import asyncio
import contextlib
import datetime
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

from postgres import Postgres, asked_for, database_flags
from server import Server, Site, consent, heard, jpegs, live, picture

on_postgres = asked_for()
program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
clock = sys.argv[3] if len(sys.argv) > 3 else None
CLIP = videos / "pyfeat_wolfganglanger.mp4"
BYTES = {"Content-Type": "application/octet-stream"}


def webm(folder):
    """As a browser's recorder makes it: VP8 in WebM, without an index."""
    out = folder / "clip.webm"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", CLIP, "-t", "6", "-an", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "15", "-vf", "scale=320:-2", "-b:v", "4M",
                    "-g", "30", "-f", "webm", "-live", "1", out], check=True)
    return out.read_bytes()


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def pieces_of(whole, count):
    size = -(-len(whole) // count)
    return [whole[i:i + size] for i in range(0, len(whole), size)]


def send(client, video, number, piece, expect=200):
    return client.ask("PUT", f"videos/{video}/pieces/{number}", raw=piece, headers=BYTES, expect=expect)


def kept(client, session, whole, count=6, **more):
    video = client.post(f"sessions/{session}/videos", {"at": utc(time.time()), **more}).json
    for number, piece in enumerate(pieces_of(whole, count)):
        last = send(client, video["id"], number, piece).json
    assert last["pieces"] == count and last["bytes"] == len(whole) and last["media"] == "video/webm", last
    return video["id"]


def files(server, video):
    folder = server.data / "recordings" / video
    return sorted(folder.glob("*")) if folder.exists() else None


def part(client, video, text, status=206):
    return client.ask("GET", f"videos/{video}/file", headers={"Range": text}, expect=status)


def ranges(client, video, whole):
    all_of_it = client.get(f"videos/{video}/file")
    assert all_of_it.body == whole and all_of_it.headers["content-type"] == "video/webm" and all_of_it.headers["accept-ranges"] == "bytes"
    total, edge = len(whole), len(pieces_of(whole, 6)[0])
    for text, begin, end in (("bytes=0-99", 0, 100), (f"bytes={edge - 10}-{edge + 9}", edge - 10, edge + 10), ("bytes=-50", total - 50, total),
                             (f"bytes={total - 7}-", total - 7, total), (f"bytes={total - 7}-{total + 10**6}", total - 7, total), ("bytes=0-0", 0, 1),
                             (f"bytes={edge}-{3 * edge - 1}", edge, 3 * edge)):
        answer = part(client, video, text)
        assert answer.body == whole[begin:end] and answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{total}", (text, answer.headers)
    assert part(client, video, f"bytes={total}-", 416).slug == "no-such-range"
    for other in ("bytes=5-2", "bytes=a-b", "seconds=0-1", "bytes=0-1,5-6", "bytes=--5"):
        assert part(client, video, other, 200).body == whole, other
    # As a player does: on from where the last answer ended.
    got = b""
    while len(got) < total:
        got += part(client, video, f"bytes={len(got)}-").body
    assert got == whole


def recorded(server, site, anna, clara, whole):
    session = anna.post("sessions", {"person": anna.person}).json["id"]
    assert anna.post(f"sessions/{session}/videos", {"at": utc(time.time())}, expect=403).json["missing_consents"] == ["store_images"]
    agreed = consent(anna, anna.person, "store_images")
    video = anna.post(f"sessions/{session}/videos", {"at": utc(time.time()), "at_s": 1.5}).json
    assert video["at_s"] == 1.5 and video["media"] is None and anna.get(f"videos/{video['id']}/file", expect=404)
    pieces = pieces_of(whole, 6)
    assert send(anna, video["id"], 0, b"\0" * 100, 415).slug == "not-a-video"
    assert send(anna, video["id"], 0, b"", 400)
    missing = send(anna, video["id"], 1, pieces[1], 409)
    assert missing.slug == "piece-missing" and missing.json["next"] == 0
    # Sent twice, also at once: it counts once.
    with ThreadPoolExecutor(4) as pool:
        clients = [server.client() for _ in range(4)]
        for one in clients:
            one.cookie, one.csrf = anna.cookie, anna.csrf
        said = list(pool.map(lambda one: send(one, video["id"], 0, pieces[0]).json["bytes"], clients))
    assert said == [len(pieces[0])] * 4 and len(files(server, video["id"])) == 1, (said, files(server, video["id"]))
    for number in range(1, 6):
        send(anna, video["id"], number, pieces[number])
        send(anna, video["id"], number, pieces[number])
    ranges(anna, video["id"], whole)
    # Sealed, and nobody else's; nothing in the clear stays behind.
    on_disk = b"".join(one.read_bytes() for one in files(server, video["id"]))
    assert whole[:64] not in on_disk and b"\x1a\x45\xdf\xa3" not in on_disk[:4] and all(one.stat().st_mode & 0o77 == 0 for one in files(server, video["id"]))
    assert not list((server.data / "uploads").iterdir()), list((server.data / "uploads").iterdir())
    # The clinician whom she chose sees it as long as she agrees; a stranger never.
    otto = site.user("otto", "clinician")
    clara.get(f"videos/{video['id']}/file")
    otto.get(f"videos/{video['id']}", expect=404)
    log = [row for row in anna.get("audit?limit=200").json["rows"] if row["action"] == "images.read"]
    assert any(row["actor"] == clara.account for row in log), "who looked is in the log"
    # Withdrawn: recording ends, only she sees it, and she can erase it.
    anna.ask("POST", f"consents/{agreed['id']}/withdrawal", expect=200)
    assert send(anna, video["id"], 6, pieces[0], 403).slug == "consent-missing"
    assert clara.get(f"videos/{video['id']}/file", expect=403).slug == "consent-missing"
    assert anna.get(f"videos/{video['id']}/file").body == whole
    anna.ask("DELETE", f"videos/{video['id']}", expect=204)
    assert files(server, video["id"]) is None and anna.get(f"sessions/{session}/videos").json["rows"] == []
    anna.get(f"videos/{video['id']}/file", expect=404)


async def aligned(anna, whole):
    """Its first picture lies where the observations of the same moment lie."""
    session = anna.post("sessions", {"person": anna.person}).json["id"]
    before = anna.post(f"sessions/{session}/videos", {"at": utc(time.time())}).json
    assert before["at_s"] is None, "nothing was streamed that could tell"
    start = time.time() - 3600  # the sender's clock may be as wrong as it likes
    pictures = jpegs(CLIP, 5)
    async with live(anna, f"sessions/{session}/stream") as socket:
        await heard(socket)
        for i in range(5):
            await socket.send(picture(i, start + i * 0.5, pictures[i]))
            while (await heard(socket))["type"] != "observations":
                pass
        video = anna.post(f"sessions/{session}/videos", {"at": utc(start + 1.25)}).json
        assert abs(video["at_s"] - 1.25) < 0.001, video
    return session


def ended(server, anna, whole):
    session = anna.post("sessions", {"person": anna.person}).json["id"]
    video = anna.post(f"sessions/{session}/videos", {"at": utc(time.time())}).json["id"]
    pieces = pieces_of(whole, 3)
    send(anna, video, 0, pieces[0])
    anna.ask("POST", f"sessions/{session}/end", expect=200)
    send(anna, video, 1, pieces[1])  # it was on its way
    return session, video


def backed_up_and_back(server, video):
    with tempfile.TemporaryDirectory() as place:
        backup = pathlib.Path(place) / "b.db"
        done = subprocess.run([program, "admin", "backup", str(backup), "--data", str(server.data)], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done
        for one in files(server, video):
            one.unlink()
        done = subprocess.run([program, "admin", "restore", str(backup), "--data", str(server.data)], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done


def survives(server, site, anna, whole):
    session = anna.post("sessions", {"person": anna.person}).json["id"]
    video = kept(anna, session, whole)
    # A file without a row, as a kill may leave it, goes at the next start; what has one stays.
    stray = server.data / "recordings" / "00000000-0000-7000-8000-000000000001"
    stray.mkdir()
    (stray / "0-x").write_bytes(b"x")
    server.process.terminate()
    server.process.wait()
    if not on_postgres:  # its own tools copy it
        backed_up_and_back(server, video)
    server.start()
    for client in (anna, site.admin):
        client.port = server.port
        client._connection = None
    assert not stray.exists() and anna.get(f"videos/{video}/file").body == whole
    return session, video


def handed_out(anna, video, whole):
    with zipfile.ZipFile(io.BytesIO(anna.get(f"people/{anna.person}/export").body)) as zipped:
        assert zipped.read(f"videos/{video}.webm") == whole
        assert any(row["id"] == video for row in json.loads(zipped.read("person.json"))["video"])


def months_later(folder, whole):
    ahead = folder / "ahead"
    ahead.write_text("0")
    with Server(program, environment={"LD_PRELOAD": clock, "FAKE_CLOCK": str(ahead)}) as server:
        site = Site(server)
        site.mode("clinical")
        anna = site.user("anna", "participant")
        consent(anna, anna.person, "live_analysis", "store_images")
        video = kept(anna, anna.post("sessions", {"person": anna.person}).json["id"], whole)
        site.admin.ask("PUT", "retention", {"rules": [{"kind": "images", "days": 30}]}, expect=200)
        ahead.write_text(str(31 * 86400))
        swept = subprocess.run([program, "admin", "retention", "--data", str(server.data), "--json"], capture_output=True, text=True, timeout=120,
                               env={**server.environment})
        gone = json.loads(swept.stdout)["erased"]
        assert gone == [{"kind": "images", "person": anna.person, "rows": 1}], swept
        assert files(server, video) is None


with tempfile.TemporaryDirectory() as own:
    clip = webm(pathlib.Path(own))
    assert len(clip) > 200_000, len(clip)
    with Postgres() if on_postgres else contextlib.nullcontext() as postgres, Server(program, flags=database_flags(postgres)) as running:
        place = Site(running)
        place.mode("clinical")
        anna, clara = place.user("anna", "participant"), place.user("clara", "clinician")
        consent(anna, anna.person, "live_analysis")
        anna.post(f"people/{anna.person}/care", {"account": "clara"})
        recorded(running, place, anna, clara, clip)
        consent(anna, anna.person, "store_images")
        asyncio.run(aligned(anna, clip))
        finished, late = ended(running, anna, clip)
        session, video = survives(running, place, anna, clip)
        handed_out(anna, video, clip)
        anna.ask("DELETE", f"sessions/{finished}", expect=204)
        assert files(running, late) is None and files(running, video)
        anna.ask("DELETE", f"people/{anna.person}", expect=200)
        assert files(running, video) is None and not list((running.data / "recordings").iterdir())
    if clock:
        months_later(pathlib.Path(own), clip)
print("videos of sessions: kept, sealed, played back and erased as they should be")
