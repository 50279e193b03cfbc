"""Role x route: every operation of the contract, asked by everybody, about one person's data. Nothing answers that should not.

Who may what is written here by hand, independently of the server's own table. An operation that this file does not know fails the test.

usage: access.py PYROMETER
"""
import hashlib
import pathlib
import sys
import tempfile

from server import WEBM, Server, Site, consent

program = sys.argv[1]
PICTURE = (pathlib.Path(__file__).resolve().parents[2] / ".pyrometer" / "demo" / "astronaut.png").read_bytes()
NOTHING = "00000000-0000-7000-8000-000000000000"
OPEN = {"getContract", "getWelcome", "login", "getProvider", "beginProviderSignIn", "endProviderSignIn"}
EVERYBODY = {"getMe", "getSite", "logout"}  # whoever is signed in; devices are named apart
# Anna is the person; clara the clinician whom she chose; otto another clinician; rita a researcher and lena a lead without any relation
# to her; ben another participant; box her device, tin ben's.
ACTORS = ("admin", "anna", "clara", "otto", "rita", "lena", "ben", "box", "tin")
PEOPLE = {"admin", "anna", "clara", "otto", "rita", "lena", "ben"}
MAY = {
    "getMe": PEOPLE, "getSite": PEOPLE, "logout": PEOPLE,
    "changePassword": PEOPLE, "beginTotp": PEOPLE, "confirmTotp": PEOPLE, "removeTotp": PEOPLE,
    "renewRecoveryCodes": PEOPLE, "listMyLogins": PEOPLE, "endOtherLogins": PEOPLE, "endMyLogin": PEOPLE, "endLoginsOf": {"admin"},
    "listMyTokens": PEOPLE, "makeToken": PEOPLE, "revokeToken": PEOPLE,
    "changeSite": {"admin"}, "getMetrics": {"admin"}, "listAudit": {"admin", "anna"},
    "listUsers": {"admin"}, "makeUser": {"admin"}, "getUser": {"admin"}, "changeUser": {"admin"}, "resetPassword": {"admin"},
    "makeDeviceToken": {"admin"}, "listDeviceTokens": {"admin"}, "revokeDeviceToken": {"admin"},
    "listPeople": {"anna", "clara"}, "overviewPeople": {"anna", "clara"}, "makePerson": {"clara", "otto"}, "getPerson": {"anna", "clara"}, "changePerson": {"anna", "clara"},
    "erasePerson": {"anna"}, "exportPerson": {"anna"},
    "listConsents": {"anna", "clara"}, "giveConsent": {"anna", "clara"}, "withdrawConsent": {"anna", "clara"},
    "getStatus": {"admin"}, "listBackups": {"admin"}, "makeBackup": {"admin"}, "removeBackup": {"admin"},
    "listConsentTemplates": PEOPLE, "getConsentTemplate": PEOPLE, "makeConsentTemplate": {"admin"}, "changeConsentTemplate": {"admin"},
    "listCare": {"anna", "clara"}, "chooseCare": {"anna"}, "endCare": {"anna", "clara"},
    "listSessions": {"anna", "clara"}, "beginSession": {"anna", "clara", "box"}, "getSession": {"anna", "clara"},
    "changeSession": {"anna", "clara"}, "eraseSession": {"anna"}, "endSession": {"anna", "clara", "box"},
    "listObservations": {"anna", "clara"}, "sendObservations": {"anna", "clara", "box"},
    "streamSession": {"anna", "clara", "box"}, "watchSession": {"anna", "clara"},
    "listNotes": {"anna", "clara"}, "makeNote": {"anna", "clara"}, "getNote": {"anna", "clara"}, "changeNote": {"anna", "clara"},
    "removeNote": {"anna", "clara"},
    "listSurveyDefinitions": {"admin"}, "makeSurveyDefinition": {"admin"}, "getSurveyDefinition": {"admin"}, "changeSurveyDefinition": {"admin"},
    "publishSurveyDefinition": {"admin"}, "trySurveyDefinition": {"admin"}, "retireSurveyDefinition": {"admin"}, "removeSurveyDefinition": {"admin"},
    "listSurveys": PEOPLE, "getSurvey": PEOPLE, "listResponses": {"anna", "clara"}, "makeResponse": {"anna", "clara"}, "getResponse": {"anna", "clara"},
    "listOrganisations": {"admin"}, "makeOrganisation": {"admin"}, "getOrganisation": {"admin"}, "changeOrganisation": {"admin"}, "removeOrganisation": {"admin"},
    "listTeams": {"admin"}, "makeTeam": {"admin"}, "getTeam": {"admin"}, "changeTeam": {"admin"}, "removeTeam": {"admin"},
    "listMembers": {"admin"}, "addMember": {"admin"}, "removeMember": {"admin"}, "listLeads": {"admin"}, "addLead": {"admin"}, "removeLead": {"admin"},
    "getAggregate": set(),  # lena does not lead this team
    "listCaptures": {"anna", "clara"}, "makeCapture": {"anna", "clara"}, "getCapture": {"anna", "clara"}, "changeCapture": {"anna", "clara"},
    "removeCapture": {"anna", "clara"}, "getCaptureImage": {"anna", "clara"},
    # Data sets are a researcher's, where the site's mode is research.
    "listDatasets": set(), "makeDataset": set(), "getDataset": set(), "changeDataset": set(), "countDatasetItems": set(), "listDatasetItems": {"anna", "clara"},
    "getTrend": {"anna", "clara"}, "getTopics": {"anna", "clara"}, "search": {"anna", "clara"},
    "listAlerts": {"anna", "clara"}, "getAlert": {"anna", "clara"}, "changeAlert": {"anna", "clara"},
    "getRetention": PEOPLE, "setRetention": {"admin"}, "getDemo": PEOPLE, "addDemo": {"admin"}, "removeDemo": {"admin"},
    # An upload is about nobody yet: whoever may have jobs at all may send one, and sees only their own.
    "sendUpload": {"anna", "clara", "otto", "ben"}, "removeUpload": {"anna"},
    "beginUpload": {"anna", "clara", "otto", "ben"}, "getPartialUpload": {"anna"}, "sendUploadPiece": {"anna"}, "endUpload": {"anna"},
    "listJobs": {"anna", "clara"}, "makeJob": {"anna", "clara"}, "getJob": {"anna", "clara"},
    "removeJob": {"anna", "clara"}, "cancelJob": {"anna", "clara"}, "pauseJob": {"anna", "clara"}, "resumeJob": {"anna", "clara"}, "getResult": {"anna", "clara"},
    "listCameras": {"admin", "clara", "otto"}, "makeCamera": {"admin"}, "removeCamera": {"admin"},
    "startCamera": {"clara"}, "getCameraState": {"clara"}, "stopCamera": {"clara"},
    "listModels": PEOPLE, "getModel": PEOPLE, "addModel": {"admin"}, "promoteModel": {"admin"}, "rollbackModel": {"admin"},
    # So are their pictures and the placing on the map; the map itself is a model's.
    "listPictures": set(), "sendPicture": set(), "getPicture": set(), "getPictureImage": set(), "getPictureThumbnail": set(), "labelPictures": set(),
    "removePictures": set(), "findDuplicates": set(), "listDatasetVersions": set(), "makeDatasetVersion": set(), "getDatasetVersion": set(),
    "removeDatasetVersion": set(), "placePicture": set(), "getMap": PEOPLE, "checkCamera": PEOPLE, "exportEdge": {"admin"},
    "listVideos": {"anna", "clara"}, "makeVideo": {"anna", "clara"}, "getVideo": {"anna", "clara"}, "sendVideoPiece": {"anna", "clara"},
    "getVideoFile": {"anna", "clara"}, "removeVideo": {"anna", "clara"},
    "listMemberships": {"anna", "clara"}, "listKeywords": {"anna", "clara"}, "makeKeyword": {"anna", "clara"}, "changeKeyword": {"anna", "clara"}, "removeKeyword": {"anna", "clara"},
}
# What ends the caller's login, or takes away what the others are asked about: only those who may not are asked.
DESTROYS = {"logout", "endOtherLogins", "endMyLogin", "endLoginsOf", "renewRecoveryCodes", "changePassword", "resetPassword", "changeUser", "revokeToken", "revokeDeviceToken", "erasePerson", "eraseSession", "endSession", "endCare",
            "withdrawConsent", "removeNote", "removeKeyword", "beginTotp", "confirmTotp", "changeSite", "removeOrganisation", "removeTeam", "removeMember",
            "removeSurveyDefinition", "removeCamera", "startCamera", "stopCamera", "removeLead", "removeBackup", "removeCapture", "removeVideo", "removeUpload", "removeJob", "cancelJob",
            # And what has nothing to be asked about here; tests/system/records.py, jobs.py and streams.py ask those who may.
            "getAlert", "changeAlert", "makeJob", "getResult", "listDatasetItems", "getTrend", "getTopics"}
