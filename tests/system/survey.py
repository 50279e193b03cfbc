"""`pyrometer survey` as a whole: take by a pipe, the exports of three tools, scores recounted here from the definition files alone,
reliability recomputed with numpy, licensed wording that never shows in messages, and bad input of every kind.

usage: survey.py PYROMETER REPOSITORY
"""
import csv
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy

program, repository = sys.argv[1], pathlib.Path(sys.argv[2])
definitions = {file.stem: json.loads(file.read_text()) for file in sorted((repository / "surveys" / "instruments").glob("*.json"))}
random.seed(7)


def run(*words, code=0, typed="", folder=None):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYROMETER_")}
    answer = subprocess.run([program, "survey", *map(str, words)], capture_output=True, text=True, timeout=120, input=typed, cwd=folder, env=environment)
    assert answer.returncode == code, f"{words}: exit {answer.returncode}, expected {code}: {answer.stderr}"
    if code:
        assert len([line for line in answer.stderr.splitlines() if line.startswith("pyrometer: ")]) == 1, f"{words}: {answer.stderr}"
    return answer


def lines(*words, **more):
    return [json.loads(line) for line in run(*words, "--json", **more).stdout.splitlines()]


def refused(mentions, *words, code=3, **more):
    answer = run(*words, code=code, **more)
    for mention in mentions:
        assert mention in answer.stderr, f"{words}: the error does not mention {mention!r}: {answer.stderr}"
    return answer


def recount(definition, answers):
    """{scale: score or None}, from the definition file alone."""
    low, high = definition["answers"]["min"], definition["answers"]["max"]
    scores = {}
    for scale in definition["scales"]:
        given = [(item, answers[item - 1]) for item in scale["items"] if answers[item - 1] is not None]
        if len(given) < scale["minimum_answered"]:
            scores[scale["id"]] = None
            continue
        mean = sum(low + high - a if item in definition["reverse"] else a for item, a in given) / len(given)
        scores[scale["id"]] = {"sum": mean * len(scale["items"]), "mean": mean, "percent": 100 * (mean - low) / (high - low)}[scale["score"]]
    return scores


def near(a, b, tolerance=1e-9):
    assert (a is None) == (b is None) and (a is None or abs(a - b) <= tolerance), f"{a} and {b}"


def made_up(definition, people):
    low, high = definition["answers"]["min"], definition["answers"]["max"]
    table = []
    for _ in range(people):
        trait = random.gauss(0, 1)
        row = []
        for item in range(1, definition["items"] + 1):
            value = (low + high) / 2 + (high - low) / 4 * (0.8 * trait + 0.6 * random.gauss(0, 1)) * (-1 if item in definition["reverse"] else 1)
            row.append(None if random.random() < 0.01 else min(high, max(low, round(value))))
        table.append(row)
    return table


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([["" if cell is None else cell for cell in row] for row in rows])
    return path


def listing():
    shown = lines("list")
    assert [one["id"] for one in shown] == sorted(definitions), shown
    for one in shown:
        assert lines("show", one["id"])[0]["scales"] == one["scales"]
        run("check", repository / "surveys" / "instruments" / f"{one['id']}.json")
        assert "Not a diagnosis" in run("show", one["id"]).stdout
    assert all(one["languages"] == (["de", "en", "es"] if one["id"] == "checkin" else []) for one in shown)
    print(f"ok    {len(shown)} questionnaires listed, shown and checked")


