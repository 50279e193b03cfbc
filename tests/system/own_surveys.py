"""Questionnaires that a site makes itself: drafted, tried, published, answered, changed as a next edition, retired; taken by all that takes shipped ones.

usage: own_surveys.py PYROMETER [postgresql]
"""
import contextlib
import datetime
import io
import json
import sys
import time
import zipfile

from postgres import Postgres, asked_for, database_flags
from server import Server, Site, consent

on_postgres = asked_for()
program = sys.argv[1]
OWN = "survey-definitions"


def definition(**more):
    """Three questions of 0 to 3, the second turned, and one scale of their sum."""
    return {
        "title": "Sleep of the ward", "period": "the last night", "unvalidated": True, "items": 3,
        "answers": {"min": 0, "max": 3, "coding": "0 is never, 3 is always"}, "reverse": [2],
        "scales": [{"id": "poor_sleep", "title": "Poor sleep", "kind": "total", "items": [1, 2, 3], "score": "sum", "minimum_answered": 2,
                    "higher_means": "more strain",
                    "cutoffs": {"bands": [{"from": 0, "category": "low"}, {"from": 4, "category": "moderate"}, {"from": 7, "category": "high"}],
                                "source": "agreed in the ward"}}],
        "keep_apart": False, "missing": {"rule": "mean of the answered", "source": "ours"},
        "licence": {"status": "own", "holder": "the ward", "note": "ours"}, "key_source": "ours",
        "wording": {"en": {"instruction": "Think of last night.", "items": ["I lay awake.", "I slept through.", "I was tired."],
                           "answers": ["never", "seldom", "often", "always"]},
                    "es": {"items": ["Estuve despierto.", "Dormí sin despertar.", "Estuve cansado."],
                           "answers": ["nunca", "rara vez", "a menudo", "siempre"]}}, **more}


def faults(row):
    return {(fault["rule"], fault["at"]): fault for fault in row["faults"]}


def counted(answers, turned=(2,), most=3):
    """By hand: the sum of the keyed answers, the mean of the answered standing for the rest."""
    given = [most - answer if item in turned else answer for item, answer in enumerate(answers, 1) if answer is not None]
    return sum(given) / len(given) * len(answers)


def may(site, rita, clara, anna):
    for client in (clara, anna):
        for method, path, body in (("GET", OWN, None), ("POST", OWN, {"survey": "own-x", "from": "who-5"})):
            assert client.ask(method, path, body, expect=403).slug == "role"
    assert rita.get(OWN, expect=403).slug == "not-in-this-mode", "a researcher is one where the site's mode is research"
    assert site.admin.get(OWN).json == {"rows": [], "next": None}


