"""`pyrometer validate` as a whole: exit codes and words for bad tables, names in the JSON, and a real table recounted here.

usage: validate.py PYROMETER SURVEY_FOLDER
"""
import csv
import json
import math
import pathlib
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

import numpy

program, survey = sys.argv[1], pathlib.Path(sys.argv[2])


def run(*words, code=0):
    answer = subprocess.run([program, "validate", *map(str, words)], capture_output=True, text=True, timeout=120)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def refused(tmp, text, *mentions, flags=()):
    table = tmp / "bad.csv"
    table.write_text(text)
    errors = run(table, *flags, code=3).stderr
    assert errors.startswith("pyrometer: ") and errors.count("\n") == 1, errors
    for mention in mentions:
        assert mention in errors, f"{mention!r} is not in: {errors}"


def near(a, b, tolerance=1e-9):
    assert abs(a - b) <= tolerance * max(1, abs(b)), f"{a} and {b} differ"


def bad_tables(tmp):
    head = "person,score,survey\n"
    refused(tmp, head + "a,1,2\nb,2,3\n", "at least 3")
    refused(tmp, head + "a,5,2\nb,5,3\nc,5,9\n", "'score'", "undefined")
    refused(tmp, head + "a,nan,2\nb,2,3\nc,3,5\n", "line 2", "finite")
    refused(tmp, head + "a,1,2\na,1,2\nc,3,5\nd,4,1\n", "line 3", "already in line 2")
    refused(tmp, "person,score,survey,instrument\na,1,2,MBI\nb,2,3,OLBI\nc,3,4,MBI\n", "MBI, OLBI", "--instrument")
    run(tmp / "absent.csv", code=3)
    run(code=2)
    run("--r", "2", "--n", "9", code=2)


def own_table(tmp):
    random = numpy.random.default_rng(3)
    x = random.normal(50, 10, 60)
    y = 20 + 0.6 * x + random.normal(0, 8, 60)
    table = tmp / "pairs.csv"
    table.write_text("person,score,survey\n" + "".join(f"p{i},{a!r},{b!r}\n" for i, (a, b) in enumerate(zip(x.tolist(), y.tolist()))))
    page = tmp / "page.html"
    found = json.loads(run(table, "--json", "--html", page).stdout)
    r = numpy.corrcoef(x, y)[0, 1]
    near(found["pearson"]["r"], r)
    near(found["pearson"]["low"], math.tanh(math.atanh(r) - 1.959963984540054 / math.sqrt(57)))
    assert 0 < found["pearson"]["permutation_p"] <= 0.05
    near(found["mean_abs_diff"], numpy.abs(x - y).mean())
    near(found["bland_altman"]["bias"], (x - y).mean())
    near(found["ccc"]["value"], 2 * numpy.cov(x, y, bias=True)[0, 1] / (x.var() + y.var() + (x.mean() - y.mean()) ** 2))
    assert found["n"] == 60 and found["icc"]["icc_a_1"]["low"] < found["icc"]["icc_a_1"]["value"]
    text = " ".join(ElementTree.parse(page).getroot().itertext())
    assert "Not a diagnosis" in text and "Bland" in text
    assert run(table, "--json").stdout == run(table, "--json").stdout, "the same seed gives another answer"


def published_case():
    said = run("--r", "0.904", "--n", "5").stdout
    assert "0.11 to 0.99" in said and "does not show" in said, said


def real_table():
    table = survey / "carrard2022-medstudents-mbi.csv"
    if not table.exists():
        print(f"SKIPPED: the shared survey tables are not at {survey}")
        return False
    with open(table, encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    found = json.loads(run(table, "--person", "id", "--score", "mbi_ex", "--score", "mbi_ea", "--survey", "cesd", "--survey", "stai_t",
                           "--different-units", "--json").stdout)["comparisons"]
    assert len(found) == 4
    for one in found:
        x, y = ([float(row[one[side]]) for row in rows] for side in ("score", "survey"))
        near(one["pearson"]["r"], numpy.corrcoef(x, y)[0, 1])
        assert one["p"] <= one["p_bh"] <= one["p_holm"] <= 4 * one["p"] * 1.000001
        assert one["mean_abs_diff"] is None and "units" in one["why_not"]["ccc"]
    return True


with tempfile.TemporaryDirectory() as scratch:
    bad_tables(pathlib.Path(scratch))
    own_table(pathlib.Path(scratch))
published_case()
sys.exit(0 if real_table() else 77)
