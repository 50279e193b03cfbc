"""Recomputes the burnout score of a run's folder from frames.csv alone, by the formulas as docs/formats.md writes them down, and compares.

    python3 tests/system/recompute_score.py FOLDER...

Shares no code with the program: NumPy, the whole column at a time, the window cut out anew for every row. Exit code 0: every
number agrees within 1e-9 and every seven probabilities sum to 1 within 1e-6; 1: something differs (each difference is printed);
3: the folder cannot be read."""

import csv
import json
import sys
from pathlib import Path

try:
    import numpy as np
except ModuleNotFoundError:
    sys.exit("recompute_score: NumPy is not installed. Install it: apt-get install python3-numpy")

WITHIN = 1e-9
SUM_WITHIN = 1e-6
NEGATIVE, POSITIVE, BALANCED = ("sad", "angry", "fear", "disgust"), ("happy",), ("neutral", "surprise")
LEAST_DEVIATION = 0.05


class Check:
    """Compares and counts; prints the first differences of each kind."""

    def __init__(self, name):
        self.name, self.compared, self.worst, self.differences = name, 0, 0.0, 0

    def same(self, what, got, want, within=WITHIN):
        got, want = np.atleast_1d(np.asarray(got, float)), np.atleast_1d(np.asarray(want, float))
        self.compared += got.size
        missing = np.isnan(got) != np.isnan(want)
        far = np.abs(np.where(np.isnan(got) | np.isnan(want), 0, got - want))
        # Beside weights far from 1, the numbers' own size decides.
        bad = missing | (far > within * np.maximum(1, np.abs(np.nan_to_num(want))))
        if within <= WITHIN:
            self.worst = max(self.worst, float(far.max(initial=0)))
        for i in np.flatnonzero(bad)[:3]:
            print(f"{self.name}: {what}, value {i}: file {got[i]!r}, recomputed {want[i]!r}")
        self.differences += int(bad.sum())


def column(rows, name):
    return np.array([float(row[name]) if row[name] != "" else np.nan for row in rows])


def formulas(settings):
    """S_final and index of a mean and a volatility, for the weights in force."""
    ends = [settings["alpha"], -settings["beta"], settings["gamma"]]
    low, high = min(ends), max(ends)
    if settings["profile"] == "extended":
        high += settings["delta"]
    weight = settings["lambda"]

    def final(mean, volatility):
        return weight * mean + (1 - weight) * volatility

    def index(mean, volatility):
        level = np.clip((mean - low) / (high - low), 0, 1)
        unrest = np.clip(volatility / ((high - low) / 2) ** 2, 0, 1)
        return 100 * (weight * level + (1 - weight) * unrest)

    return final, index


def fatigue_terms(rows, times, valid):
    """F_t: PERCLOS, the last blink's duration and the yawns of the last five minutes, each as far as it is known."""
    perclos, blink_ms, yawns = (column(rows, name) for name in ("perclos", "blink_duration_ms", "yawns"))
    out, yawn_times, seen = np.full(len(rows), np.nan), [], 0
    for i in np.flatnonzero(valid):
        count = 0 if np.isnan(yawns[i]) else int(yawns[i])
        yawn_times += [times[i]] * (count - seen)
        seen = max(seen, count)
        recent = sum(t > times[i] - 300 for t in yawn_times)
        parts = [(0.5, perclos[i] / 0.15), (0.25, (blink_ms[i] - 200) / 300), (0.25, recent / 3)]
        known = [(weight, min(max(value, 0), 1)) for weight, value in parts if not np.isnan(value)]
        out[i] = sum(weight * value for weight, value in known) / sum(weight for weight, _ in known)
    return out


def baseline_of(times, steps, scored, seconds):
    """Mean, deviation and the row from which on they are known."""
    which = np.flatnonzero(scored)
    late = [i for i in which if times[i] - times[which[0]] >= seconds] if which.size else []
    if not late:
        return None
    rest = steps[[i for i in which if times[i] - times[which[0]] < seconds]]
    return rest.mean(), rest.std(), late[0]


