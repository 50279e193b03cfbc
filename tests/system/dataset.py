"""`pyrometer dataset` as a whole: real picture files in folders and CSVs, twins made by another program, splits that the other
verbs read, bad input; and FER2013's trap, recounted here from its bytes.

usage: dataset.py PYROMETER REPOSITORY FER2013_FOLDER
"""
import csv
import gzip
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from xml.etree import ElementTree

program, repository, fer2013 = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
face = repository / ".pyrometer" / "demo" / "astronaut.png"


def run(*words, code=0, **more):
    answer = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=300, **more)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def refused(code, mention, *words):
    answer = run(*words, code=code)
    errors = [line for line in answer.stderr.splitlines() if line.startswith("pyrometer: ")]
    assert len(errors) == 1 and mention in errors[0], f"{words}: {mention!r} is not in {answer.stderr!r}"


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True)


def cut(to, x, y, *more):
    """A piece of the photograph, 160 wide: different pieces are different pictures."""
    ffmpeg("-i", face, "-vf", ",".join([f"crop=160:160:{x}:{y}", *more]), to)


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    # A folder per class: 40 pieces, one of them again in another class, a third as a darker, smaller JPEG of low quality.
    places = [(x, y) for x in range(0, 330, 45) for y in range(0, 330, 70)]
    classes = ["happy", "sad"]
    for name in classes:
        (tmp / "set" / name).mkdir(parents=True)
    for i, (x, y) in enumerate(places):
        cut(tmp / "set" / classes[i % 2] / f"{i:02}.png", x, y)
    twin = tmp / "set" / "happy" / "00.png"
    (tmp / "set" / "sad" / "again.png").write_bytes(twin.read_bytes())
    cut(tmp / "set" / "sad" / "worse.jpg", *places[0], "scale=96:96", "eq=brightness=-0.05", "format=yuvj420p")
    page = tmp / "page.html"
    answer = json.loads(run("dataset", "inspect", tmp / "set", "--json", "--html", page).stdout)
    assert answer["pictures"] == len(places) + 2 and answer["distinct"] == len(places) + 1, answer
    assert answer["exact"]["groups_across_classes"] == 1, answer["exact"]
    names = [{pathlib.Path(one["name"]).name for one in group} for group in answer["near"]["members"]]
    assert any({"00.png", "again.png", "worse.jpg"} <= group for group in names), names
    root = ElementTree.parse(page).getroot()  # well-formed, as any XML parser sees it
    sources = [image.get("src") for image in root.iter("{http://www.w3.org/1999/xhtml}img")]
    assert sources and all(source.startswith("data:image/png;base64,") for source in sources)
    print(f"ok    folders: {answer['pictures']} pictures, twins found, a page of {len(sources)} pictures")

    # Persons: nobody on both sides, and the CSV is read by the other verbs.
    random.seed(5)
    with open(tmp / "people.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["path", "label", "person", "age"])
        for path in sorted((tmp / "set").rglob("*.png")):
            out.writerow([path.relative_to(tmp), path.parent.name, f"p{random.randrange(12)}", "30-44"])
    divided = tmp / "elsewhere" / "divided.csv"
    divided.parent.mkdir()
    words = ("dataset", "split", tmp / "people.csv", "--test", "0.3", "--by", "person", "--seed", "7", "--json")
    answer = json.loads(run(*words, "--out", divided).stdout)
    sides = defaultdict(set)
    for row in rows(divided):
        sides[row["person"]].add(row["split"])
        assert row["age"] == "30-44" and (divided.parent / row["path"]).is_file(), row
    assert len(rows(divided)) == len(places) + 1 and all(len(side) == 1 for side in sides.values()), dict(sides)
    share = sum(row["split"] == "test" for row in rows(divided)) / len(rows(divided))
    assert 0.2 < share < 0.4, share
    first = divided.read_bytes()
    run(*words, "--out", divided)
    assert divided.read_bytes() == first, "the same seed gave another split"
    again = json.loads(run("dataset", "inspect", divided, "--json").stdout)
    assert again["leaking_persons"] == [] and not any(leak["exact"] or leak["near"] for leak in again["leaks"]), again["leaks"]
    assert json.loads(run("evaluate", "--dataset", divided, "--cropped", "--json").stdout)["n"] == len(places) + 1
    print(f"ok    split by person: {share:.0%} of the pictures, {len(sides)} persons, read again by inspect and evaluate")

    # Settings from the environment reach a verb of two words.
    json.loads(run("dataset", "inspect", tmp / "set", env=os.environ | {"PYROMETER_JSON": "true"}).stdout)
    run("dataset", "inspect", tmp / "set", env=os.environ | {"PYROMETER_NEAR": "13"}, code=2)

    # Bad input.
    (tmp / "set" / "happy" / "broken.png").write_bytes(twin.read_bytes()[:400])
    broken = run("dataset", "inspect", tmp / "set", "--json", code=3)
    assert "broken.png" in broken.stderr and json.loads(broken.stdout)["pictures"] == len(places) + 3
    refused(3, "broken.png", "dataset", "split", tmp / "set", "--out", tmp / "x.csv")
    assert not (tmp / "x.csv").exists()
    (tmp / "set" / "happy" / "broken.png").unlink()
    (tmp / "set" / "fear").mkdir()
    refused(3, "set/fear' holds no picture", "dataset", "inspect", tmp / "set")
    (tmp / "set" / "fear").rmdir()
    (tmp / "set" / "smug").mkdir()
    refused(3, "angry, disgust, fear, happy, sad, surprise, neutral", "dataset", "inspect", tmp / "set")
    (tmp / "set" / "smug").rmdir()
    refused(3, "nowhere", "dataset", "inspect", tmp / "nowhere")
    refused(2, "--labels", "dataset", "inspect", tmp / "set", "--labels", tmp / "x")
    refused(2, "--labels is given 1 times for 2 sets", "dataset", "inspect", tmp / "set", tmp / "set", "--labels", tmp / "x")
    refused(2, "share", "dataset", "split", tmp / "set", "--out", tmp / "x.csv", "--test", "1.5")
    refused(3, "has no person", "dataset", "split", tmp / "set", "--out", tmp / "x.csv", "--by", "person")
    refused(4, "no/page.html", "dataset", "inspect", tmp / "set", "--html", tmp / "no" / "page.html")
    refused(2, "subcommand", "dataset")
    (tmp / "camera.csv").write_text("path,label\ncamera:0,happy\nhttp://127.0.0.1/x.png,sad\n")
    answer = run("dataset", "inspect", "camera.csv", code=3, cwd=tmp)
    assert "there is no picture 'camera:0' (line 2 of its CSV): check the path; 2 pictures in all" in answer.stderr, answer.stderr
    print("ok    bad input")

if not fer2013.is_dir():
    print(f"SKIPPED: FER2013 is not at {fer2013}")
    sys.exit(77)


def fer(part):
    images = gzip.open(fer2013 / f"fer2013-{part}-images-idx3-ubyte.gz").read()[16:]
    labels = gzip.open(fer2013 / f"fer2013-{part}-labels-idx1-ubyte.gz").read()[8:]
    return [(images[i * 2304:(i + 1) * 2304], labels[i]) for i in range(len(labels))]


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    sets = [f"{part}={fer2013 / f'fer2013-{part}-images-idx3-ubyte.gz'}" for part in ("train", "public")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = json.loads(run("dataset", "inspect", *sets, "--json", "--html", tmp / "fer.html").stdout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    train, public = fer("train"), fer("public")
    labels = defaultdict(set)
    for pixels, label in train + public:
        labels[pixels].add(label)
    seen = {pixels for pixels, _ in train}
    expected = {"pictures": len(train) + len(public), "distinct": len(labels),
                "conflicts": sum(len(some) > 1 for some in labels.values()), "twins": sum(p in seen for p, _ in public)}
    told = {"pictures": answer["pictures"], "distinct": answer["distinct"], "conflicts": answer["exact"]["groups_across_classes"],
            "twins": next(leak["exact"] for leak in answer["leaks"] if (leak["split"], leak["other"]) == ("train", "public"))}
    assert told == expected, f"{told}, counted here: {expected}"
    assert answer["splits"][0]["distinct"] == len(seen) == 27475 and expected["twins"] == 280
    print(f"ok    FER2013: {told}, in {seconds:.1f} s of CPU with the page")

    run("dataset", "split", sets[0], "--out", tmp / "fer.csv", "--seed", "3")
    again = json.loads(run("dataset", "inspect", tmp / "fer.csv", "--json").stdout)
    assert again["pictures"] == len(train) and not again["leaks"], again["leaks"]
    shares = {split["split"]: split["classes"] for split in again["splits"]}
    for name in shares["test"]:
        share = shares["test"][name] / (shares["test"][name] + shares["train"][name])
        assert abs(share - 0.2) < 0.005, f"{name}: {share}"
    print(f"ok    FER2013 divided: {shares['test']}, no twin on both sides")
