"""Answers of a server, held against contracts/openapi.yaml: what a web app's generated types promise is what comes."""
import functools
import pathlib
import re

import jsonschema
import yaml

CONTRACT = pathlib.Path(__file__).resolve().parents[2] / "contracts" / "openapi.yaml"


@functools.cache
def contract():
    return yaml.load(CONTRACT.read_text(), Loader=yaml.CSafeLoader)


def resolved(node):
    while "$ref" in node:
        found = contract()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


@functools.cache
def operations():
    """(method, path as an expression, operation): those with fewer parameters first."""
    found = []
    for path, item in contract()["paths"].items():
        expression = re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path)))
        found += [(path.count("{"), method.upper(), expression, operation) for method, operation in item.items()]
    return [rest for _, *rest in sorted(found, key=lambda one: one[0])]


@functools.cache
def shape(name, status, media):
    """The validator of one operation's answers; None where the contract says nothing more than their media type."""
    operation = next(one for _, _, one in operations() if one["operationId"] == name)
    answers = operation["responses"]
    assert status in answers or int(status) >= 400, f"{name} answers {status}, which stands not in the contract"
    content = resolved(answers.get(status, answers["default"])).get("content", {})
    assert media in content or not (media or content), f"{name} {status} is {media or 'empty'}, and should be one of {list(content)}"
    schema = content.get(media, {}).get("schema")
    if schema is None or not media.endswith("json"):
        return None
    return jsonschema.Draft202012Validator({**schema, "components": contract()["components"]})


def deepest(fault):
    """Of a value that fits none of several forms: what is wrong with the form that it comes nearest to."""
    while fault.context:
        fault = max(fault.context, key=lambda each: len(each.absolute_path) + bool(each.context))
    return f"{fault.json_path}: {fault.message[:300]}"


def check(method, path, reply):
    """Fails with each place where an answer is not as the contract says. Paths that it does not know are passed over."""
    path = path.split("?")[0]
    name = next((one["operationId"] for asked, expression, one in operations() if asked == method and expression.fullmatch(path)), None)
    if name is None or reply.status in (101, 304):
        return
    media = reply.headers.get("content-type", "").split(";")[0]
    validator = shape(name, str(reply.status), media)
    if validator is None:
        return
    faults = [f"  {deepest(fault)}" for fault in validator.iter_errors(reply.json)]
    assert not faults, "\n".join([f"{name} {reply.status} is not as the contract says:", *faults[:10]])
