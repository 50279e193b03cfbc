"""The landmark branch as a whole: `dataset landmarks` on real picture files, and `--model fused` in predict, evaluate, analyze and in an
edge bundle.

usage: landmarks.py PYROMETER REPOSITORY
"""
import csv
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

program, repository = sys.argv[1], pathlib.Path(sys.argv[2])
face = repository / ".pyrometer" / "demo" / "astronaut.png"
CLASSES = "angry disgust fear happy sad surprise neutral".split()


def run(*words, code=0):
    answer = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=300)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def measures(folder):
    pictures = folder / "set"
    for name, width in (("happy", 512), ("sad", 300)):
        (pictures / name).mkdir(parents=True)
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", face, "-vf", f"scale={width}:-1", pictures / name / "a.png"], check=True)
    # A picture without a face is no row; the same one taken as a cropped face is a row without measures.
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "color=gray:size=64x64", "-frames:v", "1", pictures / "sad" / "b.png"], check=True)
    told = json.loads(run("dataset", "landmarks", "--dataset", pictures, "--out", folder / "a.csv", "--json").stdout)
    assert told["pictures"] == 3 and told["rows"] == 2 and told["meshes"] == 2, told
    rows = table(folder / "a.csv")
    assert [row["label"] for row in rows] == ["happy", "sad"] and all(row["mesh"] == "1" for row in rows)
    names = [name for name in rows[0] if name.split(".")[0] in ("distance", "height", "depth", "angle", "action")]
    assert len(names) == told["features"], len(names)
    for head in ("product", "fer2013"):
        assert abs(sum(float(rows[0][f"{head}.{name}"]) for name in CLASSES) - 1) < 1e-5
    # The same face at another size: nearly the same measures. Heights less so: the pose's pitch differs by 1.6 degrees, which turns them.
    for name, most in (("distance.mouth_width", 0.05), ("distance.eye_opening.right", 0.05), ("angle.brow.left", 0.05), ("height.corner_under_nose.left", 0.1)):
        difference = abs(float(rows[0][name]) - float(rows[1][name]))
        assert difference < most, f"{name} differs by {difference}"
    run("dataset", "landmarks", "--dataset", pictures, "--out", folder / "b.csv")
    assert (folder / "a.csv").read_bytes() == (folder / "b.csv").read_bytes(), "a second run gave other measures"
    told = json.loads(run("dataset", "landmarks", "--dataset", pictures, "--cropped", "--out", folder / "c.csv", "--json").stdout)
    assert told["rows"] == 3, told
    grey = [row for row in table(folder / "c.csv") if row["mesh"] == "0"]
    assert len(grey) >= 1 and all(row[name] == "" for row in grey for name in names)
    run("dataset", "landmarks", "--dataset", folder / "absent", "--out", folder / "d.csv", code=3)
    return pictures


def stills(pictures):
    def faces(model):
        return json.loads(run("predict", face, "--model", model, "--json").stdout)["faces"]
    fused, alone = faces("fused"), faces("expression")
    assert len(fused) == len(alone) == 1
    assert abs(sum(fused[0]["p"]) - 1) < 1e-5 and fused[0]["p"] != alone[0]["p"]
    told = json.loads(run("evaluate", "--dataset", pictures, "--cropped", "--model", "fused", "--json").stdout)
    assert told["n"] == 3 and told["model"].startswith("fused@"), told


def added(folder):
    """A fused model is taken into the registry as a network is: it answers the same from there, and not if it fails its self-test."""
    shipped = repository / "models" / "fused"
    (folder / "new").mkdir()
    for name in ("fused.json", "selftest.json"):
        shutil.copy(shipped / name, folder / "new" / name)
    registry = ["--registry", folder / "registry"]
    run("models", "add", folder / "new", "--name", "ward_fused", "--licence", "Apache-2.0", *registry)
    assert any(model["name"] == "ward_fused" for model in json.loads(run("models", "list", "--json", *registry).stdout))
    run("models", "verify", *registry)
    answers = [json.loads(run("predict", face, "--model", name, "--json", *registry).stdout)["faces"][0]["p"] for name in ("fused", "ward_fused@1.0.0")]
    assert answers[0] == answers[1], answers
    test = json.loads((folder / "new" / "selftest.json").read_text())
    test["cases"][0]["outputs"][0][0] += 0.1
    (folder / "new" / "selftest.json").write_text(json.dumps(test))
    run("models", "add", folder / "new", "--name", "other_fused", "--licence", "Apache-2.0", *registry, code=3)


def video(folder):
    clip = folder / "clip.mp4"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-loop", "1", "-i", face, "-t", "1", "-r", "10", "-vf", "scale=512:512,format=yuv420p", clip], check=True)
    run("analyze", clip, "--out", folder / "here", "--model", "fused", "--threads", "1")
    rows = [row for row in table(folder / "here" / "frames.csv") if row["valid"] == "1"]
    assert len(rows) == 10
    for row in rows:
        p = [float(row[name]) for name in CLASSES]
        assert abs(sum(p) - 1) < 1e-4 and all(0 <= value <= 1 and math.isfinite(value) for value in p)
    used = {model["name"] for model in json.loads((folder / "here" / "session.json").read_text())["models"]}
    assert {"fused", "expression"} <= used, used
    run("analyze", clip, "--out", folder / "two", "--model", "fused", "--threads", "2")
    assert (folder / "here" / "frames.csv").read_text().splitlines()[1].split(",")[0] == "0"
    columns = CLASSES + ["score"]
    for one, two in zip(table(folder / "here" / "frames.csv"), table(folder / "two" / "frames.csv")):
        assert [one[name] for name in columns] == [two[name] for name in columns], "the number of threads changed a number"
    run("export", "edge", "--model", "fused", "--out", folder / "edge")
    run("analyze", clip, "--out", folder / "there", "--model", "fused", "--threads", "1", "--models", folder / "edge")
    for one, two in zip(table(folder / "here" / "frames.csv"), table(folder / "there" / "frames.csv")):
        assert [one[name] for name in columns] == [two[name] for name in columns], "the bundle gives other numbers"
    # One byte of the model changed: it is not used.
    manifest = tomllib.loads((folder / "edge" / "manifest.toml").read_text())
    model = folder / "edge" / next(entry["path"] for entry in manifest["model"] if entry["name"] == "fused")
    model.chmod(0o644)
    model.write_bytes(model.read_bytes().replace(b"0.", b"1.", 1))
    run("analyze", clip, "--out", folder / "broken", "--model", "fused", "--models", folder / "edge", code=4)


def main():
    if shutil.which("ffmpeg") is None or not face.exists():
        print("ffmpeg or the demonstration's photograph is missing")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        pictures = measures(folder)
        if not any(model["name"] == "fused" for model in json.loads(run("models", "list", "--json").stdout)):
            print("no fused model is shipped here")
            sys.exit(77)
        stills(pictures)
        added(folder)
        video(folder)


main()