# Lists that are empty here for those who may as well.
EMPTY = {"listAlerts", "listJobs", "sendUpload", "beginUpload", "getPartialUpload", "sendUploadPiece", "endUpload", "listAudit", "search"}
QUERY = {"search": "?text=Secret", "sendUploadPiece": "?offset=0", "getAggregate": "?figure=participation&period=2026-01"}
# Without a consent these are refused to whoever else may.
NEEDS = {"beginSession": "live_analysis", "streamSession": "live_analysis", "watchSession": "live_analysis",
         "startCamera": "live_analysis", "getCameraState": "live_analysis", "stopCamera": "live_analysis",
         "sendObservations": "store_observations", "makeVideo": "store_images", "sendVideoPiece": "store_images"}
CLINICIAN_NEEDS = {"listVideos": "store_images", "getVideo": "store_images", "getVideoFile": "store_images", "listObservations": "store_observations"}


def bodies(made):
    return {
        "login": {"name": "nobody", "password": "x"},
        "changePassword": {"old": "x", "new": "y"}, "confirmTotp": {"code": "000000"}, "renewRecoveryCodes": {"code": "000000"},
        "makeToken": {"name": "t", "scopes": ["read"]}, "changeSite": {"name": "other"},
        "makeUser": {"name": "new", "role": "clinician"}, "changeUser": {"display_name": "x"}, "makeDeviceToken": {"name": "t"},
        "makePerson": {"name": "x"}, "changePerson": {"remarks": "x"},
        "giveConsent": {"scopes": ["live_analysis"], "purpose": "x", "text_version": "1"},
        "chooseCare": {"account": "petra"}, "changeConsentTemplate": {"active": True},
        "makeConsentTemplate": {"name": "x", "language": "en", "purpose": "x", "scopes": ["live_analysis"], "text": "x"},
        "beginSession": {"person": made["person"]}, "changeSession": {"title": "x"},
        "sendObservations": {"observations": [{"frame": 10**6, "time_s": 1e5, "utc": "2026-01-31T12:00:00Z", "face_id": -1, "valid": False,
                                               "reason": "no_face"}]},
        "labelPictures": {"ids": [NOTHING], "label": "happy"}, "removePictures": {"ids": [NOTHING]}, "makeDatasetVersion": {"name": "x"},
        "makeVideo": {"at": "2026-01-31T12:00:00Z"},
        "beginUpload": {"bytes": len(PICTURE)}, "endUpload": {"sha256": hashlib.sha256(PICTURE).hexdigest()},
        "makeNote": {"session": made["session"], "text": "x"}, "changeNote": {"text": "x"},
        "makeResponse": {"person": made["person"], "instrument": "who-5", "answers": [3, 3, 3, 3, 3]},
        "makeSurveyDefinition": {"survey": "own-secret", "from": "who-5"}, "changeSurveyDefinition": {"definition": made["draft"]},
        "trySurveyDefinition": {"answers": [3, 3, 3, 3, 3]},
        "makeOrganisation": {"name": "x"}, "changeOrganisation": {"name": "Secret-y"}, "makeTeam": {"organisation": made["organisation"], "name": "x"},
        "changeTeam": {"name": "Secret-z"}, "addMember": {"person": made["person"]}, "addLead": {"account": "lars"},
        "changeCapture": {"label": "happy"}, "makeDataset": {"name": "x"}, "changeDataset": {"name": "x"}, "changeAlert": {"acknowledged": True},
        "setRetention": {"rules": []}, "makeCamera": {"name": "Secret-Camera", "url": "camera:0"}, "startCamera": {"camera": made["camera"]},
        "addModel": {"job": NOTHING, "name": "x", "licence": "x"}, "promoteModel": {"as": "expression"}, "makeJob": {"kind": "analyze", "uploads": [made["upload"]], "person": made["person"]},
        "makeKeyword": {"session": made["session"], "word": "x", "from": "2026-01-31T12:00:00Z"}, "changeKeyword": {"word": "x"},
    }


