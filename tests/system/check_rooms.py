"""The rooms and who may know whom: fails on a back edge, an undeclared include, or a library outside its room.

usage: check_rooms.py SOURCE_FOLDER BUILD/rooms.txt
rooms.txt is written by cmake/PyroRoom.cmake: "room: the rooms that it may know", one line each.
"""
import re
import sys
from pathlib import Path

# The order in which the data walks through the rooms. A room may only know rooms that stand before it.
ORDER = ("base security html pdf stats records capture infer registry crop datasets face signals score pipeline report fhir explain "
         "surveys forecast demo forecaster regression study trend validity overlay store archive jobs live serve client").split()

# Pairs that must not know each other although the order would allow it.
STRANGERS = [("capture", "face"), ("infer", "score"), ("signals", "store"), ("pipeline", "store")]

# Libraries and the rooms that may include them.
ONLY_IN = {"libav": "capture", "libsw": "capture", "turbojpeg": "capture", "openvino/": "infer", "cairo": "overlay pdf", "pango/": "pdf",
           "librsvg/": "pdf", "libxml/": "html pdf", "archive": "registry datasets archive jobs", "png.h": "html", "boost/math": "stats",
           "date/": "base", "liboath/": "security", "qrcodegen/": "security", "utf8proc": "security", "valijson/": "surveys serve",
           "sqlite3.h": "store", "libpq": "store", "boost/asio": "serve", "boost/beast": "serve", "yaml-cpp/": "serve", "openssl/": "security store capture", "curl/": "serve client"}
NOWHERE = ("torch/", "opencv2/")  # the training program's, and nobody's

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def declared(text):
    rooms = {}
    for line in text.splitlines():
        room, _, known = line.partition(":")
        rooms[room.strip()] = [word for word in re.split(r"[;\s]+", known) if word]
    return rooms


def graph_faults(rooms):
    for room, known in rooms.items():
        if room not in ORDER:
            yield f"room {room} has no place in the order; add it to ORDER in tests/system/check_rooms.py"
            continue
        for other in known:
            if other not in ORDER or ORDER.index(other) >= ORDER.index(room):
                yield f"room {room} declares that it knows {other}, which stands not before it: a back edge"
            if (other, room) in STRANGERS or (room, other) in STRANGERS:
                yield f"rooms {room} and {other} must not know each other; let an app join them"


def include_faults(source, rooms):
    for room, known in rooms.items():
        for path in sorted((source / "src" / room).rglob("*.[ch]pp")):
            if path.name.endswith("_test.cpp"):
                continue  # a test may bring a helper from elsewhere: it is in no product
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                where, target = f"{path.relative_to(source)}:{number}", match[1]
                ours = re.match(r"pyro/([a-z_]+)/", target)
                if ours and ours[1] != room and ours[1] not in known:
                    yield f"{where}: {room} includes {target} without declaring {ours[1]} in src/{room}/CMakeLists.txt"
                for start, home in ONLY_IN.items():
                    if target.startswith(start) and room not in home.split():
                        yield f"{where}: {target} belongs to {home} only"
                if target.startswith(NOWHERE):
                    yield f"{where}: {target} may not be included in src/"


def self_check():
    """The checker must find what it is for."""
    assert list(graph_faults({"base": ["score"]})), "a back edge passed"
    assert list(graph_faults({"face": ["capture"]})), "two strangers passed"
    assert not list(graph_faults({"base": [], "records": ["base"]})), "a sound graph failed"


def main():
    source, listing = Path(sys.argv[1]), Path(sys.argv[2])
    self_check()
    rooms = declared(listing.read_text())
    folders = {p.name for p in (source / "src").iterdir() if (p / "CMakeLists.txt").is_file()}
    faults = [f"src/{room} is not built: add it to the list in CMakeLists.txt" for room in sorted(folders - set(rooms))]
    faults += [*graph_faults(rooms), *include_faults(source, rooms)]
    for fault in faults:
        print(fault)
    print(f"{len(rooms)} rooms, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
