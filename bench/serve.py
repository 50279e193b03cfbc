"""What a server does in a second: REST reads, observations from devices, watchers, live streams. Prints JSON; docs/performance.md says
how the figures were had.

usage: bench/serve.py PYROMETER [--clip CLIP] [--database CONNINFO] [reads|ingest|watchers|live|mesh|beside|many ...]
       bench/serve.py PYROMETER --fill FILL_SITE [--size PEOPLE SESSIONS MINUTES PEOPLE_WITH_OBSERVATIONS]
"""
import argparse
import asyncio
import json
import multiprocessing
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "system"))
import contract  # noqa: E402
from server import API, Server, Site, consent, heard, jpegs, live, picture  # noqa: E402

contract.check = lambda *_: None  # the tests hold answers against the contract; the time for that is not the server's


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def loaded(client, path, *, clients=64, seconds=8):
    """By h2load (Debian: nghttp2-client), which costs little beside the server: HTTP/1.1 over TLS, kept connections."""
    with tempfile.NamedTemporaryFile() as log:
        words = ["h2load", "--h1", "-c", str(clients), "-t", "1", "-D", str(seconds), "--warm-up-time", "1", "--log-file", log.name,
                 "-H", f"Cookie: {client.cookie}", f"https://localhost:{client.port}{API}/{path}"]
        done = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        took = []
        for line in pathlib.Path(log.name).read_text().splitlines():
            _, status, us = line.split("\t")
            assert status == "200", f"{path}: {status}"
            took.append(int(us) / 1000)
    per_s = float(re.search(r"finished in [^,]*, ([0-9.]+) req/s", done).group(1))
    return {"per_s": round(per_s), "clients": clients, "p50_ms": round(statistics.median(took), 1), "p99_ms": round(percentile(took, 0.99), 1)}


def reads(site, anna, session):
    """One session's row, which is audited; one that needs no audit entry; one by a single client."""
    return {"audited": loaded(anna, f"sessions/{session}"), "not personal": loaded(anna, "site"),
            "audited, one client": loaded(anna, f"sessions/{session}", clients=1, seconds=4)}


ROW = {"utc": "2026-01-31T12:00:00.5Z", "face_id": 0, "valid": True, "p": [0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.2], "eye_openness": 0.9,
       "mouth_openness": 0.1, "perclos": 0.02, "yaw_deg": 1.5, "pitch_deg": -2.5, "roll_deg": 0.5}
AT_ONCE = 900  # 30 s at 30 fps


def ingest_for(_, client, session, seconds):
    client._connection = None
    # Made before: what a device's own computer does is not the server's.
    bodies = [json.dumps({"observations": [{**ROW, "frame": n * AT_ONCE + i, "time_s": round((n * AT_ONCE + i) / 30, 4)} for i in range(AT_ONCE)]}).encode()
              for n in range(22 * seconds)]
    sent, until = 0, time.monotonic() + seconds
    for body in bodies:
        if time.monotonic() >= until:
            break
        client.ask("POST", f"sessions/{session}/observations", raw=body, headers={"Content-Type": "application/json"}, expect=200)
        sent += AT_ONCE
    assert time.monotonic() >= until, "the bodies ran out"
    return sent


def ingest(site, anna, _):
    """900 observations a request, each answered when it is on the disk; four devices, bodies made before."""
    sessions = [anna.post("sessions", {"person": anna.person}).json["id"] for _ in range(4)]
    before = cpu_s(site.server)
    with multiprocessing.get_context("fork").Pool(4) as pool:
        sent = pool.starmap(ingest_for, [(i, anna, sessions[i], 10) for i in range(4)])
    return {"observations_per_s": round(sum(sent) / 10), "clients": 4, "server_cpu_ms_a_request": round(1e3 * (cpu_s(site.server) - before) / (sum(sent) / AT_ONCE), 2)}


def cpu_s(server):
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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


async def one_stream(client, session, pictures, fps, seconds, took, mesh=None, first_heard=lambda: None):
    sent_at = {}
    async with live(client, f"sessions/{session}/stream") as socket:
        first = (await heard(socket))["next_frame"]
        if mesh:
            await socket.send(json.dumps({"type": "hello", "mesh": mesh}))

        async def listen():
            while True:
                said = json.loads(await socket.recv())
                if said["type"] == "observations":
                    if not took:
                        first_heard()
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


def live_one(site, anna, session, pictures, seconds=30, mesh=None):
    took, before = [], []  # networks are loaded before the first frame is answered
    sent = asyncio.run(one_stream(anna, session, pictures, 30, seconds, took, mesh, lambda: before.append(cpu_s(site.server))))
    return {**live_figures(took, sent, seconds), "server_cpu_ms_a_frame": round(1e3 * (cpu_s(site.server) - before[0]) / (len(took) - 1), 2)}


def live_mesh(site, anna, session, pictures):
    """The same with all points of the mesh beside each face."""
    return live_one(site, anna, session, pictures, mesh="all")