def check_person(check, face_id, rows, settings, person):
    final, index = formulas(settings)
    extended = settings["profile"] == "extended"
    times, valid = column(rows, "time_s"), column(rows, "valid") == 1
    p = {name: column(rows, name) for name in NEGATIVE + POSITIVE + BALANCED}
    scored = valid & ~np.isnan(p["happy"])
    check.same("sum of the seven probabilities", sum(p.values())[scored], np.ones(int(scored.sum())), SUM_WITHIN)

    steps = (settings["alpha"] * sum(p[n] for n in NEGATIVE) - settings["beta"] * sum(p[n] for n in POSITIVE)
             + settings["gamma"] * sum(p[n] for n in BALANCED))
    if extended:
        fatigue = fatigue_terms(rows, times, valid)
        check.same("fatigue", column(rows, "fatigue"), fatigue)
        steps = steps + settings["delta"] * fatigue
    steps = np.where(scored, steps, np.nan)
    check.same("score", column(rows, "score"), steps)

    # Rolling: for every row the valid frames of the window (t - w, t].
    kept_times, kept_steps = times[scored], steps[scored]
    mean, volatility = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    ends = np.cumsum(scored)
    first = 0
    for i, time in enumerate(times):
        while first < ends[i] and kept_times[first] <= time - settings["window_s"]:
            first += 1
        inside = kept_steps[first:ends[i]]
        if inside.size:
            mean[i] = inside.mean()
            volatility[i] = ((inside - mean[i]) ** 2).mean()
    check.same("score_mean", column(rows, "score_mean"), mean)
    check.same("volatility", column(rows, "volatility"), volatility)
    check.same("score_final", column(rows, "score_final"), final(mean, volatility))
    check.same("index", column(rows, "index"), index(mean, volatility), WITHIN * 100)

    if extended:
        known = settings.get("known_baseline")
        rest = ((known["mean"], known["deviation"], 0) if known
                else baseline_of(times, steps, scored, settings["baseline_s"]))
        z = np.full(len(rows), np.nan)
        if rest:
            z[rest[2]:] = (mean[rest[2]:] - rest[0]) / max(rest[1], LEAST_DEVIATION)
            check.same(f"person {face_id} baseline", [person["baseline"]["mean"], person["baseline"]["deviation"]], rest[:2])
        check.same("score_z", column(rows, "score_z"), z, WITHIN / LEAST_DEVIATION)

    # The whole session, as session.json says it.
    def said(name):
        return np.nan if person[name] is None else person[name]

    some = kept_steps.size > 0
    session_mean = kept_steps.mean() if some else np.nan
    session_volatility = ((kept_steps - session_mean) ** 2).mean() if some else np.nan
    for name, want, within in (("min_score", kept_steps.min() if some else np.nan, WITHIN),
                               ("max_score", kept_steps.max() if some else np.nan, WITHIN),
                               ("mean_score", session_mean, WITHIN), ("volatility", session_volatility, WITHIN),
                               ("score_final", final(session_mean, session_volatility), WITHIN),
                               ("index", index(session_mean, session_volatility), WITHIN * 100),
                               ("frames", len(rows), 0), ("valid_frames", int(valid.sum()), 0)):
        check.same(f"person {face_id} session {name}", said(name), want, within)


def check_folder(folder):
    check = Check(str(folder))
    session = json.loads((folder / "session.json").read_text())
    with (folder / "frames.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "session.csv").open(newline="") as file:
        persons_csv = {int(row["face_id"]): row for row in csv.DictReader(file)}
    people = {person["face_id"]: person for person in session["persons"]}
    ids = sorted({int(row["face_id"]) for row in rows if row["face_id"] != ""})
    if ids != sorted(people) or ids != sorted(persons_csv):
        print(f"{folder}: frames.csv has the persons {ids}, session.json {sorted(people)}, session.csv {sorted(persons_csv)}")
        check.differences += 1
    for face_id in set(ids) & set(people) & set(persons_csv):
        check_person(check, face_id, [row for row in rows if row["face_id"] == str(face_id)], session["settings"]["score"],
                     people[face_id])
        for name, value in persons_csv[face_id].items():
            told = people[face_id][name]
            if value != ("" if told is None else value if isinstance(told, str) else repr(told)):
                check.same(f"person {face_id} session.csv {name}", float(value), told, 0)
    print(f"{folder}: {len(rows)} rows, {len(ids)} persons, {check.compared} numbers, largest difference {check.worst:.1e}"
          f"{'' if check.differences == 0 else f', {check.differences} DIFFER'}")
    return check.differences == 0


def main():
    folders = [Path(argument) for argument in sys.argv[1:]]
    if not folders:
        sys.exit("recompute_score: give one or more folders of a run")
    try:
        agree = [check_folder(folder) for folder in folders]
    except (OSError, KeyError, ValueError) as failure:
        print(f"recompute_score: cannot read the run: {failure!r}", file=sys.stderr)
        sys.exit(3)
    sys.exit(0 if all(agree) else 1)


if __name__ == "__main__":
    main()