def operations(contract):
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def ask(client, method, path, operation, made, secrets):
    for name, value in made.items():
        path = path.replace("{" + name + "}", value if isinstance(value, str) else "")
    assert "{" not in path, f"{operation['operationId']}: nothing to put into {path}"
    name = operation["operationId"]
    if name == "makeCapture":
        path += f"?person={made['person']}"
    raw = {"makeCapture": (PICTURE, "image/png"), "sendUpload": (PICTURE, "application/octet-stream"), "sendUploadPiece": (PICTURE, "application/octet-stream"), "sendVideoPiece": (WEBM, "application/octet-stream"),
           "sendPicture": (PICTURE, "image/png"), "placePicture": (PICTURE, "image/png"), "checkCamera": (PICTURE, "image/png")}.get(name, (None, None))
    reply = client.ask(method, path + QUERY.get(name, ""), bodies(made).get(name), raw=raw[0], headers={"Content-Type": raw[1]} if raw[0] else None)
    if reply.status in (401, 403, 404):
        assert not any(secret in reply.body.decode() for secret in secrets), f"a refusal tells something: {reply}"
    return reply


def refused(reply):
    return reply.status in (401, 403, 404)


with tempfile.TemporaryDirectory() as registry, Server(program, flags=["--job-workers", "0", "--allow-camera", "camera:0", "--registry", registry]) as server:
    site = Site(server)
    site.mode("clinical")
    actors = {"admin": site.admin, "anna": site.user("anna", "participant"), "clara": site.user("clara", "clinician"),
              "otto": site.user("otto", "clinician"), "rita": site.user("rita", "researcher"), "lena": site.user("lena", "organisation_lead"),
              "ben": site.user("ben", "participant")}
    site.user("petra", "clinician")  # whom anna chooses in the course of it
    anna, clara, ben = actors["anna"], actors["clara"], actors["ben"]
    actors["box"] = site.user("box", "device", person=anna.person)
    actors["tin"] = site.user("tin", "device", person=ben.person)
    assert set(actors) == set(ACTORS)
    anna.ask("PATCH", f"people/{anna.person}", {"name": "Anna Secret-Name"}, expect=200)
    care = anna.post(f"people/{anna.person}/care", {"account": "clara"}).json["id"]
    agreed = consent(anna, anna.person, "live_analysis", "store_observations", "store_images")
    session = anna.post("sessions", {"person": anna.person, "title": "Secret-Title"}).json["id"]
    note = clara.post("notes", {"session": session, "text": "Secret-Note"}).json["id"]
    keyword = clara.post("keywords", {"session": session, "word": "Secret-Word", "from": "2026-01-31T12:00:00Z"}).json["id"]
    made = {"person": anna.person, "session": session, "note": note, "keyword": keyword, "consent": agreed["id"], "care": care,
            "user": anna.account, "token": anna.post("me/tokens", {"name": "Secret-Token", "scopes": ["read"]}).json["id"]}
    site.user("lars", "organisation_lead")
    organisation = site.admin.post("organisations", {"name": "Secret-Organisation"}).json["id"]
    team = site.admin.post("teams", {"organisation": organisation, "name": "Secret-Team"}).json["id"]
    made |= {"organisation": organisation, "team": team, "survey": "who-5", "dataset": NOTHING, "alert": NOTHING,
             "member": site.admin.post(f"teams/{team}/members", {"person": anna.person}).json["id"],
             "lead": site.admin.post(f"teams/{team}/leads", {"account": "lars"}).json["id"],
             "response": anna.post("responses", {"person": anna.person, "instrument": "who-5", "answers": [3, 3, 3, 3, 3]}).json["id"],
             "capture": anna.post(f"captures?person={anna.person}&keyword=Secret-Key", raw=PICTURE, headers={"Content-Type": "image/png"}).json["id"],
             "upload": anna.post("uploads", raw=PICTURE, headers={"Content-Type": "application/octet-stream"}).json["id"]}
    made["partial"] = anna.post("partial-uploads", {"bytes": len(PICTURE)}).json["id"]
    made["job"] = anna.post("jobs", {"kind": "analyze", "uploads": [made["upload"]], "person": anna.person}).json["id"]
    made["picture"], made["version"] = NOTHING, NOTHING
    made["name"], made["model"] = "frames.csv", "expression"
    made["video"], made["number"] = anna.post(f"sessions/{session}/videos", {"at": "2026-01-31T12:00:00Z"}).json["id"], "0"
    anna.ask("PUT", f"videos/{made['video']}/pieces/0", raw=WEBM, headers={"Content-Type": "application/octet-stream"}, expect=200)
    made["backup"] = "nothing.db"
    made["template"] = site.admin.get("consent-templates").json["rows"][0]["id"]
    draft = site.admin.post("survey-definitions", {"survey": "own-planted", "from": "who-5"}).json
    made["definition"], made["draft"] = draft["id"], {**draft["definition"], "title": "Secret-Survey"}
    site.admin.ask("PATCH", f"survey-definitions/{draft['id']}", {"definition": made["draft"]}, expect=200)
    made["login"] = anna.get("me/logins").json["rows"][0]["id"]
    made["camera"] = site.admin.post("cameras", {"name": "Secret-Ward", "url": "camera:0"}).json["id"]
    made_by_box = {**made, "user": actors["box"].account}
    secrets = ("Secret-", anna.person)
    contract = server.client().get("openapi.json").json
    asked = 0
    for method, path, operation in operations(contract):
        name = operation["operationId"]
        if name in OPEN:
            continue
        assert name in MAY, f"{name} is new: say in MAY who may"
        reply = ask(server.client(), method, path, operation, made, secrets)
        assert reply.status == 401, f"{name} without a login: {reply}"
        listed = operation.get("x-subject") == "listed"
        for who in ACTORS:
            may = who in MAY[name]
            if may and name in DESTROYS:
                continue
            reply = ask(actors[who], method, path, operation, made_by_box if name in ("makeDeviceToken", "listDeviceTokens") else made, secrets)
            asked += 1
            if may:
                assert not refused(reply) and reply.status < 500, f"{who} should be let into {name}: {reply}"
                if listed:
                    assert "Secret-" in reply.body.decode() or anna.person in reply.body.decode() or name in EMPTY, f"{who} sees nothing in {name}: {reply}"
            elif listed and reply.status == 200:
                assert reply.json["rows"] == [] or not any(s in reply.body.decode() for s in secrets), f"{who} sees too much in {name}: {reply}"
            else:
                assert refused(reply), f"{who} should not be let into {name}: {reply}"
    # Without consent.
    anna.ask("POST", f"consents/{agreed['id']}/withdrawal", expect=200)
    for row in anna.get(f"people/{anna.person}/consents?limit=200").json["rows"]:
        anna.ask("POST", f"consents/{row['id']}/withdrawal", expect=200)
    for method, path, operation in operations(contract):
        name = operation["operationId"]
        for who in sorted(MAY.get(name, ())):
            needs = NEEDS.get(name) or (CLINICIAN_NEEDS.get(name) if who == "clara" else None)
            if needs is None:
                continue
            reply = ask(actors[who], method, path, operation, made, secrets)
            asked += 1
            assert reply.status == 403 and reply.slug == "consent-missing" and needs in reply.json["missing_consents"], f"{who}, {name}: {reply}"
    # A withdrawn consent must not hold a session open: who may end one still may.
    for who in sorted(MAY["endSession"]):
        assert actors[who].post(f"sessions/{session}/end", expect=200).json["state"] == "ended", who
    # A person's own data stay theirs.
    assert anna.get(f"sessions/{session}/observations").status == 200
    # In personal mode nobody but the person sees anything.
    site.mode("personal")
    for path in (f"people/{anna.person}", f"sessions/{session}", f"notes/{note}"):
        assert refused(clara.ask("GET", path)), path
        anna.get(path)
    # A token does what its scopes say, and its owner's role allows.
    reader = server.client(anna.post("me/tokens", {"name": "r", "scopes": ["read"]}).json["secret"])
    reader.get(f"people/{anna.person}")
    assert reader.post("notes", {"session": session, "text": "x"}, expect=403).slug == "token-scope"
    assert reader.ask("DELETE", f"people/{anna.person}", expect=403).slug == "token-scope"
    assert reader.get(f"people/{ben.person}", expect=404).slug == "no-such-record"
    print(f"access: {asked} questions answered as they should be")
