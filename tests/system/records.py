"""What `pyrometer serve` keeps beside sessions: surveys, groups, pictures, weeks, search, retention; who sees which of it.

usage: records.py PYROMETER VIDEO_FOLDER [FAKE_CLOCK.so]
"""
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from server import Server, Site, consent, jpegs, png

program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
clock = sys.argv[3] if len(sys.argv) > 3 else None
NOBODY = "00000000-0000-7000-8000-000000000000"
DAY = 86400
ANGRY, NEUTRAL = [0.8, 0, 0, 0, 0, 0, 0.2], [0, 0, 0, 0, 0, 0, 1]


def last_month():
    return datetime.datetime.now(datetime.timezone.utc).replace(day=1) - datetime.timedelta(days=10)


def moment(second, start="2026-01-31T12:00:00"):
    at = datetime.datetime.fromisoformat(start) + datetime.timedelta(seconds=second)
    return at.isoformat() + "Z"


def observed(client, person, expressions, start="2026-01-31T12:00:00"):
    """A session with these expressions, one a second; not ended yet."""
    session = client.post("sessions", {"person": person}).json["id"]
    rows = [{"frame": i, "time_s": i, "utc": moment(i, start), "face_id": 0, "valid": True, "p": p, "eye_openness": 0.9}
            for i, p in enumerate(expressions)]
    client.post(f"sessions/{session}/observations", {"observations": rows}, expect=200)
    return session


def close(value, wanted):
    assert abs(value - wanted) < 1e-6, (value, wanted)


def surveys(anna, clara, ben):
    rows = {row["id"]: row for row in anna.get("surveys").json["rows"]}
    assert {"pss-10", "who-5", "checkin"} <= set(rows) and all("wording" not in row for row in rows.values())
    assert anna.get("surveys/pss-10").json["wording"] is None
    assert anna.get("surveys/pss-10?language=en", expect=404).slug == "no-wording", "it is not ours to give out"
    own = anna.get("surveys/checkin?language=en").json
    assert len(own["wording"]["items"]) == own["items"]
    anna.get("surveys/nothing", expect=404)
    anna.get("surveys/checkin?language=../x", expect=400)
    answers = {"person": anna.person, "instrument": "pss-10", "answers": [4, 4, 4, 0, 0, 4, 0, 0, 4, 4], "language": "en"}
    made = anna.post("responses", answers).json
    total = made["score"]["scales"][-1]
    assert total["score"] == 40 and total["category"] == "high" and "Not a diagnosis" in made["score"]["notice"], made
    assert made["definition"] and made["language"] == "en" and made["answers"] == answers["answers"]
    # The missing rule is the questionnaire's own: WHO-5 is scored only where all is answered.
    part = anna.post("responses", {"person": anna.person, "instrument": "who-5", "answers": [5, 5, None, 5, 5]}).json
    assert part["score"]["scales"][0]["score"] is None and part["score"]["scales"][0]["answered"] == 4
    for wrong, slug in (({"answers": [1]}, "not-as-the-survey"), ({"answers": [9] * 10}, "not-as-the-survey"),
                        ({"instrument": "none"}, "no-such-survey"), ({"taken": "2999-01-01T00:00:00Z"}, "in-the-future"),
                        ({"answers": ["a"] * 10}, "not-as-contract"), ({"session": NOBODY}, "session-of-another")):
        assert anna.post("responses", {**answers, **wrong}, expect=422).slug == slug, wrong
    consent(ben, ben.person, "live_analysis")
    session = ben.post("sessions", {"person": ben.person}).json["id"]
    assert anna.post("responses", {**answers, "session": session}, expect=422).slug == "session-of-another"
    ben.post("responses", {**answers, "person": ben.person, "session": session})
    ben.get(f"responses/{made['id']}", expect=404)
    ben.post("responses", answers, expect=404)
    clara.post("responses", {**answers, "taken": "2026-01-02T08:00:00Z"})
    assert len(clara.get(f"responses?person={anna.person}&instrument=pss-10").json["rows"]) == 2
    assert len(clara.get("responses").json["rows"]) == 3, "of whom she may see"
    assert clara.get(f"responses/{made['id']}").json == made


