"""`pyrometer-train` as a whole: from labelled pictures to a model in the registry; a kill, a loss that is no number, a full disk and
too little memory lose nothing and can be resumed; bad labels and pictures are named.

usage: training.py PYROMETER_TRAIN PYROMETER
"""
import json
import math
import os
import pathlib
import random
import re
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zlib

trainer, program = sys.argv[1], sys.argv[2]
CLASSES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
random.seed(3)


def picture(label):
    """Stripes whose direction is the class, in noise: can be learned in a few steps."""
    angle = math.pi * label / len(CLASSES)
    phase = random.uniform(0, 6)
    return bytes(
        max(0, min(255, int(128 + 70 * math.sin(0.7 * (x * math.cos(angle) + y * math.sin(angle)) + phase) + random.gauss(0, 25))))
        for y in range(48) for x in range(48))


def png(pixels):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + pixels[y * 48:y * 48 + 48] for y in range(48))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 48, 48, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def run(*words, binary=trainer, **more):
    return subprocess.run([binary, *map(str, words)], capture_output=True, text=True, timeout=300, **more)


def good(*words, **more):
    answer = run(*words, **more)
    assert answer.returncode == 0, f"{words}: exit {answer.returncode}: {answer.stderr}"
    return answer


def refused(code, mentions, *words, **more):
    answer = run(*words, **more)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    errors = [line for line in answer.stderr.splitlines() if line.startswith("pyrometer-train: ")]
    assert len(errors) == 1, f"{words}: {answer.stderr}"
    for mention in mentions:
        assert mention in errors[0], f"{words}: {mention!r} is not in {errors[0]!r}"


def metrics(out):
    """The lines of metrics.jsonl without what differs from run to run."""
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    for line in lines:
        line.pop("seconds")
    return lines


def say(text):
    print(f"ok    {text}", flush=True)


