"""How well the expression network, the landmark branch and both fused tell the phases of the labelled clips, frame by frame, and what a
memory of earlier frames adds. The memory's time constant is chosen on all clips but one and judged on that one, for each in turn.

usage: bench/expression_phases.py PYROMETER MODELS VIDEOS [--home FOLDER]
  MODELS  the folder with manifest.toml; VIDEOS holds the clips and events.csv
"""
import argparse
import csv
import hashlib
import json
import math
import os
import pathlib
import re
import subprocess
import tempfile

CLASSES = "angry disgust fear happy sad surprise neutral".split()
# Until a phase of events.csv begins, this clip's note says what is to be seen.
BEFORE = {"pyfeat_single_face.mp4": ("neutral", 0.0, 1.0)}
SMILE = {"smile": "happy"}
TIME_CONSTANTS_S = [0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0]
LONGEST_GAP_S = 1.0  # signals::SmoothedExpression
LEAST = 1e-6


def phases(videos):
    found = {}
    with open(videos / "events.csv", newline="") as file:
        for row in csv.DictReader(file):
            name = SMILE.get(row["event"], row["event"])
            if name in CLASSES and row["unit"] == "second":
                found.setdefault(row["file"], []).append((name, float(row["start"]), float(row["end"])))
    for clip, phase in BEFORE.items():
        found.setdefault(clip, []).append(phase)
    return found


def variant(models, folder, branch_alone):
    """The models with a fused model that has no memory, and whose fusion is the branch alone where that is wanted."""
    folder.mkdir()
    for path in models.iterdir():
        if path.name not in ("manifest.toml", "fused"):
            os.symlink(path.resolve(), folder / path.name)
    model = json.loads((models / "fused" / "fused.json").read_text())
    model["smoothing_s"] = 0
    for head in model["heads"]:
        if branch_alone:
            head.update(network=[0] * 7, branch=[1] * 7, bias=[0] * 7)
    text = json.dumps(model, separators=(",", ":")).encode()
    (folder / "fused").mkdir()
    (folder / "fused" / "fused.json").write_bytes(text)
    manifest = (models / "manifest.toml").read_text()
    head, entry = manifest.split('name = "fused"')
    entry = "\n".join(line for line in entry.splitlines() if not line.startswith("self_test"))
    entry = re.sub(r"bytes = \d+", f"bytes = {len(text)}", entry, count=1)
    entry = re.sub(r'sha256 = "\w+"', f'sha256 = "{hashlib.sha256(text).hexdigest()}"', entry, count=1)
    (folder / "manifest.toml").write_text(head + 'name = "fused"' + entry + "\n")


def frames(program, models, home, clip, model):
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([program, "analyze", str(clip), "--out", out, "--model", model, "--models", str(models), "--max-faces", "1", "--threads", "1"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"PYROMETER_HOME": str(home)})
        with open(pathlib.Path(out) / "frames.csv", newline="") as file:
            return [(float(row["time_s"]), [float(row[name]) for name in CLASSES]) for row in csv.DictReader(file) if row["valid"] == "1"]


def smoothed(rows, constant_s):
    logs, last, told = None, None, []
    for time, p in rows:
        now = [math.log(max(value, LEAST)) for value in p]
        goes_on = logs is not None and time - last <= LONGEST_GAP_S and constant_s > 0
        kept = math.exp(-(time - last) / constant_s) if goes_on else 0
        logs = [kept * old + (1 - kept) * new for old, new in zip(logs, now)] if goes_on else now
        last = time
        powers = [math.exp(value - max(logs)) for value in logs]
        told.append((time, [value / sum(powers) for value in powers]))
    return told


def judged(rows, phases_of_clip):
    """(right, frames, summed log loss, changes of the label) over the frames inside a phase."""
    right = count = changes = 0
    loss, before = 0.0, None
    for time, p in rows:
        for name, start, end in phases_of_clip:
            if start <= time < end:
                label = CLASSES[p.index(max(p))]
                right += label == name
                count += 1
                loss -= math.log(max(p[CLASSES.index(name)], LEAST))
                changes += before is not None and label != before
                before = label
    return right, count, loss, changes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program"), parser.add_argument("models", type=pathlib.Path), parser.add_argument("videos", type=pathlib.Path)
    parser.add_argument("--home", type=pathlib.Path)
    flags = parser.parse_args()
    home = flags.home or flags.models.parent / ".pyrometer"
    clips = phases(flags.videos)
    with tempfile.TemporaryDirectory() as scratch:
        plain, branch = pathlib.Path(scratch) / "plain", pathlib.Path(scratch) / "branch"
        variant(flags.models, plain, False), variant(flags.models, branch, True)
        ways = {"network": (plain, "expression"), "branch": (branch, "fused"), "fused": (plain, "fused")}
        rows = {(way, clip): frames(flags.program, models, home, flags.videos / clip, model) for way, (models, model) in ways.items() for clip in clips}
    print("frames inside a phase, right %, mean log loss, changes of the label; memory 0 and the one chosen on the other clips")
    for clip, phases_of_clip in clips.items():
        print(f"{clip}: " + ", ".join(f"{name} {start:g} to {end:g} s" for name, start, end in phases_of_clip))
        for way in ways:
            def others(constant_s):
                # Each clip counts as one, however long it is.
                results = [judged(smoothed(rows[way, other], constant_s), clips[other]) for other in clips if other != clip]
                return sum(loss / max(count, 1) for _, count, loss, _ in results)
            chosen = min(TIME_CONSTANTS_S, key=others)
            for constant_s in (0, chosen):
                right, count, loss, changes = judged(smoothed(rows[way, clip], constant_s), phases_of_clip)
                print(f"  {way:8} memory {constant_s:3g} s  {count:4d} frames  {100 * right / count:5.1f} %  loss {loss / count:.3f}  {changes:3d} changes")
    for way in ways:
        def all_clips(constant_s):
            return sum(loss / max(count, 1) for _, count, loss, _ in (judged(smoothed(rows[way, clip], constant_s), clips[clip]) for clip in clips))
        print(f"{way}: the least loss on all {len(clips)} clips at {min(TIME_CONSTANTS_S, key=all_clips):g} s; " +
              ", ".join(f"{constant:g} s {all_clips(constant) / len(clips):.3f}" for constant in TIME_CONSTANTS_S))


main()
