"""`pyrometer analyze` on real clips: rows against ffprobe, probabilities, ids, and the score recomputed independently.

usage: clips.py PYROMETER VIDEOS [CLIP...]     (all clips of the folder by default)
Exit 77 (skipped) where the folder is absent.
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CLASSES = "angry disgust fear happy sad surprise neutral".split()
# Clips in which one known person (or nobody) is seen: the ids that may appear.
PEOPLE = {"made_leave_return.mp4": 1, "pyfeat_no_face.mp4": 0, "intel_bottle.mp4": 0, "pyfeat_wolfganglanger.mp4": 1,
          "hdtf_wda_aoc.mp4": 1, "lp_d0.mp4": 1, "lp_d6.mp4": 1, "lp_d9.mp4": 1, "lp_d20.mp4": 1, "pyfeat_single_face.mp4": 1,
          "yawn_3.avi": 1, "intel_head-pose-face-detection-female-and-male.mp4": 2}


def ffprobe_frames(clip):
    answer = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
                             "stream=nb_read_frames", "-of", "csv=p=0", clip], capture_output=True, text=True, check=True)
    return int(answer.stdout.strip().rstrip(","))


def check(program, clip, folder):
    run = subprocess.run([program, "analyze", clip, "--out", folder, "--json"], capture_output=True, text=True)
    assert run.returncode == 0, f"exit {run.returncode}: {run.stderr}"
    for line in run.stdout.splitlines():
        json.loads(line)
    with open(folder / "frames.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    frames = [int(row["frame"]) for row in rows]
    expected = ffprobe_frames(clip)
    assert sorted(set(frames)) == list(range(expected)), f"{len(set(frames))} frames, ffprobe counts {expected}"
    assert frames == sorted(frames), "frames out of order"
    times = [float(row["time_s"]) for row in rows]
    assert all(a <= b for a, b in zip(times, times[1:])), "times run backwards"
    for row in rows:
        if row["valid"] == "1":
            total = sum(float(row[name]) for name in CLASSES)
            assert abs(total - 1) <= 1e-6, f"frame {row['frame']}: probabilities sum to {total}"
            assert row["reason"] == "" and row["score"] != "", f"frame {row['frame']}: valid, but no score or a reason"
        else:
            assert row["reason"], f"frame {row['frame']}: a gap without a reason"
            assert row["score"] == "" and row["happy"] == "", f"frame {row['frame']}: a gap with a guess"
    ids = {row["face_id"] for row in rows} - {""}
    if clip.name in PEOPLE:
        assert len(ids) == PEOPLE[clip.name], f"ids {sorted(ids)}, {PEOPLE[clip.name]} people expected"
    again = subprocess.run([sys.executable, str(HERE / "recompute_score.py"), str(folder)], capture_output=True, text=True)
    assert again.returncode == 0, again.stdout + again.stderr
    valid = sum(row["valid"] == "1" for row in rows)
    return f"{expected} frames, {len(rows)} rows, {valid} valid, {len(ids)} ids"


def main():
    program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
    if not videos.is_dir():
        print(f"SKIPPED: the shared videos are not at {videos}")
        return 77
    names = sys.argv[3:] or sorted(p.name for p in videos.iterdir() if p.suffix in (".mp4", ".mov", ".avi"))
    failures = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            try:
                print(f"ok    {name}: {check(program, videos / name, pathlib.Path(scratch) / name)}", flush=True)
            except AssertionError as error:
                failures += 1
                print(f"FAIL  {name}: {error}", flush=True)
    print(f"{len(names) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
