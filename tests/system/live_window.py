"""The window of `live`, on a virtual screen: it shows a face that is read, records, and quits with q.

usage: live_window.py PYROMETER CLIP
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
SIZE = (1600, 1000)


def start_screen():
    """A virtual screen of its own; its number comes from the server, so that runs side by side do not meet."""
    reader, writer = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"],
                              pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as number:
        return server, ":" + number.readline().strip()


def window_named(title, environment, timeout_s=60):
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        found = subprocess.run(["xdotool", "search", "--name", title], capture_output=True, text=True, env=environment)
        if found.stdout.split():
            return found.stdout.split()[0]
        time.sleep(0.2)
    return None


def picture_of(display):
    """The screen as raw RGB."""
    grabbed = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "x11grab", "-video_size", f"{SIZE[0]}x{SIZE[1]}", "-i",
                              display, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                             capture_output=True, check=True)
    return grabbed.stdout


def share_differing(one, other):
    pixels = len(one) // 3
    return sum(one[i : i + 3] != other[i : i + 3] for i in range(0, len(one), 30)) / (pixels / 10)


def check(program, clip, folder, environment):
    record = folder / "recorded.mkv"
    words = [program, "live", "--source", clip, "--out", folder / "run", "--record", record]
    live = subprocess.Popen([str(word) for word in words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                            text=True)
    try:
        window = window_named("Pyrometer", environment)
        if window is None:
            return [f"no window came up: {live.stderr.read() if live.poll() is not None else 'still running'}"]
        time.sleep(3)
        first = picture_of(environment["DISPLAY"])
        time.sleep(1)
        second = picture_of(environment["DISPLAY"])
        # Only pressed: by the time the key would be let go, the window that it was meant for may be gone.
        subprocess.run(["xdotool", "keydown", "--window", window, "q"], check=True, env=environment)
        _, errors = live.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        return ["q did not end it within 20 s"]
    finally:
        if live.poll() is None:
            live.send_signal(signal.SIGKILL)
    problems = []
    colours = len({first[i : i + 3] for i in range(0, len(first), 300)})
    if colours < 200:
        problems.append(f"the window shows only {colours} colours: no picture?")
    if (changed := share_differing(first, second)) < 0.02:
        problems.append(f"only {changed:.1%} of the pixels changed within a second: the picture stands still")
    if live.returncode != 0:
        problems.append(f"exit {live.returncode} after q: {errors.strip()[-300:]}")
    rows = (folder / "run" / "frames.csv").read_text().splitlines()
    usable = sum(row.split(",")[4] == "1" for row in rows[1:])
    if usable < 20:
        problems.append(f"{usable} usable rows in {len(rows) - 1} after some 4 s")
    if "consent" not in errors:
        problems.append("recording left no line on consent")
    probe = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
                            "stream=nb_read_frames", "-of", "csv=p=0", str(record)], capture_output=True, text=True)
    if not probe.stdout.strip().strip(",").isdigit() or int(probe.stdout.strip().strip(",")) < 20:
        problems.append(f"the recording cannot be played: {probe.stdout.strip()} {probe.stderr.strip()[-200:]}")
    print(f"{colours} colours, {changed:.1%} of the pixels changed in a second, {usable} usable rows of {len(rows) - 1}")
    return problems


def main():
    program, clip = sys.argv[1], pathlib.Path(sys.argv[2])
    missing = [name for name in ("Xvfb", "xdotool", "ffmpeg", "ffprobe") if shutil.which(name) is None]
    if missing or not clip.exists():
        print(f"SKIPPED: {', '.join(missing) or clip} is missing")
        return SKIPPED
    server, display = start_screen()
    try:
        environment = os.environ | {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        environment.pop("WAYLAND_DISPLAY", None)
        with tempfile.TemporaryDirectory() as folder:
            problems = check(program, clip, pathlib.Path(folder), environment)
    finally:
        server.terminate()
    for problem in problems:
        print(f"FAILED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
