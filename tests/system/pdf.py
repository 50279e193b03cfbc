"""--pdf beside --html: a real clip's report on paper says what its page says, on every sheet what it is not.

usage: pdf.py PYROMETER VIDEOS
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

program, videos = sys.argv[1], pathlib.Path(sys.argv[2])
XHTML = "{http://www.w3.org/1999/xhtml}"


def run(*words, code=0, **more):
    answer = subprocess.run([*map(str, words)], capture_output=True, text=True, timeout=300, check=False, **more)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer.stdout


def words_of(text):
    return re.sub(r"\s+", " ", text)


if not videos.is_dir():
    print(f"SKIPPED: no clips at {videos}")
    sys.exit(77)
with tempfile.TemporaryDirectory() as scratch:
    tmp = pathlib.Path(scratch)
    results, page, paper = tmp / "results", tmp / "session.html", tmp / "session.pdf"
    run(program, "analyze", videos / "pyfeat_wolfganglanger.mp4", "--out", results)
    fixed = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    run(program, "explain", "session", results, "--step", 1, "--html", page, "--pdf", paper, env=fixed)
    sheets = run("pdftotext", "-layout", paper, "-").split("\f")[:-1]
    for number, sheet in enumerate(sheets, 1):
        assert "Not a diagnosis" in words_of(sheet), f"sheet {number} does not say that it is no diagnosis"
        assert f"page {number} of {len(sheets)}" in words_of(sheet), sheet
    text = words_of(" ".join(sheets))
    root = ElementTree.parse(page).getroot()
    cells = [words_of("".join(cell.itertext())).strip() for cell in root.iter(XHTML + "td")]
    headings = [words_of("".join(h.itertext())).strip() for name in ("h1", "h2", "h3", "caption", "figcaption") for h in root.iter(XHTML + name)]
    assert len(cells) > 50 and headings
    for words in headings:
        assert words in text, f"'{words}' is on the page, not on paper"
    # A cell may be broken into lines, and -layout puts the neighbour's line between: its words are asked for.
    for cell in cells:
        for word in cell.split():
            assert word in text, f"'{word}' is on the page, not on paper"
    again = tmp / "again.pdf"
    run(program, "explain", "session", results, "--step", 1, "--pdf", again, env=fixed)
    assert again.read_bytes() == paper.read_bytes(), "the same report gave other bytes"
    run(program, "explain", "session", results, "--pdf", "/nowhere/session.pdf", code=4)
    print(f"ok    {len(sheets)} sheets, {len(cells)} cells and {len(headings)} headings of the page are on paper")
