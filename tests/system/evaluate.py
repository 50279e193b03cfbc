"""`pyrometer evaluate` and `pyrometer audit` as a whole: figures recounted here from the predictions that were saved, pages, other
people's predictions, bad input; on FER2013 and UTKFace where they are.

usage: evaluate.py PYROMETER REPOSITORY SHARED_DATA
"""
import csv
import json
import math
import pathlib
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from xml.etree import ElementTree

program, repository, shared = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
face = repository / ".pyrometer" / "demo" / "astronaut.png"
CLASSES = "angry disgust fear happy sad surprise neutral".split()
XHTML = "{http://www.w3.org/1999/xhtml}"


def run(*words, code=0, **more):
    answer = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=600, **more)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def told(*words):
    return json.loads(run(*words, "--json").stdout.splitlines()[-1])


def refused(code, mention, *words, **more):
    answer = run(*words, code=code, **more)
    errors = [line for line in answer.stderr.splitlines() if line.startswith("pyrometer: ")]
    assert len(errors) == 1 and mention in errors[0], f"{words}: {mention!r} is not in {answer.stderr!r}"


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True)


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def write(path, titles, lines):
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(titles)
        out.writerows(lines)


def probabilities(row):
    return [float(row[name]) for name in CLASSES]


def recount(saved):
    """The figures anew from what was saved of each picture."""
    truth, said = [row["truth"] for row in saved], [row["label"] for row in saved]
    recall, f1 = {}, {}
    for name in set(truth):
        hits = sum(t == s == name for t, s in zip(truth, said))
        recall[name] = hits / truth.count(name)
        f1[name] = 2 * hits / (truth.count(name) + said.count(name))
    bins = {}
    nll = 0
    known = [row for row in saved if row["angry"]]
    for row in known:
        p = probabilities(row)
        bins.setdefault(min(14, math.ceil(max(p) * 15) - 1), []).append((max(p), row["label"] == row["truth"]))
        nll -= math.log(max(1e-12, p[CLASSES.index(row["truth"])]))
    ece = sum(abs(sum(p - hit for p, hit in some)) for some in bins.values()) / len(known)
    return {"n": len(saved), "accuracy": sum(t == s for t, s in zip(truth, said)) / len(saved),
            "balanced_accuracy": sum(recall.values()) / len(recall), "macro_f1": sum(f1.values()) / len(f1),
            "ece": ece, "nll": nll / len(known)}


def agree(answer, saved):
    mine = recount(saved)
    theirs = {key: answer[key] for key in ("n", "accuracy", "balanced_accuracy", "macro_f1")}
    theirs |= {key: answer["calibration"][key] for key in ("ece", "nll")}
    for key, value in mine.items():
        assert abs(theirs[key] - value) < 1e-5, f"{key}: {theirs[key]}, counted here: {value}"
    for key in ("accuracy", "balanced_accuracy", "macro_f1"):
        low, high = answer[f"{key}_95"]
        assert low <= answer[key] <= high, (key, low, answer[key], high)
    return mine


