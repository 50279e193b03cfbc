"""The job kind "report": a session and a person's weeks as pages, PDF and data, with what whoever asks may read, and no more.

usage: reports.py PYROMETER
"""
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from server import Server, Site, consent

program = sys.argv[1]
NOTE = "Planted note of the clinician"


def kept_session(clara, box, anna, strain, title="check-in", notes=True):
    """Two minutes, whose second is under strain, with a keyword on it."""
    session = box.post("sessions", {"person": anna.person}).json["id"]
    began = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=130)
    utc = lambda s: (began + datetime.timedelta(seconds=s)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: E731
    rows = []
    for i in range(1200):
        angry = strain if i >= 600 else 0.05
        rows.append({"frame": i, "time_s": i / 10, "utc": utc(i / 10), "face_id": 0, "valid": i % 20 != 0, "reason": "too_dark" if i % 20 == 0 else "",
                     **({} if i % 20 == 0 else {"p": [angry, 0, 0, 1 - angry - 0.2, 0.1, 0, 0.1], "eye_openness": 0.9, "mouth_openness": 0.1, "perclos": 0.1})})
    box.post(f"sessions/{session}/observations", {"observations": rows}, expect=200)
    clara.ask("PATCH", f"sessions/{session}", {"title": title}, expect=200)
    if notes:
        clara.post("notes", {"session": session, "text": NOTE, "at": utc(65)})
        clara.post("keywords", {"session": session, "word": "rota", "from": utc(60), "until": utc(119)})
    box.post(f"sessions/{session}/end", expect=200)
    return session


def done(client, body, state="done"):
    job = client.post("jobs", {"kind": "report", **body}).json["id"]
    for _ in range(900):
        told = client.get(f"jobs/{job}").json
        if told["state"] not in ("queued", "running"):
            break
        time.sleep(0.1)
    assert told["state"] == state, told
    return told


def fetched(client, job, name):
    return client.get(f"jobs/{job['id']}/results/{name}").body


def words_of(pdf):
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return " ".join(subprocess.run(["pdftotext", "-layout", file.name, "-"], check=True, capture_output=True, text=True).stdout.split())


def session_report(clara, anna, session):
    job = done(clara, {"session": session, "person": anna.person})
    names = {file["name"] for file in job["result"]["files"]}
    assert names == {"session.html", "session.pdf", "session.json", "explanation.html", "explanation.pdf", "frames.csv", "frames.parquet", "fhir.json"}, names
    page, paper = fetched(clara, job, "session.html").decode(), words_of(fetched(clara, job, "session.pdf"))
    for text in (NOTE, "rota", "check-in", "too dark", "alpha=1"):
        assert text in page and text in paper, text
    assert "diagnosis" in page and "diagnosis" in paper, "every report with a score says so"
    summary = json.loads(fetched(clara, job, "session.json"))
    row = clara.get(f"sessions/{session}").json
    assert abs(summary["index"] - row["main_index"]) < 1e-6 if "index" in summary else True
    why = words_of(fetched(clara, job, "explanation.pdf"))
    assert "angry" in why and "diagnosis" in why, "minute by minute, what moved the score"
    assert len(fetched(clara, job, "frames.csv").decode().splitlines()) == 1201
    with tempfile.TemporaryDirectory() as folder:
        for name in ("frames.csv", "frames.parquet"):
            (pathlib.Path(folder) / name).write_bytes(fetched(clara, job, name))
        parquet = (pathlib.Path(folder) / "frames.parquet").read_bytes()
        assert parquet[:4] == parquet[-4:] == b"PAR1" and len(parquet) > 1000
        # Each cell, by another implementation, where there is one.
        compared = subprocess.run([sys.executable, pathlib.Path(__file__).with_name("read_parquet.py"), folder], capture_output=True, text=True)
        assert compared.returncode in (0, 77), compared.stdout + compared.stderr
    bundle = json.loads(fetched(clara, job, "fhir.json"))
    assert bundle["resourceType"] == "Bundle"
    assert "Planted-Name" not in page + paper, "a report is under the pseudonym"
    # Their own, by themselves: nobody has to be named.
    assert {file["name"] for file in done(anna, {"session": session})["result"]["files"]} == names


def weeks_report(clara, anna):
    job = done(clara, {"person": anna.person})
    assert {file["name"] for file in job["result"]["files"]} == {"trend.html", "trend.pdf", "trend.json", "weeks.csv"}
    told, asked = json.loads(fetched(clara, job, "trend.json")), clara.get(f"people/{anna.person}/trend").json
    for field in ("readings", "measure", "weeks", "trend", "level"):
        assert told[field] == asked[field], field
    assert "diagnosis" in words_of(fetched(clara, job, "trend.pdf"))
    anna.post("responses", {"person": anna.person, "instrument": "who-5", "answers": [3, 3, 3, 3, 3]})
    survey = done(anna, {"options": {"survey": "who-5"}})
    assert json.loads(fetched(anna, survey, "trend.json"))["readings"] == 1 and survey["result"]["expressions"] is False
    assert "no such questionnaire" in done(anna, {"options": {"survey": "none"}}, state="failed")["error"]


def refusals(site, clara, otto, anna, session, open_one):
    assert clara.post("jobs", {"kind": "report", "session": session, "person": anna.person, "options": {"survey": "who-5"}}, expect=422).slug == "not-as-contract"
    otto.post("jobs", {"kind": "report", "session": session, "person": anna.person}, expect=404)
    assert "runs still" in done(clara, {"session": open_one, "person": anna.person}, state="failed")["error"]
    # Without the consent to keep figures nobody else is told of them.
    for row in anna.get(f"people/{anna.person}/consents").json["rows"]:
        anna.post(f"consents/{row['id']}/withdrawal", expect=200)
    consent(anna, anna.person, "live_analysis")
    for body in ({"session": session}, {}):
        assert clara.post("jobs", {"kind": "report", "person": anna.person, **body}, expect=403).slug == "consent-missing"
    done(anna, {"session": session})
    # Where no expression may be looked at, none is reported.
    site.mode("fatigue_and_surveys")
    assert "fatigue and surveys only" in done(anna, {"session": session}, state="failed")["error"]
    done(anna, {"options": {"survey": "who-5"}})


with Server(program, flags=["--no-live"]) as server:
    site = Site(server)
    site.mode("clinical")
    anna, clara, otto = site.user("anna", "participant"), site.user("clara", "clinician"), site.user("otto", "clinician")
    anna.ask("PATCH", f"people/{anna.person}", {"name": "Anna Planted-Name"}, expect=200)
    anna.post(f"people/{anna.person}/care", {"account": "clara"})
    consent(anna, anna.person, "live_analysis", "store_observations")
    box = site.user("box", "device", person=anna.person)
    session = kept_session(clara, box, anna, 0.7)
    session_report(clara, anna, session)
    weeks_report(clara, anna)
    refusals(site, clara, otto, anna, session, box.post("sessions", {"person": anna.person}).json["id"])
    server.stop()
print("reports: all as expected")
