"""Data sets of a site: pictures that show nobody it keeps a record of, sent one by one and as an archive; labels, duplicates, conflicts, versions;
what jobs make of them; the map; a model's bundle for the edge; the picture of a session's video at a time.

usage: data_sets.py PYROMETER VIDEO_FOLDER [postgresql]
"""
import asyncio
import contextlib
import datetime
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import time

from postgres import Postgres, asked_for, database_flags
from server import Server, Site, consent, heard, jpegs, live, picture, zipped

on_postgres = asked_for()
program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
CLIP = videos / "pyfeat_wolfganglanger.mp4"
CLASSES = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
BYTES = {"Content-Type": "application/octet-stream"}


def say(text):
    print(f"ok    {text}", flush=True)


def job(client, expect="done", **body):
    row = client.post("jobs", body).json
    until = time.monotonic() + 240
    while row["state"] not in ("done", "failed", "cancelled"):
        assert time.monotonic() < until, row
        time.sleep(0.2)
        row = client.get(f"jobs/{row['id']}").json
    assert row["state"] == expect, row
    return row


def upload(client, data):
    return client.post("uploads", raw=data, headers=BYTES).json["id"]


def result(client, row, name):
    return json.loads(client.get(f"jobs/{row['id']}/results/{name}").body)


def again(jpeg, *words):
    """The same picture, a little other: smaller, brighter, compressed anew."""
    call = ["ffmpeg", "-nostdin", "-v", "error", "-f", "image2pipe", "-i", "-", *words, "-f", "image2pipe", "-c:v", "mjpeg", "-"]
    return subprocess.run(call, input=jpeg, check=True, capture_output=True).stdout


def send(client, dataset, data, query="", expect=201, kind="image/jpeg"):
    return client.post(f"datasets/{dataset}/pictures{query}", raw=data, headers={"Content-Type": kind}, expect=expect)


def one_by_one(rita, dataset, faces):
    assert send(rita, dataset, b"no picture", expect=415).slug == "not-a-picture"
    assert send(rita, dataset, faces[0][:300], expect=422).slug == "picture-unreadable"
    first = send(rita, dataset, faces[0], "?label=happy&name=a.jpg").json
    assert first["label"] == "happy" and first["name"] == "a.jpg" and first["width"] > 100 and len(first["pixels"]) == 32
    assert send(rita, dataset, faces[0], "?label=happy&name=b.jpg", expect=409).slug == "there-already"
    bare = send(rita, dataset, faces[1]).json
    assert bare["label"] is None
    assert rita.get(f"datasets/{dataset}/pictures/{first['id']}/image").body == faces[0]
    small = rita.get(f"datasets/{dataset}/pictures/{first['id']}/thumbnail")
    assert small.body.startswith(b"\x89PNG") and small.body[16:24] == b"\0\0\0\x30\0\0\0\x30", "48 by 48"
    assert [row["id"] for row in rita.get(f"datasets/{dataset}/pictures?labelled=false").json["rows"]] == [bare["id"]]
    assert [row["id"] for row in rita.get(f"datasets/{dataset}/pictures?label=happy").json["rows"]] == [first["id"]]
    say("pictures one by one: kept once, with or without a label, given out as they came and small")
    return first, bare