def drafted(admin):
    """A draft may be as unfinished as one likes; what is wrong is told at its place."""
    empty = definition(title="", key_source="")
    empty["scales"][0] |= {"title": "", "items": []}
    row = admin.post(OWN, {"survey": "own-sleep", "definition": empty}).json
    assert row["edition"] == 1 and row["state"] == "draft" and row["definition"] == empty
    told = faults(row)
    assert {("empty", "/title"), ("empty", "/key_source"), ("empty", "/scales/0/title"), ("empty", "/scales/0/items")} <= set(told), told
    assert [fault["value"] for fault in row["faults"] if fault["rule"] == "in-no-scale"] == [1, 2, 3]
    path = f"{OWN}/{row['id']}"
    refused = admin.post(f"{path}/publication", expect=409)
    assert refused.slug == "has-faults" and {"/title", "/key_source"} <= {fault["at"] for fault in refused.json["faults"]}
    assert admin.post(OWN, {"survey": "own-sleep", "from": "who-5"}, expect=409).slug == "draft-there"

    # Each rule of a definition that a form can break, with the number that it turns on.
    wrong = definition(reverse=[4], answers={"min": 3, "max": 3, "coding": "x"})
    row = admin.ask("PATCH", path, {"definition": wrong}, expect=200).json
    assert {("unknown-item", "/reverse"), ("answers-order", "/answers/max"), ("wording-count", "/wording/en")} <= set(faults(row)), row["faults"]
    wrong = definition()
    scale = wrong["scales"][0]
    scale["minimum_answered"], scale["cutoffs"]["bands"][0]["from"], scale["cutoffs"]["bands"][2]["from"] = 4, 1, 10
    wrong["scales"].append({**definition()["scales"][0], "kind": "subscale", "items": [1, 5]})
    told = faults(admin.ask("PATCH", path, {"definition": wrong}, expect=200).json)
    assert told["more-than-items", "/scales/0/minimum_answered"]["value"] == 3
    assert told["first-cutoff", "/scales/0/cutoffs/bands/0/from"]["value"] == 0
    assert told["cutoff-above", "/scales/0/cutoffs/bands/2/from"]["value"] == 9
    assert told["unknown-item", "/scales/1/items"]["value"] == 5 and ("twice", "/scales/1/id") in told
    # What is no draft at all is the contract's to refuse.
    for broken in ({**definition(), "colour": "red"}, {**definition(), "items": 201}, {k: v for k, v in definition().items() if k != "licence"}):
        assert admin.ask("PATCH", path, {"definition": broken}, expect=422).json["faults"]
    for name in ("sleep", "own-", "own-Sleep", "own-a--b"):
        admin.post(OWN, {"survey": name, "definition": definition()}, expect=422)

    # Two windows: the second is told that the first was quicker.
    kept = admin.get(path)
    tag = {"If-Match": kept.headers["etag"]}
    saved = admin.ask("PATCH", path, {"definition": definition(key_source="")}, headers=tag, expect=200)
    assert admin.ask("PATCH", path, {"definition": definition()}, headers=tag, expect=412).slug == "changed-meanwhile"
    # Answers are tried while texts are missing; what keeps them from being counted is said.
    tried = admin.post(f"{path}/trial", {"answers": [3, 0, None]}, expect=200).json["scales"]
    assert [scale["score"] for scale in tried] == [9] and tried[0]["category"] == "high" and tried[0]["answered"] == 2
    assert admin.post(f"{path}/trial", {"answers": [3, None, None]}, expect=200).json["scales"][0]["score"] is None
    assert admin.post(f"{path}/trial", {"answers": [3, 0]}, expect=422).slug == "not-as-the-survey"
    assert admin.post(f"{path}/trial", {"answers": [3, 0, 4]}, expect=422).slug == "not-as-the-survey"
    saved = admin.ask("PATCH", path, {"definition": definition()}, headers={"If-Match": saved.headers["etag"]}, expect=200)
    assert saved.json["faults"] == []
    return saved


def published(admin, clara, anna, draft):
    path = f"{OWN}/{draft.json['id']}"
    assert anna.get("surveys/own-sleep", expect=404) and all(row["id"] != "own-sleep" for row in anna.get("surveys").json["rows"])
    assert anna.post("responses", {"person": anna.person, "instrument": "own-sleep", "answers": [0, 0, 0]}, expect=422).slug == "no-such-survey"
    assert admin.post(f"{path}/publication", headers={"If-Match": '"1"'}, expect=412).slug == "changed-meanwhile"
    now = admin.post(f"{path}/publication", headers={"If-Match": draft.headers["etag"]}, expect=200).json
    assert now["state"] == "published" and now["definition"] == definition()
    for method, body in (("PATCH", {"definition": definition()}), ("DELETE", None)):
        assert admin.ask(method, path, body, expect=409).slug == "published-already"
    assert admin.post(f"{path}/publication", expect=409).slug == "published-already"
    listed = next(row for row in anna.get("surveys").json["rows"] if row["id"] == "own-sleep")
    assert listed["version"] == "1" and listed["own"] and listed["open"] and listed["languages"] == ["en", "es"]
    assert (listed["scales"][0]["least"], listed["scales"][0]["greatest"]) == (0, 9)
    assert anna.get("surveys/own-sleep?language=es").json["wording"]["items"][1] == "Dormí sin despertar."
    assert not anna.get("surveys/who-5").json["own"]
    # Answered by the person, and by the clinician from a sheet; counted here by hand.
    for client, answers in ((anna, [3, 0, 2]), (clara, [1, None, 0])):
        row = client.post("responses", {"person": anna.person, "instrument": "own-sleep", "answers": answers, "language": "es"}).json
        scale = row["score"]["scales"][0]
        assert row["definition"] == "1" and abs(scale["score"] - counted(answers)) < 1e-9, row
        assert scale["category"] == ("high" if counted(answers) >= 7 else "low") and row["score"]["unvalidated"]
    assert clara.post("responses", {"person": anna.person, "instrument": "own-sleep", "answers": [0, 0, 9]}, expect=422).slug == "not-as-the-survey"


