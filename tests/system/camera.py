"""Cameras: a Video4Linux one (tests/fake_camera answers in the driver's place) and RTSP ones (GStreamer's server), through the
program's own way. Frames come, at wall-clock times; what a slow reader drops is counted; one that is lost is sought again; errors name
the camera and the way out.

usage: camera.py PYROMETER REPOSITORY FAKE_CAMERA_LIBRARY
"""
import csv
import datetime
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

program, repository, library = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
face = repository / ".pyrometer" / "demo" / "astronaut.png"
CAMERA = "/dev/video90"
failures = []


def expect(name, holds, told=""):
    print(f"{'ok' if holds else 'FAIL'}    {name}{'' if holds else ': ' + str(told)}", flush=True)
    if not holds:
        failures.append(name)


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True)


def rows(folder):
    with open(folder / "frames.csv", newline="") as file:
        return list(csv.DictReader(file))


def session(folder):
    return json.loads((folder / "session.json").read_text())


class Run:
    """`analyze SOURCE` in the background, until it is told to finish."""

    def __init__(self, source, out, *words, **environment):
        self.out = out
        self.process = subprocess.Popen([program, "analyze", source, "--out", str(out), "--mesh", "fast", *map(str, words)],
                                        env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def wait_for_rows(self, count, timeout_s=60):
        until = time.monotonic() + timeout_s
        while time.monotonic() < until and self.process.poll() is None:
            table = self.out / "frames.csv"
            if table.exists() and table.read_text().count("\n") > count:
                return True
            time.sleep(0.1)
        return False

    def finish(self):
        self.process.send_signal(signal.SIGINT)
        _, self.errors = self.process.communicate(timeout=20)
        return self.process.returncode


def camera(**settings):
    return {"LD_PRELOAD": library, "FAKE_CAMERA": CAMERA} | {f"FAKE_CAMERA_{key}": str(value) for key, value in settings.items()}


def cameras(tmp):
    jpegs = tmp / "frames.mjpeg"
    ffmpeg("-loop", 1, "-i", face, "-t", 2, "-r", 25, "-vf", "scale=720:720,pad=1280:720:280:0", "-c:v", "mjpeg", "-q:v", 5, jpegs)
    raw = tmp / "frames.yuyv"
    ffmpeg("-loop", 1, "-i", face, "-t", 1, "-r", 25, "-vf", "scale=480:480,pad=640:480:80:0", "-pix_fmt", "yuyv422", "-f", "rawvideo", raw)

    began = datetime.datetime.now(datetime.timezone.utc)
    run = Run("camera:90", tmp / "jpeg", **camera(FILE=jpegs, FPS=20))
    expect("a camera gives frames", run.wait_for_rows(40))
    expect("Ctrl-C ends it", run.finish() == 130, run.errors)
    told, seen = session(tmp / "jpeg"), rows(tmp / "jpeg")
    expect("its end is written", told["state"] == "interrupted" and told["input"]["live"] and told["input"]["codec"] == "mjpeg", told)
    expect("size as asked", (told["input"]["width"], told["input"]["height"]) == (1280, 720), told["input"])
    expect("a face in every frame", all(row["valid"] == "1" for row in seen), [row["reason"] for row in seen])
    times = [float(row["time_s"]) for row in seen]
    # The median: on a busy machine the camera's or the reader's thread may stand still for a while. Every second frame may
    # then be dropped, which must be told.
    pace = statistics.median(later - earlier for earlier, later in zip(times, times[1:]))
    expect("20 frames a second", abs(pace - 0.05) < 0.01 or (told["dropped_frames"] > 0 and abs(pace - 0.1) < 0.01),
           (pace, told["dropped_frames"]))
    first = datetime.datetime.fromisoformat(seen[0]["utc"].replace("Z", "+00:00"))
    expect("times of the wall clock", 0 <= (first - began).total_seconds() < 10, (began, first))

    run = Run("camera:90", tmp / "raw", **camera(FILE=raw, RAW="640x480"))
    expect("raw pictures of another size than asked", run.wait_for_rows(20))
    expect("... end", run.finish() == 130, run.errors)
    told = session(tmp / "raw")["input"]
    expect("... and are what they are", (told["codec"], told["width"], told["height"]) == ("rawvideo", 640, 480), told)
    expect("... with a face", sum(row["valid"] == "1" for row in rows(tmp / "raw")) >= 20)

    # Raw pictures: decoding JPEG takes as long as looking at the face, and then nothing needs to be dropped.
    run = Run("camera:90", tmp / "fast", "--threads", 1, **camera(FILE=raw, RAW="640x480", FPS=1000))
    run.wait_for_rows(60)
    expect("a camera that is too fast", run.finish() == 130, run.errors)
    expect("... loses frames, which are counted", session(tmp / "fast")["dropped_frames"] > 0, session(tmp / "fast")["dropped_frames"])

    run = Run("camera:90", tmp / "lost", **camera(FILE=jpegs, LOSE=30, BACK_S=2))
    expect("a camera that is lost and comes back goes on", run.wait_for_rows(50))
    expect("... and says so", run.finish() == 130 and "was lost" in run.errors, run.errors)
    times = [float(row["time_s"]) for row in rows(tmp / "lost")]
    gap = max(b - a for a, b in zip(times, times[1:]))
    expect("... with the absence in its times", 1.5 < gap < 10, gap)

    run = subprocess.run([program, "analyze", "camera:90", "--out", tmp / "none"], env=os.environ | camera(FILE=jpegs, DENIED=1),
                         capture_output=True, text=True, timeout=60)
    expect("no right to the camera", run.returncode == 3 and "group video" in run.stderr, run.stderr)
    (tmp / "dev").mkdir()
    (tmp / "dev" / pathlib.Path(CAMERA).name).touch()
    doctor = subprocess.run([program, "doctor"], env=os.environ | camera(FILE=jpegs, DEV=tmp / "dev"), capture_output=True, text=True, timeout=60)
    expect("doctor lists it", f"{CAMERA} Camera of the tests" in doctor.stdout, doctor.stdout)


SERVER = """
import sys, gi
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer(); server.set_address("127.0.0.1"); server.set_service(sys.argv[1])
for path, clip in zip(sys.argv[2::2], sys.argv[3::2]):
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( filesrc location={clip} ! qtdemux ! queue ! rtph264pay name=pay0 pt=96 config-interval=1 )")
    server.get_mount_points().add_factory(path, factory)
if server.attach(None) == 0: sys.exit("the port is taken")
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
"""


def start_server(clips, port="0"):
    words = [word for path, clip in clips.items() for word in (path, str(clip))]
    server = subprocess.Popen([sys.executable, "-c", SERVER, port, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return server, server.stdout.readline().strip()


def streams(tmp):
    clips = {"/ward": tmp / "ward.mp4", "/short": tmp / "short.mp4"}
    for seconds, clip in zip((30, 3), clips.values()):
        ffmpeg("-loop", 1, "-i", face, "-t", seconds, "-r", 25, "-vf", "scale=480:480,format=yuv420p", "-c:v", "libx264", "-preset",
               "ultrafast", "-g", 25, clip)
    server, port = start_server(clips)
    if not port:
        print("SKIPPED: RTSP, for want of GStreamer's server (gir1.2-gst-rtsp-server-1.0, gstreamer1.0-plugins-good)")
        return False
    try:
        address = f"rtsp://nurse:secret@127.0.0.1:{port}/ward"
        run = Run(address, tmp / "rtsp")
        expect("an RTSP camera gives frames", run.wait_for_rows(40))
        server.kill()
        server.wait()
        time.sleep(1.5)
        before = len(rows(tmp / "rtsp"))
        server, _ = start_server(clips, port)
        expect("... and again after its server was restarted", run.wait_for_rows(before + 30))
        expect("... ends", run.finish() == 130, run.errors)
        told = session(tmp / "rtsp")
        expect("... as a live source", told["input"]["live"] and told["input"]["codec"] == "h264", told["input"])
        expect("... with a face", sum(row["valid"] == "1" for row in rows(tmp / "rtsp")) >= 60)
        files = "".join(path.read_text() for path in (tmp / "rtsp").glob("session.*"))
        expect("... and its password nowhere", "secret" not in run.errors + files, run.errors)
        wrong = subprocess.run([program, "analyze", f"rtsp://127.0.0.1:{port}/absent", "--out", tmp / "none"], capture_output=True,
                               text=True, timeout=90)
        expect("an address without a stream", wrong.returncode == 3 and "/absent" in wrong.stderr, f"exit {wrong.returncode}: {wrong.stderr}")
        short = subprocess.run([program, "analyze", f"rtsp://127.0.0.1:{port}/short", "--out", tmp / "short"], capture_output=True,
                               text=True, timeout=90)
        told = session(tmp / "short")
        expect("a recording that a server plays ends well", short.returncode == 0 and told["state"] == "finished" and
               told["frames"] + told["dropped_frames"] >= 74, (short.stderr, told["frames"]))
    finally:
        server.kill()
    return True


with tempfile.TemporaryDirectory() as scratch:
    cameras(pathlib.Path(scratch))
    whole = streams(pathlib.Path(scratch))
sys.exit(1 if failures else 0 if whole else 77)