def survey_weeks(anna, clara, ben):
    """Thirteen weeks of a questionnaire, rising."""
    start = datetime.datetime(2026, 1, 5, 23, 30, tzinfo=datetime.timezone.utc)
    for day in range(0, 91, 2):
        answers = [2 + (day // 40)] * 3 + [2] * 2 + [2 + (day // 40)] + [2] * 2 + [2 + (day % 4) // 2] * 2
        taken = (start + datetime.timedelta(days=day)).isoformat()
        anna.post("responses", {"person": anna.person, "instrument": "pss-10", "answers": answers, "taken": taken})
    here = clara.get(f"people/{anna.person}/trend?survey=pss-10&scale=total&timezone=Europe/Oslo").json if anna.consented else None
    own = anna.get(f"people/{anna.person}/trend?survey=pss-10&scale=total&timezone=Europe/Oslo").json
    assert here is None or here == own
    assert own["measure"] == "Perceived Stress Scale, 10 items, Perceived stress", own["measure"]
    assert own["timezone"] == "Europe/Oslo" and own["trend"]["per_week"] > 0 and len(own["weeks"]) >= 13
    assert any(week["level"] for week in own["weeks"]), own["weeks"]
    assert "Not a diagnosis" in own["notice"] and "alerts" not in own
    csv = anna.get(f"people/{anna.person}/trend?survey=pss-10&scale=total&format=csv").body.decode().splitlines()
    assert csv[0].startswith("person,week,monday") and len(csv) > 13
    assert anna.get(f"people/{anna.person}/trend?timezone=Mars/Base", expect=422)
    assert anna.get(f"people/{anna.person}/trend?survey=pss-10&scale=none", expect=422).slug == "no-such-survey"
    ben.get(f"people/{anna.person}/trend", expect=404)
    assert ben.get(f"people/{ben.person}/trend", expect=404).slug == "nothing-yet"


def groups(site, clara):
    admin = site.admin
    site.mode("clinical", k=5)
    lena, otto = site.user("lena", "organisation_lead"), site.user("otto-lead", "organisation_lead")
    clinic = admin.post("organisations", {"name": "Clinic"}).json["id"]
    team = admin.post("teams", {"organisation": clinic, "name": "Ward 3"}).json["id"]
    other = admin.post("teams", {"organisation": clinic, "name": "Ward 4"}).json["id"]
    admin.post("teams", {"organisation": NOBODY, "name": "x"}, expect=422)
    assert admin.ask("DELETE", f"organisations/{clinic}", expect=409).slug == "not-empty"
    admin.post(f"teams/{team}/leads", {"account": "lena"})
    admin.post(f"teams/{other}/leads", {"account": "otto-lead"})
    admin.post(f"teams/{team}/leads", {"account": "clara"}, expect=422)
    assert [row["id"] for row in lena.get("teams").json["rows"]] == [team]
    assert [row["id"] for row in lena.get("organisations").json["rows"]] == [clinic]
    assert len(admin.get("teams").json["rows"]) == 2
    lena.get(f"teams/{team}")
    lena.get(f"teams/{other}", expect=404)
    for words in (("GET", f"teams/{team}/members"), ("DELETE", f"teams/{team}")):
        assert lena.ask(*words, expect=403).slug == "role", "a lead sees groups, never a person"
    assert clara.get("teams", expect=403).slug == "role"

    month, taken = last_month().strftime("%Y-%m"), last_month().isoformat()
    question = f"teams/{team}/aggregates?figure=survey:who-5:total&period={month}"
    people = [site.user(f"p{i}", "participant") for i in range(7)]
    members, consents = [], []
    for i, one in enumerate(people):
        answer = 5 if i == 5 else 2
        one.post("responses", {"person": one.person, "instrument": "who-5", "answers": [answer] * 5, "taken": taken})
        consents.append(consent(one, one.person, "group_aggregates") if i < 6 else None)
    for one in people[:4]:
        members.append(admin.post(f"teams/{team}/members", {"person": one.person}).json["id"])
    assert any(row["action"] == "groups.write" for row in people[0].get("audit?limit=200").json["rows"]), "who joined somebody is told"
    # The administrator may look for what was done to one person; the person for nobody else's.
    about = admin.get(f"audit?person={people[0].person}&limit=200").json["rows"]
    assert about and {row["subject"] for row in about} == {people[0].person}, about
    people[1].get(f"audit?person={people[0].person}", expect=404)
    # Whom one cares for is seen with their teams; nobody else's membership is.
    care = people[0].post(f"people/{people[0].person}/care", {"account": "clara"}).json["id"]
    assert [(row["person"], row["team"], row["team_name"]) for row in clara.everything("memberships")] == [(people[0].person, team, "Ward 3")]
    assert [row["team"] for row in people[1].everything("memberships")] == [team] and not people[6].everything("memberships")
    clara.get(f"memberships?person={people[1].person}", expect=404)
    lena.get("memberships", expect=403)
    people[0].ask("DELETE", f"care/{care}", expect=204)
    assert not clara.everything("memberships")
    # Somebody who has not agreed is not counted.
    admin.post(f"teams/{team}/members", {"person": people[6].person})
    refused = lena.get(question, expect=403)
    assert refused.slug == "too-few-people" and "5" in refused.json["detail"] and "4" not in refused.json["detail"], refused
    members.append(admin.post(f"teams/{team}/members", {"person": people[4].person}).json["id"])
    first = lena.get(question)
    assert first.json["mean"] == 40 and first.json["people_at_least"] == 5 and first.json["k"] == 5, first
    # One comes whose score is the greatest: the figure that would tell it is never given.
    members.append(admin.post(f"teams/{team}/members", {"person": people[5].person}).json["id"])
    assert lena.get(question).body == first.body
    admin.ask("DELETE", f"members/{members[0]}", expect=204)
    assert lena.get(question).body == first.body
    # The same people as another team are not told apart either, whoever asks.
    for one in people[1:6]:
        admin.post(f"teams/{other}/members", {"person": one.person})
    assert otto.get(question.replace(team, other)).body == first.body
    admin.ask("DELETE", f"members/{members[1]}", expect=204)
    assert lena.get(question, expect=403).slug == "too-few-people"
    people[2].post(f"consents/{consents[2]['id']}/withdrawal", expect=200)
    assert otto.get(question.replace(team, other), expect=403).slug == "too-few-people"
    share = f"teams/{other}/aggregates?figure=participation&period={month}"
    consent(people[2], people[2].person, "group_aggregates")
    assert otto.get(share).json["mean"] == 0.9, "that all took part is not said"
    # The rest.
    assert lena.get(question.replace(team, other), expect=404).slug == "no-such-record"
    assert lena.get(question.replace("who-5", "none"), expect=422).slug == "no-such-survey"
    assert lena.get(question.replace("survey:who-5:total", "index"), expect=403).slug == "not-declared"
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m")
    assert lena.get(question.replace(month, now), expect=409).slug == "period-not-over"
    lena.get(question.replace("survey:who-5:total", "everything"), expect=400)
    for client in (admin, clara, people[0]):
        assert client.get(question, expect=403).slug == "role"
    site.mode("clinical", k=5, leads_may_see_scores=True)
    assert otto.get(share.replace("participation", "index"), expect=403).slug == "too-few-people"
    admin.ask("DELETE", f"teams/{team}", expect=204)
    lena.get(f"teams/{team}", expect=404)


def captures(site, anna, clara, ben):
    image = jpegs(next(p for p in sorted(videos.iterdir()) if p.suffix == ".mp4"), count=1)[0] if videos.is_dir() else png()
    sent = {"raw": image, "headers": {"Content-Type": "image/jpeg"}}
    path = f"captures?person={anna.person}&keyword=night%20shift"
    assert clara.post(path, **sent, expect=403).json["missing_consents"] == ["store_images"]
    agreed = consent(anna, anna.person, "store_images")
    made = clara.post(path, **sent).json
    assert made["keyword"] == "night shift" and "image" not in made and made["prediction"]["faces"] is not None, made
    if videos.is_dir():
        face = made["prediction"]["faces"][0]
        close(sum(face["p"]), 1)
        assert face["label"] in ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    for wrong, status, slug in ((b"", 400, "body-missing"), (b"GIF89a", 415, "not-a-picture"), (b"\xff\xd8\xff no", 422, "picture-unreadable")):
        assert anna.post(path, raw=wrong, headers=sent["headers"], expect=status).slug == slug, slug
    announced = {**sent["headers"], "Content-Length": str((2 << 20) + 1)}
    assert anna.post(path, raw=b"", headers=announced, expect=413).slug == "too-large"
    ben.post(path, **sent, expect=404)
    got = clara.get(f"captures/{made['id']}/image")
    assert got.body == image and got.headers["content-type"] == "image/jpeg" and got.headers["cache-control"] == "no-store"
    small = anna.post(f"captures?person={anna.person}", raw=png(), headers={"Content-Type": "image/png"}).json
    assert anna.get(f"captures/{small['id']}/image").headers["content-type"] == "image/png"
    clara.ask("PATCH", f"captures/{made['id']}", {"label": "sad"}, expect=200)
    clara.ask("PATCH", f"captures/{made['id']}", {"label": "bored"}, expect=422)
    assert len(clara.get(f"captures?person={anna.person}").json["rows"]) == 2
    assert len(clara.get("captures?label=sad").json["rows"]) == 1

    # A study's data set, under approval and consent.
    site.mode("research", research_approved=True)
    rosa = site.user("rosa", "researcher")
    anna.post(f"people/{anna.person}/care", {"account": "rosa"})
    dataset = rosa.post("datasets", {"name": "pilot"}).json["id"]
    assert rosa.ask("PATCH", f"captures/{made['id']}", {"dataset": dataset}, expect=403).json["missing_consents"] == ["research_use"]
    consent(anna, anna.person, "research_use")
    rosa.ask("PATCH", f"captures/{made['id']}", {"dataset": dataset}, expect=200)
    assert anna.ask("PATCH", f"captures/{small['id']}", {"dataset": dataset}, expect=422)  # nobody has said what it shows
    anna.ask("PATCH", f"captures/{small['id']}", {"label": "happy", "dataset": dataset}, expect=200)
    counts = rosa.get(f"datasets/{dataset}/counts").json
    assert counts["items"] == 2 and counts["counts"]["sad"] == 1 and counts["counts"]["happy"] == 1 and counts["counts"]["fear"] == 0
    rosa.ask("PATCH", f"captures/{made['id']}", {"label": "fear"}, expect=200)
    assert {row["label"] for row in rosa.get(f"datasets/{dataset}/items").json["rows"]} == {"fear", "happy"}
    anna.ask("PATCH", f"captures/{small['id']}", {"dataset": None}, expect=200)
    assert rosa.get(f"datasets/{dataset}/counts").json["items"] == 1
    assert clara.get("datasets", expect=403).slug in ("role", "not-in-this-mode")
    # Withdrawn: nobody but anna sees her pictures any more, and they are not counted.
    anna.post(f"consents/{agreed['id']}/withdrawal", expect=200)
    assert rosa.get(f"captures/{made['id']}/image", expect=403).json["missing_consents"] == ["store_images"]
    assert rosa.get(f"captures/{made['id']}", expect=403).slug == "consent-missing"
    assert rosa.get("captures").json["rows"] == [] and rosa.get(f"datasets/{dataset}/items").json["rows"] == []
    assert rosa.get(f"datasets/{dataset}/counts").json["items"] == 0
    site.mode("clinical", research_approved=False)
    assert clara.get(f"captures/{made['id']}/image", expect=403).slug == "consent-missing"
    assert anna.get(f"captures/{made['id']}/image").body == image
    consent(anna, anna.person, "store_images")
    anna.ask("DELETE", f"captures/{made['id']}", expect=204)
    anna.get(f"captures/{made['id']}", expect=404)


def topics(anna, clara, ben):
    session = observed(anna, anna.person, [NEUTRAL] * 30 + [ANGRY] * 10)
    for word, first, last in (("holiday", 0, 29), ("deadline", 30, None)):
        keyword = {"session": session, "word": word, "from": moment(first)}
        clara.post("keywords", keyword | ({"until": moment(last)} if last else {}))
    clara.post("notes", {"session": session, "text": "said that the DEADLINE moved, 100% sure", "at": moment(10)})
    clara.post("notes", {"session": session, "text": "deadline, long after", "at": moment(5000)})

    def found(client, text, **more):
        return [(hit["kind"], hit["impact"]) for hit in client.get(f"search?text={text}", **more).json["rows"]]

    for ended in (False, True):
        if ended:
            anna.post(f"sessions/{session}/end", expect=200)
        # S is 0 while neutral and 0.8 while angry; the session's mean 0.2.
        hits = found(clara, "deadline")
        assert [kind for kind, _ in hits] == ["keyword", "note", "note"], hits
        close(hits[0][1], 0.6)
        close(hits[1][1], 0.3)
        assert hits[2][1] is None
        close(found(clara, "holi")[0][1], 0.2)
    assert found(clara, "100%25") and not found(clara, "10%25sure") and not found(clara, "1_0"), "% and _ are themselves"
    assert found(clara, f"deadline&person={anna.person}&limit=1") == hits[:1]
    assert found(ben, "deadline") == []
    ben.get(f"search?text=deadline&person={anna.person}", expect=404)
    ben.get("search?text=d", expect=400)
    table = clara.get(f"people/{anna.person}/topics").json
    assert [row["keyword"] for row in table["rows"]] == ["deadline", "holiday"] and table["emotions"][0] == "angry"
    close(table["rows"][0]["p"][0], 0.8)
    close(table["rows"][1]["p"][6], 1)
    close(table["rows"][0]["score"], 0.8)
    assert table["rows"][0]["frames"] == 10 and table["rows"][1]["frames"] == 30
    later = clara.get(f"people/{anna.person}/topics?from={moment(29)}&until={moment(40)}").json["rows"]
    assert [row["keyword"] for row in later] == ["deadline"], later
    assert clara.get(f"people/{anna.person}/topics?until={moment(-1)}").json["rows"] == []
    ben.get(f"people/{anna.person}/topics", expect=404)


def without_consent(site, anna, clara, agreed):
    """What rests on what a face gave ends for others with its consent; and for all where no expression may be looked at."""
    anna.post(f"consents/{agreed['id']}/withdrawal", expect=200)
    for path in (f"people/{anna.person}/trend", f"people/{anna.person}/topics", f"search?text=deadline&person={anna.person}"):
        assert clara.get(path, expect=403).slug == "consent-missing", path
    assert clara.get("search?text=deadline").json["rows"] == []
    told, = clara.get("people-overview").json["rows"]
    assert told["sessions"] > 0 and told["last_session"] and told["weeks"] == [] and told["level"] is None and told["open_alerts"] is None, told
    told, = anna.get("people-overview").json["rows"]
    assert told["weeks"] and told["open_alerts"] == 0, told
    anna.get(f"people/{anna.person}/topics")
    site.mode("fatigue_and_surveys")
    for path in (f"people/{anna.person}/trend", f"people/{anna.person}/topics", "alerts"):
        assert anna.get(path, expect=403).slug == "not-in-this-mode", path
    assert anna.get("captures", expect=403).slug == "not-in-this-mode"
    told, = anna.get("people-overview").json["rows"]
    assert told["sessions"] > 0 and told["weeks"] == [] and told["open_alerts"] is None, told
    assert all(hit["impact"] is None for hit in anna.get("search?text=deadline").json["rows"])
    anna.get(f"people/{anna.person}/trend?survey=pss-10&scale=total")
    site.mode("clinical")


def retention(site, anna):
    admin = site.admin
    assert admin.get("retention").json == {"rules": []}
    rules = {"rules": [{"kind": "notes", "days": 30}, {"kind": "observations", "days": 365}]}
    assert admin.ask("PUT", "retention", rules, expect=200).json == rules == admin.get("retention").json
    for wrong in ([{"kind": "audit", "days": 1}], [{"kind": "notes", "days": 0}], [{"kind": "notes", "days": 1}] * 2):
        admin.ask("PUT", "retention", {"rules": wrong}, expect=422)
    assert admin.get("retention").json == rules, "all or nothing"
    assert anna.ask("PUT", "retention", rules, expect=403).slug == "role"
    assert anna.get("retention").json == rules
    done = subprocess.run([program, "admin", "retention", "--data", str(site.server.data), "--json"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and json.loads(done.stdout) == {"erased": []}, done
    assert anna.get("notes").json["rows"]


def weeks_by_the_clock(folder):
    """Months pass: an index that rises, its alert, what the lead sees of it, and what is erased on time."""
    ahead = folder / "ahead"
    ahead.write_text("0")
    with Server(program, environment={"LD_PRELOAD": clock, "FAKE_CLOCK": str(ahead)}) as server:
        site = Site(server)
        site.mode("clinical")
        anna, clara, otto = site.user("anna", "participant"), site.user("clara", "clinician"), site.user("otto", "clinician")
        anna.post(f"people/{anna.person}/care", {"account": "clara"})
        consent(anna, anna.person, "live_analysis", "store_observations")
        first = None
        for week in range(14):
            for day in range(3):
                ahead.write_text(str((7 * week + 2 * day) * DAY))
                anna.login("anna", "a long enough sentence 42")
                strain = 0.1 + 0.02 * day + (0.5 if week > 8 else 0)
                session = observed(anna, anna.person, [[strain, 0, 0, 0, 0, 0, 1 - strain]] * 6)
                first = first or session
                ended = anna.post(f"sessions/{session}/end", expect=200).json
                assert ended["summary"]["people"][0]["index"] > 0
        clara.login("clara", "a long enough sentence 42")
        trend = clara.get(f"people/{anna.person}/trend").json
        assert trend["measure"] == "index" and trend["days"] == 42, trend
        assert [week["level"] for week in trend["weeks"] if week["level"]][-1] == "high", trend["weeks"]
        assert len(trend["changes"]["points"]) == 1 and trend["changes"]["points"][0]["change"] == "worse"
        told, = clara.get("people-overview").json["rows"]
        weeks = trend["weeks"]
        assert told["person"] == anna.person and told["sessions"] == 42 and told["last_session"] == clara.get(f"sessions/{session}").json["started"], told
        assert [told["level_before"], told["level"]] == [week["level"] for week in weeks if week["level"]][-2:] and told["change"]["change"] == "worse", told
        assert len(told["weeks"]) == 10 and all(abs(a - b["value"]) < 0.0501 for a, b in zip(told["weeks"], weeks[-10:])), (told, weeks)
        alerts = clara.get("alerts").json["rows"]
        assert told["open_alerts"] == len(alerts)
        assert alerts and all(row["state"] == "new" and row["person"] == anna.person for row in alerts), alerts
        assert len({row["rule"] for row in alerts}) == len(alerts), "each once"
        one = next(row for row in alerts if row["rule"] == "high-for-weeks")
        assert one["level"] == "high" and "no diagnosis" in one["suggestion"] and one["evidence"]
        # The participant is spoken to; the clinician reads about them; both in their language. The rest is the same.
        mine = anna.get(f"alerts/{one['id']}").json
        assert mine["text"].startswith("Your weeks") and one["text"].startswith("This person's weeks"), (mine, one)
        assert {**mine, "text": None} == {**one, "text": None}
        assert one["grounds"][0]["what"] == "level" and one["grounds"][0]["until"] in one["evidence"], one
        spanish = clara.get(f"alerts/{one['id']}?language=es").json
        assert spanish["text"].startswith("Las semanas de esta persona") and "diagnóstico" in spanish["suggestion"], spanish
        assert spanish in clara.get("alerts?language=es").json["rows"]
        assert clara.get(f"alerts/{one['id']}?language=fi").json == one, "English where there are no others"
        otto.login("otto", "a long enough sentence 42")
        otto.get(f"alerts/{one['id']}", expect=404)
        assert otto.get("alerts").json["rows"] == []
        site.admin.login("admin", "a long enough sentence 42")
        assert site.admin.get("alerts", expect=403).slug == "role"
        seen = clara.ask("PATCH", f"alerts/{one['id']}", {"acknowledged": True}, expect=200).json
        assert seen["state"] == "acknowledged" and seen["acknowledged_by"] == clara.account
        done = clara.ask("PATCH", f"alerts/{one['id']}", {"follow_up": "spoke about the rota"}, expect=200).json
        assert done["state"] == "followed_up" and done["follow_up"] == "spoke about the rota"
        assert clara.ask("PATCH", f"alerts/{one['id']}", {"acknowledged": True}, expect=200).json["state"] == "followed_up"
        assert one["id"] not in [row["id"] for row in clara.get("alerts?state=new").json["rows"]]
        assert otto.get("people-overview").json["rows"] == []
        # A session that is erased is one less, and its day is gone from the weeks.
        anna.ask("DELETE", f"sessions/{session}", expect=204)
        after, = clara.get("people-overview").json["rows"]
        assert after["sessions"] == 41 and after["open_alerts"] == told["open_alerts"] - 1 and after["last_session"] < told["last_session"], after
        session = anna.get(f"sessions?person={anna.person}&limit=1").json["rows"][0]["id"]
        # On time: what is older than a month goes, the rest stays.
        site.admin.ask("PUT", "retention", {"rules": [{"kind": "observations", "days": 30}]}, expect=200)
        before = anna.get(f"people/{anna.person}/trend").json
        swept = subprocess.run([program, "admin", "retention", "--data", str(server.data), "--json"], capture_output=True, text=True,
                               timeout=120, env={**server.environment})
        gone = json.loads(swept.stdout)["erased"]
        assert len(gone) == 1 and gone[0]["kind"] == "observations" and gone[0]["person"] == anna.person and gone[0]["rows"] > 100, swept
        assert anna.get(f"sessions/{first}/observations").json["rows"] == []
        assert len(anna.get(f"sessions/{session}/observations").json["rows"]) == 6
        assert anna.get(f"people/{anna.person}/trend").json == before, "a session's own figures stay"
        assert any(row["action"] == "retention.sweep" for row in anna.get("audit?limit=50").json["rows"])
        checked = subprocess.run([program, "admin", "audit-verify", "--data", str(server.data)], capture_output=True, text=True, timeout=120)
        assert checked.returncode == 0, checked
        server.stop()
        # And by itself, at the next start.
        ahead.write_text(str(200 * DAY))
        server.start()
        anna.port, anna._connection = server.port, None
        anna.login("anna", "a long enough sentence 42")
        for _ in range(100):
            if not anna.get(f"sessions/{session}/observations").json["rows"]:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("nothing was swept")


with Server(program) as running:
    place = Site(running)
    place.mode("clinical")
    anna, clara, ben = (place.user(name, role) for name, role in (("anna", "participant"), ("clara", "clinician"), ("ben", "participant")))
    anna.post(f"people/{anna.person}/care", {"account": "clara"})
    surveys(anna, clara, ben)
    agreed = consent(anna, anna.person, "live_analysis", "store_observations")
    anna.consented = True
    survey_weeks(anna, clara, ben)
    topics(anna, clara, ben)
    captures(place, anna, clara, ben)
    groups(place, clara)
    without_consent(place, anna, clara, agreed)
    retention(place, anna)
if clock:
    with tempfile.TemporaryDirectory() as own:
        weeks_by_the_clock(pathlib.Path(own))
print("records: all as expected")
