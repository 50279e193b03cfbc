"""A running `pyrometer serve` and clients of it, for the tests of the server.

Standard library, python3-websockets, and what contract.py takes to hold every answer against the contract."""
import asyncio
import base64
import hashlib
import hmac
import http.client
import io
import json
import os
import pathlib
import re
import ssl
import struct
import subprocess
import tempfile
import time
import zipfile
import zlib

import contract

API = "/api/v1"
PASSWORD = "a long enough sentence 42"


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the certificate is the server's own
    return context


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def slug(self):
        return self.json["type"].rsplit(":", 1)[1] if self.status >= 400 else None

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Client:
    """One person at a browser, or a program with a token."""

    def __init__(self, port, token=None):
        self.port, self.token, self.cookie, self.csrf = port, token, None, None
        self._connection = None

    def __getstate__(self):  # what another process may take over: not the connection
        return {**self.__dict__, "_connection": None}

    def ask(self, method, path, body=None, *, expect=None, headers=None, raw=None, csrf=True):
        send = {}
        if self.token:
            send["Authorization"] = f"Bearer {self.token}"
        if self.cookie:
            send["Cookie"] = self.cookie
        if self.csrf and csrf:
            send["X-CSRF-Token"] = self.csrf
        data = raw
        if body is not None:
            data, send["Content-Type"] = json.dumps(body).encode(), "application/json"
        send.update(headers or {})
        path = path if path.startswith("/") else f"{API}/{path}"
        for attempt in (0, 1):
            if self._connection is None:
                self._connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=trusting())
            try:
                self._connection.request(method, path, data, send)
                answer = self._connection.getresponse()
                break
            except (http.client.HTTPException, OSError):  # a connection that was kept and has ended meanwhile
                self._connection.close()
                self._connection = None
                if attempt:
                    raise
        reply = Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        if answer.getheader("Connection", "").lower() == "close":
            self._connection.close()
            self._connection = None
        contract.check(method, path, reply)
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self.cookie = cookie.split(";")[0]
        if expect is not None:
            assert reply.status == expect, f"{method} {path}: expected {expect}, got {reply}"
        return reply

    def get(self, path, **more):
        return self.ask("GET", path, **{"expect": 200, **more})

    def everything(self, path):
        """The rows of all pages of a list."""
        rows, after = [], ""
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit=200{after}").json
            rows += page["rows"]
            if page["next"] is None:
                return rows
            after = f"&after={page['next']}"

    def post(self, path, body=None, **more):
        return self.ask("POST", path, body, **{"expect": 201, **more})

    def login(self, name, password, code=None, expect=200):
        body = {"name": name, "password": password}
        if code:
            body["code"] = code
        self.cookie = self.csrf = None
        reply = self.ask("POST", "login", body, expect=expect)
        if reply.status == 200:
            self.csrf = reply.json["csrf_token"]
        return reply

    def settle(self, name, one_time, password=PASSWORD):
        """From the one-time password to one's own."""
        self.login(name, one_time)
        self.ask("POST", "me/password", {"old": one_time, "new": password}, expect=204)
        self.login(name, password)
        return self


class Server:
    def __init__(self, program, data=None, flags=(), environment=None):
        self.program = program
        self._own = tempfile.TemporaryDirectory() if data is None else None
        self.data = pathlib.Path(data or self._own.name) / "data" if data is None else pathlib.Path(data)
        self.flags, self.environment = list(flags), {**os.environ, **(environment or {})}
        self.first = None
        self.start()

    def start(self):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([self.program, "serve", "--data", str(self.data), "--port", "0", "--requests-per-s", "100000", *self.flags],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, env=self.environment)
        said = []
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"the server did not start: {self.process.wait()} {self.errors()}")
            said.append(line)
            if line.startswith("Stop with"):
                break
        text = "".join(said)
        self.port = int(re.search(r"https://[^:]+:(\d+)", text).group(1))
        told = re.search(r"name +(\S+)\n +password +(\S+)", text)
        if told:
            self.first = told.groups()
        return self

    def errors(self):
        self.log.seek(0)
        return self.log.read()

    def client(self, token=None):
        return Client(self.port, token)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(timeout=30)
        assert code == 0, f"exit {code}: {self.errors()}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._own:
            self._own.cleanup()


class Site:
    """A server with an administrator and whoever is asked for."""

    def __init__(self, server):
        self.server = server
        self.admin = server.client().settle(*server.first)

    def mode(self, mode, **more):
        self.admin.ask("PATCH", "site", {"mode": mode, "legal_basis": "for a test", **more}, expect=200)

    def user(self, name, role, **more):
        made = self.admin.post("users", {"name": name, "role": role, **more}).json
        if role == "device":  # it has no password, only what the administrator gives it
            client = self.server.client(self.admin.post(f"users/{made['id']}/tokens", {"name": name}).json["secret"])
            client.account, client.person = made["id"], made["person"]
            return client
        client = self.server.client().settle(name, made["one_time_password"])
        client.account, client.person = made["id"], made["person"]
        return client


def totp(secret, at=None):
    """RFC 6238, independent of the server's library."""
    step = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), step, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


WEBM = b"\x1a\x45\xdf\xa3" + bytes(100)  # begins as one does


def png(width=64, height=64):
    """A picture of one colour."""
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    rows = b"".join(b"\0" + bytes([90, 120, 150]) * width for _ in range(height))
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def consent(client, person, *scopes, **more):
    return client.post(f"people/{person}/consents",
                       {"scopes": list(scopes), "purpose": "a test", "text_version": "1", **more}).json


def frames_of(client, session):
    """The numbers of all frames that were kept of a session, page by page."""
    out, after = [], -1
    while True:
        page = client.get(f"sessions/{session}/observations?columns=frame&limit=2000&after={after}").json
        out += [row[0] for row in page["rows"]]
        if page["next"] is None:
            return out
        after = page["next"]


def live(client, path):
    """A WebSocket of the server, to be used by `async with`; messages are JSON texts."""
    import websockets  # noqa: PLC0415 (only where it is used)

    headers = {"Authorization": f"Bearer {client.token}"} if client.token else {"Cookie": client.cookie}
    return websockets.connect(f"wss://127.0.0.1:{client.port}{API}/{path}", ssl=trusting(), extra_headers=headers, max_size=None, compression=None,
                              open_timeout=60)  # networks are loaded before it is answered


async def heard(socket, timeout=60):
    return json.loads(await asyncio.wait_for(socket.recv(), timeout))


def jpegs(path, count=None, size=None):
    """Frames of a clip as JPEGs, by ffmpeg."""
    words = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path)]
    if size:
        words += ["-vf", f"scale={size}"]
    if count:
        words += ["-frames:v", str(count)]
    data = subprocess.run([*words, "-c:v", "mjpeg", "-q:v", "4", "-f", "image2pipe", "-"], check=True, capture_output=True).stdout
    return [b"\xff\xd8" + part for part in data.split(b"\xff\xd8")[1:]]


def picture(frame, captured_s, jpeg):
    return struct.pack("<qq", frame, int(captured_s * 1e6)) + jpeg
