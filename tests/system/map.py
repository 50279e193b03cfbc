"""The embedding map as a whole: `pyrometer-train map` on a small part of FER2013, `pyrometer map` on other faces, bad inputs.

usage: map.py PYROMETER_TRAIN PYROMETER REPOSITORY FER2013
"""
import gzip
import json
import math
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import tomllib

trainer, program, repository, fer2013 = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
model = repository / "models" / "expression" / "expression.xml"


def run(binary, *words, code=0):
    answer = subprocess.run([binary, *map(str, words)], capture_output=True, text=True, timeout=600)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def fit(data, out, *more, **how):
    return run(trainer, "map", "--model", model, "--data", data, "--out", out, *more, **how)


def share(rate, at_least):
    assert rate["n"] > 0 and rate["accuracy_95"][0] <= rate["accuracy"] <= rate["accuracy_95"][1], rate
    assert rate["accuracy"] > at_least, rate


def first_faces(folder, name, labels_wanted, count):
    """The first faces of the public part with one of these labels, as IDX files of their own."""
    with gzip.open(fer2013 / "fer2013-public-images-idx3-ubyte.gz") as file:
        images = file.read()[16:]
    with gzip.open(fer2013 / "fer2013-public-labels-idx1-ubyte.gz") as file:
        labels = file.read()[8:]
    chosen = [i for i, label in enumerate(labels) if label in labels_wanted][:count]
    (folder / name).mkdir()
    path = folder / name / "some-images-idx3-ubyte"
    path.write_bytes(struct.pack(">IIII", 2051, len(chosen), 48, 48) + b"".join(images[i * 2304:(i + 1) * 2304] for i in chosen))
    (folder / name / "some-labels-idx1-ubyte").write_bytes(struct.pack(">II", 2049, len(chosen)) + bytes(labels[i] for i in chosen))
    return path


def lab(folder):
    settings = ["--faces", 1500, "--steps", 600, "--seed", 3, "--cache", folder / "cache.arrays"]
    told = json.loads(fit(fer2013, folder / "one", *settings).stdout)
    written = json.loads((folder / "one" / "map.json").read_text())
    assert written == told and told["schema"] == "pyrometer-map/1"
    assert told["n_fit"] + told["n_hold_out"] == 1500 and told["n_hold_out"] == 300
    assert 0.8 < told["neighbourhoods"]["trustworthiness"] <= 1 and 0.8 < told["neighbourhoods"]["continuity"] <= 1, told
    for name in ("knn_on_map", "knn_in_embedding", "by_head"):
        share(told[name], 0.65)
    assert abs(told["settings"]["a"] - 1.577) < 1e-3 and abs(told["settings"]["b"] - 0.895) < 1e-3
    assert told["exported"]["largest_difference"]["map"] < 1e-4
    assert len(told["centres"]) == 7 and len(told["data"]["fingerprint"]) == 64
    page = (folder / "one" / "map.html").read_text()
    assert "stays on this host" in page and "Not a diagnosis" in page and page.count("<circle") > 200
    assert not list((folder / "one").glob("*.part")) and not (folder / "one" / "faces.arrays").exists()
    # The same seed: the same map, to the bit; embeddings from the cache.
    again = json.loads(fit(fer2013, folder / "two", *settings).stdout)
    assert again["embeddings_from_cache"] == 1500
    for name in ("map.bin", "selftest.json"):
        assert (folder / "one" / name).read_bytes() == (folder / "two" / name).read_bytes(), f"the same seed gave another {name}"


def bad_lab(folder):
    few = first_faces(folder, "few", (3, 4), 12)
    assert "neighbours" in fit(few, folder / "no", code=3).stderr
    happy = first_faces(folder, "happy", (3,), 60)
    assert "class" in fit(happy, folder / "no", code=3).stderr
    other = repository / "models" / "expression_map" / "map.xml"
    answer = run(trainer, "map", "--model", other, "--data", first_faces(folder, "some", (3, 4), 60), "--out", folder / "no", code=4)
    assert "no expression model" in answer.stderr, answer.stderr


def runtime(folder):
    faces = first_faces(folder, "unseen", range(7), 400)
    page = folder / "unseen.html"
    told = json.loads(run(program, "map", faces, "--html", page, "--json").stdout)
    assert told["n"] == 400 and len(told["points"]) == 400 and all(math.isfinite(value) for point in told["points"] for value in point)
    assert 0.85 < told["neighbourhoods"]["trustworthiness"] <= 1, told["neighbourhoods"]
    share(told["knn_on_map"], 0.4)  # the labels are FER2013's own; the map was fitted on the FER+ majority
    share(told["by_head"], 0.4)
    assert 0 < told["projection_us"] < 1000, told["projection_us"]
    text = page.read_text()
    assert "stays on this host" in text and text.count("<circle") == 400
    # A happy face lies nearer to the middle of the happy ones than to that of the sad ones, mostly.
    happy = json.loads(run(program, "map", first_faces(folder, "smiles", (3,), 100), "--json").stdout)
    near = sum(math.dist(point, happy["centres"]["happy"]) < math.dist(point, happy["centres"]["sad"]) for point in happy["points"])
    assert near > 80, near
    # Whole pictures go through the detector; one without a face is told apart.
    face = repository / ".pyrometer" / "demo" / "astronaut.png"
    if shutil.which("ffmpeg") and face.exists():
        pictures = folder / "whole" / "happy"
        pictures.mkdir(parents=True)
        shutil.copy(face, pictures / "a.png")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "color=gray:size=64x64", "-frames:v", "1", pictures / "b.png"], check=True)
        whole = json.loads(run(program, "map", folder / "whole", "--json").stdout)
        assert whole["n"] == 1 and whole["missed"] == {"no_face": 1}, whole
        assert whole["neighbourhoods"]["trustworthiness"] is None
    run(program, "map", folder / "absent", code=3)
    assert "expression network" in run(program, "map", faces, "--model", "fused", code=3).stderr


def main():
    if not (fer2013 / "fer2013-train.csv").exists():
        print("FER2013 is not here")
        sys.exit(77)
    manifest = tomllib.loads((repository / "models" / "manifest.toml").read_text())
    if not any(entry["name"] == "expression_map" for entry in manifest["model"]):
        print("no map is shipped here")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        lab(folder)
        bad_lab(folder)
        runtime(folder)


main()
