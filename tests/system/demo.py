"""The demo: simulated people, put in and taken out as a whole, plainly marked and counted nowhere as real.

usage: demo.py PYROMETER
"""
import datetime
import io
import json
import subprocess
import sys
import time
import zipfile

from server import Server, Site, consent

program = sys.argv[1]
SCALE = "survey:checkin:total"


def added(admin, seed):
    began = time.monotonic()
    told = admin.post("demo", {"seed": seed}, expect=202).json["accounts"]
    answered = time.monotonic() - began
    assert admin.post("demo", expect=409).slug == "demo-there"
    seen = []
    while (state := admin.get("demo").json)["state"] == "adding":
        seen.append(state["progress"])
        assert time.monotonic() - began < 300
        time.sleep(0.1)
    assert state["state"] == "ready" and state["progress"] is None and state["seed"] == seed, state
    assert seen == sorted(seen)
    return {one["role"]: one for one in told}, state, answered, time.monotonic() - began


def signed_in(server, account):
    client = server.client().settle(account["name"], account["one_time_password"])
    me = client.get("me").json["account"]
    client.account, client.person = me["id"], me["person"]
    return client


def of_the_clinician(clara):
    people = clara.everything("people")
    assert len(people) == 24 and all(row["simulated"] and row["name"].startswith("Demo ") for row in people), people[:2]
    assert {row["pseudonym"] for row in people} == {f"DEMO-{i:02}" for i in range(1, 25)}
    sessions = clara.everything("sessions")
    started = [row["started"] for row in sessions]
    assert all(row["kind"] == "simulated" and row["model"] == "simulated" and row["state"] == "ended" for row in sessions)
    assert started == sorted(started, reverse=True), "the newest first"
    weeks = (datetime.datetime.fromisoformat(started[0]) - datetime.datetime.fromisoformat(started[-1])).days / 7
    assert 8 <= weeks <= 10.1 and 2 <= len(sessions) / 24 / weeks <= 3.5, (weeks, len(sessions))
    face = sessions[0]["summary"]["people"][0]
    assert face["frames"] == 2400 and 0 < face["index"] < 100 and face["blinks"] > 0, face
    assert "Not a diagnosis" in sessions[0]["summary"]["notice"]
    # The newest sessions can be reviewed, with topics; of older ones there are figures alone.
    newest, oldest = sessions[0]["id"], sessions[-1]["id"]
    kept = clara.get(f"sessions/{newest}/observations?limit=2000").json
    row = dict(zip(kept["columns"], kept["rows"][50]))
    assert len(kept["rows"]) == 2000 and row["face_id"] == 0 and kept["next"] is not None
    assert clara.get(f"sessions/{oldest}/observations").json["rows"] == []
    person = sessions[0]["person"]
    topics = clara.get(f"people/{person}/topics").json["rows"]
    assert any(one["impact"] is not None for one in topics), topics
    assert clara.everything(f"keywords?person={person}") and clara.everything("notes")
    assert {one["instrument"] for one in clara.everything(f"responses?person={person}")} == {"checkin", "pss-4", "who-5"}
    trend = clara.get(f"people/{person}/trend").json
    assert len(trend["weeks"]) >= 8 and any(week["level"] for week in trend["weeks"]), trend
    alerts = clara.everything("alerts")
    rules = {one["rule"] for one in alerts}
    assert 5 <= len(alerts) <= 80 and len({one["person"] for one in alerts}) < 24, (len(alerts), rules)
    assert all(one["state"] == "new" and one["evidence"] for one in alerts)
    assert len(clara.get(f"search?text=evening&person={person}").json["rows"]) >= 0
    return sessions, len(alerts), rules