def look_at(page):
    """Well-formed, nothing from elsewhere, every link within it leads somewhere. Gives its pictures."""
    root = ElementTree.parse(page).getroot()
    ids = {one.get("id") for one in root.iter() if one.get("id")}
    for link in root.iter(f"{XHTML}a"):
        assert link.get("href")[0] == "#" and link.get("href")[1:] in ids, link.get("href")
    sources = [image.get("src") for image in root.iter(f"{XHTML}img")]
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    return sources


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    for name in ("happy", "sad", "fear"):
        (tmp / "set" / name).mkdir(parents=True)
    places = [(x, y) for x in range(0, 330, 60) for y in range(0, 330, 60)]
    for i, (x, y) in enumerate(places):
        ffmpeg("-i", face, "-vf", f"crop=160:160:{x}:{y}", tmp / "set" / ("happy", "sad", "fear")[i % 3] / f"{i:02}.png")
    judge = ("evaluate", "--dataset", tmp / "set", "--cropped")
    saved = tmp / "said.csv"
    answer = told(*judge, "--save", saved, "--html", tmp / "page.html")
    agree(answer, rows(saved))
    assert answer["n"] == len(places) and answer["faces_missed"] == 0 and answer["cropped"] is True
    assert any("groups" in warning for warning in answer["warnings"]), answer["warnings"]
    assert answer["latency_ms"]["median"] <= answer["latency_ms"]["p95"]
    assert len(look_at(tmp / "page.html")) == len(places)
    assert told(*judge)["accuracy_95"] == answer["accuracy_95"], "the same seed gave another interval"
    print(f"ok    cropped: {answer['n']} pictures, figures recounted, a page with each of them")

    # What was saved is judged as the model was, and against itself there is no difference.
    again = told(*judge, "--predictions", saved, "--against", saved)
    for key in ("n", "accuracy", "balanced_accuracy", "macro_f1", "confusion", "calibration"):
        assert again[key] == answer[key], key
    assert again["against"]["p"] == 1 and again["against"]["only_this_right"] == again["against"]["only_other_right"] == 0
    assert "latency_ms" not in again
    # A peer's labels alone, by path: right in the first half, and missing a face.
    truth = [(f"set/{path.parent.name}/{path.name}", path.parent.name) for path in sorted((tmp / "set").rglob("*.png"))]
    peer = [(path, label if i < len(truth) // 2 else "disgust") for i, (path, label) in enumerate(truth)]
    peer[0] = (peer[0][0], "")
    write(tmp / "peer.csv", ("path", "label"), peer)
    answer = told(*judge, "--predictions", tmp / "peer.csv", "--against", saved, "--html", tmp / "peer.html")
    right = {row["path"] for row in rows(saved) if row["label"] == row["truth"]}
    alone = sum(path not in right for path, _ in peer[1:len(truth) // 2])
    assert answer["faces_missed"] == 1 and "calibration" not in answer
    assert answer["accuracy"] == (len(truth) // 2 - 1) / len(truth)
    assert answer["against"]["only_this_right"] == alone, (answer["against"], alone)
    look_at(tmp / "peer.html")
    print(f"ok    predictions: saved, read again, a peer's labels; McNemar p {answer['against']['p']:.3g}")

    # Whole pictures: what has no face is an error, told apart.
    for name in ("happy", "sad"):
        (tmp / "whole" / name).mkdir(parents=True)
    (tmp / "whole" / "happy" / "person.png").write_bytes(face.read_bytes())
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x240", "-frames:v", "1", tmp / "whole" / "sad" / "nobody.png")
    answer = told("evaluate", "--dataset", tmp / "whole", "--html", tmp / "whole.html")
    assert answer["faces_missed"] == 1 and answer["missed_because"] == {"no_face": 1} and answer["cropped"] is False, answer
    assert answer["accuracy"] <= 0.5
    assert len(look_at(tmp / "whole.html")) == 2
    print(f"ok    whole pictures: {answer['accuracy']:.0%} right, one face missed")

    # Bad input.
    broken = tmp / "set" / "happy" / "broken.png"
    broken.write_bytes((tmp / "set" / "happy" / "00.png").read_bytes()[:300])
    refused(3, "broken.png", *judge)
    broken.unlink()
    (tmp / "camera.csv").write_text("path,label\ncamera:0,happy\n")
    refused(3, "there is no picture 'camera:0'", "evaluate", "--dataset", "camera.csv", cwd=tmp)
    (tmp / "smug.csv").write_text("path,label\nset/happy/00.png,smug\n")
    refused(3, "line 2: 'smug' is none of the seven", "evaluate", "--dataset", tmp / "smug.csv", "--cropped")
    write(tmp / "short.csv", ("path", "label"), peer[:-2])
    refused(3, f"says nothing of 2 of the {len(truth)} judged pictures", *judge, "--predictions", tmp / "short.csv")
    refused(3, "says nothing of 2", *judge, "--predictions", saved, "--against", tmp / "short.csv")
    write(tmp / "odd.csv", ("path", "label"), peer[:-1] + [(peer[-1][0], "smug")])
    refused(3, "'smug' is none of the seven", *judge, "--predictions", tmp / "odd.csv")
    refused(3, "nowhere.csv", *judge, "--predictions", tmp / "nowhere.csv")
    refused(3, f"{len(places)} of the {len(places)} judged pictures are in", *judge, "--calibrate-on", tmp / "set")
    refused(3, "nothing is left to judge", *judge, "--exclude-twins-of", tmp / "set")
    refused(2, "calibrate-on", *judge, "--predictions", saved, "--calibrate-on", tmp / "whole")
    refused(2, "--votes", *judge, "--labels-from", "votes")
    refused(2, "nosuch", *judge, "--against", "nosuch")
    refused(4, "no/page.html", *judge, "--html", tmp / "no" / "page.html")
    refused(4, "no/said.csv", *judge, "--save", tmp / "no" / "said.csv")
    print("ok    bad input of evaluate")

    # Audit: groups of a CSV; the pictures in an archive beside labels.csv.
    people = tmp / "people"
    people.mkdir()
    with tarfile.open(people / "pictures.tar.gz", "w:gz") as archive:
        archive.add(face, "a.png")
        archive.add(tmp / "whole" / "sad" / "nobody.png", "b.png")
        archive.add(face, "../escaped.png")
    write(people / "labels.csv", ("file", "age", "gender", "gender_name"), [("a.png", 41, 1, "female"), ("b.png", 70, 0, "male")])
    answer = told("audit", "--dataset", people, "--html", tmp / "audit.html")
    assert not (tmp / "escaped.png").exists()
    groups = {one["attribute"]: {group["group"]: group for group in one["groups"]} for one in answer["attributes"]}
    assert set(groups["age"]) == {"30-44", "60+"} and set(groups["gender"]) == {"female", "male"}, groups
    assert groups["gender"]["female"]["detected"]["value"] == 1 and groups["gender"]["male"]["detected"]["value"] == 0
    assert groups["gender"]["male"]["failures"] == {"no_face": 1} and answer["labelled"] is False
    assert all(one["largest_gaps"] == [] for one in answer["attributes"]), "a gap between single pictures"
    assert len(look_at(tmp / "audit.html")) == 1
    refused(3, "tells no groups", "audit", "--dataset", tmp / "set")
    packed = (people / "pictures.tar.gz").read_bytes()
    (people / "pictures.tar.gz").write_bytes(packed[:len(packed) // 2])
    refused(3, "pictures.tar.gz' is damaged", "audit", "--dataset", people)
    (people / "pictures.tar.gz").unlink()
    refused(3, "a.png", "audit", "--dataset", people)
    print("ok    audit: groups of a CSV, pictures of an archive, bad input")

fer2013, fairness = shared / "fer2013", shared / "fairness"
if not fer2013.is_dir() or not fairness.is_dir():
    print(f"SKIPPED: FER2013 and UTKFace are not at {shared}")
    sys.exit(77)

with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    public, train = (fer2013 / f"fer2013-{part}-images-idx3-ubyte.gz" for part in ("public", "train"))
    clean = ("evaluate", "--dataset", public, "--exclude-twins-of", train)
    answer = told(*clean, "--head", "fer2013", "--save", tmp / "fer.csv", "--html", tmp / "fer.html")
    assert answer["n"] == 3309 and answer["twins_left_out"] == 280, answer
    mine = agree(answer, rows(tmp / "fer.csv"))
    look_at(tmp / "fer.html")
    print(f"ok    PublicTest without twins: {mine}, {answer['latency_ms']} ms")

    votes = told(*clean, "--labels-from", "votes", "--save", tmp / "votes.csv", "--against", tmp / "fer.csv")
    with open(fer2013 / "fer2013-public.csv", newline="") as file:
        columns = ("v_anger", "v_disgust", "v_fear", "v_happiness", "v_sadness", "v_surprise", "v_neutral")
        majority = {}
        for row in csv.DictReader(file):
            counts = [int(row[column] or 0) for column in columns]
            if max(counts) > 0 and counts.count(max(counts)) == 1:
                majority[row["index"]] = CLASSES[counts.index(max(counts))]
    saved = rows(tmp / "votes.csv")
    judged = {row["index"] for row in rows(tmp / "fer.csv")}
    assert {row["index"]: row["truth"] for row in saved} == {i: label for i, label in majority.items() if i in judged}
    agree(votes, saved)
    assert votes["against"]["figures"]["n"] == votes["n"] == votes["ties_left_out"] * -1 + 3309
    print(f"ok    FER+ majority: {votes['accuracy']:.4f} of {votes['n']}, against the fer2013 head p {votes['against']['p']:.3g}")

    # A temperature from pictures of the training part; that it is the least is tried here on both sides.
    write(tmp / "part.csv", ("path", "label"), [(f"{train}[{row['index']}]", row["label"])
                                                for row in rows(fer2013 / "fer2013-train.csv")[:1500]])
    refused(3, "of the 3589 judged pictures are in", "evaluate", "--dataset", public, "--calibrate-on", train)
    answer = told(*clean, "--head", "fer2013", "--calibrate-on", tmp / "part.csv")
    told("evaluate", "--dataset", tmp / "part.csv", "--head", "fer2013", "--save", tmp / "part-said.csv")
    logs = [([math.log(max(1e-12, p)) for p in probabilities(row)], CLASSES.index(row["truth"])) for row in rows(tmp / "part-said.csv")]

    def loss(temperature):
        return sum(math.log(sum(math.exp(z / temperature) for z in zs)) - zs[truth] / temperature for zs, truth in logs)

    best = answer["temperature"]["temperature"]
    assert loss(best) < min(loss(best * 0.99), loss(best * 1.01)), best
    assert answer["temperature"]["ece_before"] == answer["calibration"]["ece"]
    print(f"ok    temperature {best:.3f}: ECE {answer['temperature']['ece_before']:.4f} to {answer['temperature']['ece_after']:.4f}")

    answer = told("audit", "--dataset", fairness, "--html", tmp / "audit.html")
    people = rows(fairness / "labels.csv")
    assert answer["n"] == len(people)
    for one in answer["attributes"]:
        if one["attribute"] in ("gender", "race"):
            counts = {group["group"]: group["pictures"] for group in one["groups"]}
            assert counts == Counter(row[f"{one['attribute']}_name"] for row in people), counts
        found = sum(group["detected"]["value"] * group["pictures"] for group in one["groups"])
        assert abs(found - answer["all"]["detected"]["value"] * len(people)) < 1e-6
        for gap in one["largest_gaps"]:
            values = {group["group"]: group[gap["measure"]]["value"] for group in one["groups"]}
            assert abs(values[gap["highest"]] - values[gap["lowest"]] - gap["gap"]) < 1e-9
    look_at(tmp / "audit.html")
    print(f"ok    UTKFace: faces found in {answer['all']['detected']['value']:.1%}, {answer['all']['failures']}")
