"""Nothing that was acknowledged is lost: the server is killed (-9) at random moments while devices and people write, started again, and
what it holds is compared with what it had acknowledged. Copies of the files at random instants, as a power cut would leave them, are
tried in the store's own tests (src/store/sqlite_test.cpp).

usage: kill.py PYROMETER [ROUNDS] [SEED]
"""
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

from server import Server, Site, consent, frames_of

program = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 6
chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)


class Writer(threading.Thread):
    """Writes until its server is gone; remembers what it was told had been kept."""

    def __init__(self, client):
        super().__init__(daemon=True)
        self.client, self.stopping = client, False

    def run(self):
        try:
            while not self.stopping:
                self.write()
        except Exception:  # noqa: BLE001 (the server was killed under it; what it said before is what counts)
            pass


class Device(Writer):
    def __init__(self, client, session, first):
        super().__init__(client)
        self.session, self.next, self.kept = session, first, first - 1

    def write(self):
        rows = [{"frame": self.next + i, "time_s": (self.next + i) / 30, "utc": "2026-01-31T12:00:00Z", "face_id": 0, "valid": True,
                 "p": [0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.2]} for i in range(chance.randint(1, 60))]
        self.kept = self.client.post(f"sessions/{self.session}/observations", {"observations": rows}, expect=200).json["kept"]
        self.next = self.kept + 1


class Author(Writer):
    def __init__(self, client, session):
        super().__init__(client)
        self.session, self.notes = session, set()

    def write(self):
        self.notes.add(self.client.post("notes", {"session": self.session, "text": f"note {len(self.notes)}"}).json["id"])


def whole(data):
    return subprocess.run([program, "admin", "check", "--data", str(data)], capture_output=True, text=True, timeout=120)


with tempfile.TemporaryDirectory() as folder, Server(program, pathlib.Path(folder) / "data", flags=["--no-live"]) as server:
    site = Site(server)
    site.mode("clinical")
    anna = site.user("anna", "participant")
    consent(anna, anna.person, "live_analysis", "store_observations")
    sessions = [anna.post("sessions", {"person": anna.person}).json["id"] for _ in range(3)]
    kept, notes, anchor = {s: -1 for s in sessions}, set(), None
    for number in range(rounds):
        clients = []
        for _ in range(4):
            client = server.client()
            client.cookie, client.csrf = anna.cookie, anna.csrf
            clients.append(client)
        devices = [Device(client, session, kept[session] + 1) for client, session in zip(clients, sessions)]
        author = Author(clients[3], sessions[0])
        for writer in [*devices, author]:
            writer.start()
        time.sleep(chance.uniform(0.02, 1.2))
        server.kill()
        for writer in [*devices, author]:
            writer.stopping = True
            writer.join(timeout=30)
        server.start()
        anna.port, anna._connection = server.port, None
        for device in devices:
            frames = frames_of(anna, device.session)
            assert len(frames) == len(set(frames)) and frames == sorted(frames), f"round {number}: doubles or disorder"
            missing = set(range(device.kept + 1)) - set(frames)
            assert not missing, f"round {number}: acknowledged and lost: {sorted(missing)[:10]}"
            kept[device.session] = max(frames, default=-1)
        there = {row["id"] for row in anna.everything(f"notes?session={sessions[0]}")}
        notes |= author.notes
        assert notes <= there, f"round {number}: {len(notes - there)} acknowledged notes are lost"
        words = [program, "admin", "audit-verify", "--data", str(server.data), *(["--anchor", anchor] if anchor else [])]
        verified = subprocess.run(words, capture_output=True, text=True, timeout=120)
        assert verified.returncode == 0, verified.stderr
        anchor = verified.stdout.strip().splitlines()[-1]
        checked = whole(server.data)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        if number % 10 == 9:
            print(f"{number + 1} rounds", flush=True)
    print(f"killed {rounds} times: {sum(kept.values()) + len(kept)} observations and {len(notes)} notes, none that was acknowledged is lost")