def next_edition(admin, anna):
    """A change is another edition; what was answered stays with the one that it was given to."""
    before = anna.get(f"responses?person={anna.person}&instrument=own-sleep").json["rows"]
    draft = admin.post(OWN, {"survey": "own-sleep"}).json
    assert draft["edition"] == 2 and draft["definition"] == definition()
    changed = definition(reverse=[], title="Sleep, second form")
    admin.ask("PATCH", f"{OWN}/{draft['id']}", {"definition": changed}, expect=200)
    assert anna.get("surveys/own-sleep").json["version"] == "1", "a draft is nobody's but its maker's"
    admin.post(f"{OWN}/{draft['id']}/publication", expect=200)
    editions = {row["edition"]: row for row in admin.get(f"{OWN}?survey=own-sleep").json["rows"]}
    assert {number: row["state"] for number, row in editions.items()} == {1: "replaced", 2: "published"}
    assert editions[2]["title"] == "Sleep, second form"
    now, old = anna.get("surveys/own-sleep").json, anna.get("surveys/own-sleep?version=1&language=en").json
    assert (now["version"], now["reverse"]) == ("2", []) and (old["version"], old["reverse"]) == ("1", [2])
    anna.get("surveys/own-sleep?version=3", expect=404)
    anna.get("surveys/own-sleep?version=x", expect=404)
    # Whoever had the old form before them has answered the old form.
    late = anna.post("responses", {"person": anna.person, "instrument": "own-sleep", "version": "1", "answers": [0, 3, 0]}).json
    new = anna.post("responses", {"person": anna.person, "instrument": "own-sleep", "answers": [0, 3, 0]}).json
    assert (late["definition"], late["score"]["scales"][0]["score"]) == ("1", 0) and (new["definition"], new["score"]["scales"][0]["score"]) == ("2", 3)
    assert anna.post("responses", {"person": anna.person, "instrument": "own-sleep", "version": "9", "answers": [0, 0, 0]}, expect=422).slug == "no-such-survey"
    assert anna.post("responses", {"person": anna.person, "instrument": "who-5", "version": "9", "answers": [0] * 5}, expect=422).slug == "no-such-survey"
    after = {row["id"]: row for row in anna.get(f"responses?person={anna.person}&instrument=own-sleep").json["rows"]}
    assert all(after[row["id"]] == row for row in before), "nothing that was answered is counted anew"
    # A line goes only through what is counted alike, and says what it leaves out.
    line = anna.get(f"people/{anna.person}/trend?survey=own-sleep").json
    assert line["readings"] == 1 and any("3 answers left out" in remark for remark in line["remarks"]), line
    # Another wording is counted alike: the line goes on.
    draft = admin.post(OWN, {"survey": "own-sleep", "definition": {**changed, "title": "Sleep, third form"}}).json
    admin.post(f"{OWN}/{draft['id']}/publication", expect=200)
    time.sleep(0.01)
    anna.post("responses", {"person": anna.person, "instrument": "own-sleep", "answers": [3, 3, 3]})
    line = anna.get(f"people/{anna.person}/trend?survey=own-sleep&scale=poor_sleep").json
    assert line["readings"] == 2 and line["measure"].startswith("Sleep, third form"), line
    assert anna.get(f"people/{anna.person}/trend?survey=own-sleep&scale=none", expect=422).slug == "no-such-survey"
    return editions


def exported(anna):
    inside = zipfile.ZipFile(io.BytesIO(anna.get(f"people/{anna.person}/export").body))
    answers = json.loads(inside.read("fhir/questionnaires.json"))
    forms = [entry["resource"]["questionnaire"] for entry in answers["entry"] if entry["resource"]["resourceType"] == "QuestionnaireResponse"]
    assert {form.rsplit(":", 1)[1] for form in forms} == {"own-sleep|1", "own-sleep|2", "own-sleep|3"}, forms


def done(client, body):
    job = client.post("jobs", body).json["id"]
    for _ in range(900):
        told = client.get(f"jobs/{job}").json
        if told["state"] not in ("queued", "running"):
            break
        time.sleep(0.1)
    assert told["state"] == "done", told
    return told


def reported(anna):
    job = done(anna, {"kind": "report", "options": {"survey": "own-sleep", "scale": "poor_sleep"}})
    told = json.loads(anna.get(f"jobs/{job['id']}/results/trend.json").body)
    assert told["readings"] == 2 and told["measure"] == "Sleep, third form, Poor sleep", told