def as_archive(rita, dataset, faces):
    files = {f"set/happy/{i}.jpg": faces[2 + i] for i in range(4)}
    files |= {"set/train/sad/x.jpg": faces[6], "set/sad/same.jpg": faces[2], "set/surprise/near.jpg": again(faces[3], "-vf", "scale=iw*0.9:-2,eq=brightness=0.02", "-q:v", "6"),
              "set/loose.jpg": faces[7], "set/happy/broken.jpg": faces[8][:500], "set/notes.txt": b"not a picture", "set/happy/again.jpg": faces[2]}
    told = job(rita, kind="import", uploads=[upload(rita, zipped(files))], dataset=dataset)["result"]
    assert (told["added"], told["there_already"], told["unlabelled"], told["left_out"]) == (8, 1, 1, 1), told
    assert [one["name"] for one in told["pictures_skipped"]] == ["set/happy/broken.jpg"], told
    # Done again nothing comes twice.
    told = job(rita, kind="import", uploads=[upload(rita, zipped({"happy/new name.jpg": faces[2]}))], dataset=dataset)["result"]
    assert (told["added"], told["there_already"]) == (0, 1), told
    counts = rita.get(f"datasets/{dataset}/counts").json
    assert counts["items"] == 10 and counts["unlabelled"] == 2 and counts["counts"]["happy"] == 5 and counts["counts"]["sad"] == 2, counts
    assert job(rita, "failed", kind="import", uploads=[upload(rita, zipped({"x.txt": b"nothing"}))], dataset=dataset)["error"]
    escape = job(rita, "failed", kind="import", uploads=[upload(rita, zipped({"../out.jpg": faces[0]}))], dataset=dataset)
    assert "/tmp" not in escape["error"], escape
    say("an archive: folders label, what comes twice counts once, what is no picture is told, guards hold")


def twins(rita, dataset):
    told = rita.get(f"datasets/{dataset}/duplicates").json
    exact = told["exact"]
    assert exact["groups"] == exact["conflicts"] == 1, exact
    assert {(one["name"], one["label"]) for one in exact["rows"][0]["pictures"]} == {("set/happy/0.jpg", "happy"), ("set/sad/same.jpg", "sad")}, exact
    near = [group for group in told["near"]["rows"] if any(one["name"] == "set/surprise/near.jpg" for one in group["pictures"])]
    assert len(near) == 1 and near[0]["conflict"] and any(one["name"] == "set/happy/1.jpg" for one in near[0]["pictures"]), told["near"]
    say("the same picture in two classes is found, exactly and nearly")
    return {one["name"]: one["id"] for one in exact["rows"][0]["pictures"]}


def many_at_once(rita, dataset, bare, conflict):
    nothing = "00000000-0000-7000-8000-000000000000"
    wrong = rita.ask("POST", f"datasets/{dataset}/pictures/labels", {"ids": [bare["id"], nothing], "label": "fear"}, expect=422)
    assert wrong.slug == "no-such-picture" and rita.get(f"datasets/{dataset}/pictures/{bare['id']}").json["label"] is None, "all or nothing"
    rows = rita.get(f"datasets/{dataset}/pictures?labelled=false").json["rows"]
    assert rita.ask("POST", f"datasets/{dataset}/pictures/labels", {"ids": [row["id"] for row in rows], "label": "neutral"}, expect=200).json == {"changed": 2}
    assert rita.get(f"datasets/{dataset}/counts").json["unlabelled"] == 0
    frozen = rita.post(f"datasets/{dataset}/versions", {"name": "first"}).json
    assert frozen["pictures"] == 10 and frozen["counts"]["happy"] == 5 and len(frozen["digest"]) == 64
    assert rita.post(f"datasets/{dataset}/versions", {"name": "first"}, expect=409).slug == "name-taken"
    sad = [conflict["set/sad/same.jpg"]]
    held = rita.ask("POST", f"datasets/{dataset}/pictures/removal", {"ids": sad}, expect=409)
    assert held.slug == "frozen" and held.json["version"] == "first"
    # What is labelled anew does not change what was frozen.
    rita.ask("POST", f"datasets/{dataset}/pictures/labels", {"ids": sad, "label": None}, expect=200)
    second = rita.post(f"datasets/{dataset}/versions", {"name": "second"}).json
    assert second["counts"]["unlabelled"] == 1 and second["digest"] != frozen["digest"]
    rita.ask("POST", f"datasets/{dataset}/pictures/labels", {"ids": sad, "label": "sad"}, expect=200)
    assert rita.post(f"datasets/{dataset}/versions", {"name": "third"}).json["digest"] == frozen["digest"]
    assert [row["name"] for row in rita.get(f"datasets/{dataset}/versions").json["rows"]] == ["third", "second", "first"]
    rita.ask("DELETE", f"datasets/{dataset}/versions/{second['id']}", expect=204)
    extra = send(rita, dataset, again(jpegs(CLIP, 1)[0], "-vf", "hflip"), "?label=fear").json["id"]
    assert rita.ask("POST", f"datasets/{dataset}/pictures/removal", {"ids": [extra]}, expect=200).json == {"removed": 1}
    rita.get(f"datasets/{dataset}/pictures/{extra}", expect=404)
    say("labels and removal of many, all or nothing; versions that nothing changes")
    return frozen


