"""`pyrometer study` and `pyrometer report session` as a whole: a study of real clips recounted here from their frames.csv; tables of OpenFace
and py-feat; levels of simulated people; what is refused.

usage: study.py PYROMETER VIDEOS
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

import numpy as np

program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
CLASSES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
CLIPS = ["lp_d6.mp4", "lp_d9.mp4", "pyfeat_wolfganglanger.mp4"]


def run(*words, code=0):
    answer = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=600)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def lines(*words):
    return [json.loads(line) for line in run(*words, "--json").stdout.splitlines()]


def near(a, b, tolerance):
    assert abs(a - b) <= tolerance, f"{a} and {b} differ by {abs(a - b)}"


def table_of(study, out):
    run("study", "table", "--study", study, "--out", out)
    with open(out, newline="") as file:
        return list(csv.DictReader(file))


def page(path):
    text = " ".join(ElementTree.parse(path).getroot().itertext())
    assert "Not a diagnosis" in text, "the page does not say that it is no diagnosis"
    return text


def made(tmp):
    study = tmp / "made"
    run("study", "simulate", study, "--persons", "12", "--sessions", "3", "--seconds", "240", "--seed", "3")
    rows = table_of(study, tmp / "made.csv")
    assert len(rows) == 36 and all(row["simulated"] == "1" for row in rows)
    again = tmp / "again"
    run("study", "simulate", again, "--persons", "12", "--sessions", "3", "--seconds", "240", "--seed", "3")
    assert table_of(again, tmp / "again.csv") == rows, "the same seed made another study"
    one = tmp / "one.csv"
    run("study", "table", "--study", study, "--out", one, "--threads", "1")
    assert one.read_text() == (tmp / "made.csv").read_text(), "the table depends on the threads"
    (held,) = lines("study", "calibrate", "--study", study, "--held-out", "--lengths", "10,60")
    assert held["simulated"] and held["held_out"] == "later sessions" and len(held["rows"]) == 2
    people = lines("study", "calibrate", "--study", study, "--seconds", "30")
    assert len(people) == 12 and all(len(one["z"]) == 2 for one in people)
    level = people[0]["measures"]["score"]
    assert min(level["own"], level["level"]) <= level["level"] <= max(level["own"], level["level"]) or 0 <= level["weight"] <= 1
    assert "SIMULATED" in run("study", "calibrate", "--study", study).stdout
    baseline = tmp / "baseline.json"
    run("study", "calibrate", "--study", study, "--person", people[0]["person"], "--write-baseline", baseline)
    assert json.loads(baseline.read_text())["persons"][0]["baseline"]["frames"] > 0
    run("report", "session", "S0001-001", "--study", study, "--html", tmp / "made.html")
    assert "nobody was recorded" in page(tmp / "made.html")
    print("ok    simulated people: table, levels, held out, summary")


def foreign(tmp):
    study = tmp / "foreign"
    run("study", "init", study, "--zone", "Europe/Berlin")
    text = "frame, face_id, timestamp, confidence, success, pose_Rx, pose_Ry, pose_Rz, AU45_r, AU45_c\n"
    text += "".join(f"{i + 1}, 0, {i * 0.04:.3f}, 0.98, 1, 0.1, 0.2, -0.05, {4.5 if i % 50 < 3 else 0.5}, {int(i % 50 < 3)}\n" for i in range(500))
    (tmp / "openface.csv").write_text(text)
    run("study", "import", tmp / "openface.csv", "--study", study, "--layout", "openface2", "--person", "A", code=2)
    (added,) = lines("study", "import", tmp / "openface.csv", "--study", study, "--layout", "openface2", "--person", "A", "--start", "2026-03-02T09:00")
    assert added["start"] == "2026-03-02T08:00:00.000000Z" and "no expression probabilities" in added["notes"][0]
    words = "anger,disgust,fear,happiness,sadness,surprise,neutral"
    p = np.random.default_rng(1).dirichlet(np.ones(7), 300)
    text = f"frame,{words},AU43,input\n" + "".join(f"{i},{','.join(f'{x:.9f}' for x in row)},0.1,a.mp4\n" for i, row in enumerate(p))
    (tmp / "pyfeat.csv").write_text(text)
    more = ("--study", study, "--layout", "pyfeat", "--person", "B", "--start", "2026-03-02T09:00")
    run("study", "import", tmp / "pyfeat.csv", *more, code=2)  # no --fps
    run("study", "import", tmp / "pyfeat.csv", *more, "--fps", "25")
    run("study", "import", tmp / "pyfeat.csv", *more, "--fps", "25", code=3)  # twice
    a, b = table_of(study, tmp / "foreign.csv")
    assert a["score"] == "" and a["scored"] == "0" and all(a[f"{name}_mean"] == "" for name in CLASSES), "a probability that nobody measured"
    assert a["blinks"] == "10", a["blinks"]
    steps = p[:, [0, 1, 2, 4]].sum(1) - p[:, 3]
    near(float(b["score"]), steps.mean(), 1e-6)
    near(float(b["volatility"]), steps.var(), 1e-6)
    for place, name in enumerate(CLASSES):
        near(float(b[f"{name}_mean"]), p[:, place].mean(), 1e-6)
    run("study", "import", tmp / "openface.csv", "--study", study, "--layout", "pyfeat", "--fps", "25", "--person", "C", "--start",
        "2026-03-02T09:00", code=3)
    assert "twice" in run("study", "import", tmp / "openface.csv", "--study", study, "--layout", "openface2", "--person", "C", "--start",
                          "2026-10-25T02:30", code=3).stderr
    print("ok    OpenFace and py-feat")


def real(tmp):
    study = tmp / "real"
    run("study", "init", study, "--zone", "Europe/Berlin")
    for i, clip in enumerate(CLIPS):
        run("analyze", videos / clip, "--out", tmp / clip)
        run("study", "add", tmp / clip, "--study", study, "--person", f"P{i}", "--start", "2026-03-02T09:00")
    run("study", "add", tmp / CLIPS[0], "--study", study, "--person", "P9", "--start", "2026-04-02T09:00", code=3)  # the same bytes
    run("study", "add", tmp / CLIPS[1], "--study", tmp / "nowhere", "--person", "P9", code=3)
    for clip, row in zip(CLIPS, table_of(study, tmp / "real.csv")):
        with open(tmp / clip / "frames.csv", newline="") as file:
            frames = list(csv.DictReader(file))
        scores = np.array([float(one["score"]) for one in frames if one["score"]])
        near(float(row["score"]), scores.mean(), 1e-9)
        near(float(row["volatility"]), scores.var(), 1e-9)
        by_second = {}
        for one in frames:
            if one["happy"]:
                by_second.setdefault(int(float(one["time_s"])), []).append(float(one["happy"]))
        for name in CLASSES + ["bs_jawOpen", "eye_openness", "yaw_deg"]:
            values = np.array([float(one[name]) for one in frames if one[name]])
            near(float(row[f"{name}_mean"]), values.mean(), 1e-5)
            near(float(row[f"{name}_sd"]), values.std(), 1e-5)
        seconds = [np.mean(one) for one in by_second.values()]
        for q in (5, 50, 95):
            near(float(row[f"happy_q{q:02d}"]), np.percentile(seconds, q), 1e-6)
        (person,) = json.loads((tmp / clip / "session.json").read_text())["persons"]
        near(float(row["score"]), person["mean_score"], 1e-9)
        near(float(row["index"]), person["index"], 1e-7)
    (tmp / "topics.csv").write_text("keyword,start_s,end_s\nwork,3,15\nhome,20,22\n")
    (told,) = lines("report", "session", tmp / CLIPS[0], "--keywords", tmp / "topics.csv", "--html", tmp / "session.html")
    assert told["topics"][1]["profile"]["score"]["verdict"] == "too little to say"
    with open(tmp / CLIPS[0] / "frames.csv", newline="") as file:
        frames = [one for one in csv.DictReader(file) if one["score"]]
    by_second = {}
    for one in frames:
        by_second.setdefault(int(float(one["time_s"])), []).append(float(one["score"]))
    inside = [np.mean(one) for second, one in by_second.items() if 3 <= second < 15]
    near(told["topics"][0]["profile"]["score"]["mean"], np.mean(inside), 1e-9)
    assert "expression 1." in page(tmp / "session.html")
    run("report", "session", tmp / CLIPS[0], "--keywords", tmp / "nowhere.csv", code=3)
    run("report", "session", "P0-009", "--study", study, code=3)
    print("ok    real clips: S and V to 1e-9, means, deviations and quantiles as NumPy's")


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    made(tmp)
    foreign(tmp)
    if not videos.is_dir():
        print(f"SKIPPED: no clips at {videos}")
        sys.exit(77)
    real(tmp)
