"""Forecasts as a whole: simulated people, baselines on them and on daily reports, a small training, its streaming, bad inputs.

usage: forecast.py PYROMETER [PYROMETER_TRAIN] SHARED_DATA
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

program, shared = sys.argv[1], pathlib.Path(sys.argv[-1]).resolve()
trainer = sys.argv[2] if len(sys.argv) > 3 else None
working = tempfile.TemporaryDirectory()  # where the program is called; nothing may be left there
SHORT = ["--sim.session_s", 240, "--sim.sessions", 2]


def run(binary, *words, code=0):
    answer = subprocess.run([binary, *map(str, words)], capture_output=True, text=True, timeout=600, cwd=working.name)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def forecast(*words, **how):
    return run(program, "forecast", *words, **how)


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def simulated(folder):
    for name in ("one", "two"):
        forecast("simulate", "--out", folder / name, "--people", 3, "--seed", 4, *SHORT)
    one, two = ((folder / name / "p002" / "s1" / "frames.csv").read_bytes() for name in ("one", "two"))
    assert one == two, "the same seed gave other people"
    told = json.loads((folder / "one" / "simulated.json").read_text())
    assert told["simulated"] is True and told["sessions"] == 6 and told["parameters"]["session_s"] == 240
    session = rows(folder / "one" / "p001" / "s2" / "frames.csv")
    assert len(session) == 1200
    for row in session:
        if row["valid"] == "1":
            assert abs(sum(float(row[name]) for name in "angry disgust fear happy sad surprise neutral".split()) - 1) < 1e-6
        else:
            assert row["happy"] == "" and row["reason"]
    # Ours read it like any recording.
    assert len(run(program, "score", folder / "one" / "p001" / "s2" / "frames.csv", "--json").stdout.splitlines()) == 1


def evaluated(folder):
    told = json.loads(forecast("evaluate", folder / "one", "--json").stdout)
    assert told["persons"] == 3 and told["series"] == 6 and not told["simulated"]
    assert [model["name"] for model in told["models"]] == ["persistence", "rolling_mean", "ewma", "local_level", "ar"]
    for model in told["models"]:
        assert model["ahead"][0]["n"] > 500 and model["ahead"][3]["n"] == 0 and model["ahead"][3]["rmse"] is None
        assert 0 < model["ahead"][0]["inside_80"] < model["ahead"][0]["inside_95"] <= 1
    assert told["models"][0]["ahead"][0]["skill"] == 0
    text = forecast("evaluate", "--simulate", 3, *SHORT).stdout
    assert text.startswith("Simulated people.") and "Not a diagnosis" in text


def trained(folder):
    run(trainer, "forecast", "--simulate", 4, *SHORT, "--epochs", 2, "--width", 16, "--out", folder / "nets")
    told = json.loads((folder / "nets" / "forecast.json").read_text())
    assert [net["kind"] for net in told["networks"]] == ["lstm", "tcn", "transformer"]
    for net in told["networks"]:
        assert max(net["exported"]["largest_difference"][name] for name in ("forecast", "state")) < 1e-4
        where = folder / "nets" / net["kind"]
        forecast("run", folder / "one" / "p001", "--model", where, "--out", folder / "said.csv", "--html", folder / "said.html")
        said = rows(folder / "said.csv")
        assert len(said) == 480
        for row in said:
            bands = [float(row[f"in_5s_{name}"]) for name in ("low_95", "low_80", "median", "high_80", "high_95")]
            assert bands == sorted(bands)
            assert (row["score"] == "") == (row["seen"] == "0")
        assert "Not a diagnosis" in (folder / "said.html").read_text()
    told = json.loads(forecast("evaluate", folder / "one", "--model", folder / "nets" / "lstm", "--json").stdout)
    assert told["models"][-1]["name"] == "lstm" and told["models"][-1]["ahead"][0]["n"] == told["models"][0]["ahead"][0]["n"]
    # In the registry it answers to a name.
    registry = ["--registry", folder / "registry"]
    run(program, "models", "add", folder / "nets" / "lstm", "--name", "tomorrow", *registry)
    forecast("run", folder / "one" / "p001", "--model", "tomorrow@1.0.0", *registry)
    # Other weights under the same self-test are refused.
    (folder / "nets" / "lstm" / "model.bin").write_bytes((folder / "nets" / "lstm" / "model.bin").read_bytes()[::-1])
    forecast("run", folder / "one" / "p001", "--model", folder / "nets" / "lstm", code=4)
    run(trainer, "forecast", "--out", folder / "nothing", code=2)
    run(trainer, "forecast", "--data", folder / "nowhere", "--out", folder / "nothing", code=3)


def wellness(table):
    lines = forecast("series", table, "--value", "stress", "--value", "mood", "--missing", 0, "--json").stdout.splitlines()
    for line in lines:
        told = json.loads(line)
        assert told["persons"] == 10 and told["step_s"] == 86400 and told["models"][0]["ahead"][0]["n"] > 500


def bad_input(folder):
    forecast("evaluate", folder / "nowhere", code=3)
    forecast("evaluate", code=2)
    forecast("evaluate", "--simulate", 3, "--fit-simulate", 3, "--seed", 1, code=2)
    forecast("run", folder / "one", "--model", folder, code=3)
    forecast("run", folder / "one", "--model", "no_such_model", code=2)
    (folder / "broken.csv").write_text("angry,disgust,fear,happy,sad,surprise,neutral\n0.5,0.5,0.5,0,0,0,0\n")
    error = forecast("evaluate", folder / "broken.csv", code=3).stderr
    assert "broken.csv" in error and "line 2" in error, error
    (folder / "daily.csv").write_text("participant,effective_time_frame,stress\np1,yesterday,3\n")
    assert "line 2" in forecast("series", folder / "daily.csv", "--value", "stress", code=3).stderr
    run(program, "forecast", code=2)
    assert "Example" in forecast("run", "--help").stdout


with tempfile.TemporaryDirectory() as name:
    place = pathlib.Path(name)
    simulated(place)
    evaluated(place)
    bad_input(place)
    if trainer:
        trained(place)
    table = shared / "survey" / "pmdata-wellness.csv"
    if table.exists():
        wellness(table)
    else:
        print(f"daily reports not tested: {table} is not there")
assert not list(pathlib.Path(working.name).iterdir()), "left where it was called: " + str(list(pathlib.Path(working.name).iterdir()))
print("forecasts: all as expected")
