"""Bad input of every kind: a clear one-line error that names the input, the documented exit code, and nothing hanging.

usage: bad_input.py PYROMETER REPOSITORY
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

program, repository = sys.argv[1], pathlib.Path(sys.argv[2])
face = repository / ".pyrometer" / "demo" / "astronaut.png"
failures = []


def run(*words, timeout=120, **more):
    return subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=timeout, **more)


def expect(name, answer, code, *mentions):
    problem = None
    errors = [line for line in answer.stderr.splitlines() if line.startswith("pyrometer: ")]
    if answer.returncode != code:
        problem = f"exit {answer.returncode}, expected {code}; {answer.stderr.strip()[-300:]}"
    elif code != 0 and len(errors) != 1:
        problem = f"{len(errors)} error lines: {answer.stderr.strip()[-300:]}"
    else:
        missing = [m for m in mentions if str(m) not in answer.stderr]
        if missing:
            problem = f"the error does not mention {missing}: {answer.stderr.strip()}"
    print(f"{'FAIL' if problem else 'ok'}    {name}{': ' + problem if problem else ''}", flush=True)
    if problem:
        failures.append(name)


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True)


def rows(folder):
    return (folder / "frames.csv").read_text().count("\n") - 1


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    out = tmp / "out"
    (tmp / "text.mp4").write_text("this is no video, whatever its name says\n" * 50)
    (tmp / "empty.mp4").touch()
    (tmp / "folder").mkdir()
    (tmp / "folder" / "notes.txt").write_text("nothing to see")
    clip = tmp / "clip.mp4"
    ffmpeg("-loop", 1, "-i", face, "-t", 2, "-r", 25, "-vf", "scale=320:320,format=yuv420p", "-g", 5, clip)

    expect("not a video", run("analyze", tmp / "text.mp4", "--out", out), 3, "text.mp4")
    expect("zero bytes", run("analyze", tmp / "empty.mp4", "--out", out), 3, "empty.mp4")
    expect("no such file", run("analyze", tmp / "absent.mp4", "--out", out), 3, "absent.mp4")
    expect("a folder without pictures", run("analyze", tmp / "folder", "--out", out), 3, "folder")
    expect("wrong flag", run("analyze", clip, "--out", out, "--no-such-flag"), 2)
    (tmp / "images").write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 48, 0, 0, 0, 48]) + bytes(48 * 48))
    (tmp / "labels").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 1, 3]))
    answer = run("evaluate", "--dataset", tmp / "images", "--labels", tmp / "labels", "--no-expressions")
    expect("evaluate without expressions", answer, 2, "--no-expressions")
    expect("wrong setting", run("analyze", clip, "--out", out, "--lambda", "7"), 2, "lambda")

    audio = tmp / "audio.m4a"
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", audio)
    expect("audio only", run("analyze", audio, "--out", out), 3, "audio.m4a")

    data = clip.read_bytes()
    broken = tmp / "broken.mkv"
    ffmpeg("-i", clip, "-c", "copy", tmp / "whole.mkv")
    whole = (tmp / "whole.mkv").read_bytes()
    broken.write_bytes(whole[: len(whole) * 2 // 3])
    answer = run("analyze", broken, "--out", tmp / "broken")
    expect("cut off: frames before the damage, then an error", answer, 3, "broken.mkv")
    if not 5 < rows(tmp / "broken") < 50:
        failures.append("rows before the damage")
        print(f"FAIL  {rows(tmp / 'broken')} rows before the damage")

    blank = tmp / "blank.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=c=gray:s=320x240:r=10:d=1", blank)
    expect("a video without a face", run("analyze", blank, "--out", tmp / "blank"), 0)
    text = (tmp / "blank" / "frames.csv").read_text()
    if text.count("no_face") != 10:
        failures.append("ten rows say no_face")

    ffmpeg("-f", "lavfi", "-i", "color=c=gray:s=4x4:r=10:d=0.2", "-vf", "scale=1:1", "-pix_fmt", "yuv444p", "-c:v", "ffv1", tmp / "tiny.mkv")
    expect("1x1 frames", run("analyze", tmp / "tiny.mkv", "--out", tmp / "tiny"), 0)
    ffmpeg("-loop", 1, "-i", face, "-vf", "scale=7680:4320,format=yuv420p", "-frames:v", 2, "-c:v", "mjpeg", "-q:v", 5, tmp / "big.mkv")
    expect("8K frames", run("analyze", tmp / "big.mkv", "--out", tmp / "big"), 0)
    ffmpeg("-loop", 1, "-i", face, "-t", 0.4, "-r", 10, "-vf", "scale=320:320", "-pix_fmt", "yuv420p10le", "-c:v", "ffv1", "-color_trc",
           "smpte2084", "-colorspace", "bt2020nc", "-color_primaries", "bt2020", tmp / "hdr.mkv")
    expect("10 bit HDR", run("analyze", tmp / "hdr.mkv", "--out", tmp / "hdr"), 0)
    ffmpeg("-loop", 1, "-i", face, "-t", 0.4, "-r", 10, "-vf", "scale=320:320,setpts='if(eq(N,2),9e9,N*1000)',format=yuv420p", "-vsync",
           "passthrough", tmp / "absurd.mkv")
    expect("absurd time stamps", run("analyze", tmp / "absurd.mkv", "--out", tmp / "absurd"), 0)

    if os.geteuid() == 0 and shutil.which("setpriv"):
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        os.chmod(scratch, 0o755)
        secret = tmp / "secret.mp4"
        shutil.copy(clip, secret)
        secret.chmod(0)
        reachable = subprocess.run([*as_nobody, program, "--version"], capture_output=True).returncode == 0
        if reachable:
            answer = subprocess.run([*as_nobody, program, "analyze", secret, "--out", "/tmp/never"], capture_output=True, text=True)
            expect("no permission to read", answer, 3, "secret.mp4")
            answer = subprocess.run([*as_nobody, program, "analyze", clip, "--out", "/proc/never"], capture_output=True, text=True)
            expect("output not writable", answer, 4, "/proc/never")
    expect("output not writable (root)", run("analyze", clip, "--out", "/proc/never"), 4, "/proc/never")

    full = tmp / "full"
    full.mkdir()
    if os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", full], capture_output=True).returncode == 0:
        try:
            ffmpeg("-loop", 1, "-i", face, "-t", 8, "-r", 25, "-vf", "scale=320:320,format=yuv420p", tmp / "long.mp4")
            expect("full disk", run("analyze", tmp / "long.mp4", "--out", full), 4, "frames.csv")
            lines = (full / "frames.csv").read_text().split("\n")
            if lines[-1] != "" or len({line.count(",") for line in lines[:-1]}) != 1 or len(lines) < 10:
                failures.append("full disk: whole rows only")
        finally:
            subprocess.run(["umount", full], check=False)

    models = tmp / "models"
    shutil.copytree(repository / "models", models)
    weights = models / "expression" / "expression.bin"
    if weights.exists():
        changed = bytearray(weights.read_bytes())
        changed[len(changed) // 2] ^= 1
        weights.write_bytes(changed)
        environment = dict(os.environ, PYROMETER_MODELS=str(models), PYROMETER_HOME=str(repository / ".pyrometer"))
        expect("a model with one bit changed", run("analyze", clip, "--out", out, env=environment), 4, "expression")

    # Ctrl-C finishes the files properly; kill -9 leaves everything older than a second readable.
    ffmpeg("-stream_loop", 99, "-i", clip, "-c", "copy", tmp / "loop.mp4")
    for kill, folder in ((signal.SIGINT, tmp / "stopped"), (signal.SIGKILL, tmp / "killed")):
        process = subprocess.Popen([program, "analyze", tmp / "loop.mp4", "--out", folder], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while (rows(folder) if (folder / "frames.csv").exists() else 0) <= 50 and time.monotonic() < until:
            time.sleep(0.2)
        process.send_signal(kill)
        process.wait(timeout=30)
        kept = rows(folder)
        good = kept > 50 and (folder / "session.json").exists() and process.returncode == (130 if kill == signal.SIGINT else -9)
        print(f"{'ok' if good else 'FAIL'}    {kill.name}: {kept} rows kept, exit {process.returncode}")
        if not good:
            failures.append(kill.name)

print(f"{len(failures)} failed" if failures else "all as expected")
sys.exit(1 if failures else 0)
