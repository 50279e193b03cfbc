"""What a page gets beside the figures of a live session: the mesh where it asks for it, quality, confidence, trend of the index, forecast.
Everything that comes is held against contracts/live.schema.json.

usage: live_more.py PYROMETER REPOSITORY VIDEO_FOLDER
"""
import asyncio
import json
import pathlib
import sys
import time

import jsonschema
from server import Server, Site, consent, heard, jpegs, live, picture

program, repository, videos = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
SCHEMA = jsonschema.Draft202012Validator(json.loads((repository / "contracts" / "live.schema.json").read_text()))
SECONDS, FPS = 14, 10


async def frames_of(socket, pictures, first, count, start, gap=0.0):
    """Sends and gathers what comes, by type; each answer is awaited, so that no picture is pushed out. Times are the sender's."""
    said = {}
    for i in range(first, first + count):
        await socket.send(picture(i, start + i / FPS, pictures[i % len(pictures)]))
        while True:
            one = await heard(socket)
            errors = list(SCHEMA.iter_errors(one))
            assert not errors, (one, errors[0])
            said.setdefault(one["type"], []).append(one)
            if one["type"] == "observations" and one["frame"] == i:
                break
            assert one["type"] != "problem", one
    return said


def inside(face, points, slack=0.02):
    x, y, width, height = face["box"]
    return all(x - slack * width <= px <= x + (1 + slack) * width and y - slack * height <= py <= y + (1 + slack) * height for px, py in points)


def meshes_fit(said, mesh):
    """In pixels again each point lies in its face's box, the oval around the irises, and the eyes above the lips."""
    for one in said:
        for face in one["faces"]:
            if face["face_id"] < 0:
                continue
            flat = face["mesh"]
            assert len(flat) == 2 * len(mesh["points"]), len(flat)
            points = [(x * one["width"] / 1e4, y * one["height"] / 1e4) for x, y in zip(flat[::2], flat[1::2])]
            assert inside(face, points), "a point lies outside its box"
            at = {index: points[place] for place, index in enumerate(mesh["points"])}
            assert at[10][1] < at[159][1] < at[13][1] < at[152][1] or abs(face["roll_deg"]) > 30, "forehead, eye, lip, chin"
            oval = [points[place] for place in mesh["lines"][0]]
            assert oval[0] == oval[-1] and min(p[0] for p in oval) < at[468 if 468 in at else 469][0] < max(p[0] for p in oval)


