"""Other sources of live streams: cameras that the server reads itself (RTSP by GStreamer's server, JPEGs by HTTP, a file), within what its
settings allow, and encoded video up the WebSocket.

usage: streams.py PYROMETER VIDEO_FOLDER [postgresql]
"""
import asyncio
import contextlib
import http.server
import pathlib
import socket
import ssl
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

import websockets
from postgres import Postgres, asked_for, database_flags
from server import API, Server, Site, consent, heard, jpegs, live, picture, trusting

on_postgres = asked_for()
program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
CLIP = videos / "pyfeat_wolfganglanger.mp4"
PASSWORD = "planted-secret-of-the-camera"
NOTHING = "00000000-0000-7000-8000-000000000000"

RTSP = """
import sys, gi
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer(); server.set_address("127.0.0.1"); server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f"( filesrc location={sys.argv[2]} ! qtdemux ! queue ! rtph264pay name=pay0 pt=96 config-interval=1 )")
if len(sys.argv) > 3:
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken(); token.set_string("media.factory.role", "nurse")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic("nurse", sys.argv[3]), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("nurse", "media.factory.access", True)
    permissions.add_permission_for_role("nurse", "media.factory.construct", True)
    factory.set_permissions(permissions)
server.get_mount_points().add_factory("/ward", factory)
if server.attach(None) == 0: sys.exit("the port is taken")
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
"""


def ffmpeg(*words):
    return subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True, capture_output=True).stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class RtspCamera:
    def __init__(self, clip, port=0, password=None):
        self.clip, self.password = clip, password
        words = [sys.executable, "-c", RTSP, str(port), str(clip), *([password] if password else [])]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(self.process.stdout.readline() or 0)

    def gone(self):
        self.process.kill()
        self.process.wait()


class HttpCamera(http.server.ThreadingHTTPServer):
    """/mjpeg as network cameras have it; and whatever a hostile one may answer."""

    def __init__(self, pictures, canary):
        self.pictures, self.canary, self.hits = pictures, canary, 0
        super().__init__(("127.0.0.1", 0), Handler)
        self.daemon_threads = True
        threading.Thread(target=self.serve_forever, daemon=True).start()


