"""What a server does in a second: REST reads, observations from devices, watchers, live streams. Prints JSON; docs/performance.md says
how the figures were had.

usage: bench/serve.py PYROMETER [--clip CLIP] [--database CONNINFO] [reads|ingest|watchers|live|many ...]
"""
import argparse
import asyncio
import json
import multiprocessing
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "system"))
from server import API, Server, Site, consent, heard, jpegs, live, picture  # noqa: E402


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def in_processes(count, function, *arguments):
    """Each its own interpreter: one alone would measure Python."""
    with multiprocessing.get_context("fork").Pool(count) as pool:
        return pool.starmap(function, [(i, *arguments) for i in range(count)])


def read_for(_, client, path, seconds):
    client._connection = None
    took, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        client.get(path)
        took.append(time.monotonic() - began)
    return took


def reads(site, anna, session):
    """One session's row, audited, over HTTPS connections that are kept; and one that needs no audit entry."""
    out = {}
    for name, path in (("audited", f"sessions/{session}"), ("not personal", "site")):
        took = sum(in_processes(4, read_for, anna, path, 8), [])
        out[name] = {"per_s": round(len(took) / 8), "p50_ms": round(1e3 * statistics.median(took), 2), "p99_ms": round(1e3 * percentile(took, 0.99), 2)}
    return out


def ingest_for(_, client, session, seconds):
    client._connection = None
    first, until = 0, time.monotonic() + seconds
    row = {"utc": "2026-01-31T12:00:00.5Z", "face_id": 0, "valid": True, "p": [0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.2], "eye_openness": 0.9,
           "mouth_openness": 0.1, "perclos": 0.02, "yaw_deg": 1.5, "pitch_deg": -2.5, "roll_deg": 0.5}
    while time.monotonic() < until:
        rows = [{**row, "frame": first + i, "time_s": (first + i) / 30} for i in range(900)]
        client.post(f"sessions/{session}/observations", {"observations": rows}, expect=200)
        first += len(rows)
    return first


def ingest(site, anna, _):
    """900 observations (30 s at 30 fps) a request, each answered when it is on the disk; four devices."""
    sessions = [anna.post("sessions", {"person": anna.person}).json["id"] for _ in range(4)]
    with multiprocessing.get_context("fork").Pool(4) as pool:
        sent = pool.starmap(ingest_for, [(i, anna, sessions[i], 10) for i in range(4)])
    return {"observations_per_s": round(sum(sent) / 10), "clients": 4}


def memory_kib(server):
    text = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1])


async def watch_all(server, anna, session, pictures, count):
    async with live(anna, f"sessions/{session}/stream") as sender:
        await heard(sender)
        await sender.send(picture(0, time.time(), pictures[0]))
        before = memory_kib(server)
        sockets = []
        for _ in range(count):
            sockets.append(await live(anna, f"sessions/{session}/watch"))
        await asyncio.sleep(2)
        with_all = memory_kib(server)
        got = [0] * count

        async def drain(i):
            try:
                while True:
                    got[i] += json.loads(await sockets[i].recv())["type"] == "observations"
            except Exception:  # noqa: BLE001 (closed at the end)
                pass

        drains = [asyncio.create_task(drain(i)) for i in range(count)]
        sent = 30
        for i in range(1, sent + 1):
            await sender.send(picture(i, time.time(), pictures[i % len(pictures)]))
            await asyncio.sleep(0.5)
        await asyncio.sleep(5)
        during = memory_kib(server)
        for socket in sockets:
            socket.transport.abort()
        for task in drains:
            task.cancel()
        return {"watchers": count, "kib_each_idle": round((with_all - before) / count, 1), "kib_each_receiving": round((during - before) / count, 1),
                "messages_sent": sent, "messages_heard_least": min(got), "messages_heard_mean": round(statistics.mean(got), 1)}


def watchers(site, anna, session, pictures, count=1000):
    return asyncio.run(watch_all(site.server, anna, session, pictures, count))


async def one_stream(client, session, pictures, fps, seconds, took):
    sent_at = {}
    async with live(client, f"sessions/{session}/stream") as socket:
        first = (await heard(socket))["next_frame"]

        async def listen():
            while True:
                said = json.loads(await socket.recv())
                if said["type"] == "observations":
                    took.append(time.monotonic() - sent_at[said["frame"]])

        listening = asyncio.create_task(listen())
        began = time.monotonic()
        for i in range(int(fps * seconds)):
            await asyncio.sleep(max(0, began + i / fps - time.monotonic()))
            sent_at[first + i] = time.monotonic()
            await socket.send(picture(first + i, time.time(), pictures[i % len(pictures)]))
        await asyncio.sleep(1)
        listening.cancel()
    return len(sent_at)


def live_figures(took, sent, seconds):
    took = took[len(took) // 10:]  # without the first tenth: networks load, windows fill
    return {"sent": sent, "answered_per_s": round(len(took) / 0.9 / seconds, 1), "p50_ms": round(1e3 * statistics.median(took), 1), "p99_ms": round(1e3 * percentile(took, 0.99), 1)}


def live_one(site, anna, session, pictures, seconds=30):
    took = []
    sent = asyncio.run(one_stream(anna, session, pictures, 30, seconds, took))
    return live_figures(took, sent, seconds)


def many(site, anna, _, pictures, seconds=20):
    """Streams of 10 fps side by side: how many frames of each are answered."""
    out = []
    for count in (2, 4, 8, 12):
        sessions = [anna.post("sessions", {"person": anna.person}).json["id"] for _ in range(count)]
        took = [[] for _ in sessions]

        async def all_of_them(sessions=sessions, took=took):
            await asyncio.gather(*(one_stream(anna, s, pictures, 10, seconds, t) for s, t in zip(sessions, took)))

        asyncio.run(all_of_them())
        rates = [len(t) / seconds for t in took]
        out.append({"streams": count, "answered_per_s_each_least": round(min(rates), 1), "most": round(max(rates), 1),
                    "p50_ms": round(1e3 * statistics.median(sum(took, [])), 1), "p99_ms": round(1e3 * percentile(sum(took, []), 0.99), 1)})
    return out


def main():
    words = argparse.ArgumentParser()
    words.add_argument("program")
    words.add_argument("what", nargs="*", default=["reads", "ingest", "watchers", "live", "many"])
    words.add_argument("--clip")
    words.add_argument("--database")
    chosen = words.parse_args()
    flags = ["--database", chosen.database] if chosen.database else []
    with Server(chosen.program, flags=flags) as server:
        site = Site(server)
        site.mode("clinical")
        anna = site.user("anna", "participant")
        consent(anna, anna.person, "live_analysis", "store_observations")
        pictures = jpegs(chosen.clip, count=150, size="1280:720") if chosen.clip else None
        found = {}
        for what in chosen.what:
            session = anna.post("sessions", {"person": anna.person}).json["id"]
            more = () if what in ("reads", "ingest") else (pictures,)
            found[what] = {"reads": reads, "ingest": ingest, "watchers": watchers, "live": live_one, "many": many}[what](site, anna, session, *more)
            print(what, json.dumps(found[what]), flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