async def streamed(anna, session, pictures, dark):
    start = time.time() - 60
    async with live(anna, f"sessions/{session}/stream") as socket:
        assert (await heard(socket))["type"] == "hello"
        plain = await frames_of(socket, pictures, 0, 5, start)
        assert all("mesh" not in face for one in plain["observations"] for face in one["faces"])
        await socket.send('{"type":"hello","mesh":"contours"}')
        async with live(anna, f"sessions/{session}/watch") as watcher:
            assert (await heard(watcher))["type"] == "hello"
            await watcher.send('{"type":"hello","codec":"jpeg"}')
            assert (await heard(watcher))["slug"] == "not-as-contract", "a watcher sends nothing"
            await watcher.send('{"type":"hello","mesh":"all"}')
            whole = await heard(watcher)
            assert whole["type"] == "mesh" and whole["points"] == list(range(478)), whole
            said = await frames_of(socket, pictures, 5, SECONDS * FPS, start)
            contours = said["mesh"][0]
            assert contours["kind"] == "contours" and 100 < len(contours["points"]) == len(set(contours["points"])) < 200
            # The same outlines, whichever points come.
            named = [[contours["points"][place] for place in line] for line in contours["lines"]]
            assert named == whole["lines"] and len(named) == 11
            meshes_fit(said["observations"], contours)
            watched = [one for one in [await heard(watcher) for _ in range(SECONDS * FPS)] if one["type"] == "observations"]
            meshes_fit(watched, whole)
        one_face = [one["faces"][0] for one in said["observations"]]
        assert all(face["valid"] for face in one_face)
        last = one_face[-1]
        assert last["confidence"] == 1 and 20 < last["quality"]["size_px"] and 0.1 < last["quality"]["brightness"] < 0.9
        assert one_face[0]["index_per_min"] is None and last["index_per_min"] is not None
        # Once a second, from the first whole one on, and what is wider is wider.
        forecasts = said["forecast"]
        assert SECONDS - 2 <= len(forecasts) <= SECONDS + 1, len(forecasts)
        for one in forecasts:
            assert one["simulated"] is True and "simulated" in one["trained_on"] and one["model"].startswith("forecast@")
            for band in [one["faces"][0]["present"], *one["faces"][0]["ahead"]]:
                assert band["low_95"] <= band["low_80"] <= band["high_80"] <= band["high_95"] and -2 < band["mean"] < 2
            assert [band["ahead_s"] for band in one["faces"][0]["ahead"]] == [1, 5, 30, 300]
        # The light goes out: what cannot be read says why, and confidence falls by its share.
        first = 5 + SECONDS * FPS
        unlit = await frames_of(socket, [dark], first, 3 * FPS, start)
        gone = [face for one in unlit["observations"] for face in one["faces"]]
        assert not any(face["valid"] for face in gone) and {face["reason"] for face in gone} & {"too_dark", "no_face", "lost"}, gone[-1]
        again = await frames_of(socket, pictures, first + 3 * FPS, 2, start)
        back = again["observations"][-1]["faces"][0]
        expected = (5 + SECONDS * FPS + 2) / (5 + SECONDS * FPS + 3 * FPS + 2)
        assert back["valid"] and abs(back["confidence"] - expected) < 0.02, (back["confidence"], expected)
        await socket.send('{"type":"hello","mesh":"none"}')
        none = await frames_of(socket, pictures, first + 3 * FPS + 2, 2, start)
        assert none["mesh"][0]["points"] == [] and "mesh" not in none["observations"][-1]["faces"][0]


async def broken_off(anna, session, pictures, pause_s):
    """A page that is loaded again: longer away than a face may be lost, and the same person goes on."""
    start, count = time.time() - 60, 2 * FPS
    ids = set()
    for first, later in ((0, 0), (count, pause_s)):
        async with live(anna, f"sessions/{session}/stream") as socket:
            assert (await heard(socket))["type"] == "hello"
            said = await frames_of(socket, pictures, first, count, start + later)
            ids |= {face["face_id"] for one in said["observations"] for face in one["faces"]}
        # A sender's clock is believed as far as ten seconds beyond ours.
        await asyncio.sleep(pause_s - 9 if first == 0 else 0)
    assert ids == {0}, ids
    summary = anna.post(f"sessions/{session}/end", expect=200).json["summary"]
    assert [row["frames"] for row in summary["people"]] == [2 * count], summary["people"]


def darkened(jpeg):
    import subprocess  # noqa: PLC0415

    words = ["ffmpeg", "-nostdin", "-v", "error", "-f", "image2pipe", "-i", "-", "-vf", "lutyuv=y=16:u=128:v=128", "-f", "image2pipe", "-c:v", "mjpeg", "-"]
    return subprocess.run(words, input=jpeg, check=True, capture_output=True).stdout


with Server(program) as server:
    site = Site(server)
    site.mode("personal")
    anna = site.user("anna", "participant")
    consent(anna, anna.person, "live_analysis")
    session = anna.post("sessions", {"person": anna.person}).json["id"]
    pictures = jpegs(videos / "pyfeat_wolfganglanger.mp4", 40)
    asyncio.run(streamed(anna, session, pictures, darkened(pictures[0])))
    consent(anna, anna.person, "live_analysis", "store_observations")
    asyncio.run(broken_off(anna, anna.post("sessions", {"person": anna.person}).json["id"], pictures, pause_s=13))
print("live: mesh, quality, confidence, trend and forecast as the contract has them")
