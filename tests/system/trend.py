"""`pyrometer trend` as a whole: made-up weeks whose answers are known, bad input, groups, and five months of real daily reports.

usage: trend.py PYROMETER SURVEY-DATA
"""
import csv
import datetime
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from xml.etree import ElementTree

program, survey = sys.argv[1], pathlib.Path(sys.argv[2])


def run(*words, code=0):
    answer = subprocess.run([program, "trend", *map(str, words)], capture_output=True, text=True, timeout=300)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    return answer


def people(*words):
    return {one["person"]: one for one in map(json.loads, run(*words, "--json").stdout.splitlines())}


def refused(*words, code=3, says):
    error = run(*words, code=code).stderr
    assert says in error, f"{words}: {error!r} does not say {says!r}"


def made_up(folder):
    """Twelve people, 20 weeks; p0 rises in the middle, p1 has one extreme day, p2 is constant, p3 has two days."""
    noise, first = random.Random(3), datetime.date(2026, 1, 5)
    rows = []
    for person in range(12):
        for day in range(140):
            value = 40 + noise.gauss(0, 1)
            if person == 0 and day >= 70:
                value += 6
            if person == 1 and day == 100:
                value = 100
            if person == 2:
                value = 40
            if person == 3 and day > 1:
                continue
            rows.append([f"p{person}", (first + datetime.timedelta(day)).isoformat(), round(value, 3)])
    file = folder / "weeks.csv"
    with open(file, "w", newline="") as out:
        csv.writer(out).writerows([["person", "date", "value"], *rows])
    return file


def check_made_up(folder):
    file = made_up(folder)
    page, log = folder / "page.html", folder / "log.csv"
    found = people(file, "--html", page, "--csv", log, "--timezone", "Europe/Oslo")
    assert len(found) == 12
    risen, odd, constant, two = (found[f"p{i}"] for i in range(4))
    points = risen["changes"]["points"]
    assert len(points) == 1 and abs(datetime.date.fromisoformat(points[0]["day"]) - datetime.date(2026, 3, 16)).days <= 2
    assert points[0]["change"] == "worse" and risen["reliable_change"]["change"] == "worse"
    assert risen["weeks"][-1]["level"] == "high" and any(a["rule"] == "high-for-weeks" for a in risen["alerts"])
    for alert in risen["alerts"]:
        assert all(alert[key] for key in ("seen", "evidence", "try", "see_someone", "rationale", "sources"))
    assert {week["level"] for week in odd["weeks"][2:]} == {"low"}, "one extreme day moved the log"
    assert not odd["changes"]["points"] and odd["direction"] == "none"
    for part in ("trend", "level", "changes", "thresholds", "reliable_change"):
        assert "alike" in constant[part]["error"], constant[part]
        assert "error" in two[part], two[part]
    assert all(week["level"] is None for week in constant["weeks"])
    rows = list(csv.DictReader(open(log)))
    assert len(rows) == sum(len(one["weeks"]) for one in found.values())
    text = " ".join(ElementTree.parse(page).getroot().itertext())
    assert "Not a diagnosis" in text and "High for several weeks" in text

    group = json.loads(run(file, "--group", "--json", "--levels", "45,50,55").stdout)
    assert group["people_at_least"] == 10 and all(week["people_at_least"] == 10 for week in group["weeks"] if week["shown"])
    assert not any(name in json.dumps(group) for name in ("p0", "p11"))
    refused(file, "--group", "--k", 13, says="from 13 people on")
    refused(file, "--group", "--k", 3, code=2, says="--k")
    refused(file, "--group", "--person", "p1", code=2, says="exclude each other")
    refused(file, "--person", "p3", says="at least 3 days")
    refused(file, "--person", "nobody", says="it has p0")


def check_bad_input(folder):
    table = folder / "bad.csv"

    def given(text, *words, **expected):
        table.write_text(text)
        refused(table, *words, **expected)

    given("person,time_utc,value\na,2026-01-01T10:00:00Z,1\na,2026-01-01T11:00:00+01:00,2\n", says="line 3")
    given("person,time_utc,value\na,2026-01-01,nan\n", says="no finite number")
    given("person,time_utc,value\na,01.02.2026,1\n", says="is no time")
    for time in "2026-03-29 02:30", "2026-10-25 02:30":
        for offset in "+01:00", "+02:00":
            given(f"person,time,value\na,{time},1\n", "--timezone", "Europe/Berlin", says=time.replace(" ", "T") + offset)
    given("person,when,value\na,2026-01-01,1\n", says="--time")
    given("", says="is empty")
    head = "person,time_utc,instrument,version,scale,score\n"
    given(head + "a,2026-01-01,PSS-10,1,total,20\na,2026-02-01,WHO-5,1,total,20\n", says="--instrument")
    table.write_text("person,time_utc,value\n" + "".join(f"a,2026-01-{day:02},{day % 3}\n" for day in range(20, 0, -1)))
    assert "went back 19 times" in run(table).stdout
    refused(table, "--timezone", "Mars/Olympus", code=2, says="IANA")
    refused(table, "--levels", "3,2,1", code=2, says="--levels 40,50,60")
    refused(table, "--sd", 2, code=2, says="belong together")
    refused(table, "--rules", folder / "none.toml", says="--rules")
    refused(folder / "none.csv", says="cannot be read")


def check_wellness(folder):
    """The weekly medians of the real table, counted here anew; zeros are missing, and higher is better there."""
    table = survey / "pmdata-wellness.csv"
    columns = ["--id", "participant", "--time", "effective_time_frame", "--value", "stress", "--missing", 0, "--higher", "better"]
    found = people(table, *columns)
    days = defaultdict(lambda: defaultdict(list))
    for row in csv.DictReader(open(table)):
        if row["stress"] not in ("", "0"):
            days[row["participant"]][datetime.date.fromisoformat(row["effective_time_frame"][:10])].append(float(row["stress"]))
    assert set(found) == set(days)
    for person, by_day in days.items():
        weeks = defaultdict(list)
        for day, values in by_day.items():
            weeks["{}-W{:02}".format(*day.isocalendar()[:2])].append(statistics.median(values))
        log = {week["week"]: week for week in found[person]["weeks"]}
        assert {name for name, week in log.items() if week["days"]} == set(weeks)
        for name, values in weeks.items():
            assert log[name]["days"] == len(values) and log[name]["value"] == statistics.median(values), (person, name)
    group = json.loads(run(table, *columns, "--group", "--json").stdout)
    assert sum(week["shown"] for week in group["weeks"]) > 0
    refused(table, *columns, "--group", "--k", 11, says="from 11 people on")


with tempfile.TemporaryDirectory() as name:
    check_made_up(pathlib.Path(name))
    check_bad_input(pathlib.Path(name))
    if not (survey / "pmdata-wellness.csv").exists():
        print(f"{survey}/pmdata-wellness.csv is not there: the real table was not tested", file=sys.stderr)
        sys.exit(77)
    check_wellness(pathlib.Path(name))
