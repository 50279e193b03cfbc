"""Consent texts: those that a new site has, editions of one, and that what was agreed to can be shown later; and withdrawal that
erases.

usage: consents.py PYROMETER
"""
import sys

from server import WEBM, Server, Site, consent, png

program = sys.argv[1]
TEXTS = "consent-templates"


def shipped(site, anna):
    rows = anna.get(f"{TEXTS}?active=true&limit=200").json["rows"]
    modes = {"personal", "clinical", "research", "fatigue_and_surveys"}
    for language in ("en", "es"):
        mine = [row for row in rows if row["language"] == language]
        assert {row["mode"] for row in mine} == modes | {None}, f"a text for each mode in {language}"
        assert all(len(row["text"]) > 400 and row["purpose"] and row["edition"] == 1 and row["made_by"] is None for row in mine)
        for mode in modes:  # whoever agrees to it can have a session that is kept
            assert any({"live_analysis", "store_observations"} <= set(row["scopes"]) for row in mine if row["mode"] == mode), mode
    english, spanish = ([(row["name"], row["mode"], row["scopes"]) for row in rows if row["language"] == language] for language in ("en", "es"))
    assert sorted(english, key=str) == sorted(spanish, key=str), "the same is asked in both languages"
    assert [row["name"] for row in anna.get(f"{TEXTS}?name=pictures&language=es").json["rows"]] == ["pictures"]
    return {(row["name"], row["language"]): row for row in rows}


def agreed(anna, texts):
    consents = f"people/{anna.person}/consents"
    text = texts["clinical-sessions", "es"]
    given = anna.post(consents, {"template": text["id"]}).json
    assert given["scopes"] == text["scopes"] and given["purpose"] == text["purpose"]
    assert given["text_version"] == "clinical-sessions/es/1" and given["template"] == text["id"]
    some = anna.post(consents, {"template": text["id"], "scopes": ["live_analysis"]}).json
    assert some["scopes"] == ["live_analysis"], "less than is asked for may be agreed to"
    for wrong in ({"template": text["id"], "scopes": ["store_images"]}, {"template": text["id"], "purpose": "another"},
                  {"scopes": ["live_analysis"], "purpose": "x"}, {"purpose": "x", "text_version": "1"}):
        assert anna.post(consents, wrong, expect=422).slug == "not-as-contract", wrong
    assert anna.post(consents, {"template": anna.account}, expect=422).slug == "no-such-template"
    on_paper = anna.post(consents, {"scopes": ["store_images"], "purpose": "on paper, as before", "text_version": "form 7"}).json
    assert on_paper["template"] is None and on_paper["text_version"] == "form 7"
    return given


def editions(site, anna, texts, given):
    """Another text is another edition; who agreed to the one before can still be shown it."""
    before = texts["clinical-sessions", "es"]
    changed = {field: before[field] for field in ("name", "language", "purpose", "mode", "scopes")} | {"text": "Un texto nuevo."}
    anna.post(TEXTS, changed, expect=403)
    now = site.admin.post(TEXTS, changed).json
    assert now["edition"] == 2 and now["active"] and now["made_by"] == site.admin.account
    shown = anna.get(f"{TEXTS}/{given['template']}").json
    assert shown["text"] == before["text"] and not shown["active"]
    assert anna.post(f"people/{anna.person}/consents", {"template": before["id"]}, expect=422).slug == "no-such-template"
    assert anna.post(f"people/{anna.person}/consents", {"template": now["id"]}).json["text_version"] == "clinical-sessions/es/2"
    in_force = anna.get(f"people/{anna.person}/consents").json["rows"]
    assert any(row["id"] == given["id"] and row["withdrawn"] is None for row in in_force), "a new edition withdraws nothing"
    # A text itself cannot be changed, only whether it is offered.
    site.admin.ask("PATCH", f"{TEXTS}/{now['id']}", {"text": "x"}, expect=422)
    assert not site.admin.ask("PATCH", f"{TEXTS}/{now['id']}", {"active": False}, expect=200).json["active"]
    assert site.admin.ask("PATCH", f"{TEXTS}/{now['id']}", {"active": True}, headers={"If-Match": '"1"'}, expect=412).slug == "changed-meanwhile"
    fresh = site.admin.post(TEXTS, {"name": "ward-7", "language": "de", "purpose": "x", "scopes": ["live_analysis"], "text": "y"}).json
    assert fresh["edition"] == 1 and fresh["mode"] is None