def judged(rita, dataset, frozen, faces):
    row = job(rita, kind="evaluate", version=frozen["id"])
    told = result(rita, row, "evaluation.json")
    assert row["result"]["n"] == 10 and len(told["items"]) == 10, row
    known = {one["id"]: one for one in rita.get(f"datasets/{dataset}/pictures?limit=200").json["rows"]}
    for one in told["items"]:
        assert known[one["item"]]["label"] == one["label"] in CLASSES
        if one["predicted"] is None:
            assert one["missed"] and one["p"] is None
        else:
            assert one["predicted"] == CLASSES[max(range(7), key=lambda i: one["p"][i])] and abs(sum(one["p"]) - 1) < 1e-3 and one["missed"] is None
    # The cells of the matrix and the pictures behind them are the same.
    hits = sum(one["predicted"] == one["label"] for one in told["items"])
    assert abs(told["accuracy"] - hits / len(told["items"])) < 1e-9, (told["accuracy"], hits)
    sent = job(rita, kind="evaluate", uploads=[upload(rita, zipped({"set/happy/a.jpg": faces[0], "set/sad/b.jpg": faces[9]}))])
    names = {one["name"]: one for one in result(rita, sent, "evaluation.json")["items"]}
    assert set(names) == {"happy/a.jpg", "sad/b.jpg"} or set(names) == {"set/happy/a.jpg", "set/sad/b.jpg"}, names
    assert all(one["item"] is None for one in names.values())
    assert rita.post("jobs", {"kind": "evaluate", "version": dataset}, expect=422).slug == "no-such-version"
    assert rita.post("jobs", {"kind": "evaluate", "version": frozen["id"], "dataset": dataset}, expect=422).slug == "not-as-contract"
    say("a prediction of each picture, as the matrix counts them")


def mapped(rita, dataset, faces):
    row = job(rita, kind="map", dataset=dataset)
    told = result(rita, row, "map.json")
    assert told["n"] == row["result"]["n"] == len(told["points"]) >= 8, told["n"]
    ids = {one["id"] for one in rita.get(f"datasets/{dataset}/pictures?limit=200").json["rows"]}
    assert all(one["item"] in ids and one["predicted"] in CLASSES for one in told["points"])
    base = rita.get("map").json
    assert len(base["points"]) > 1000 and set(base["centres"]) == set(CLASSES) and base["map"] == told["map"]
    placed = rita.ask("POST", "map/places", raw=faces[0], headers={"Content-Type": "image/jpeg"}, expect=200).json["faces"][0]
    at = placed["place"]
    same = next(one for one in told["points"] if one["name"] == "a.jpg")
    assert abs(at["x"] - same["x"]) < 1e-3 and abs(at["y"] - same["y"]) < 1e-3, ("the same picture lies where it lay", at["x"], at["y"], same)
    distances = [one["distance"] for one in at["neighbours"]]
    assert len(distances) == 15 and distances == sorted(distances)
    nearest = min(((one["x"] - at["x"]) ** 2 + (one["y"] - at["y"]) ** 2) ** 0.5 for one in base["points"])
    assert abs(distances[0] - nearest) < 1e-4, (distances[0], nearest)
    seen = rita.ask("POST", "camera-check", raw=faces[0], headers={"Content-Type": "image/jpeg"}, expect=200).json
    assert (seen["width"], seen["height"]) == (640, 360) and seen["faces"][0]["valid"] and seen["faces"][0]["quality"]["size_px"] > 36, seen
    dark = rita.ask("POST", "camera-check", raw=again(faces[0], "-vf", "lutyuv=y=18:u=128:v=128"), headers={"Content-Type": "image/jpeg"}, expect=200).json
    assert not any(face["valid"] for face in dark["faces"]), dark
    rita.ask("POST", "map/places", raw=b"x" * 99, headers={"Content-Type": "image/jpeg"}, expect=415)
    say(f"the map: {told['n']} pictures and the {len(base['points'])} it was fitted on; a new picture is placed beside its neighbours")