with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    data = tmp / "faces"
    for label, name in enumerate(CLASSES):
        (data / name).mkdir(parents=True)
        for i in range(24):
            (data / name / f"{i:02}.png").write_bytes(png(picture(label)))
    # ema-decay 0.9: so few steps would leave an average at its start.
    plain = {"channels": "8,16", "blocks": "1,1", "batch": 16, "ema-decay": 0.9, "learning-rate": 0.1, "rotation-deg": 0,
             "flip-chance": 0, "data": data}

    def train(out, **changes):
        """The words of a small run."""
        options = plain | {key.replace("_", "-"): value for key, value in changes.items()}
        return ["train", "--out", out, *(word for key, value in options.items() for word in (f"--{key}", value))]

    whole = tmp / "whole"
    good(*train(whole, epochs=8))
    lines = metrics(whole)
    assert len(lines) == 8 and lines[-1]["product_loss"] < 0.8 * lines[0]["product_loss"], lines
    page = (whole / "report.html").read_text()
    assert "<svg" in page and "http://" not in page.replace("http://www.w3.org/", ""), "the page of curves is not whole"

    # kill -9 somewhere, go on, and again: the same run to the last digit.
    cut = tmp / "cut"
    command = train(cut, epochs=8)
    for attempt in range(3):
        running = subprocess.Popen([trainer, *map(str, command), *(["--resume"] if attempt else [])],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        done_before = len(metrics(cut)) if (cut / "metrics.jsonl").exists() else 0
        until = time.monotonic() + 60
        while time.monotonic() < until and running.poll() is None:
            if (cut / "checkpoint.pt").exists() and len(metrics(cut)) > done_before:
                break
            time.sleep(0.02)
        running.kill()
        running.wait()
        assert (cut / "checkpoint.pt").exists(), "no checkpoint after an epoch"
    good(*command, "--resume")
    assert metrics(cut) == lines, "a run that was killed and resumed differs from one that was not"
    refused(2, ["--resume"], *command)
    refused(2, ["other settings"], *train(cut, epochs=8, seed=2), "--resume")
    say(f"train: {len(lines)} epochs, loss {lines[0]['product_loss']:.2f} to {lines[-1]['product_loss']:.2f}; killed three times, the same result")

    # A loss that is no number ends the run; what was learned before stays, and goes on with a lower rate.
    # (Rate times decay of 100 throws the weights out by two digits a step.)
    wild = tmp / "wild"
    few = {"batch": 8, "weight_decay": 10, "warm_up_epochs": 0}
    good(*train(wild, **few, epochs=2, learning_rate=0.001))
    refused(4, ["no number", "--learning-rate", "--resume"], *train(wild, **few, epochs=40, learning_rate=10), "--resume")
    assert (wild / "best.pt").exists() and len(metrics(wild)) == 2, metrics(wild)
    good(*train(wild, **few, epochs=4, learning_rate=0.001), "--resume")
    assert [line["epoch"] for line in metrics(wild)] == [0, 1, 2, 3]
    say("a loss that is no number: said so, resumed with a lower rate")

    # A disk that fills up: no file can grow to the size of a checkpoint. (The signal that goes with that limit stays ignored.)
    full = tmp / "full"
    good(*train(full, epochs=2))
    size = (full / "checkpoint.pt").stat().st_size
    before = (full / "checkpoint.pt").read_bytes()

    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))

    refused(4, ["checkpoint.pt", "disk", "--resume"], *train(full, epochs=4), "--resume", preexec_fn=no_room, restore_signals=False)
    assert (full / "checkpoint.pt").read_bytes() == before, "a full disk damaged the last checkpoint"
    assert not list(full.glob("*.part")), "a full disk left a part"
    good(*train(full, epochs=4), "--resume")
    assert len(metrics(full)) == 4
    say("a full disk: the last checkpoint stays, resumed")

    # Too little memory: as much as batches of 8 took, and not the half of what batches of 150 would.
    short = tmp / "short"
    running = subprocess.Popen([trainer, *map(str, train(short, epochs=1, channels="64,64", batch=8))], stderr=subprocess.DEVNULL)
    peak_kb = 0
    while running.poll() is None:
        found = re.search(r"VmPeak:\s+(\d+)", pathlib.Path(f"/proc/{running.pid}/status").read_text())
        peak_kb = max(peak_kb, int(found[1]) if found else 0)
        time.sleep(0.02)
    assert running.returncode == 0 and peak_kb > 0

    def little():
        resource.setrlimit(resource.RLIMIT_AS, (peak_kb * 1024 + (32 << 20),) * 2)

    refused(4, ["memory ran out", "--batch", "--resume"], *train(short, epochs=2, channels="64,64", batch=150), "--resume",
            preexec_fn=little)
    good(*train(short, epochs=2, channels="64,64", batch=8), "--resume", preexec_fn=little)
    say("too little memory: said so, resumed with a smaller batch")

    # What is wrong with the data is named.
    odd = tmp / "odd"
    for name in CLASSES[:2]:
        (odd / name).mkdir(parents=True)
        for i in range(6):
            (odd / name / f"{i}.png").write_bytes((data / name / f"{i:02}.png").read_bytes())
    rest = ["--epochs", "1", "--channels", "8", "--blocks", "1", "--batch", "4", "--out", tmp / "never"]
    (odd / "angry" / "2.png").write_bytes((odd / "angry" / "2.png").read_bytes()[:200])
    refused(3, ["2.png"], "train", "--data", odd, *rest)
    (odd / "angry" / "2.png").unlink()
    (odd / "joyful").mkdir()
    (odd / "joyful" / "1.png").write_bytes(png(picture(3)))
    refused(3, ["joyful", "happy"], "train", "--data", odd, *rest)
    (odd / "joyful" / "1.png").rename(odd / "1.png")
    (odd / "joyful").rmdir()
    (odd / "1.png").unlink()
    (odd / "fear").mkdir()
    refused(3, ["fear"], "train", "--data", odd, *rest)
    (odd / "fear").rmdir()
    for path in (odd / "disgust").iterdir():
        path.unlink()
    (odd / "disgust").rmdir()
    refused(3, ["angry"], "train", "--data", odd, *rest)
    refused(3, ["nowhere"], "train", "--data", tmp / "nowhere", *rest)
    (tmp / "labels.csv").write_text("path,label\nfaces/happy/00.png,happy\nfaces/sad/00.png,gloomy\n")
    refused(3, ["line 3", "gloomy"], "train", "--data", tmp / "labels.csv", *rest)
    assert not (tmp / "never" / "checkpoint.pt").exists()
    say("unreadable picture, wrong label, empty class, one class, no data: each named")

    # The way into use: export, take in, judge, promote; then a head fitted anew on it.
    exported = tmp / "exported"
    good("export", "--weights", whole / "best.pt", "--data", data, "--out", exported)
    record = json.loads((exported / "record.json").read_text())
    assert record["training"]["epochs"] == 8 and len(record["data"]["fingerprint"]) == 64, record
    registry = {**os.environ, "PYROMETER_REGISTRY": str(tmp / "registry")}
    added = json.loads(good("models", "add", exported, "--name", "stripes", "--licence", "Apache-2.0", "--json", binary=program,
                            env=registry).stdout)
    assert added["added"] == "stripes@1.0.0" and added["record"]["parameters"] == record["parameters"], added
    judged = json.loads(good("evaluate", "--dataset", data, "--cropped", "--model", "stripes@1.0.0", "--json", binary=program,
                             env=registry).stdout.splitlines()[-1])
    assert judged["accuracy"] > 0.6, judged

    tuned = tmp / "tuned"
    told = json.loads(good("finetune", "--model", exported / "expression.xml", "--data", data, "--out", tuned).stdout)
    assert told["n_fit"] + told["n_hold_out"] == 7 * 24 and told["after"]["accuracy"] >= 0.6, told
    record = json.loads((tuned / "record.json").read_text())
    assert record["metrics"]["product"]["held_out"]["n"] == told["n_hold_out"] and len(record["data"]["fingerprint"]) == 64, record
    added = json.loads(good("models", "add", tuned, "--name", "stripes", "--licence", "Apache-2.0", "--parent", "stripes@1.0.0",
                            "--json", binary=program, env=registry).stdout)
    assert added["added"] == "stripes@1.1.0", added
    again = json.loads(good("finetune", "--model", exported / "expression.xml", "--data", data, "--out", tuned).stdout)
    assert again["embeddings_from_cache"] == 7 * 24 and again["after"] == told["after"], again
    say(f"export, add, evaluate ({judged['accuracy']:.2f}), finetune, add")
print("all passed")
