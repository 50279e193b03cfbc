"""Several inputs in one run: each is analysed, each gets its folder and the numbers it gets alone; a broken one takes nothing from
the others; a settings file counts as its flags do.

usage: batch.py PYROMETER REPOSITORY
"""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

program, repository = sys.argv[1], pathlib.Path(sys.argv[2])
face = repository / ".pyrometer" / "demo" / "astronaut.png"
# What says where, when or how fast a run was, not what was seen.
OF_THE_RUN = {"utc", "session_id", "run_id"}


def analyze(*words, **environment):
    return subprocess.run([program, "analyze", *map(str, words)], capture_output=True, text=True, timeout=300, env=os.environ | environment)


def table(folder):
    with open(folder / "frames.csv", newline="") as file:
        return [{k: v for k, v in row.items() if k not in OF_THE_RUN} for row in csv.DictReader(file)]


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    videos = tmp / "videos"
    videos.mkdir()
    for name, seconds, zoom in (("a", 2, 320), ("b", 3, 400), ("c", 1, 240)):
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-loop", "1", "-i", str(face), "-t", str(seconds), "-r", "25", "-vf",
                        f"scale={zoom}:{zoom},format=yuv420p", str(videos / f"{name}.mp4")], check=True)
    frames = {"a": 50, "b": 75, "c": 25}

    # Each alone, then all in one run by name, by folder, on one thread and on two: the same rows.
    alone = {}
    for name in frames:
        run = analyze(videos / f"{name}.mp4", "--out", tmp / f"alone-{name}")
        assert run.returncode == 0, run.stderr
        alone[name] = table(tmp / f"alone-{name}")
        assert len(alone[name]) == frames[name], f"{name}: {len(alone[name])} rows"
    ways = {"by name": sorted(videos.iterdir()), "by folder": [videos]}
    for way, words in ways.items():
        for threads in (1, 2):
            out = tmp / f"{way}-{threads}"
            run = analyze(*words, "--out", out, "--threads", threads)
            assert run.returncode == 0, f"{way}, {threads} threads: {run.stderr}"
            for name in frames:
                assert table(out / name) == alone[name], f"{way}, {threads} threads: {name} differs from the run alone"

    # Two inputs of one name get two folders; one that is broken costs the exit code and one line, not the others.
    (videos / "broken.mp4").write_text("no video")
    (tmp / "more").mkdir()
    (tmp / "more" / "a.mp4").write_bytes((videos / "c.mp4").read_bytes())
    out = tmp / "mixed"
    run = analyze(videos / "a.mp4", videos / "broken.mp4", tmp / "more" / "a.mp4", "--out", out, "--json")
    assert run.returncode == 3, f"exit {run.returncode}"
    errors = [line for line in run.stderr.splitlines() if line.startswith("pyrometer: ")]
    assert len(errors) == 1 and "broken.mp4" in errors[0], run.stderr
    assert table(out / "a") == alone["a"] and table(out / "a-2") == alone["c"], "the others were not analysed as alone"
    events = [json.loads(line) for line in run.stdout.splitlines()]
    assert sum(event["event"] == "error" for event in events) == 1, "no event says that an input failed"

    # A settings file.
    (tmp / "settings.toml").write_text('alpha = 0.5\nlambda = 0.25\nmax-faces = 1\nmesh = "fast"\n')
    by_file = analyze(videos / "c.mp4", "--out", tmp / "by-file", "--config", tmp / "settings.toml")
    by_flag = analyze(videos / "c.mp4", "--out", tmp / "by-flag", "--alpha", 0.5, "--lambda", 0.25, "--max-faces", 1, "--mesh", "fast")
    assert by_file.returncode == 0 == by_flag.returncode, by_file.stderr + by_flag.stderr
    assert table(tmp / "by-file") == table(tmp / "by-flag") != alone["c"], "a settings file counts for something else than its flags"
    hashes = [json.loads((tmp / f / "session.json").read_text())["persons"][0]["settings_hash"] for f in ("by-file", "by-flag", "alone-c")]
    assert hashes[0] == hashes[1] != hashes[2], hashes
    # File < environment < flags; the settings file itself may come from the environment.
    mixed = analyze(videos / "c.mp4", "--out", tmp / "mixed-ways", "--alpha", 0.5, PYROMETER_CONFIG=str(tmp / "other.toml"),
                    PYROMETER_LAMBDA="0.25", PYROMETER_ALPHA="7")
    assert mixed.returncode == 2 and "other.toml" in mixed.stderr, f"exit {mixed.returncode}: {mixed.stderr}"
    (tmp / "other.toml").write_text('alpha = 3\nlambda = 0.9\nmax-faces = 1\nmesh = "fast"\nno-expressions = false\nformat = ["csv", "parquet"]\n')
    mixed = analyze(videos / "c.mp4", "--out", tmp / "mixed-ways", "--alpha", 0.5, PYROMETER_CONFIG=str(tmp / "other.toml"),
                    PYROMETER_LAMBDA="0.25", PYROMETER_ALPHA="7")
    assert mixed.returncode == 0, mixed.stderr
    assert table(tmp / "mixed-ways") == table(tmp / "by-flag") and (tmp / "mixed-ways" / "frames.parquet").exists()
    (tmp / "wrong.toml").write_text("alhpa = 0.5\n")
    wrong = analyze(videos / "c.mp4", "--out", tmp / "wrong", "--config", tmp / "wrong.toml")
    assert wrong.returncode == 2 and "alhpa" in wrong.stderr, f"exit {wrong.returncode}: {wrong.stderr}"
    (tmp / "broken.toml").write_text("alpha = \n")
    broken = analyze(videos / "c.mp4", "--out", tmp / "wrong", "--config", tmp / "broken.toml")
    assert broken.returncode == 2 and "broken.toml" in broken.stderr and "line 1" in broken.stderr, f"exit {broken.returncode}: {broken.stderr}"
    absent = analyze(videos / "c.mp4", "--out", tmp / "absent", "--config", tmp / "absent.toml")
    assert absent.returncode == 2 and "absent.toml" in absent.stderr, f"exit {absent.returncode}: {absent.stderr}"
print("ok: alone, by name and by folder, on one thread and two, with a broken one, by settings file")
