"""Hostile clients: slow ones, silent ones, garbage on HTTP and WebSockets, bombs. The server answers others meanwhile, keeps its memory, and
says no clearly.

usage: hostile.py PYROMETER VIDEO_FOLDER
"""
import asyncio
import os
import pathlib
import random
import socket
import struct
import sys
import time
import zlib

import websockets
from server import API, Server, Site, consent, heard, live, picture, trusting

program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
chance = random.Random(7)


def raw(port):
    return trusting().wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=30))


def said(port, data):
    """What comes back for these bytes, until the server hangs up or is silent."""
    with raw(port) as line:
        line.sendall(data)
        line.settimeout(5)
        out = b""
        try:
            while part := line.recv(65536):
                out += part
        except (TimeoutError, OSError):
            pass
        return out


def memory_mib(server):
    text = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def slow(server, client):
    """200 who never finish their headers, 20 who send a body byte by byte; others are answered as ever."""
    crowd = []
    for i in range(220):
        line = raw(server.port)
        if i < 200:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        else:
            line.sendall(b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")
        crowd.append(line)
    began = time.monotonic()
    for _ in range(20):
        client.get("me")
    print(f"20 requests beside 220 slow clients: {1e3 * (time.monotonic() - began) / 20:.1f} ms each")
    assert time.monotonic() - began < 10
    until = time.monotonic() + 40
    while crowd and time.monotonic() < until:
        for line in list(crowd):
            line.settimeout(0.01)
            try:
                if not line.recv(4096):
                    crowd.remove(line)
            except TimeoutError:
                pass
            except OSError:
                crowd.remove(line)
        time.sleep(0.2)
    assert not crowd, f"{len(crowd)} slow clients still hold their connections"


def garbage(server):
    for line in (b"\0" * 2000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET " + b"a" * 40000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
                 b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                 b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"):
        answer = said(server.port, line)
        assert b"200 OK" not in answer, (line[:60], answer[:200])
    for path in ("/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/v1/../../key", "//etc/passwd", "/api/v1/sessions/..%2f..%2fkey", "/api/v1/%00", "/api/v1/\\..\\key"):
        answer = said(server.port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert b" 404 " in answer.split(b"\r\n")[0] or b" 400 " in answer.split(b"\r\n")[0] or b" 401 " in answer.split(b"\r\n")[0], (path, answer[:120])
        assert b"root:" not in answer
    # Plain text where TLS belongs.
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            assert b"200" not in line.recv(4096)
        except OSError:
            pass


def long_texts(server):
    """A text of any length where a short one belongs, also without signing in: refused, and the server goes on."""
    for length in (5_000, 30_000, 60_000):
        for name in ("a" * length, "\u00e9" * (length // 6)):
            assert server.client().post("login", {"name": name, "password": "x"}, expect=None).status in (401, 422), length
        assert server.process.poll() is None, f"a name of {length} letters ended the server"


def vanish(server, anna, session):
    for _ in range(30):
        with raw(server.port) as line:
            line.sendall(f"POST {API}/sessions/{session}/observations HTTP/1.1\r\nHost: x\r\nCookie: {anna.cookie}\r\nX-CSRF-Token: {anna.csrf}\r\n"
                         f"Content-Type: application/json\r\nContent-Length: 3000000\r\n\r\n".encode() + b'{"observations":[' * 1000)


def jpeg_of(width, height):
    """A JPEG's header that promises a picture of this size, and little more."""
    return (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00\x43\x00" + bytes([1] * 64) +
            b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x00" * 100 + b"\xff\xd9")


def png_of(side):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(bytes(side * 3 + 1) * 2000, 9)) + chunk(b"IEND", b""))


async def bombs(anna, session):
    async with live(anna, f"sessions/{session}/stream") as socket_:
        await heard(socket_)
        for i, bomb in enumerate((jpeg_of(65000, 65000), png_of(30000), jpeg_of(1, 1)[:40], b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\0" * 40)):
            await socket_.send(picture(i, time.time(), bomb))
            while (said_ := await heard(socket_))["type"] == "rate":
                pass
            assert said_ == {"type": "problem", "slug": "picture-unreadable", "frame": i}, (i, said_)


async def malformed_messages(anna, session, count):
    """Messages that are none: mostly too short, too long, of the wrong kind, with absurd numbers; the conversation is ended, and begun again."""
    sent = 0
    while sent < count:
        try:
            async with live(anna, f"sessions/{session}/stream") as socket_:
                await heard(socket_)
                while sent < count:
                    kind = chance.randrange(5)
                    message = (os.urandom(chance.randrange(40)) if kind == 0 else struct.pack("<qq", -1, 5) + b"x" if kind == 1
                               else struct.pack("<qq", 1 << 60, 1 << 61) + os.urandom(50) if kind == 2 else "{}" if kind == 3 else b"")
                    await socket_.send(message)
                    sent += 1
        except websockets.ConnectionClosed:
            pass


def malformed_frames(server, anna, session, count):
    """Bytes that are no WebSocket frames, after a handshake that is right."""
    for _ in range(count):
        with raw(server.port) as line:
            line.sendall(f"GET {API}/sessions/{session}/stream HTTP/1.1\r\nHost: x\r\nCookie: {anna.cookie}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
            line.settimeout(10)
            answer = line.recv(4096)
            assert b"101" in answer, answer[:200]
            try:
                for _ in range(100):
                    line.sendall(os.urandom(chance.randrange(1, 200)))
            except OSError:
                pass


with Server(program) as server:
    site = Site(server)
    site.mode("clinical")
    anna = site.user("anna", "participant")
    consent(anna, anna.person, "live_analysis", "store_observations")
    session = anna.post("sessions", {"person": anna.person}).json["id"]
    garbage(server)
    long_texts(server)
    vanish(server, anna, session)
    asyncio.run(bombs(anna, session))
    before = memory_mib(server)
    asyncio.run(malformed_messages(anna, session, 10_000))
    malformed_frames(server, anna, session, 100)
    after = memory_mib(server)
    print(f"memory before and after 10,000 messages and 10,000 pieces of garbage: {before:.0f} and {after:.0f} MiB")
    assert after < before + 60
    slow(server, anna)
    assert server.process.poll() is None, server.errors()
    anna.get("me")
    server.stop()
    assert "ERROR" not in server.errors() and "unexpected" not in server.errors(), server.errors()[-2000:]
print("hostile: all as expected")