def live_beside_batch(site, anna, session, pictures, clip):
    """The same while a worker analyses the clip again and again."""
    def upload():
        data = pathlib.Path(clip).read_bytes()
        made = anna.post("uploads", raw=data, headers={"Content-Type": "application/octet-stream"}).json["id"]
        return anna.post("jobs", {"kind": "analyze", "uploads": [made], "person": anna.person}).json["id"]

    jobs = [upload() for _ in range(12)]
    time.sleep(2)
    out = live_one(site, anna, session, pictures)
    states = [anna.get(f"jobs/{job}").json["state"] for job in jobs]
    assert "running" in states, f"the jobs had ended before: {states}"
    out["jobs_done_meanwhile"] = states.count("done")
    for job, state in zip(jobs, states):
        if state != "done":
            anna.ask("POST", f"jobs/{job}/cancel")
    return out


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


def dashboards(program, fill, people, sessions, minutes, observed):
    """What pages ask for, one after the other, of a site that is years old."""
    with tempfile.TemporaryDirectory() as folder, Server(program, pathlib.Path(folder) / "data", flags=["--no-live"]) as server:
        site = Site(server)
        site.mode("clinical", k=10, leads_may_see_scores=True)
        clara, lena = site.user("clara", "clinician"), site.user("lena", "organisation_lead")
        server.stop()
        began = time.monotonic()
        subprocess.run([fill, str(server.data), "clara", *map(str, (people, sessions, minutes, observed))], check=True, stderr=subprocess.DEVNULL)
        out = {"people": people, "sessions_each": sessions, "minutes_each": minutes, "people_with_observations": observed, "filled_in_s": round(time.monotonic() - began),
               "database_mib": round(sum(f.stat().st_size for f in server.data.glob("pyrometer.db*")) / 2**20), "p50_p99_ms": {}}
        server.start()
        for client in (clara, lena, site.admin):
            client.port, client._connection = server.port, None
        team = site.admin.get("teams").json["rows"][0]["id"]
        site.admin.post(f"teams/{team}/leads", {"account": "lena"})
        who = clara.get("people?limit=200").json["rows"]
        with_observations = [row["id"] for row in who[:observed]]
        last_of = {p: clara.get(f"sessions?person={p}&limit=1").json["rows"][0]["id"] for p in with_observations[:20]}
        last_month = time.strftime("%Y-%m", time.gmtime(time.time() - 40 * 24 * 3600))
        questions = {
            "people, a page": (clara, lambda i: "people?limit=50"),
            "people, all with their weeks": (clara, lambda i: "people-overview"),
            "sessions of everybody, a page": (clara, lambda i: "sessions?limit=50"),
            "sessions of one": (clara, lambda i: f"sessions?person={who[i % len(who)]['id']}&limit=50"),
            "weekly log and trend of one": (clara, lambda i: f"people/{who[i % len(who)]['id']}/trend"),
            "alerts": (clara, lambda i: "alerts?limit=50"),
            "notes by a word": (clara, lambda i: "search?text=rota"),
            "frames of a session, 10 s": (clara, lambda i: f"sessions/{last_of[with_observations[i % len(last_of)]]}/observations?limit=300&after={300 * (i % 50)}"),
            "a team's month": (lena, lambda i: f"teams/{team}/aggregates?figure=index&period={last_month}"),
        }
        for name, (client, path) in questions.items():
            took = []
            for i in range(200):
                began = time.monotonic()
                reply = client.ask("GET", path(i))
                took.append(1e3 * (time.monotonic() - began))
                if reply.status != 200:
                    out["p50_p99_ms"][name] = repr(reply) + server.errors()[-300:]
                    break
            else:
                out["p50_p99_ms"][name] = [round(statistics.median(took), 1), round(percentile(took, 0.99), 1)]
            print(name, out["p50_p99_ms"][name], flush=True)
        return out


def main():
    words = argparse.ArgumentParser()
    words.add_argument("program")
    words.add_argument("what", nargs="*", default=["reads", "ingest", "watchers", "live", "beside", "many"])
    words.add_argument("--clip")
    words.add_argument("--database")
    words.add_argument("--workers", default="64", help="as serve takes it")
    words.add_argument("--fill", metavar="FILL_SITE", help="build/test/bench/fill_site: measure dashboards instead")
    words.add_argument("--size", nargs=4, type=int, default=[1000, 200, 30, 20], metavar=("PEOPLE", "SESSIONS", "MINUTES", "PEOPLE_WITH_OBSERVATIONS"))
    chosen = words.parse_args()
    if chosen.fill:
        print(json.dumps(dashboards(chosen.program, chosen.fill, *chosen.size)))
        return
    flags = ["--workers", chosen.workers, *(["--database", chosen.database] if chosen.database else [])]
    with Server(chosen.program, flags=flags) as server:
        site = Site(server)
        site.mode("clinical")
        anna = site.user("anna", "participant")
        consent(anna, anna.person, "live_analysis", "store_observations")
        pictures = jpegs(chosen.clip, count=150, size="1280:720") if chosen.clip else None
        found = {}
        for what in chosen.what:
            session = anna.post("sessions", {"person": anna.person}).json["id"]
            more = () if what in ("reads", "ingest") else (pictures, chosen.clip) if what == "beside" else (pictures,)
            found[what] = {"reads": reads, "ingest": ingest, "watchers": watchers, "live": live_one, "mesh": live_mesh, "beside": live_beside_batch, "many": many}[what](site, anna, session, *more)
            print(what, json.dumps(found[what]), flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
