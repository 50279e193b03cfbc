"""The registry of models and the edge bundle: add, list, promote, evaluate, rollback; what is tampered with or fails its self-test is
not used; a kill, a full disk and two writers at once leave the registry whole; a bundle alone gives the same frames.csv.

usage: models.py PYROMETER REPOSITORY
"""
import csv
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib

from server import Server, Site, consent

program, repository = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
face = repository / ".pyrometer" / "demo" / "astronaut.png"
shipped = repository / "models" / "expression"
current = "expression@" + tomllib.loads((shipped / "card.toml").read_text())["version"]
OF_THE_RUN = {"utc", "session_id", "run_id"}
random.seed(5)


def run(*words, registry=None, binary=program, **environment):
    base = {k: v for k, v in os.environ.items() if not k.startswith("PYROMETER_")}
    if registry:
        environment["PYROMETER_REGISTRY"] = str(registry)
    return subprocess.run([binary, *map(str, words)], capture_output=True, text=True, timeout=300, env=base | environment)


def good(*words, **more):
    answer = run(*words, **more)
    assert answer.returncode == 0, f"{words}: exit {answer.returncode}: {answer.stderr}"
    return answer.stdout


def refused(code, mentions, *words, **more):
    answer = run(*words, **more)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    errors = [line for line in answer.stderr.splitlines() if line.startswith("pyrometer: ")]
    assert errors, f"{words}: no error line: {answer.stderr}"
    for mention in mentions:
        assert mention in answer.stderr, f"{words}: the error does not mention {mention}: {answer.stderr}"


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def exported(folder, change=0.0, record=None):
    """An exported model: the shipped network, both heads' bias of one class moved by `change` so that it answers otherwise."""
    folder.mkdir(parents=True)
    shutil.copy(shipped / "expression.xml", folder)
    weights = bytearray((shipped / "expression.bin").read_bytes())
    biases = re.findall(r'shape="1, 7" offset="(\d+)" size="28"', (shipped / "expression.xml").read_text())
    assert len(biases) == 2, f"{len(biases)} biases of seven in the shipped graph"
    for offset in map(int, biases):
        values = list(struct.unpack_from("<7f", weights, offset))
        values[3] += change
        struct.pack_into("<7f", weights, offset, *values)
    (folder / "expression.bin").write_bytes(weights)
    if record is not None:
        (folder / "record.json").write_text(json.dumps(record))
    return folder


def judged(answer):
    """What evaluate --json says, without the time that it took."""
    return {key: value for key, value in json.loads(answer).items() if not key.startswith("latency")}


def table(folder):
    with open(folder / "frames.csv", newline="") as file:
        return [{k: v for k, v in row.items() if k not in OF_THE_RUN} for row in csv.DictReader(file)]


def listed(registry):
    return {f"{m['name']}@{m['version']}": m for m in json.loads(good("models", "list", "--json", registry=registry)) if "name" in m}


