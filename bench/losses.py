"""What the faster ways lose: every clip read in full (478 points, f32) and then by the fast path, in bf16, and both; the columns compared
frame by frame where both ways followed the face.

usage: bench/losses.py PYROMETER VIDEOS
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy

CLASSES = "angry disgust fear happy sad surprise neutral".split()
WAYS = {"468 points": ["--mesh", "fast"], "478 points, bf16": ["--precision", "bf16"],
        "468 points, bf16": ["--mesh", "fast", "--precision", "bf16"]}
GEOMETRY = {"yaw_deg": "deg", "pitch_deg": "deg", "roll_deg": "deg", "ear_right": "", "ear_left": "", "mar": "", "score": ""}


def run(program, clip, folder, *words):
    subprocess.run([program, "analyze", str(clip), "--out", str(folder), *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(folder / "frames.csv", newline="") as file:
        table = list(csv.DictReader(file))
    rows = {(row["frame"], row["face_id"]): row for row in table if row["valid"] == "1"}
    return rows, json.loads((folder / "session.json").read_text())["persons"]


def column(rows, keys, name):
    return numpy.array([float(rows[key][name]) if rows[key][name] else numpy.nan for key in keys])


def told(differences):
    absolute = numpy.abs(differences[~numpy.isnan(differences)])
    return f"mean {absolute.mean():.4f}  95 % {numpy.quantile(absolute, 0.95):.4f}  most {absolute.max():.4f}"


def main():
    program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
    clips = sorted(path for path in videos.iterdir() if path.suffix in (".mp4", ".mov", ".avi"))
    gathered = {way: {} for way in WAYS}
    counts = {way: [0, 0, 0, 0] for way in WAYS}  # usable in full, usable in both, same expression, events
    ends = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as scratch:
        for clip in clips:
            full, persons = run(program, clip, pathlib.Path(scratch) / "full")
            actions = [name for name in next(iter(full.values()), {}) if name.startswith("bs_")] if full else []
            for way, words in WAYS.items():
                rows, others = run(program, clip, pathlib.Path(scratch) / "other", *words)
                keys = sorted(full.keys() & rows.keys())
                counts[way][0] += len(full)
                counts[way][1] += len(keys)
                if not keys:
                    continue
                for name in [*CLASSES, *GEOMETRY, *actions]:
                    gathered[way].setdefault(name, []).append(column(rows, keys, name) - column(full, keys, name))
                label = lambda table: numpy.argmax([column(table, keys, name) for name in CLASSES], axis=0)
                counts[way][2] += int((label(rows) == label(full)).sum())
                if len(persons) == len(others):
                    ends[way] += [(a["index"] - b["index"], a["blinks"] - b["blinks"], a["blinks"]) for a, b in zip(persons, others)
                                  if a["index"] is not None and b["index"] is not None]
    for way, columns in gathered.items():
        usable, both, same, _ = counts[way]
        print(f"== {way}, against 478 points in f32: {len(clips)} clips, {both} of {usable} usable faces usable in both")
        joined = {name: numpy.concatenate(parts) for name, parts in columns.items()}
        print(f"  probabilities  {told(numpy.concatenate([joined[name] for name in CLASSES]))}  same first expression {same / both:.2%}")
        actions = [name for name in joined if name not in CLASSES and name not in GEOMETRY]
        if actions:
            print(f"  52 actions     {told(numpy.concatenate([joined[name] for name in actions]))}")
            worst = sorted(actions, key=lambda name: -numpy.abs(joined[name]).mean())[:6]
            print("    most on average: " + ", ".join(f"{name} {numpy.abs(joined[name]).mean():.3f}" for name in worst))
        for name, unit in GEOMETRY.items():
            print(f"  {name:14} {told(joined[name])} {unit}")
        if ends[way]:
            index, blinks, of = (numpy.array(part, dtype=float) for part in zip(*ends[way]))
            print(f"  index at the end of {len(index)} people: mean {numpy.abs(index).mean():.2f}  most {numpy.abs(index).max():.2f} points of 100; "
                  f"blinks {int(numpy.abs(blinks).sum())} different of {int(of.sum())}")


main()