def taking(tmp):
    # One wrong key, one step back, one skipped item: 4 3 0(→back→2) 1 s 2
    kept = tmp / "checkin.csv"
    typed = "4\n9\nx\n3\n0\nb\n2\n1\ns\n2\n"
    (scored,) = lines("take", "checkin", "--language", "en", "--person", "p1", "--out", kept, typed=typed)
    answers = [4, 3, 2, 1, None, 2]
    near(scored["scales"][0]["score"], recount(definitions["checkin"], answers)["total"])
    assert scored["unvalidated"] and scored["scales"][0]["category"] is None and "Not a diagnosis" in scored["notice"]
    told = run("take", "checkin", "--language", "de", "--person", "p1", "--out", kept, typed="0\n4\n0\n4\n0\n4\n").stdout
    assert "Meine Arbeit hat mich ausgelaugt." in told and "Not a diagnosis" in told and "Unvalidated" in told
    rows = list(csv.DictReader(kept.open()))
    assert [row["language"] for row in rows] == ["en", "de"] and rows[0]["item5"] == "" and rows[0]["time_utc"].endswith("Z"), rows
    before = kept.read_bytes()
    assert run("take", "checkin", "--language", "en", "--person", "p1", "--out", kept, typed="1\nq\n").stderr == "Nothing was kept.\n"
    refused(["before item 3"], "take", "checkin", "--language", "en", "--person", "p1", "--out", kept, typed="1\n1\n")
    assert kept.read_bytes() == before
    refused(["--language", "de en"], "take", "checkin", code=2)
    refused(["no wording", "fr"], "take", "checkin", "--language", "fr", code=2)
    refused(["--person"], "take", "checkin", "--language", "en", "--out", kept, code=2)
    refused(["pss-10"], "take", "nothing", code=2)
    refused(["no file of responses"], "take", "pss-4", "--person", "p1", "--out", kept)
    assert "Item 3" in run("take", "pss-4", typed="1\n2\n3\n4\n").stdout
    print("ok    take: by number and in two languages; back, skip, quit and an early end")


def wording(tmp):
    secret = "SECRET how much"
    rows = [["item", "text"], *[[i, f"{secret} {i}"] for i in range(1, 5)], *[[f"answer {i}", f"SECRET label {i}"] for i in range(5)]]
    good = write(tmp / "wording.csv", rows)
    answer = run("wording", "--instrument", "pss-4", "--language", "de", good, "--data", tmp / "data")
    assert "SECRET" not in answer.stdout + answer.stderr
    assert lines("show", "pss-4", "--data", tmp / "data")[0]["languages"] == ["de"]
    assert f"{secret} 3" in run("take", "pss-4", "--language", "de", "--data", tmp / "data", typed="1\n2\n3\n4\n").stdout
    for broken in (rows[:4], rows[:5] + [[5, secret]], rows[:5] + [[4, secret]], rows[:6]):
        answer = refused(["broken.csv"], "wording", "--instrument", "pss-4", "--language", "de", write(tmp / "broken.csv", broken), "--data", tmp / "data")
        assert "SECRET" not in answer.stdout + answer.stderr
    refused(["language"], "wording", "--instrument", "pss-4", "--language", "../x", good, "--data", tmp / "data", code=2)
    print("ok    wording: kept apart, used by take, in no message")