def line(text):
    print(f"ok    {text}", flush=True)


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    registry = tmp / "registry"
    # Labelled pictures of noise: what matters is that two models answer differently.
    (tmp / "images").write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 48, 0, 0, 0, 48]) + random.randbytes(40 * 48 * 48))
    (tmp / "labels").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 40]) + bytes(i % 7 for i in range(40)))
    evaluate = ["evaluate", "--dataset", tmp / "images", "--labels", tmp / "labels", "--json"]

    record = {"schema": 1, "task": "probabilities of 7 expressions", "licence": "Apache-2.0",
              "data": {"description": "40 pictures", "fingerprint": "ab" * 32, "counts": {"fit": {"happy": 12, "sad": 3}}},
              "classes": ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"],
              "training": {"seed": 7, "epochs": 3}, "metrics": {"product": {"held_out": {"n": 40, "accuracy": 0.5, "accuracy_95": [0.4, 0.6]}}}}
    happier = exported(tmp / "happier", 9.0, record)
    before = judged(good(*evaluate, registry=registry))
    added = json.loads(good("models", "add", happier, "--name", "ward3", "--parent", current, "--json", registry=registry))
    assert added["added"] == "ward3@1.0.0" and added["record"]["data"]["fingerprint"] == "ab" * 32, added
    assert added["record"]["parent"] == current and added["record"]["created"].endswith("Z"), added
    here = listed(registry)
    assert here["ward3@1.0.0"]["origin"] == "added" and here["ward3@1.0.0"]["meant_by"] == [], here
    assert judged(good(*evaluate, registry=registry)) == before, "adding a model changed what is used"
    refused(2, ["ward3", "promote"], *evaluate, "--model", "ward3", registry=registry)
    direct = judged(good(*evaluate, "--model", "ward3@1.0.0", registry=registry))
    assert direct["model"] == "ward3@1.0.0" and direct["confusion"] != before["confusion"], "the added model answers as the shipped one"
    change = json.loads(good("models", "promote", "ward3@1.0.0", "--as", "expression", "--json", registry=registry))
    assert change == {"name": "expression", "before": current, "now": "ward3@1.0.0"}, change
    assert judged(good(*evaluate, registry=registry)) == direct, "the promoted model is not used"
    shown = json.loads(good("models", "show", "expression", "--json", registry=registry))
    assert shown["name"] == "ward3" and shown["meant_by"] == ["expression"] and shown["history"][0]["event"] == "promote", shown
    shipped_still = judged(good(*evaluate, "--model", current, registry=registry))
    assert shipped_still == before, "the shipped model cannot be named any more"
    back = json.loads(good("models", "rollback", "expression", "--json", registry=registry))
    assert back == {"name": "expression", "before": "ward3@1.0.0", "now": current}, back
    assert judged(good(*evaluate, registry=registry)) == before, "rollback does not go back"
    refused(2, ["nothing"], "models", "rollback", "expression", registry=registry)
    history = [json.loads(each)["event"] for each in (registry / "history.jsonl").read_text().splitlines()]
    assert history == ["promote", "rollback"], history
    line("add, list, promote, evaluate, rollback")

    second = json.loads(good("models", "add", exported(tmp / "sadder", -3.0, record), "--name", "ward3", "--json", registry=registry))
    assert second["added"] == "ward3@1.1.0", second
    good("models", "promote", "ward3@1.0.0", registry=registry)
    good("models", "promote", "ward3@1.1.0", registry=registry)
    assert judged(good(*evaluate, "--model", "ward3", registry=registry))["model"] == "ward3@1.1.0"
    good("models", "rollback", "ward3", registry=registry)
    assert judged(good(*evaluate, "--model", "ward3", registry=registry)) == direct
    refused(2, ["ward3@1.1.0", "already"], "models", "add", happier, "--name", "ward3", "--version", "1.1.0", registry=registry)
    refused(2, ["face_mesh_478"], "models", "add", happier, "--name", "face_mesh_478", registry=registry)
    refused(2, ["Ward"], "models", "add", happier, "--name", "Ward", registry=registry)
    refused(2, ["licence"], "models", "add", exported(tmp / "bare"), "--name", "bare", registry=registry)
    refused(2, ["ward3@9.0.0"], "models", "promote", "ward3@9.0.0", registry=registry)
    line("versions are counted up, never replaced, and go back by name")

    # What must not be taken in.
    refused(3, ["absent"], "models", "add", tmp / "absent", "--name", "x", "--licence", "MIT", registry=registry)
    half = exported(tmp / "half")
    (half / "expression.bin").unlink()
    refused(3, ["expression.bin"], "models", "add", half, "--name", "x", "--licence", "MIT", registry=registry)
    noise = exported(tmp / "noise")
    (noise / "expression.xml").write_text("<net>")
    refused(3, ["noise", "compile"], "models", "add", noise, "--name", "x", "--licence", "MIT", registry=registry)
    typo = exported(tmp / "typo", 0, {"schema": 1, "license": "MIT"})
    refused(3, ["record.json", "license"], "models", "add", typo, "--name", "x", "--licence", "MIT", registry=registry)
    other = exported(tmp / "other", 2.0)
    shutil.copy(registry / "models/ward3/1.0.0/selftest.json", other)  # the answers of another model
    refused(3, ["other", "self-test", "differs by"], "models", "add", other, "--name", "x", "--licence", "MIT", registry=registry)
    assert not (registry / "models" / "x").exists() and not list((registry / "incoming").glob("*")), "a refused model left something"
    line("what does not load, or answers otherwise than its self-test says, is not taken in")

    # Damage after it was taken in: a byte of the weights; a changed graph with checksums to match; a record that is no record.
    home = registry / "models" / "ward3" / "1.0.0"
    whole = {path.name: path.read_bytes() for path in home.iterdir()}
    weights = bytearray(whole["model.bin"])
    weights[len(weights) // 2] ^= 1
    (home / "model.bin").write_bytes(weights)
    refused(4, ["ward3", "SHA-256"], *evaluate, "--model", "ward3@1.0.0", registry=registry)
    (home / "model.bin").write_bytes((tmp / "sadder" / "expression.bin").read_bytes())
    forged = json.loads(whole["record.json"])
    forged["files"]["weights"]["sha256"] = sha256(home / "model.bin")
    (home / "record.json").write_text(json.dumps(forged))
    refused(4, ["ward3@1.0.0", "self-test", "differs by"], *evaluate, "--model", "ward3@1.0.0", registry=registry)
    refused(4, ["ward3@1.0.0", "self-test"], "models", "verify", registry=registry)
    refused(4, ["ward3@1.0.0"], "models", "promote", "ward3@1.0.0", "--as", "expression", registry=registry)
    (home / "record.json").write_text("{")
    answer = run("models", "verify", registry=registry)
    assert answer.returncode == 3 and "1.0.0/record.json" in answer.stderr, answer.stderr
    refused(4, ["ward3", "rollback"], *evaluate, "--model", "ward3", registry=registry)
    assert judged(good(*evaluate, registry=registry)) == before, "a broken version keeps the others from being used"
    for name, content in whole.items():
        (home / name).write_bytes(content)
    verified = json.loads(good("models", "verify", "--json", registry=registry))
    tests = {f"{m['name']}@{m['version']}": m["self_test"] for m in verified}
    assert tests["ward3@1.0.0"] == tests["ward3@1.1.0"] == tests[current] == "passed", tests
    line("tampered weights and a failing self-test are refused at load, by verify and by promote")

    # The card says what the record says.
    card = good("models", "card", "ward3@1.0.0", registry=registry)
    for text in ("Not a diagnosis", "ab" * 32, "50.00 %", "40.00 % to 60.00 %", current, "Apache-2.0", whole and sha256(home / "model.bin")):
        assert text in card, f"the card lacks {text}"
    good("models", "card", "expression", "--out", tmp / "card.html", registry=registry)
    page = (tmp / "card.html").read_text()
    assert "69.66 %" in page and "Not a diagnosis" in page and sha256(shipped / "expression.bin") in page
    refused(2, [".md"], "models", "card", "expression", "--out", tmp / "card.pdf", registry=registry)
    refused(2, ["nobody"], "models", "card", "nobody", registry=registry)
    line("cards")

    # kill -9 at any moment of an add; then two at once; then a full disk.
    environment = dict(os.environ, PYROMETER_REGISTRY=str(registry))
    began = time.monotonic()
    good("models", "add", happier, "--name", "timed", registry=registry)
    duration = time.monotonic() - began
    for i in range(8):
        process = subprocess.Popen([program, "models", "add", happier, "--name", "killed"], env=environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(duration * (i + 1) / 9)
        process.kill()
        process.wait()
        for folder in (registry / "models").glob("killed/*"):
            assert len(list(folder.iterdir())) == 4, f"{folder} is not whole"
    good("models", "verify", registry=registry)
    good("models", "add", happier, "--name", "killed", registry=registry)
    good("models", "verify", registry=registry)
    assert not list((registry / "incoming").glob("*")), "what the kills left was not swept"
    with open(registry / "history.jsonl", "a") as file:
        file.write('{"utc":"2026-')  # a promotion that a power cut stopped
    assert judged(good(*evaluate, registry=registry)) == before
    good("models", "promote", "killed@1.0.0", registry=registry)
    assert all(json.loads(each) for each in (registry / "history.jsonl").read_text().splitlines())
    line("kill -9 in the midst of an add, and a torn history")

    def at_once(*words):
        two = [subprocess.Popen([program, "models", "add", happier, *words], env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True) for _ in range(2)]
        return sorted(each.communicate(timeout=200) and each.returncode for each in two)

    assert at_once("--name", "both") == [0, 0] and {"both@1.0.0", "both@1.1.0"} <= set(listed(registry)), "two adds at once"
    assert at_once("--name", "both", "--version", "3.0.0") == [0, 2], "two adds of one version"
    good("models", "verify", registry=registry)
    line("two adds at once")

    full = tmp / "full"
    full.mkdir()
    if os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", full], capture_output=True).returncode == 0:
        try:
            refused(4, ["disk is full"], "models", "add", happier, "--name", "ward3", registry=full / "registry")
            assert not [path for path in (full / "registry").rglob("*") if path.is_file() and path.name != "lock"], "the full disk kept a part"
            refused(4, ["disk is full"], "export", "edge", "--out", full / "edge", registry=registry)
            refused(4, ["disk is full"], "export", "edge", "--out", full / "edge.tar.gz", registry=registry)
            assert sorted(path.name for path in full.iterdir()) == ["registry"], list(full.iterdir())
        finally:
            subprocess.run(["umount", full], check=False)
        line("full disk")

    # The bundle alone, with a copy of the program that lies beside nothing.
    clip = tmp / "clip.mp4"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-loop", "1", "-i", face, "-t", "1", "-r", "25", "-vf",
                    "scale=320:320,format=yuv420p", clip], check=True)
    faces = tmp / "faces"
    (faces / "happy").mkdir(parents=True)
    for name in ("a.png", "b.png"):
        shutil.copy(face, faces / "happy" / name)
    alone = tmp / "alone" / "pyrometer"
    alone.parent.mkdir()
    shutil.copy(program, alone)
    refused(4, ["--models"], "models", "list", binary=alone)
    for model in ("expression", "ward3@1.0.0"):
        good("analyze", clip, "--out", tmp / f"here-{model}", "--model", model, registry=registry)
        bundle = tmp / f"edge-{model}"
        good("export", "edge", "--out", bundle, "--model", model, registry=registry)
        good("models", "verify", "--models", bundle, binary=alone)
        good("analyze", clip, "--out", tmp / f"there-{model}", "--models", bundle, binary=alone)
        assert table(tmp / f"here-{model}") == table(tmp / f"there-{model}"), f"{model}: the bundle gives another frames.csv"
        good("analyze", clip, "--out", tmp / f"by-variable-{model}", binary=alone, PYROMETER_MODELS=str(bundle))
        assert table(tmp / f"by-variable-{model}") == table(tmp / f"here-{model}")
        refused(2, ["not an empty folder"], "export", "edge", "--out", bundle, registry=registry)
        # Both networks have one trunk, so both have places on the map; it goes along with the one that it was fitted for.
        here = json.loads(good("map", faces, "--json", "--model", model, registry=registry))["points"]
        if model == "expression":
            there = json.loads(good("map", faces, "--json", "--models", bundle, binary=alone))["points"]
            assert there == here and len(here) == 2, (here, there)
        else:
            refused(2, ["expression_map"], "map", faces, "--models", bundle, binary=alone)
    assert table(tmp / "here-expression") != table(tmp / "here-ward3@1.0.0"), "both models give the same table"
    session = json.loads((tmp / "there-ward3@1.0.0" / "session.json").read_text())
    assert ("ward3", "1.0.0") in {(m["name"], m["version"]) for m in session["models"]}, session["models"]
    for archive in (tmp / "one.tar.gz", tmp / "two.tar.gz"):
        good("export", "edge", "--out", archive, registry=registry)
    assert sha256(tmp / "one.tar.gz") == sha256(tmp / "two.tar.gz"), "the same models give another archive"
    with tarfile.open(tmp / "one.tar.gz") as archive:
        archive.extractall(tmp / "unpacked")
    unpacked = tmp / "unpacked" / "pyrometer-edge"
    packed = {str(path.relative_to(unpacked)): sha256(path) for path in unpacked.rglob("*") if path.is_file()}
    folder = {str(path.relative_to(tmp / "edge-expression")): sha256(path)
              for path in (tmp / "edge-expression").rglob("*") if path.is_file() and ".pyrometer" not in path.parts}
    assert packed == folder, set(packed) ^ set(folder)
    assert {"LICENSE", "README.md", "manifest.toml", "expression/expression.bin", "face_detector/face_detector.tflite"} <= set(packed)
    line("the edge bundle alone gives the same frames.csv")
    # A server that runs notices what the command line promotes beside it.
    def meant(client):
        return client.post("sessions", {"person": client.person}).json["model"]

    def comes_to_mean(client, reference):
        until = time.monotonic() + 15
        while (now := meant(client)) != reference:
            assert time.monotonic() < until, f"new sessions still use {now}"
            time.sleep(0.3)

    with Server(program, flags=["--job-workers", "0", "--registry", str(registry)]) as server:
        ben = Site(server).user("ben", "participant")
        consent(ben, ben.person, "live_analysis")
        before = meant(ben)
        assert before != "ward3@1.0.0", before
        good("models", "promote", "ward3@1.0.0", "--as", "expression", registry=registry)
        comes_to_mean(ben, "ward3@1.0.0")
        good("models", "rollback", "expression", registry=registry)
        comes_to_mean(ben, before)
    line("a running server notices promotions by the command line")
print("all as expected")
