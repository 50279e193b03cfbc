"""`pyrometer explain` as a whole: a real clip's score recounted here from its frames.csv, step by step and part by part; and the maps of
a photograph with their pictures and page.

usage: explain.py PYROMETER REPOSITORY VIDEOS
"""
import csv
import json
import math
import pathlib
import subprocess
import sys
import tempfile
from collections import defaultdict
from xml.etree import ElementTree

program, repository, videos = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
photograph = repository / ".pyrometer" / "demo" / "astronaut.png"
CLASSES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
CUES = ["perclos", "blink_duration", "yawns"]


def run(*words, code=0):
    answer = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=300)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def lines(*words):
    return [json.loads(line) for line in run(*words, "--json").stdout.splitlines()]


def near(a, b, tolerance=1e-12):
    assert abs(a - b) <= tolerance, f"{a} and {b} differ by {abs(a - b)}"


def page(path):
    root = ElementTree.parse(path).getroot()  # well-formed, as any XML parser sees it
    text = " ".join(root.itertext())
    assert "Not a diagnosis" in text, "the page does not say that it is no diagnosis"
    for image in root.iter("{http://www.w3.org/1999/xhtml}img"):
        assert image.get("src").startswith("data:image/png;base64,")
    return text


def adds_up(level):
    for name in ("score", "volatility", "score_final"):
        near(sum(level["parts"][name].values()), level[name])


def picture_maps(tmp):
    (face,) = lines("explain", photograph, "--out", tmp / "maps")
    assert face["label"] == face["class"] and len(face["map"]) == len(face["map"][0]) == 8, face
    near(sum(face["p"]), 1, 1e-6)
    predicted = json.loads(run("predict", photograph, "--json").stdout)["faces"][0]["p"]
    for mine, theirs in zip(face["p"], predicted):
        near(mine, theirs, 1e-5)
    # The maps' means are the logits but for each class's constant, so between two pictures their differences are those of log p.
    def logits(image, *more):
        answers = [lines("explain", image, "--class", name, "--random", 1, *more)[0] for name in CLASSES]
        means = [sum(map(sum, one["map"])) / 64 for one in answers]
        return [math.log(p) - mean for p, mean in zip(answers[0]["p"], means)]
    half = tmp / "half.png"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", photograph, "-vf", "crop=200:200:120:0,eq=contrast=0.7", half], check=True)
    a, b = logits(photograph, "--cropped"), logits(half, "--cropped")
    for i in range(1, 7):
        near(a[i] - a[0], b[i] - b[0], 1e-3)
    assert 0 <= face["deletion"]["area"] <= 1 and len(face["deletion"]["curve"]) == 33
    near(face["deletion"]["curve"][0], face["p"][CLASSES.index(face["class"])], 1e-5)
    near(face["insertion"]["curve"][-1], face["p"][CLASSES.index(face["class"])], 1e-5)
    assert lines("explain", photograph) == [face], "the same seed gave other numbers"
    assert "deletion area" in page(tmp / "maps" / "explanation.html")
    (png,) = (tmp / "maps").glob("*.png")
    assert png.read_bytes().startswith(b"\x89PNG")
    run("explain", code=2)
    run("explain", photograph, "--class", "smug", code=2)
    run("explain", tmp / "nowhere.png", code=3)
    print(f"ok    maps: {face['class']}, deletion {face['deletion']['area']:.3f} (random {face['deletion']['random_area']:.3f}), "
          f"insertion {face['insertion']['area']:.3f} (random {face['insertion']['random_area']:.3f})")


def session(tmp, clip, step_s, *settings):
    folder = tmp / clip.stem
    run("analyze", clip, "--out", folder, *settings)
    persons = lines("explain", "session", folder, "--step", step_s, "--html", tmp / "session.html")
    recorded = json.loads((folder / "session.json").read_text())
    score = recorded["settings"]["score"]
    weight = dict.fromkeys(CLASSES, score["alpha"]) | {"happy": -score["beta"], "surprise": score["gamma"], "neutral": score["gamma"]}
    frames = defaultdict(list)
    with open(folder / "frames.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["face_id"] and row["valid"] == "1":
            step = math.floor((float(row["time_s"]) - float(rows[0]["time_s"])) / step_s)
            frames[int(row["face_id"]), step].append(row)
    moves = 0
    for person in persons:
        (summary,) = [one for one in recorded["persons"] if one["face_id"] == person["face_id"]]
        if person["session"]["score"] is None:
            continue
        for mine, theirs in (("score", "mean_score"), ("volatility", "volatility"), ("score_final", "score_final")):
            near(person["session"][mine], summary[theirs], 1e-9)
        adds_up(person["session"])
        by_time = {}
        for one in person["steps"]:
            seen = frames.get((person["face_id"], round(one["from_s"] / step_s)), [])
            assert one["valid_frames"] == len(seen), one
            if not seen:
                assert one["score"] is None and one["change"] is None, "a gap is no zero"
                continue
            adds_up(one)
            by_time[one["from_s"]] = one
            near(one["score"], sum(float(row["score"]) for row in seen) / len(seen), 1e-9)
            for name in CLASSES:
                near(one["parts"]["score"][name], weight[name] * sum(float(row[name]) for row in seen) / len(seen), 1e-9)
            if score["profile"] == "extended":
                cues = sum(one["parts"]["score"][name] for name in CUES)
                near(cues, score["delta"] * sum(float(row["fatigue"]) for row in seen) / len(seen), 1e-9)
            if one["change"]:
                moves += 1
                since = by_time[one["change"]["since_s"]]
                for name in ("score", "score_final"):
                    near(sum(one["change"]["parts"][name].values()), one["change"][name])
                    near(one[name] - since[name], one["change"][name])
    text = page(tmp / "session.html")
    assert "expression 1." in text, "the page does not name its model"
    print(f"ok    {clip.name}: {len(persons)} persons, {moves} changes, each the sum of its parts to 1e-12")
    return folder


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    if photograph.is_file():
        picture_maps(tmp)
    if not videos.is_dir():
        print(f"SKIPPED: no clips at {videos}")
        sys.exit(77)
    folder = session(tmp, videos / "pyfeat_wolfganglanger.mp4", 2, "--profile", "extended", "--gamma", "0.2", "--beta", "0.8")
    session(tmp, videos / "made_leave_return.mp4", 1)
    # A frames.csv alone is explained under the flags' settings, which also win over a run's own.
    (alone,) = lines("explain", "session", folder / "frames.csv")
    assert alone["settings"].startswith("alpha=1;beta=1;gamma=0;") and alone["models"] is None, alone["settings"]
    (own,) = lines("explain", "session", folder, "--gamma", "0.3")
    assert own["settings"].startswith("alpha=1;beta=0.8;gamma=0.3;") and "profile=extended" in own["settings"], own["settings"]
    assert "moved most by" in run("explain", "session", folder, "--step", "5").stdout
    if photograph.is_file():
        (frame,) = lines("explain", videos / "pyfeat_wolfganglanger.mp4", "--at", "12", "--random", 2)
        assert frame["face"] == 1
        run("explain", videos / "pyfeat_wolfganglanger.mp4", "--at", "1000", code=3)
    run("explain", "session", tmp / "nowhere", code=3)
    run("explain", "session", folder, "--step", "0", code=2)
    (tmp / "broken").mkdir()
    (tmp / "broken" / "session.json").write_text("{}")
    run("explain", "session", tmp / "broken", code=3)
    print("ok    settings, a frame of a video, bad input")