def apart(site, clara, demo):
    """Between the demo and the rest there is no relation and no team."""
    server, admin = site.server, site.admin
    otto, ben = site.user("otto", "clinician"), site.user("ben", "participant")
    lena = site.user("lena", "organisation_lead")
    assert otto.get("people").json["rows"] == [] and ben.get(f"people/{demo['participant'].person}", expect=404)
    assert ben.post(f"people/{ben.person}/care", {"account": "demo-clinician"}, expect=422).slug == "nobody-to-choose"
    anna = demo["participant"]
    assert anna.post(f"people/{anna.person}/care", {"account": "otto"}, expect=422).slug == "nobody-to-choose"
    teams = admin.everything("teams")
    assert len(teams) == 2 and all(row["simulated"] for row in teams), teams
    assert [row["simulated"] for row in admin.everything("organisations")] == [True]
    clinic = admin.post("organisations", {"name": "Clinic"}).json
    real = admin.post("teams", {"organisation": clinic["id"], "name": "Ward"}).json
    assert not clinic["simulated"] and not real["simulated"]
    for team, what, whom in ((real["id"], "members", {"person": anna.person}), (teams[0]["id"], "members", {"person": ben.person}),
                             (real["id"], "leads", {"account": "demo-lead"}), (teams[0]["id"], "leads", {"account": "lena"})):
        assert admin.post(f"teams/{team}/{what}", whom, expect=422).slug == "simulated", (what, whom)
    admin.post(f"teams/{real['id']}/members", {"person": ben.person})
    admin.post(f"teams/{real['id']}/leads", {"account": "lena"})
    # Whom the demo's clinician takes in belongs to the demo.
    assert clara.post("people", {"name": "A try"}).json["simulated"] and not otto.post("people", {"name": "Real"}).json["simulated"]
    device = admin.post("users", {"name": "box", "role": "device", "person": anna.person}).json
    assert device["simulated"], device
    return otto, ben, lena, real["id"]


def of_the_lead(lead, lena, real):
    month = (datetime.datetime.now(datetime.timezone.utc).replace(day=1) - datetime.timedelta(days=10)).strftime("%Y-%m")
    for team in lead.get("teams").json["rows"]:
        figure = lead.get(f"teams/{team['id']}/aggregates?figure={SCALE}&period={month}").json
        assert figure["simulated"] and 0 < figure["mean"] < 100 and figure["people_at_least"] >= 10, figure
    lena.get(f"teams/{real}/aggregates?figure={SCALE}&period={month}", expect=403)


def of_the_participant(anna):
    own = anna.get(f"people/{anna.person}").json
    assert own["simulated"] and own["pseudonym"] == "DEMO-01"
    with zipfile.ZipFile(io.BytesIO(anna.get(f"people/{anna.person}/export").body)) as export:
        person = json.loads(export.read("person.json"))
        assert person["person"]["simulated"] is True and export.read("README.txt").decode().startswith("A simulated person")
        assert any(name.startswith("fhir/") for name in export.namelist())
        kept = [name for name in export.namelist() if name.startswith("observations/")]
        assert len(kept) == 2, kept


def finished(client, job):
    for _ in range(600):
        row = client.get(f"jobs/{job}").json
        if row["state"] not in ("queued", "running"):
            return row
        time.sleep(0.2)
    raise AssertionError(row)


def reports(clara, sessions):
    """On paper as well they say that nobody was recorded."""
    session = sessions[0]
    for words in ({"session": session["id"]}, {}):
        done = finished(clara, clara.post("jobs", {"kind": "report", "person": session["person"], **words}).json["id"])
        assert done["state"] == "done" and done["result"]["simulated"] is True, done
        page = clara.get(f"jobs/{done['id']}/results/{'session' if 'session' in words else 'trend'}.html").body.decode()
        assert "simulated" in page.lower(), page[:500]


def of_the_researcher(site, rita):
    """A validation of the demo's account is of simulated people and says so; another's has none of them."""
    site.mode("research", research_approved=True)
    kinds = {"kind": "validate", "options": {"instrument": "checkin", "scale": "total", "permutations": 200}}
    rows = rita.everything("people")
    assert len(rows) == 16 and all(row["simulated"] and "name" not in row for row in rows), rows[:2]
    done = finished(rita, rita.post("jobs", kinds).json["id"])
    assert done["state"] == "done" and done["result"]["simulated"] is True and done["result"]["people"] == 16, done
    page = rita.get(f"jobs/{done['id']}/results/validation.html").body.decode()
    assert "simulated sessions of the demo" in page
    rudi = site.user("rudi", "researcher")
    real = finished(rudi, rudi.post("jobs", kinds).json["id"])
    assert real["state"] == "failed" and "No session of anybody" in real["error"], real