def importing(tmp):
    table = made_up(definitions["pss-10"], 60)
    stamps = [f"2026-{1 + i // 28:02}-{1 + i % 28:02} 12:{i % 60:02}" for i in range(60)]
    items = [f"pss_{i}" for i in range(1, 11)]
    redcap = write(tmp / "redcap.csv", [["record_id", "redcap_event_name", "pss_timestamp", *items, "pss_complete"],
                                        *[[i + 1, "baseline_arm_1", stamps[i] + ":00", *row, 2] for i, row in enumerate(table)],
                                        [61, "baseline_arm_1", "[not completed]", *table[0], 0], [62, "baseline_arm_1", "", *[None] * 10, 0]])
    about = [{"ImportId": "startDate", "timeZone": "Europe/Berlin"}, {"ImportId": "endDate", "timeZone": "Europe/Berlin"}, {"ImportId": "finished"},
             {"ImportId": "_recordId"}, {"ImportId": "externalDataReference"}, *[{"ImportId": f"QID4_{i}"} for i in range(1, 11)]]
    qualtrics = write(tmp / "qualtrics.csv", [["StartDate", "EndDate", "Finished", "ResponseId", "ExternalReference", *[f"Q4_{i}" for i in range(1, 11)]],
                                              ["Start Date", "End Date", "Finished", "Response ID", "External Data Reference", *["a, long\nquestion"] * 10],
                                              [json.dumps(one) for one in about],
                                              *[[stamps[i] + ":00", stamps[i] + ":00", "True", f"R_{i}", i + 1, *row] for i, row in enumerate(table)],
                                              [stamps[0], stamps[0], "False", "R_x", 99, *table[0]]])
    codes = write(tmp / "codes.csv", [["answer", "value"], *[[f"A{i + 1}", i] for i in range(5)]])
    limesurvey = write(tmp / "limesurvey.csv", [["id", "submitdate", "lastpage", "startlanguage", "token", *[f"G01Q02[SQ{i:03}]" for i in range(1, 11)]],
                                                *[[i, stamps[i] + ":00", 2, "de", i + 1, *[None if a is None else f"A{a + 1}" for a in row]] for i, row in enumerate(table)],
                                                [99, "", 1, "de", 99, *["A1"] * 10]])
    plain = write(tmp / "plain.csv", [["person", "when", *[f"x{i}" for i in range(10)]], *[[i + 1, stamps[i] + "+01:00", *row] for i, row in enumerate(table)]])
    columns = write(tmp / "columns.csv", [["column", "item"], ["when", "time"], *[[f"x{i}", i + 1] for i in range(10)]])
    kept = {}
    for name, file, more in (("redcap", redcap, ["--timezone", "Europe/Berlin"]), ("qualtrics", qualtrics, []),
                             ("limesurvey", limesurvey, ["--timezone", "Europe/Berlin", "--answers", codes]), ("plain", plain, ["--map", columns])):
        out = tmp / f"from_{name}.csv"
        (told,) = lines("import", file, "--instrument", "pss-10", "--out", out, *more)
        assert told["format"] == name and told["responses"] == 60, told
        kept[name] = [{k: v for k, v in row.items() if k != "language"} for row in csv.DictReader(out.open())]
    assert all(rows == kept["redcap"] for rows in kept.values()), "the same answers, brought in four ways, differ"
    assert kept["redcap"][0]["time_utc"] == "2026-01-01T11:00:00.000000Z"

    # Scores: recounted from the definition, as CSV and as JSON.
    run("score", tmp / "from_redcap.csv", "--out", tmp / "scores.csv")
    text = (tmp / "scores.csv").read_text()
    assert text.startswith("person,time_utc,instrument,version,scale,score,percent,category,answered,items\n")
    bands = definitions["pss-10"]["scales"][0]["cutoffs"]["bands"]
    for row, told, answers in zip(csv.DictReader(io.StringIO(text)), lines("score", tmp / "from_redcap.csv"), table):
        expected = recount(definitions["pss-10"], answers)["total"]
        near(float(row["score"]) if row["score"] else None, expected)
        near(told["scales"][0]["score"], expected)
        category = None if expected is None else [band["category"] for band in bands if expected >= band["from"]][-1]
        assert (row["category"] or None) == category == told["scales"][0]["category"]
    assert "Not a diagnosis" in run("score", tmp / "from_redcap.csv").stdout

    # Reliability, by numpy.
    (told,) = lines("reliability", tmp / "from_redcap.csv")
    keyed = numpy.array([[4 - a if i + 1 in (4, 5, 7, 8) else a for i, a in enumerate(row)] for row in table if None not in row], dtype=float)
    alpha = 10 / 9 * (1 - keyed.var(axis=0, ddof=1).sum() / keyed.sum(axis=1).var(ddof=1))
    near(told["scales"][0]["alpha"]["value"], alpha)
    assert told["scales"][0]["n"] == len(keyed) and told["scales"][0]["alpha"]["low"] < alpha < told["scales"][0]["alpha"]["high"]
    for i, item in enumerate(told["scales"][0]["items"]):
        near(item["item_rest"], numpy.corrcoef(keyed[:, i], keyed.sum(axis=1) - keyed[:, i])[0, 1])
    loadings = numpy.array([item["loading"] for item in told["scales"][0]["items"]])
    spread = loadings * keyed.std(axis=0, ddof=1)
    near(told["scales"][0]["omega"]["value"], spread.sum() ** 2 / (spread.sum() ** 2 + ((1 - loadings**2) * keyed.var(axis=0, ddof=1)).sum()))
    print(f"ok    import: {len(table)} responses by four ways alike; scores recounted; alpha {alpha:.3f}, omega {told['scales'][0]['omega']['value']:.3f}")
    return redcap