def withdrawn(server, site, ben):
    """With `erase`, what no other consent allows to be kept goes with the consent, rows and files; only the person may ask for it."""
    clara = site.user("clara", "clinician")
    ben.post(f"people/{ben.person}/care", {"account": "clara"})
    site.admin.ask("PATCH", f"users/{clara.account}", {"display_name": "Dr. Clara"}, expect=200)

    def kept():
        return tuple(len(ben.get(f"{what}?person={ben.person}").json["rows"]) for what in ("sessions", "notes", "captures", "jobs"))

    agreed = {"images": consent(ben, ben.person, "store_images"), "kept": consent(ben, ben.person, "live_analysis", "store_observations")}
    session = ben.post("sessions", {"person": ben.person}).json["id"]
    rows = [{"frame": 0, "time_s": 0, "utc": "2026-01-31T12:00:00Z", "face_id": 0, "valid": True, "p": [0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.2]}]
    ben.post(f"sessions/{session}/observations", {"observations": rows}, expect=200)
    note = clara.post("notes", {"session": session, "text": "a note"}).json
    assert note["author_name"] == "Dr. Clara" and ben.get("notes").json["rows"][0]["author_name"] == "Dr. Clara", note
    picture = {"raw": png(), "headers": {"Content-Type": "image/png"}}
    ben.post(f"captures?person={ben.person}", **picture)
    video = ben.post(f"sessions/{session}/videos", {"at": "2026-01-31T12:00:00Z"}).json["id"]
    ben.ask("PUT", f"videos/{video}/pieces/0", raw=WEBM, headers={"Content-Type": "application/octet-stream"}, expect=200)
    upload = ben.post("uploads", raw=png(), headers={"Content-Type": "application/octet-stream"}).json["id"]
    ben.post("jobs", {"kind": "explain", "uploads": [upload], "person": ben.person})
    files = lambda: [path for part in ("recordings", "jobs") for path in (server.data / part).rglob("*") if path.is_file()]  # noqa: E731
    assert kept() == (1, 1, 1, 1) and len(files()) == 2, (kept(), files())

    assert clara.post(f"consents/{agreed['images']['id']}/withdrawal", {"erase": True}, expect=403).slug == "role"
    assert all(row["withdrawn"] is None for row in ben.get(f"people/{ben.person}/consents").json["rows"] if row["id"] in (agreed["images"]["id"], agreed["kept"]["id"]))
    ben.post(f"consents/{agreed['images']['id']}/withdrawal", {"erase": "yes"}, expect=422)
    # Another consent still allows them.
    again = consent(ben, ben.person, "store_images")
    ben.post(f"consents/{agreed['images']['id']}/withdrawal", {"erase": True}, expect=200)
    assert kept() == (1, 1, 1, 1), kept()
    # Withdrawn before, erased later.
    ben.post(f"consents/{again['id']}/withdrawal", expect=200)
    assert kept() == (1, 1, 1, 1), kept()
    told = ben.post(f"consents/{again['id']}/withdrawal", {"erase": True}, expect=200).json
    assert told["withdrawn"] and told["recorded_by"] == ben.account and told["recorded_by_name"] == "ben", told
    assert kept() == (1, 1, 0, 0) and not files(), (kept(), files())
    ben.get(f"sessions/{session}/observations")
    ben.post(f"consents/{agreed['kept']['id']}/withdrawal", {"erase": True}, expect=200)
    assert kept() == (0, 0, 0, 0), kept()
    ben.get(f"sessions/{session}", expect=404)
    erasures = [row for row in site.admin.get("audit?limit=200").json["rows"] if row["detail"] and "erased" in row["detail"]]
    assert len(erasures) == 3 and all(row["subject"] == ben.person and row["actor_name"] == "ben" for row in erasures), erasures


with Server(program, flags=["--no-live", "--job-workers", "0"]) as server:
    site = Site(server)
    site.admin.account = site.admin.get("me").json["account"]["id"]
    site.mode("clinical")
    anna = site.user("anna", "participant")
    texts = shipped(site, anna)
    editions(site, anna, texts, agreed(anna, texts))
    withdrawn(server, site, site.user("ben", "participant"))
    count = len(anna.get(f"{TEXTS}?limit=200").json["rows"])
    server.stop()
    server.start()
    anna.port, anna._connection = server.port, None
    assert len(anna.get(f"{TEXTS}?limit=200").json["rows"]) == count, "a start adds no texts to those that there are"
    server.stop()
print("consents: all as expected")