def by_command_line(server):
    def admin(*words):
        done = subprocess.run([program, "admin", "demo", *words, "--data", str(server.data), "--json"], capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else done.stderr

    assert admin("status") == (0, {"there": False, "whole": False, "seed": 0, "people": 0, "sessions": 0, "responses": 0, "alerts": 0})
    began = time.monotonic()
    code, told = admin("add", "--seed", "5")
    took = time.monotonic() - began
    assert code == 0 and {one["role"] for one in told["accounts"]} == {"clinician", "organisation_lead", "participant", "researcher"}, told
    code, state = admin("status")
    assert code == 0 and state["whole"] and state["people"] == 24 and state["seed"] == 5, state
    assert admin("add")[0] == 3, "there is one already"
    code, gone = admin("remove")
    assert code == 0 and gone["erased"]["person"] == 24 and gone["erased"]["session"] == state["sessions"], gone
    assert admin("remove") == (0, {"erased": {}})
    subprocess.run([program, "admin", "audit-verify", "--data", str(server.data)], check=True, capture_output=True)
    return took


def line(text):
    print(f"ok    {text}", flush=True)


with Server(program) as server:
    site = Site(server)
    site.mode("clinical")
    admin = site.admin
    assert admin.get("demo").json == {"state": "none", "progress": None, "seed": None, "made": None, "people": 0, "sessions": 0, "responses": 0, "alerts": 0}
    accounts, state, answered, took = added(admin, 7)
    assert state["people"] == 24 and state["sessions"] > 400 and state["responses"] > 200 and state["alerts"] > 5, state
    demo = {role: signed_in(server, account) for role, account in accounts.items()}
    assert demo["clinician"].post("demo", expect=403).slug == "role" and demo["clinician"].get("demo").json == state
    sessions, alerts, rules = of_the_clinician(demo["clinician"])
    line("the clinician")
    otto, ben, lena, real = apart(site, demo["clinician"], demo)
    line("apart")
    of_the_lead(demo["organisation_lead"], lena, real)
    line("the lead")
    of_the_participant(demo["participant"])
    line("the participant")
    reports(demo["clinician"], sessions)
    line("reports")
    # A session with the demo's patient runs while the demo is taken out; a real one's stays.
    consent(ben, ben.person, "live_analysis", "store_observations")
    kept = ben.post("sessions", {"person": ben.person}).json["id"]
    demo["participant"].post("sessions", {"person": demo["participant"].person})
    of_the_researcher(site, demo["researcher"])
    line("the researcher")
    began = time.monotonic()
    gone = admin.ask("DELETE", "demo", expect=200).json
    removing = time.monotonic() - began
    assert gone["person"] == 25 and gone["account"] == 5 and gone["session"] == len(sessions) + 1 and gone["team"] == 2, gone
    assert admin.get("demo").json["state"] == "none" and admin.ask("DELETE", "demo", expect=200).json == {}
    demo["clinician"].get("me", expect=401)
    server.client().login("demo-clinician", "x", expect=401)
    assert {row["name"] for row in admin.everything("users")} == {"admin", "otto", "ben", "lena", "rudi"}
    assert [row["name"] for row in admin.everything("teams")] == ["Ward"] and len(admin.everything(f"teams/{real}/members")) == 1
    assert ben.get(f"sessions/{kept}").json["state"] == "open"
    line("taken out")
    # Taken out while it is put in; put in anew of the same seed it is the same.
    admin.post("demo", {"seed": 7}, expect=202)
    assert admin.ask("DELETE", "demo", expect=200).json["person"] == 24
    accounts, again, _, _ = added(admin, 7)
    site.mode("clinical")
    same = signed_in(server, accounts["clinician"]).everything("sessions")
    figures = lambda rows: [(row["started"], row["summary"]["people"][0]["index"]) for row in rows]  # noqa: E731
    assert figures(same)[-300:] == figures(sessions)[-300:]
    admin.ask("DELETE", "demo", expect=200)
    line = by_command_line(server)
    print(f"demo: {state}; answered after {answered:.1f} s, whole after {took:.1f} s ({line:.1f} s by the command line), out in {removing:.2f} s; "
          f"{alerts} alerts by {sorted(rules)}")
