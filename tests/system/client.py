"""The command line as client of a server: the same folders as here, clear errors for whatever goes wrong on the way, and no token
for anybody else.

usage: client.py PYROMETER VIDEO_FOLDER
"""
import csv
import datetime
import io
import json
import os
import pathlib
import pty
import select
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

from server import PASSWORD, Server, Site, consent, jpegs, totp

program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
CLIP = videos / "pyfeat_single_face.mp4"
LONG = videos / "lp_d6.mp4"
NOBODY = "00000000-0000-7000-8000-000000000000"
ANGRY = [0.8, 0, 0, 0, 0, 0, 0.2]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("PYROMETER_TOKEN") and name != "PYROMETER_SERVER"}


class Shell:
    """A user's: a server's address and certificate, a token, a home of its own."""

    def __init__(self, tmp, url=None, ca=None, token=None):
        self.tmp, self.url, self.ca, self.token = tmp, url, ca, token

    def environment(self, **more):
        token = {"PYROMETER_TOKEN": self.token} if self.token else {}
        return {**CLEAN, "XDG_CONFIG_HOME": str(self.tmp / "config"), **token, **more}

    def words(self, *words):
        there = ["--server", self.url] if self.url else []
        return [program, *map(str, words), *there, *(["--ca-file", str(self.ca)] if self.url and self.ca else [])]

    def run(self, *words, expect=0, say=None, input=None, timeout=240, **environment):
        done = subprocess.run(self.words(*words), capture_output=True, text=True, timeout=timeout, input=input, env=self.environment(**environment))
        assert done.returncode == expect, f"{words}: expected {expect}, got {done.returncode}: {done.stdout[-500:]} {done.stderr[-1000:]}"
        if say:
            assert say in done.stderr, f"{words}: no '{say}' in {done.stderr}"
        if expect:
            assert len([line for line in done.stderr.splitlines() if line.startswith("pyrometer: ")]) == 1, f"{words}: one line says it: {done.stderr}"
        assert not self.token or self.token not in done.stdout + done.stderr, "a token is nobody's to read"
        return done

    def json(self, *words, **more):
        return [json.loads(line) for line in self.run(*words, "--json", **more).stdout.splitlines()]

    def begin(self, *words):
        return subprocess.Popen(self.words(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment())

    def but(self, **other):
        return Shell(**{"tmp": self.tmp, "url": self.url, "ca": self.ca, "token": self.token, **other})


def rows(path):
    """Without the clock of the day, which a clip that does not say when it was taken gets from when it is read."""
    table = list(csv.DictReader(io.StringIO(pathlib.Path(path).read_text())))
    for row in table:
        for clock in ("utc", "start"):
            row.pop(clock, None)
    return table


def token_of(client, *scopes):
    return client.post("me/tokens", {"name": "a program", "scopes": list(scopes) or ["read", "write", "batch"]}).json["secret"]


def names_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def analyze(here, there, tmp):
    words = [CLIP, "--format", "csv,parquet"]
    here.run("analyze", *words, "--out", tmp / "here")
    there.run("analyze", *words, "--out", tmp / "there")
    assert names_in(tmp / "there") == names_in(tmp / "here") == ["frames.csv", "frames.parquet", "session.csv", "session.json"], names_in(tmp / "there")
    for name in ("frames.csv", "session.csv"):
        found, expected = rows(tmp / "there" / name), rows(tmp / "here" / name)
        assert len(found) == len(expected) > 0 and found == expected, name
    assert (tmp / "there" / "frames.parquet").read_bytes()[:4] == b"PAR1"
    # Without Parquet an older one does not stay to pass for this run's; and the flags of the faces go along.
    words = [CLIP, "--mesh", "fast", "--head", "fer2013"]
    here.run("analyze", *words, "--out", tmp / "here")
    events = there.json("analyze", *words, "--out", tmp / "there")
    assert names_in(tmp / "there") == ["frames.csv", "session.csv", "session.json"]
    assert rows(tmp / "there" / "frames.csv") == rows(tmp / "here" / "frames.csv")
    assert [event["event"] for event in events if event["event"] != "progress"] == ["started", "finished"], events
    assert events[-1]["frames"] == len({row["frame"] for row in rows(tmp / "here" / "frames.csv")}) and events[-1]["job"] == events[0]["job"]

    pictures = tmp / "pictures"
    pictures.mkdir()
    for i, picture in enumerate(jpegs(CLIP, count=30)[::3], 1):
        (pictures / f"{i}.jpg").write_bytes(picture)  # 10 stands behind 2
    (pictures / "notes.txt").write_text("not to be looked at")
    broken = tmp / "broken.mp4"
    broken.write_bytes(b"no video at all")
    here.run("analyze", pictures, "--out", tmp / "pictures-here")
    there.run("analyze", broken, pictures, CLIP, "--out", tmp / "several", expect=3, say="broken.mp4")
    assert rows(tmp / "several" / "pictures" / "frames.csv") == rows(tmp / "pictures-here" / "frames.csv")
    assert names_in(tmp / "several") == [f"{name}/{file}" for name in ("pictures", CLIP.stem) for file in ("frames.csv", "session.csv", "session.json")]
    packed = tmp / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(CLIP, "day one/Clip A.mp4")
        for picture in pictures.glob("*.jpg"):
            archive.write(picture, f"stills/{picture.name}")
    there.run("analyze", packed, "--out", tmp / "packed")
    assert rows(tmp / "packed" / "pictures" / "frames.csv") == rows(tmp / "pictures-here" / "frames.csv")
    assert names_in(tmp / "packed")[0] == "Clip_A/frames.csv", names_in(tmp / "packed")


def wrong_use(there, tmp):
    out = ["--out", tmp / "nothing"]
    there.but(url=there.url.replace("https", "http")).run("analyze", CLIP, *out, expect=2, say="does not begin with https://")
    there.but(url=there.url + "/api/v1").run("people", "list", expect=2, say="says more than a server")
    there.but(token=None).run("analyze", CLIP, *out, expect=2, say="pyrometer login --server")
    there.but(token="pyro_nothing").run("analyze", CLIP, *out, expect=2, say="Not signed in")
    there.but(token="two words").run("people", "list", expect=2, say="the token is none")
    there.run("analyze", CLIP, *out, "--model", "expression", expect=2, say="--model is about work on this machine")
    there.run("analyze", CLIP, *out, "--lambda", "0.5", expect=2, say="--lambda")
    there.run("score", tmp / "here" / "frames.csv", expect=2, say="'score' works on files here, not on a server")
    there.run("export", "edge", "--out", tmp / "edge.tar", expect=2, say="'export edge' works on files here")
    there.run("analyze", "camera:0", *out, expect=3, say="is no file here")
    there.run("analyze", tmp / "missing.mp4", *out, expect=3, say="missing.mp4")
    there.run("jobs", "get", NOBODY, expect=3, say="Not found")
    there.run("jobs", "get", "nothing", expect=3, say="Bad request")
    there.but(ca=tmp / "here" / "frames.csv").run("people", "list", expect=2, say="--ca-file")
    secret = tmp / "secret"
    secret.write_text(there.token + "\n")
    secret.chmod(0o644)
    there.but(token=None).run("jobs", "list", "--token-file", secret, expect=2, say="others may read")
    secret.chmod(0o600)
    assert there.but(token=None).json("jobs", "list", "--token-file", secret)
    # PYROMETER_SERVER is the flag, as everywhere.
    bare = there.but(url=None)
    assert bare.json("jobs", "list", PYROMETER_SERVER=there.url, PYROMETER_CA_FILE=str(there.ca))
    assert not (tmp / "nothing").exists()


def state_of(client, one):
    return client.get(f"jobs/{one}").json["state"]


def until(true, seconds=60):
    before = time.monotonic()
    while not true():
        assert time.monotonic() - before < seconds, "too long"
        time.sleep(0.05)


def started(process):
    event = json.loads(process.stdout.readline())
    while event["event"] != "started":
        event = json.loads(process.stdout.readline())
    return event["job"]


def ended(process, seconds=60):
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err


def cancelled(there, rita, tmp):
    running = there.begin("analyze", LONG, "--out", tmp / "cancelled", "--json")
    one = started(running)
    until(lambda: state_of(rita, one) == "running")
    assert there.json("jobs", "cancel", one)[0]["id"] == one
    code, _, err = ended(running)
    assert code == 4 and "was cancelled on the server" in err, (code, err)
    there.run("jobs", "get", one, "--out", tmp / "cancelled", expect=3, say="no results")
    assert not (tmp / "cancelled").exists()
    # Ctrl-C takes the job along, also those that are still ahead.
    running = there.begin("analyze", LONG, LONG, "--out", tmp / "cancelled", "--json")
    jobs = [started(running), started(running)]
    until(lambda: state_of(rita, jobs[0]) == "running")
    running.send_signal(signal.SIGINT)
    code, _, err = ended(running)
    assert code == 130, (code, err)
    until(lambda: all(state_of(rita, job) == "cancelled" for job in jobs))
    assert not (tmp / "cancelled").exists()
    there.run("jobs", "remove", one)
    there.run("jobs", "get", one, expect=3)


class Relay:
    """Between a client and a server that comes back under another port."""

    def __init__(self, port):
        self.port, self.listener = port, socket.create_server(("127.0.0.1", 0))
        self.own = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.port), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for a, b in ((client, server), (server, client)):
                threading.Thread(target=self.pass_on, args=(a, b), daemon=True).start()

    @staticmethod
    def pass_on(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        for end in (a, b):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def restarted(there, server, rita, tmp):
    relay = Relay(server.port)
    through = there.but(url=f"https://localhost:{relay.own}")
    running = through.begin("analyze", LONG, "--out", tmp / "restarted", "--json")
    one = started(running)
    until(lambda: state_of(rita, one) == "running")
    server.kill()
    time.sleep(3)
    server.start()
    relay.port = rita.port = server.port
    rita._connection = None
    code, out, err = ended(running, 240)
    assert code == 0, (code, out, err)
    assert names_in(tmp / "restarted") == ["frames.csv", "session.csv", "session.json"]
    there.url = f"https://localhost:{server.port}"


def certificate(tmp, name, start, end):
    """A self-signed one of localhost, good from start to end."""
    folder = tmp / name
    folder.mkdir()
    (folder / "index").write_text("")
    (folder / "openssl.cnf").write_text(f"""[ca]
default_ca = here
[here]
database = {folder}/index
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[req]
distinguished_name = subject
[subject]
[names]
subjectAltName = DNS:localhost
basicConstraints = critical, CA:TRUE
""")
    quiet = {"check": True, "capture_output": True}
    subprocess.run(["openssl", "req", "-new", "-config", folder / "openssl.cnf", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", folder / "key.pem",
                    "-out", folder / "request.pem"], **quiet)
    subprocess.run(["openssl", "ca", "-batch", "-config", folder / "openssl.cnf", "-selfsign", "-keyfile", folder / "key.pem", "-in", folder / "request.pem",
                    "-startdate", start, "-enddate", end, "-notext", "-out", folder / "certificate.pem"], **quiet)
    return folder


class Impostor:
    """Answers each connection by `answer(request)`, bytes or pieces of them, and says what it was asked."""

    def __init__(self, folder, answer):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        self.answer, self.asked, self.keys, self.connections = answer, [], [], 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            plain, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.one, args=(plain,), daemon=True).start()

    def one(self, plain):
        try:
            with self.context.wrap_socket(plain, server_side=True) as stream:
                head = b""
                while b"\r\n\r\n" not in head:
                    data = stream.recv(65536)
                    if not data:
                        return
                    head += data
                head, body = head.split(b"\r\n\r\n", 1)
                length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
                while len(body) < length:
                    body += stream.recv(65536)
                self.asked.append(head.split(b"\r\n")[0].decode())
                self.keys += [line for line in head.split(b"\r\n") if line.lower().startswith(b"idempotency-key:")]
                answer = self.answer(self.asked[-1])
                for piece in [answer] if isinstance(answer, bytes) else answer:
                    stream.sendall(piece)
        except (OSError, ssl.SSLError, ValueError):
            pass


