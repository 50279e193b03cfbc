"""Consent texts: those that a new site has, editions of one, and that what was agreed to can be shown later.

usage: consents.py PYROMETER
"""
import sys

from server import Server, Site

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


with Server(program, flags=["--no-live", "--job-workers", "0"]) as server:
    site = Site(server)
    site.admin.account = site.admin.get("me").json["account"]["id"]
    site.mode("clinical")
    anna = site.user("anna", "participant")
    texts = shipped(site, anna)
    editions(site, anna, texts, agreed(anna, texts))
    count = len(anna.get(f"{TEXTS}?limit=200").json["rows"])
    server.stop()
    server.start()
    anna.port, anna._connection = server.port, None
    assert len(anna.get(f"{TEXTS}?limit=200").json["rows"]) == count, "a start adds no texts to those that there are"
    server.stop()
print("consents: all as expected")
