"""Reads frames.parquet of a run's folder with pyarrow, another implementation than ours, and compares every cell with frames.csv.

    python3 tests/system/read_parquet.py FOLDER...

pyarrow is no part of the set-up: without it this says so and does nothing (exit code 77, which ctest counts as skipped). Exit code
0: the same; 1: something differs."""

import csv
import sys
from datetime import datetime, timezone
from pathlib import Path

try:
    import pyarrow.parquet as parquet
except ModuleNotFoundError:
    print("read_parquet: SKIPPED, pyarrow is not installed (pip install pyarrow, in a virtual environment)")
    sys.exit(77)


def same(kind, cell, value):
    if cell == "" or value is None:
        return cell == "" and value is None
    if kind == "timestamp[us, tz=UTC]":
        return datetime.fromisoformat(cell.replace("Z", "+00:00")) == value.astimezone(timezone.utc)
    if kind == "bool":
        return cell == str(int(value))
    if kind == "string":
        return cell == value
    if kind == "float":  # the shortest decimals that read back to the same float32
        return abs(float(cell) - value) <= abs(value) * 2**-24
    return float(cell) == value


def check_folder(folder):
    table = parquet.read_table(folder / "frames.parquet")
    kinds = [str(field.type) for field in table.schema]
    columns = [column.to_pylist() for column in table.columns]
    differences = 0
    with (folder / "frames.csv").open(newline="") as file:
        rows = csv.reader(file)
        if next(rows) != table.schema.names:
            sys.exit(f"read_parquet: {folder}: the columns' names differ")
        count = 0
        for row in rows:
            for name, kind, cell, column in zip(table.schema.names, kinds, row, columns):
                if count >= len(column) or not same(kind, cell, column[count]):
                    differences += 1
                    print(f"{folder}: row {count}, {name}: csv {cell!r}, parquet {column[count] if count < len(column) else 'none'!r}")
            count += 1
    print(f"{folder}: {count} rows of {len(columns)} columns, {differences} cells differ")
    return differences == 0 and count == table.num_rows


if __name__ == "__main__":
    agree = [check_folder(Path(argument)) for argument in sys.argv[1:]]
    sys.exit(0 if agree and all(agree) else 1)