def reply(body, status="200 OK", kind="application/json", more=""):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\nConnection: close\r\n{more}\r\n".encode() + data


def without_end(begin, piece):
    yield begin
    while True:
        yield piece


def certificates(there, tmp):
    there.but(ca=None).run("jobs", "list", expect=4, say="from nobody whom this machine trusts")
    good, expired = certificate(tmp, "good", "20200101000000Z", "20990101000000Z"), certificate(tmp, "expired", "20200101000000Z", "20200201000000Z")
    old = Impostor(expired, lambda _: reply({"rows": [], "next": None}))
    there.but(url=old.url, ca=expired / "certificate.pem").run("jobs", "list", expect=4, say="has expired")
    there.but(ca=good / "certificate.pem").run("jobs", "list", expect=4, say="from nobody whom this machine trusts")
    other = Impostor(good, lambda _: reply({"rows": [], "next": None}))
    there.but(url=other.url.replace("localhost", "127.0.0.1"), ca=good / "certificate.pem").run("jobs", "list", expect=4, say="for another name")
    assert not old.asked and not other.asked, "nothing is said to whom is not trusted, least of all a token"
    there.but(url=other.url, ca=good / "certificate.pem").run("jobs", "list")
    return good


def hostile(there, good, tmp):
    elsewhere = Impostor(good, lambda _: reply({"rows": [], "next": None}))
    deep = b"[" * 200_000
    job = {"id": NOBODY, "state": "done", "result": {"files": [{"name": "frames.csv", "bytes": 5}]}}

    def as_job(files, content=b"frame"):
        def answer(asked):
            if "/results/" in asked:
                return reply(content, kind="text/csv") if isinstance(content, bytes) else content()
            if asked.startswith("POST"):
                return reply({**job, "state": "queued", "received": CLIP.stat().st_size}, "200 OK" if "/pieces" in asked else "201 Created")
            return reply({**job, "result": {"files": files}})
        return answer

    one = [{"name": "frames.csv", "bytes": 5}]
    faults = [
        (lambda _: reply(b"<html>hello</html>", kind="text/html"), "not JSON as in our contract"),
        (lambda _: reply(b"{", kind="application/json"), "not JSON"),
        (lambda _: reply(deep), "not JSON"),
        (lambda _: reply([1, 2]), "not as in our contract"),
        (lambda _: reply({"rows": [1], "next": {}}), "not as in our contract"),
        (lambda _: reply(b"<html>", "404 Not Found", "text/html"), "not as a server of ours"),
        (lambda _: reply({"title": "No\x1b[2J", "detail": "\x1b]0;x\x07Why", "request_id": 5}, "500 Internal Server Error", "application/problem+json"), "Why"),
        (lambda _: b"SSH-2.0-OpenSSH_9.2\r\n", ""),
        (lambda _: b"", "broke"),
        (lambda _: without_end(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n", b" " * 65536), "larger than any of ours"),
        (lambda _: without_end(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 8000 + b"\r\n"), "headers do not end"),
        (lambda _: reply(b"", "307 Temporary Redirect", more=f"Location: {elsewhere.url}/api/v1/jobs\r\n"), "sends us elsewhere"),
        (lambda _: reply(b"", "301 Moved Permanently", more="Location: http://localhost/\r\n"), "sends us elsewhere"),
    ]
    for answer, words in faults:
        server = Impostor(good, answer)
        before = time.monotonic()
        done = there.but(url=server.url, ca=good / "certificate.pem").run("jobs", "list", expect=4, say=words)
        assert "\x1b" not in done.stderr and "\x07" not in done.stderr and time.monotonic() - before < 60
    assert elsewhere.connections == 0, "a redirect was followed"

    scale = {"id": "total", "title": "T\x1b[2J", "kind": "total", "items": [1], "score": "sum", "minimum_answered": 1, "higher_means": "more strain", "bands": [],
             "cutoff_source": "", "cutoff_note": ""}
    asked_for = {"id": "who-5", "version": "1", "title": "W\x1b[2J", "items": 1, "answers": {"min": 0, "max": 3, "coding": "c"}, "reverse": [], "scales": [scale],
                 "keep_apart": False, "missing": {"rule": "", "source": ""}, "licence": {"status": "own", "holder": "", "note": ""}, "key_source": "", "languages": []}
    for wrong in ({"items": 2**31 - 1}, {"items": 1e300}, {"items": "many"}, {"items": 0}, {"id": "pss-10"}, {"scales": 5}, {"scales": [5]}, {"scales": [{**scale, "items": [2]}]},
                  {"scales": [{**scale, "items": []}]}, {"scales": [{**scale, "bands": {"from": []}}]}, {"reverse": [-1]}, {"answers": {"min": 5, "max": 5, "coding": "c"}}):
        server = Impostor(good, lambda _, wrong=wrong: reply({**asked_for, **wrong}))
        there.but(url=server.url, ca=good / "certificate.pem").run("survey", "take", "who-5", "--person", NOBODY, expect=4, say="not as in our contract", input="1\n")
    server = Impostor(good, lambda asked: reply(asked_for if "/surveys/" in asked else {"id": NOBODY, "pseudonym": "P"}))
    assert "\x1b" not in there.but(url=server.url, ca=good / "certificate.pem").run("survey", "take", "who-5", "--person", NOBODY, input="q\n").stdout

    short = lambda: b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfr"  # noqa: E731
    much = lambda: without_end(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nConnection: close\r\n\r\n", b"x" * 65536)  # noqa: E731
    for answer, words in ((as_job([{"name": "../../evil.csv", "bytes": 5}]), "as none of ours does"),
                          (as_job([{"name": "/etc/frames.csv", "bytes": 5}]), "as none of ours does"),
                          (as_job([{"name": "...frames.csv", "bytes": 5}]), "as none of ours does"),
                          (as_job([{"name": ".bashrc", "bytes": 5}]), "as none of ours does"),
                          (as_job([{"name": "frames.csv", "bytes": -1}]), "not as in our contract"),
                          (as_job("none"), "not as in our contract"),
                          (as_job(one, short), ""),
                          (as_job(one, b"fra"), "sent 3 of 5 bytes"),
                          (as_job(one, much), "more than it said")):
        server = Impostor(good, answer)
        there.but(url=server.url, ca=good / "certificate.pem").run("analyze", CLIP, "--out", tmp / "evil" / "in" / "here", expect=4, say=words)
    assert names_in(tmp / "evil") == [] and not (tmp / "evil.csv").exists(), names_in(tmp / "evil")


def again(there, good, tmp):
    """What counts once is asked again when a connection breaks, with the same key; what does not is not."""
    person = Impostor(good, lambda _: b"" if len(person.asked) < 3 else reply({"id": NOBODY, "pseudonym": "P"}, "201 Created"))
    shell = there.but(url=person.url, ca=good / "certificate.pem")
    assert shell.json("people", "add", "--pseudonym", "P")[0]["id"] == NOBODY
    assert len(person.asked) == 3 == len(person.keys) and len(set(person.keys)) == 1, (person.asked, person.keys)
    shell.run("people", "add", "--pseudonym", "P")
    assert len(set(person.keys)) == 2, "another command is another thing"
    busy = Impostor(good, lambda _: reply({"title": "Too many requests", "detail": "Later.", "request_id": "r"}, "429 Too Many Requests", "application/problem+json",
                                          "Retry-After: 1\r\n") if len(busy.asked) < 2 else reply({"rows": [], "next": None}))
    before = time.monotonic()
    there.but(url=busy.url, ca=good / "certificate.pem").run("jobs", "list")
    assert len(busy.asked) == 2 and time.monotonic() - before >= 1
    broken = Impostor(good, lambda _: b"")
    there.but(url=broken.url, ca=good / "certificate.pem").run("analyze", CLIP, "--out", tmp / "again", expect=4, say="broke")
    assert len(broken.asked) == 4 == len(broken.keys) and len(set(broken.keys)) == 1, "one upload is begun, however often it is asked for"


def away(there):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    there.but(url=f"https://localhost:{port}").run("jobs", "list", expect=4, say="nobody answers at")
    there.but(url="https://nobody.invalid").run("jobs", "list", expect=4, say="nobody knows where")


def records(here, there, anna, clara, tmp):
    doctor = there.but(token=token_of(clara))
    own = there.but(token=token_of(anna))
    made = doctor.json("people", "add", "--pseudonym", "P-17", "--birth-year", "1980")[0]
    assert made["pseudonym"] == "P-17" and made["birth_year"] == 1980
    known = {row["pseudonym"]: row["id"] for row in doctor.json("people", "list")}
    assert known == {"P-17": made["id"], "Anna": anna.person}, known
    assert "P-17" in doctor.run("people", "list").stdout
    there.run("people", "add", "--pseudonym", "X", expect=2, say="Not allowed")
    doctor.run("people", "add", expect=2, say="--pseudonym")
    doctor.run("people", "add", "--pseudonym", "no blanks allowed", expect=3)

    # A session with its frames: page by page, more than one page.
    session = anna.post("sessions", {"person": anna.person}).json["id"]
    seconds = 300
    start = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.timezone.utc)
    for at in range(0, seconds, 60):
        frames = [{"frame": 10 * s + i, "time_s": s + i / 10, "utc": (start + datetime.timedelta(seconds=s + i / 10)).isoformat(), "face_id": 0,
                   "valid": True, "p": ANGRY} for s in range(at, at + 60) for i in range(10)]
        anna.post(f"sessions/{session}/observations", {"observations": frames}, expect=200)
    anna.post(f"sessions/{session}/end", expect=200)
    assert [row["id"] for row in doctor.json("sessions", "list", "--person", "Anna")] == [session]
    assert doctor.json("sessions", "list", "--person", "P-17") == []
    assert own.json("sessions", "get", session)[0]["state"] == "ended"
    assert "Not a diagnosis" in own.run("sessions", "get", session).stdout
    told = own.json("export", "session", session, "--out", tmp / "session.csv")[0]
    table = rows(tmp / "session.csv")
    assert told["rows"] == len(table) == 10 * seconds and [int(row["frame"]) for row in table] == list(range(10 * seconds))
    scored = here.run("score", tmp / "session.csv", "--json").stdout  # it is a frames.csv as any other
    assert json.loads(scored.splitlines()[-1])
    # Its report: the figures of one that is made here of the same frames, and pages.
    there_told = doctor.json("report", "session", session, "--html", tmp / "report.html", "--pdf", tmp / "report.pdf")[0]
    here_told = json.loads(here.run("report", "session", tmp / "session.csv", "--json").stdout)
    for figure in ("schema", "duration_s", "score", "volatility", "index", "engagement", "minutes", "fatigue"):
        assert there_told[figure] == here_told[figure] is not None, (figure, there_told[figure], here_told[figure])
    assert (tmp / "report.pdf").read_bytes().startswith(b"%PDF") and "Anna" in (tmp / "report.html").read_text()
    text, expected = own.run("report", "session", session).stdout.splitlines(), here.run("report", "session", tmp / "session.csv").stdout.splitlines()
    assert text[0].startswith("Anna"), text
    for found, wanted in zip(text[1:], expected[1:], strict=True):  # only a server knows by which model
        assert found == wanted or found.startswith("models: "), (found, wanted)
    assert own.json("jobs", "list", "--person", anna.person) == [], "the job of a report goes with it"
    doctor.run("report", "session", NOBODY, expect=3)
    doctor.run("report", "session", session, "--keywords", "topics.csv", expect=2, say="--keywords is about work on this machine")
    own.run("export", "session", NOBODY, "--out", tmp / "none.csv", expect=3)
    assert not (tmp / "none.csv").exists() and not list(tmp.glob("*.part"))
    own.run("export", "person", anna.person, "--out", tmp / "anna.zip")
    with zipfile.ZipFile(tmp / "anna.zip") as archive:
        assert archive.testzip() is None and archive.namelist()
    doctor.run("export", "person", "Anna", "--out", tmp / "not.zip", expect=2, say="Not allowed")
    assert not (tmp / "not.zip").exists()

    # A video of somebody, under their consent.
    doctor.run("analyze", CLIP, "--out", tmp / "of-anna", "--person", "Anna")
    assert rows(tmp / "of-anna" / "frames.csv") and len(own.json("jobs", "list")) == 0 and len(own.json("jobs", "list", "--person", anna.person)) == 1
    doctor.run("analyze", CLIP, "--out", tmp / "of-nobody", "--person", "P-17", expect=2, say="consent")
    doctor.run("analyze", CLIP, "--out", tmp / "of-nobody", "--person", "nobody", expect=3, say="nobody by the pseudonym")
    here.run("analyze", CLIP, "--out", tmp / "of-nobody", "--person", "Anna", expect=2, say="--server")

    # Questionnaires.
    assert {"checkin", "pss-10"} <= {row["id"] for row in own.json("survey", "list")}
    taken = own.json("survey", "take", "checkin", "--language", "en", "--person", anna.person, input="1\n2\ns\n2\n1\n0\n")[0]
    assert taken["answers"] == [1, 2, None, 2, 1, 0] and taken["person"] == anna.person and taken["language"] == "en"
    assert "Kept at https://" in doctor.run("survey", "take", "pss-10", "--person", "Anna", input="1\n" * 10).stdout
    own.run("survey", "take", "checkin", "--language", "en", expect=2, say="--person", input="")
    doctor.run("survey", "take", "checkin", "--language", "en", "--person", "nobody", expect=3, say="nobody by the pseudonym", input="")
    # One that was made there, in its newest edition, which no file here knows.
    draft = site.admin.post("survey-definitions", {"survey": "own-ward", "from": "checkin"}).json["id"]
    doctor.run("survey", "take", "own-ward", "--person", "Anna", expect=3, say="Not found", input="")
    site.admin.post(f"survey-definitions/{draft}/publication", expect=200)
    taken = own.json("survey", "take", "own-ward", "--language", "en", "--person", anna.person, input="1\n2\n0\n2\n1\n0\n")[0]
    assert (taken["instrument"], taken["definition"], taken["answers"]) == ("own-ward", "1", [1, 2, 0, 2, 1, 0]), taken
    doctor.run("survey", "take", "../people", "--person", "Anna", expect=3, say="Bad request", input="")
    answers = tmp / "answers.csv"
    day = datetime.datetime(2026, 1, 5, 8)
    lines = [f"Anna,{(day + datetime.timedelta(days=i)).isoformat()}Z," + ",".join(str((i + j) % 5) for j in range(4)) for i in range(0, 42, 2)]
    answers.write_text("person,time_utc,item1,item2,item3,item4\n" + "\n".join(lines) + "\n")
    for _ in range(2):  # the second time nothing counts twice
        assert doctor.json("survey", "import", answers, "--instrument", "pss-4")[-1]["responses"] == len(lines)
        assert len(clara.get(f"responses?person={anna.person}&instrument=pss-4&limit=200").json["rows"]) == len(lines)
    answers.write_text(answers.read_text().replace("Anna", "P-18", 1))
    doctor.run("survey", "import", answers, "--instrument", "pss-4", expect=3, say="P-18")
    weeks = doctor.json("trend", "Anna", "--instrument", "pss-4", "--csv", tmp / "weeks.csv")[0]
    assert len(weeks["weeks"]) == 6 and (tmp / "weeks.csv").read_text().startswith("person,week,"), weeks
    assert "Not a diagnosis" in doctor.run("trend", "Anna", "--instrument", "pss-4").stdout
    doctor.run("trend", "Anna", "--html", tmp / "x.html", expect=2, say="--html is about work on this machine")
    own.run("trend", made["id"], expect=3, say="Not found")


def at_a_terminal(shell, words, answers):
    """What a program says and asks on its terminal, where each question is answered; its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(program, shell.words(*words), shell.environment())
    said, asked = "", list(answers)
    before = time.monotonic()
    while time.monotonic() - before < 60:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(terminal, 65536).decode()
        except OSError:
            break
        if not data:
            break
        said += data
        if asked and said.rstrip(" ").endswith(":"):
            os.write(terminal, asked.pop(0).encode() + b"\n")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said


def signing_in(there, clara, tmp):
    user = there.but(token=None)
    secret = clara.post("me/totp", expect=200).json["secret"]
    step = int(time.time()) // 30
    assert clara.ask("PUT", "me/totp", {"code": totp(secret)}).status in (200, 204)
    code, said = at_a_terminal(user, ["login", "--name", "clara"], ["a wrong one, long enough", ""])
    assert code == 2 and "knows no such account" in said, (code, said)
    until(lambda: int(time.time()) // 30 > step)  # a code counts once
    code, said = at_a_terminal(user, ["login", "--days", "1"], ["clara", PASSWORD, totp(secret)])
    assert code == 0 and PASSWORD not in said, (code, said)
    (kept,) = (tmp / "config" / "pyrometer").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600 and kept.parent.stat().st_mode & 0o777 == 0o700
    token = json.loads(kept.read_text())["token"]
    assert token not in said
    assert user.json("people", "list"), "without a word of a token"
    assert user.but(ca=None).json("people", "list"), "login remembers the certificate"
    code, said = at_a_terminal(user, ["login"], [])
    assert code == 2 and "already" in said
    kept.chmod(0o640)
    user.run("people", "list", expect=2, say="others may read")
    kept.chmod(0o600)
    user.run("logout")
    assert not kept.exists()
    user.but(token=token).run("people", "list", expect=2, say="Not signed in")
    user.run("logout", expect=2, say="nobody is signed in")
    user.run("people", "list", expect=2, say="pyrometer login")
    done = subprocess.run(user.words("login", "--name", "clara"), capture_output=True, text=True, env=user.environment(), start_new_session=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and "on a terminal" in done.stderr, done


if not videos.is_dir():
    print(f"no {videos}: the client is not tested")
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder, Server(program, flags=["--job-lease-s", "3", "--job-priority", "normal"]) as running:
    tmp = pathlib.Path(folder)
    site = Site(running)
    site.mode("research", research_approved=True)
    rita = site.user("rita", "researcher")
    here = Shell(tmp)
    there = Shell(tmp, f"https://localhost:{running.port}", running.data / "tls" / "certificate.pem", token_of(rita))
    analyze(here, there, tmp)
    wrong_use(there, tmp)
    away(there)
    good = certificates(there, tmp)
    hostile(there, good, tmp)
    again(there, good, tmp)
    cancelled(there, rita, tmp)
    restarted(there, running, rita, tmp)
    site.admin.port, site.admin._connection = running.port, None
    site.mode("clinical")
    anna, clara = site.user("anna", "participant"), site.user("clara", "clinician")
    anna.ask("PATCH", f"people/{anna.person}", {"pseudonym": "Anna"}, headers={"If-Match": anna.get(f"people/{anna.person}").headers["etag"]}, expect=200)
    anna.post(f"people/{anna.person}/care", {"account": "clara"})
    consent(anna, anna.person, "live_analysis", "store_observations")
    records(here, there, anna, clara, tmp)
    signing_in(there, clara, tmp)
print("client: all as expected")