def every_questionnaire(tmp):
    for name, definition in definitions.items():
        table = made_up(definition, 12)
        file = write(tmp / f"{name}.csv", [["person", "time", *[f"q{i}" for i in range(1, definition["items"] + 1)]],
                                           *[[f"p{i}", f"2026-02-{i + 1:02}T08:00Z", *row] for i, row in enumerate(table)]])
        run("import", file, "--instrument", name, "--out", tmp / f"{name}_kept.csv")
        for told, answers in zip(lines("score", tmp / f"{name}_kept.csv"), table):
            for scale in told["scales"]:
                near(scale["score"], recount(definition, answers)[scale["scale"]])
    print(f"ok    score: {len(definitions)} questionnaires recounted from their files")


def bad_input(tmp, redcap):
    titles, row = ["person", "time", "q1", "q2", "q3", "q4"], ["a", "2026-01-31T12:04Z", 1, 2, 3, 4]
    kept = tmp / "kept.csv"

    def both(mentions, *rows, more=()):
        file = write(tmp / "bad.csv", [titles, *rows])
        refused(["bad.csv", *mentions], "import", file, "--instrument", "pss-4", "--out", kept, *more)
        assert not kept.exists(), "something was kept of a file that was refused"

    both(["line 3", "column q2", '"5"'], row, ["b", *row[1:3], 5, 3, 4])
    both(["line 2", "column q4", '"2.5"'], [*row[:5], 2.5])
    both(["column q4", '"often"', "--answers"], [*row[:5], "often"])
    both(["column q4", '"nan"'], [*row[:5], "nan"])
    both(["line 3 repeats", "line 2"], row, row)
    both(["has no offset", "--timezone"], ["a", "2026-01-31 12:04", *row[2:]])
    both(["never was in Europe/Berlin"], ["a", "2026-03-29 02:30", *row[2:]], more=["--timezone", "Europe/Berlin"])
    both(["was twice in Europe/Berlin", "+02:00", "+01:00"], ["a", "2026-10-25 02:30", *row[2:]], more=["--timezone", "Europe/Berlin"])
    refused(["Europe/Nowhere"], "import", tmp / "bad.csv", "--instrument", "pss-4", "--timezone", "Europe/Nowhere", code=2)
    refused(["numbered from 1 to 22"], "import", tmp / "bad.csv", "--instrument", "mbi-hss")
    refused(["spss"], "import", tmp / "bad.csv", "--instrument", "pss-4", "--format", "spss", code=2)
    refused(["absent.csv"], "import", tmp / "absent.csv", "--instrument", "pss-4")
    run("import", redcap, "--instrument", "pss-10", "--timezone", "Europe/Berlin", "--out", tmp / "twice.csv")
    before = (tmp / "twice.csv").read_bytes()
    refused(["already"], "import", redcap, "--instrument", "pss-10", "--timezone", "Europe/Berlin", "--out", tmp / "twice.csv")
    assert (tmp / "twice.csv").read_bytes() == before
    mixed = (tmp / "twice.csv").read_text() + (tmp / "twice.csv").read_text().splitlines()[1].replace("pss-10", "who-5").replace("1,2026", "x,2026") + "\n"
    (tmp / "mixed.csv").write_text(mixed)
    refused(["one questionnaire a file"], "score", tmp / "mixed.csv")
    write(tmp / "alike.csv", [titles, *[[f"p{i}", *row[1:]] for i in range(5)]])
    run("import", tmp / "alike.csv", "--instrument", "pss-4", "--out", tmp / "alike_kept.csv")
    refused(["alike"], "reliability", tmp / "alike_kept.csv")
    broken = json.loads((repository / "surveys" / "instruments" / "cbi.json").read_text())
    broken["scales"][1]["items"].append(6)
    (tmp / "cbi.json").write_text(json.dumps(broken))
    refused(["cbi.json", "item 6", "personal"], "check", tmp / "cbi.json")
    broken["scales"][1]["score"] = "median"
    (tmp / "cbi.json").write_text(json.dumps(broken))
    refused(["cbi.json", "scales[1].score"], "check", tmp / "cbi.json")
    refused(["no JSON"], "check", redcap)
    refused(["--surveys"], "list", "--surveys", tmp / "nowhere")
    print("ok    bad input: impossible answers, times, duplicates, mixtures, definitions")


with tempfile.TemporaryDirectory() as scratch:
    folder = pathlib.Path(scratch)
    listing()
    taking(folder)
    wording(folder)
    export = importing(folder)
    every_questionnaire(folder)
    bad_input(folder, export)