def edge(site):
    bundle = site.admin.get("models/expression/edge")
    assert bundle.headers["content-type"] == "application/gzip"
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(fileobj=io.BytesIO(bundle.body)) as packed:
            packed.extractall(place)  # our own, from our own server
        models = next(pathlib.Path(place).rglob("manifest.toml")).parent
        done = subprocess.run([program, "models", "verify", "--models", str(models)], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0 and "expression" in done.stdout, done
    site.admin.get("models/nothing/edge", expect=404)
    say(f"a model's bundle for the edge, {len(bundle.body) / 1e6:.1f} MB: whole, and its self-tests pass")


def webm(folder):
    out = folder / "clip.webm"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", CLIP, "-t", "4", "-an", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "15", "-vf", "scale=320:-2", "-b:v", "2M", "-f", "webm",
                    "-live", "1", out], check=True)
    return out.read_bytes()


async def at_a_time(site, folder):
    anna = site.user("anna", "participant")
    agreed = consent(anna, anna.person, "live_analysis", "store_observations", "store_images")
    session = anna.post("sessions", {"person": anna.person}).json["id"]
    start = time.time()
    async with live(anna, f"sessions/{session}/stream") as socket:
        await heard(socket)
        await socket.send(picture(0, start, jpegs(CLIP, 1)[0]))
        while (await heard(socket))["type"] != "observations":
            pass
        began = datetime.datetime.fromtimestamp(start + 2, datetime.timezone.utc).isoformat()
        video = anna.post(f"sessions/{session}/videos", {"at": began}).json
    anna.ask("PUT", f"videos/{video['id']}/pieces/0", raw=webm(folder), headers=BYTES, expect=200)
    row = job(anna, kind="explain", session=session, at_s=3.5)
    assert row["result"]["faces"] == 1 and any(one["name"].endswith(".png") for one in row["result"]["files"]), row["result"]
    assert "No video" in job(anna, "failed", kind="explain", session=session, at_s=1.0)["error"]
    assert job(anna, "failed", kind="explain", session=session, at_s=100)["error"]
    assert anna.post("jobs", {"kind": "explain", "session": session, "at_s": 3, "options": {"step_s": 5}}, expect=422).slug == "not-as-contract"
    anna.ask("POST", f"consents/{agreed['id']}/withdrawal", expect=200)
    assert anna.post("jobs", {"kind": "explain", "session": session, "at_s": 3.5}, expect=403).slug == "consent-missing"
    say("the picture of a session's video at a time is explained")


with tempfile.TemporaryDirectory() as own, Postgres() if on_postgres else contextlib.nullcontext() as postgres, \
        Server(program, flags=database_flags(postgres)) as running:
    place = Site(running)
    place.mode("research", research_approved=True)
    researcher = place.user("rita", "researcher")
    all_faces = jpegs(CLIP)[::39][:12]
    assert len(all_faces) == 12, len(all_faces)
    made = researcher.post("datasets", {"name": "faces"}).json["id"]
    first_one, without = one_by_one(researcher, made, all_faces)
    as_archive(researcher, made, all_faces)
    two_classes = twins(researcher, made)
    version = many_at_once(researcher, made, without, two_classes)
    judged(researcher, made, version, all_faces)
    mapped(researcher, made, all_faces)
    edge(place)
    place.mode("personal")
    researcher.get(f"datasets/{made}/pictures", expect=403)
    asyncio.run(at_a_time(place, pathlib.Path(own)))
print("data sets: as they should be")