def researched(site, rita, anna):
    """A researcher makes one as well; a study's sessions are held against its answers."""
    site.mode("research", research_approved=True)
    consent(anna, anna.person, "research_use")
    anna.post(f"people/{anna.person}/care", {"account": "rita"})
    copied = rita.post(OWN, {"survey": "own-who-5", "from": "who-5"}).json
    shipped = rita.get("surveys/who-5").json
    assert copied["faults"] == [] and copied["definition"]["title"] == shipped["title"] and copied["definition"]["unvalidated"]
    assert copied["definition"]["scales"][0]["cutoffs"]["source"] == shipped["scales"][0]["cutoff_source"]
    assert rita.post(OWN, {"survey": "own-y", "from": "nothing"}, expect=422).slug == "no-such-survey"
    assert rita.post(OWN, {"survey": "own-y"}, expect=422).slug == "not-as-contract"
    assert rita.post(OWN, {"survey": "own-y", "from": "who-5", "definition": definition()}, expect=422).slug == "not-as-contract"
    rita.ask("DELETE", f"{OWN}/{copied['id']}", expect=204)
    rita.get(f"{OWN}/{copied['id']}", expect=404)
    for i, happy in enumerate((0.05, 0.3, 0.6, 0.9)):
        session = anna.post("sessions", {"person": anna.person}).json
        at = datetime.datetime.now(datetime.timezone.utc)
        rows = [{"frame": n, "time_s": n / 10, "utc": (at + datetime.timedelta(seconds=n / 10)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "face_id": 0,
                 "valid": True, "p": [1 - happy, 0, 0, happy, 0, 0, 0], "eye_openness": 0.9} for n in range(30)]
        anna.post(f"sessions/{session['id']}/observations", {"observations": rows}, expect=200)
        anna.post(f"sessions/{session['id']}/end", expect=200)
        anna.post("responses", {"person": anna.person, "instrument": "own-sleep", "answers": [3 - i] * 3, "taken": session["started"]})
        # To the first edition, at the same time, and counted otherwise: it must not stand for the session.
        anna.post("responses", {"person": anna.person, "instrument": "own-sleep", "version": "1", "answers": [i, 3 - i, i], "taken": session["started"]})
    asked = {"instrument": "own-sleep", "scale": "poor_sleep", "within_days": 0, "figure": "mean_score"}
    told = done(rita, {"kind": "validate", "options": asked})["result"]
    assert told["comparisons"][0]["n"] == 4 and told["comparisons"][0]["r"] > 0.9, told


def retired(admin, anna):
    newest = max(admin.get(f"{OWN}?survey=own-sleep").json["rows"], key=lambda row: row["edition"])
    old = min(admin.get(f"{OWN}?survey=own-sleep").json["rows"], key=lambda row: row["edition"])
    assert admin.ask("DELETE", f"{OWN}/{old['id']}/publication", expect=409).slug == "not-published"
    answer = {"person": anna.person, "instrument": "own-sleep", "answers": [0, 0, 0]}
    assert admin.ask("DELETE", f"{OWN}/{newest['id']}/publication", expect=200).json["state"] == "retired"
    for more in ({}, {"version": "1"}):
        assert anna.post("responses", {**answer, **more}, expect=422).slug == "survey-retired"
    listed = next(row for row in anna.get("surveys").json["rows"] if row["id"] == "own-sleep")
    assert not listed["open"] and listed["title"] == "Sleep, third form", "what was answered can still be read"
    assert anna.get(f"people/{anna.person}/trend?survey=own-sleep").json["readings"] > 1
    assert admin.post(f"{OWN}/{old['id']}/publication", expect=409).slug == "published-already"
    admin.post(f"{OWN}/{newest['id']}/publication", expect=200)
    assert anna.post("responses", answer).json["definition"] == "3"


with (Postgres() if on_postgres else contextlib.nullcontext()) as postgres:
    with Server(program, flags=["--no-live", "--job-workers", "1", *database_flags(postgres)]) as server:
        site = Site(server)
        site.mode("clinical")
        anna, clara, rita = site.user("anna", "participant"), site.user("clara", "clinician"), site.user("rita", "researcher")
        anna.post(f"people/{anna.person}/care", {"account": "clara"})
        consent(anna, anna.person, "live_analysis", "store_observations")
        may(site, rita, clara, anna)
        published(site.admin, clara, anna, drafted(site.admin))
        next_edition(site.admin, anna)
        exported(anna)
        reported(anna)
        researched(site, rita, anna)
        retired(site.admin, anna)
        before = anna.get("surveys").json
        server.stop()
        server.start()
        anna.port, anna._connection = server.port, None
        assert anna.get("surveys").json == before, "they outlast the server"
        server.stop()
print("own_surveys: all as expected")
