"""`pyrometer export fhir` as a whole: a real clip's run as a Bundle, recounted here from its session.json and frames.csv.

usage: fhir.py PYROMETER VIDEOS
"""
import csv
import json
import math
import pathlib
import subprocess
import sys
import tempfile

program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
CLASSES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


def run(*words, code=0):
    answer = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=300)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def references(value):
    if isinstance(value, dict):
        if "reference" in value:
            yield value["reference"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


if not videos.is_dir():
    print(f"SKIPPED: no clips at {videos}")
    sys.exit(77)
with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    results, out = tmp / "results", tmp / "bundle.json"
    run("analyze", videos / "pyfeat_wolfganglanger.mp4", "--out", results)
    session = json.loads((results / "session.json").read_text())
    (person,) = session["persons"]
    day = person["start"][:10]
    (tmp / "responses.csv").write_text("person,time_utc,instrument,version,language,item1,item2,item3,item4\n"
                                       f"P017,{day}T10:00:00Z,pss-4,1,,1,,3,4\nP018,{day}T10:00:00Z,pss-4,1,,1,2,3,4\n")
    consent = {"schema": "pyrometer-consent/1", "person": "P017", "scope": "research", "status": "active", "purpose": "a study",
               "given": day, "from": day}
    (tmp / "consent.json").write_text(json.dumps(consent))
    told = json.loads(run("export", "fhir", results, "--person", "P017", "--survey", tmp / "responses.csv", "--consent",
                          tmp / "consent.json", "--out", out, "--json").stdout)
    assert told["resources"] == {"Consent": 1, "Device": 1, "Observation": 1, "Patient": 1, "QuestionnaireResponse": 1}, told
    bundle = json.loads(out.read_text())
    text = out.read_text()
    assert "wolfganglanger" not in text, "the video's name is in the export"
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    assert len(urls) == 5 and set(references(bundle)) <= urls
    (observation,) = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Observation"]
    assert "Not a diagnosis" in observation["note"][0]["text"]
    assert observation["valueQuantity"]["value"] == person["index"]
    values = {c["code"]["coding"][0]["code"]: c["valueQuantity"]["value"] for c in observation["component"]}
    for code, key in (("score-mean", "mean_score"), ("score-volatility", "volatility"), ("score-final", "score_final"), ("perclos", "perclos"),
                      ("blink-rate", "blink_rate_per_min"), ("frames", "frames"), ("frames-valid", "valid_frames")):
        assert values[code] == person[key], (code, values[code], person[key])
    with open(results / "frames.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["valid"] == "1"]
    for name in CLASSES:
        assert math.isclose(values["probability-" + name], sum(float(row[name]) for row in rows) / len(rows), abs_tol=1e-12), name
    run("export", "fhir", results, "--person", "P017", "--survey", tmp / "responses.csv", "--consent", tmp / "consent.json", "--out", tmp / "again.json")
    assert (tmp / "again.json").read_bytes() == out.read_bytes(), "the same files gave other bytes"

    nothing = tmp / "nothing.json"
    (tmp / "consent.json").write_text(json.dumps(consent | {"status": "inactive"}))
    run("export", "fhir", results, "--person", "P017", "--consent", tmp / "consent.json", "--out", nothing, code=3)
    run("export", "fhir", results, "--person", "Jo Doe", "--out", nothing, code=2)
    run("export", "fhir", results, "--person", "P019", "--survey", tmp / "responses.csv", "--out", nothing, code=3)
    run("export", "fhir", results, "--person", "P017", "--face-id", "9", "--out", nothing, code=2)
    run("export", "fhir", tmp, "--person", "P017", "--out", nothing, code=3)
    assert not nothing.exists()
    run("export", "fhir", results, "--person", "P017", "--out", "/nowhere/bundle.json", code=4)
    print(f"ok    {told['bytes']} bytes, {len(values)} components, each as in session.json and frames.csv; consent, pseudonym, bad input")