class TlsFront:
    """TLS before a camera, by a certificate of its own; `good` counts those who took it."""

    def __init__(self, folder, name, behind):
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.certificate, self.behind, self.tried, self.good = certificate, behind, 0, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            line, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(line,), daemon=True).start()

    def serve(self, line):
        self.tried += 1
        with contextlib.suppress(OSError), self.context.wrap_socket(line, server_side=True) as outside, socket.create_connection(("127.0.0.1", self.behind)) as inside:
            request = outside.recv(65536)  # with TLS 1.3 a client that does not like us says so after our handshake
            if not request:
                return
            self.good += 1
            inside.sendall(request)

            def back():
                with contextlib.suppress(OSError):
                    while data := inside.recv(65536):
                        outside.sendall(data)

            threading.Thread(target=back, daemon=True).start()
            while data := outside.recv(65536):
                inside.sendall(data)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        server = self.server
        server.hits += 1
        if self.path == "/mjpeg":
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                for i in range(10**6):
                    jpeg = server.pictures[i % len(server.pictures)]
                    self.wfile.write(b"--next\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg) + jpeg + b"\r\n")
                    time.sleep(0.1)
            except OSError:
                return
        elif self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{server.canary}/mjpeg")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            elsewhere = f"http://127.0.0.1:{server.canary}/mjpeg"
            body = {"/hls": f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{elsewhere}\n#EXT-X-ENDLIST\n",
                    "/concat": f"ffconcat version 1.0\nfile '{elsewhere}'\n",
                    "/sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video {server.canary} RTP/AVP 26\n",
                    "/file": "ffconcat version 1.0\nfile '/etc/passwd'\n"}[self.path].encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


class RtspLiar:
    """An RTSP server that sends whoever asks somewhere else."""

    def __init__(self, canary):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.canary, self.asked = self.socket.getsockname()[1], canary, 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            line, _ = self.socket.accept()
            with line:
                line.settimeout(5)
                try:
                    line.recv(4096)
                    self.asked += 1
                    line.sendall(f"RTSP/1.0 302 Found\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:{self.canary}/ward\r\n\r\n".encode())
                    line.recv(4096)
                except OSError:
                    pass


class Canary:
    """Nobody may ever connect to it."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.hits = self.socket.getsockname()[1], 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            line, _ = self.socket.accept()
            self.hits += 1
            line.close()


def fresh(site, name):
    """A person with consent, and a session of theirs."""
    person = site.user(name, "participant")
    person.post(f"people/{person.person}/care", {"account": "clara"})
    agreed = consent(person, person.person, "live_analysis", "store_observations")
    return person, agreed, person.post("sessions", {"person": person.person}).json["id"]


async def until(socket_, good, timeout=40):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        said = await heard(socket_, timeout)
        if good(said):
            return said
    raise AssertionError("it was not said in time")


def observed(said):
    return said["type"] == "observations"


def refusals(site, clara, ports, file):
    """What the settings do not name is refused, whatever it is called."""
    admin = site.admin
    for url in ("file:///etc/passwd", "/etc/passwd", "concat:/etc/passwd", "https://127.0.0.1/", "rtsps://127.0.0.1/", "pipe:0", "camera:7", "ftp://127.0.0.1/",
                f"subfile,,start,0,end,0,,:{file}", f"http://127.0.0.1:{ports['canary']}/", f"rtsp://127.0.0.1:{ports['http']}/",
                f"http://127.0.0.2:{ports['http']}/", f"http://[::1]:{ports['http']}/", f"http://[::ffff:127.0.0.1]:{ports['canary']}/",
                "http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "rtsp://10.9.9.9/", f"http://2130706434:{ports['http']}/"):
        refused = admin.post("cameras", {"name": "x", "url": url}, expect=None)
        assert refused.status in (403, 422) and refused.slug in ("camera-not-allowed", "not-as-contract"), (url, refused)
        assert url not in refused.body.decode()
    for other in (clara, site.user("pia", "participant")):
        assert other.post("cameras", {"name": "x", "url": file}, expect=403).slug == "role"


def cameras(server, site, clara, tmp):
    canary = Canary()
    pictures = jpegs(CLIP, count=60, size="480:-2")
    web = HttpCamera(pictures, canary.port)
    liar = RtspLiar(canary.port)
    clip = tmp / "ward.mp4"
    ffmpeg("-stream_loop", 2, "-i", CLIP, "-t", 40, "-an", "-vf", "scale=480:-2,fps=15,format=yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-g", 15, clip)
    rtsp = RtspCamera(clip, password=PASSWORD)
    if not rtsp.port:
        print("SKIPPED: RTSP, for want of GStreamer's server")
        return False
    # The same cameras by TLS, and one whose certificate nobody has named.
    web_tls, rtsp_tls, unknown = (TlsFront(tmp, name, behind) for name, behind in
                                  (("window", web.server_port), ("bed", rtsp.port), ("unknown", web.server_port)))
    (tmp / "cameras.pem").write_bytes(web_tls.certificate.read_bytes() + rtsp_tls.certificate.read_bytes())
    ports = {"canary": canary.port, "http": web.server_port}
    flags = [word for entry in (f"rtsp://127.0.0.1:{rtsp.port}", f"rtsp://127.0.0.1:{liar.port}", f"http://127.0.0.1:{web.server_port}", "rtsp://10.0.8.0/24",
                                f"https://127.0.0.1:{web_tls.port}", f"rtsps://127.0.0.1:{rtsp_tls.port}", f"https://127.0.0.1:{unknown.port}",
                                "http://0.0.0.0/0", str(clip)) for word in ("--allow-camera", entry)] + ["--camera-ca-file", str(tmp / "cameras.pem")]
    server.stop()
    server.flags += flags
    server.start()
    for client in (site.admin, clara):
        client.port = server.port
        client._connection = None
    refusals(site, clara, ports, str(clip))
    admin = site.admin
    made = admin.post("cameras", {"name": "Ward 3", "url": f"rtsp://nurse:{PASSWORD}@127.0.0.1:{rtsp.port}/ward"})
    assert PASSWORD not in made.body.decode() and made.json["has_password"] and "@" not in made.json["url"], made
    ward = made.json["id"]
    door = admin.post("cameras", {"name": "Door", "url": f"http://127.0.0.1:{web.server_port}/mjpeg"}).json["id"]
    demo = admin.post("cameras", {"name": "Demonstration", "url": str(clip)}).json["id"]
    assert len(admin.get("cameras").json["rows"]) == 3 and PASSWORD not in admin.get("cameras").body.decode()
    assert all("url" not in row for row in clara.get("cameras").json["rows"])

    # Consent and relation, as for a browser's stream.
    anna, agreed, session = fresh(site, "anna")
    otto = site.user("otto", "clinician")
    otto.ask("POST", f"sessions/{session}/camera", {"camera": ward}, expect=404)
    assert anna.ask("POST", f"sessions/{session}/camera", {"camera": ward}, expect=403).slug == "role"
    assert clara.ask("POST", f"sessions/{session}/camera", {"camera": NOTHING}, expect=422).slug == "no-such-camera"
    assert clara.ask("GET", f"sessions/{session}/camera", expect=409).slug == "not-running"
    assert clara.ask("POST", f"sessions/{session}/camera", {"camera": ward}, expect=202).json == {"camera": ward, "state": "opening"}
    asyncio.run(vanish_and_return(rtsp, clara, anna, session, agreed))
    rtsp.gone()
    assert clara.ask("POST", f"sessions/{session}/camera", {"camera": ward}, expect=403).slug == "consent-missing"
    kept = anna.get(f"sessions/{session}/observations?limit=2000").json
    frames = [row[0] for row in kept["rows"]]
    assert frames and frames == sorted(frames)

    # JPEGs by HTTP, and a file that plays: stopped, and removed while it runs.
    ben, _, session = fresh(site, "ben")
    eva, _, other = fresh(site, "eva")
    alone = asyncio.run(answer_times(eva, other, pictures))
    for camera, how in ((door, "stop"), (demo, "remove")):
        clara.ask("POST", f"sessions/{session}/camera", {"camera": camera}, expect=202)
        if camera == demo:
            beside = asyncio.run(answer_times(eva, other, pictures))
            print(f"a browser's pictures are answered after {1e3 * statistics.median(alone):.0f} ms, beside a camera after {1e3 * statistics.median(beside):.0f} ms")
            assert len(beside) > 0.8 * len(pictures), "beside a camera, a stream loses pictures"
        last = asyncio.run(watch_and_end(admin, clara, session, camera, how))
        print(f"{how}: ended {last:.2f} s after it was said")
    faces = [(row[0], row[3]) for row in ben.get(f"sessions/{session}/observations?limit=2000").json["rows"]]
    assert len(set(faces)) == len(faces) > 0 and [frame for frame, _ in faces] == sorted(frame for frame, _ in faces), "the second camera goes on after the first one's numbers"

    # By TLS, to a camera whose certificate was named.
    again = RtspCamera(clip, rtsp.port, PASSWORD)
    for url, front in ((f"https://127.0.0.1:{web_tls.port}/mjpeg", web_tls), (f"rtsps://nurse:{PASSWORD}@127.0.0.1:{rtsp_tls.port}/ward", rtsp_tls)):
        camera = admin.post("cameras", {"name": "By TLS", "url": url}).json["id"]
        clara.ask("POST", f"sessions/{session}/camera", {"camera": camera}, expect=202)
        asyncio.run(watch_and_end(admin, clara, session, camera, "stop"))
        assert front.good > 0
        admin.ask("DELETE", f"cameras/{camera}", expect=204)
    again.gone()
    # Not named: nothing is asked for, and nothing is told.
    for url in (f"https://127.0.0.1:{unknown.port}/mjpeg", f"http://127.0.0.1:{web_tls.port}/mjpeg"):
        refused = admin.post("cameras", {"name": "Unknown", "url": url}, expect=None)
        if url.startswith("http:"):
            assert refused.slug == "camera-not-allowed", refused
            continue
        camera = refused.json["id"]
        clara.ask("POST", f"sessions/{session}/camera", {"camera": camera}, expect=202)
        began = time.monotonic()
        while unknown.tried < 2 and time.monotonic() - began < 20:
            time.sleep(0.1)
        assert unknown.tried >= 2 and unknown.good == 0, (unknown.tried, unknown.good)
        assert clara.get(f"sessions/{session}/camera").json["state"] in ("opening", "lost")
        clara.ask("DELETE", f"sessions/{session}/camera", expect=204)

    # What a camera answers leads nowhere else.
    for path in ("redirect", "hls", "concat", "sdp", "file"):
        hostile(admin, clara, session, f"http://127.0.0.1:{web.server_port}/{path}", lambda: web.hits)
    hostile(admin, clara, session, f"rtsp://127.0.0.1:{liar.port}/ward", lambda: liar.asked)
    assert canary.hits == 0, f"{canary.hits} connections to where nobody may"

    # The password is nowhere but in its seal.
    for path in server.data.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path
    assert PASSWORD not in server.errors() and "127.0.0.1" not in server.errors().replace("https://127.0.0.1", ""), server.errors()[-2000:]
    return True


async def vanish_and_return(rtsp, clara, anna, session, agreed):
    async with live(clara, f"sessions/{session}/watch") as watcher:
        first = await until(watcher, observed)
        seen = 0
        while seen < 20:
            said = await until(watcher, observed)
            seen += any(face["valid"] for face in said["faces"])
        try:
            async with websockets.connect(f"wss://127.0.0.1:{clara.port}{API}/sessions/{session}/stream", ssl=trusting(), extra_headers={"Cookie": clara.cookie}):
                raise AssertionError("somebody sends into a session that a camera feeds")
        except websockets.InvalidStatusCode as refused:
            assert refused.status_code == 409
        before = await until(watcher, observed)
        rtsp.gone()
        await until(watcher, lambda said: said == {"type": "camera", "state": "lost"})
        await asyncio.sleep(1.5)
        back = RtspCamera(rtsp.clip, rtsp.port, rtsp.password)
        rtsp.process = back.process
        await until(watcher, lambda said: said == {"type": "camera", "state": "there"})
        after = await until(watcher, observed)
        gap = after["time_s"] - before["time_s"]
        assert after["frame"] > before["frame"] > first["frame"] and gap > 1.4, (before, after)
        print(f"the camera was away, and is back {gap:.1f} s after its last picture")
        began = time.monotonic()
        await asyncio.get_running_loop().run_in_executor(None, lambda: anna.ask("POST", f"consents/{agreed['id']}/withdrawal", expect=200))
        said = await until(watcher, lambda said: said["type"] == "ended")
        took = time.monotonic() - began
        assert said["reason"] == "consent-withdrawn" and took < 1, (said, took)
        print(f"withdrawal ended the camera's stream after {took:.2f} s")


async def answer_times(client, session, pictures):
    """How long each picture's observation takes to come; those that are pushed out are left out."""
    async with live(client, f"sessions/{session}/stream") as line:
        first, sent, took = (await heard(line))["next_frame"], {}, []

        async def send():
            for i, jpeg in enumerate(pictures):
                sent[first + i] = time.monotonic()
                await line.send(picture(first + i, time.time(), jpeg))
                await asyncio.sleep(0.1)

        sending = asyncio.create_task(send())
        while not sending.done() or len(took) == 0:
            try:
                said = await heard(line, 1)
            except asyncio.TimeoutError:
                continue
            if observed(said):
                took.append(time.monotonic() - sent[said["frame"]])
        return took


async def watch_and_end(admin, clara, session, camera, how):
    async with live(clara, f"sessions/{session}/watch") as watcher:
        for _ in range(8):
            await until(watcher, observed)
        assert clara.get(f"sessions/{session}/camera").json == {"camera": camera, "state": "there"}
        began = time.monotonic()
        if how == "stop":
            await asyncio.get_running_loop().run_in_executor(None, lambda: clara.ask("DELETE", f"sessions/{session}/camera", expect=204))
        else:
            admin.ask("DELETE", f"cameras/{camera}", expect=204)
        said = await until(watcher, lambda said: said["type"] == "ended")
        assert said["reason"] == {"stop": "camera-ended", "remove": "camera-removed"}[how], said
        return time.monotonic() - began


def hostile(admin, clara, session, url, asked):
    camera, before = admin.post("cameras", {"name": "hostile", "url": url}).json["id"], asked()
    clara.ask("POST", f"sessions/{session}/camera", {"camera": camera}, expect=202)
    end = time.monotonic() + 20
    while time.monotonic() < end and (asked() == before or clara.get(f"sessions/{session}/camera").json["state"] == "opening"):
        time.sleep(0.1)
    assert asked() > before, f"{url} was not asked at all"
    assert clara.get(f"sessions/{session}/camera").json["state"] == "lost", url
    clara.ask("DELETE", f"sessions/{session}/camera", expect=204)


# Encoded video up the WebSocket.
def h264_units():
    data = ffmpeg("-i", CLIP, "-t", 6, "-an", "-vf", "scale=480:-2,fps=10,format=yuv420p", "-c:v", "libx264", "-tune", "zerolatency", "-preset", "ultrafast",
                  "-x264-params", "aud=1:keyint=10:scenecut=0", "-f", "h264", "-")
    return [b"\0\0\0\x01\x09" + part for part in data.split(b"\0\0\0\x01\x09")[1:]]


def vp8_frames():
    data = ffmpeg("-i", CLIP, "-t", 6, "-an", "-vf", "scale=480:-2,fps=10", "-c:v", "libvpx", "-deadline", "realtime", "-b:v", "600k", "-g", 10, "-f", "ivf", "-")
    at, out = 32, []
    while at < len(data):
        size = struct.unpack("<I", data[at:at + 4])[0]
        out.append(data[at + 12:at + 12 + size])
        at += 12 + size
    return out


def file_pieces(codec):
    words = (["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "600k", "-g", 10, "-cluster_time_limit", 500, "-f", "webm"] if codec == "webm" else
             ["-c:v", "libx264", "-tune", "zerolatency", "-preset", "ultrafast", "-g", 10, "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4"])
    data = ffmpeg("-i", CLIP, "-t", 6, "-an", "-vf", "scale=480:-2,fps=10,format=yuv420p", *words, "-")
    size = len(data) // 30 + 1
    return [data[i:i + size] for i in range(0, len(data), size)]


async def send_encoded(client, session, codec, parts, pace_s, breaks=()):
    """Observations and problems that were heard, in order."""
    said = []
    async with live(client, f"sessions/{session}/stream") as line:
        first = (await heard(line))["next_frame"]
        await line.send('{"type":"hello","codec":"%s"}' % codec)

        async def send():
            for i, part in enumerate(parts):
                broken = part[:12] + bytes(255 - byte for byte in part[12:]) if i in breaks else part
                await line.send(picture(first + i, time.time(), broken))
                await asyncio.sleep(pace_s)

        sending = asyncio.create_task(send())
        while True:
            try:
                said.append(await heard(line, 4))
            except asyncio.TimeoutError:
                assert sending.done(), "nothing is heard while pieces are sent"
                break
        await sending
    return first, said


def encoded(site, clara):
    for codec, parts, pace_s in (("h264", h264_units(), 0.1), ("vp8", vp8_frames(), 0.1), ("webm", file_pieces("webm"), 0.2), ("mp4", file_pieces("mp4"), 0.2)):
        person, _, session = fresh(site, f"person-{codec}")
        first, said = asyncio.run(send_encoded(clara, session, codec, parts, pace_s))
        seen = [one for one in said if observed(one)]
        problems = [one for one in said if one["type"] == "problem"]
        frames, times = [one["frame"] for one in seen], [one["time_s"] for one in seen]
        assert not problems and frames == sorted(set(frames)) and times == sorted(times), (codec, problems)
        faces = sum(any(face["valid"] for face in one["faces"]) for one in seen)
        assert len(seen) > 20 and faces > 15, (codec, len(seen), faces)
        assert 3.5 < times[-1] - times[0] < 9, (codec, times[0], times[-1])
        print(f"{codec}: {len(parts)} pieces, {len(seen)} frames seen, {faces} with a face")
        # On in the same session: numbers go on.
        _, said = asyncio.run(send_encoded(clara, session, codec, parts[:20], pace_s))
        again = [one["frame"] for one in said if observed(one)]
        assert again and min(again) > frames[-1], (codec, frames[-1], said[:3])


def broken_pieces(site, clara):
    person, _, session = fresh(site, "person-broken")
    first, said = asyncio.run(send_encoded(clara, session, "h264", h264_units(), 0.08, breaks=(13,)))
    problems = [one for one in said if one["type"] == "problem"]
    assert problems == [{"type": "problem", "slug": "chunk-unreadable", "frame": first + 13}], problems
    seen = [one["frame"] - first for one in said if observed(one)]
    assert not any(13 <= frame < 20 for frame in seen), "nothing that needs what was broken"
    assert any(frame >= 20 for frame in seen), "and on from the next key frame"

    async def bombs():
        async with live(clara, f"sessions/{session}/stream") as line:
            await heard(line)
            number = 10_000
            for codec, bomb in (("vp8", b"\x10\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(200)), ("h264", b"no start code at all"), ("webm", b"\x1a\x45\xdf\xa3" + bytes(100)),
                                ("webm", bytes(100)), ("mp4", b"\xff" * 100)):
                await line.send('{"type":"hello","codec":"%s"}' % codec)
                number += 1
                await line.send(picture(number, time.time(), bomb))
                if bomb.startswith(b"\x1a\x45"):  # a file may begin like this; what comes next says that it was none
                    number += 1
                    await line.send(picture(number, time.time(), b"\x1a\x45\xdf\xa3" + bytes(5)))
                    await line.send('{"type":"hello","codec":"jpeg"}')
                    await line.send(picture(number + 1, time.time(), b"\xff\xd8"))
                    number += 1
                said = await until(line, lambda one: one["type"] == "problem")
                assert said["slug"] in ("chunk-unreadable", "picture-unreadable"), (codec, said)
            for wrong in ('{"type":"hello","codec":"h265"}', '{"type":"hello"}', "hello"):
                await line.send(wrong)
                assert (await until(line, lambda one: one["type"] == "problem" and one["slug"] == "not-as-contract"))
            # And on with pictures.
            await line.send('{"type":"hello","codec":"jpeg"}')
            for i, jpeg in enumerate(jpegs(CLIP, count=5, size="480:-2")):
                await line.send(picture(number + 10 + i, time.time(), jpeg))
                await asyncio.sleep(0.2)
            await until(line, observed)

    asyncio.run(bombs())


with tempfile.TemporaryDirectory() as scratch, Postgres() if on_postgres else contextlib.nullcontext() as postgres, \
        Server(program, flags=["--job-workers", "0", *database_flags(postgres)]) as server:
    site = Site(server)
    site.mode("clinical")
    clara = site.user("clara", "clinician")
    encoded(site, clara)
    broken_pieces(site, clara)
    whole = cameras(server, site, clara, pathlib.Path(scratch))
    assert server.process.poll() is None, server.errors()
    server.stop()
    assert "ERROR" not in server.errors(), server.errors()[-2000:]
print("streams: all as expected")
sys.exit(0 if whole else 77)
