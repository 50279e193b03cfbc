"""The whole API under requests that are made from its contract, valid and not (schemathesis): no 5xx, no answer that the contract does not
describe, nothing invalid accepted, nothing valid refused for its form.

usage: properties.py PYROMETER HOME [EXAMPLES]
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from server import Server, Site, consent

program, home = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
examples = sys.argv[3] if len(sys.argv) > 3 else "3"
pins = pathlib.Path(__file__).with_name("schemathesis.txt")
tool = home / "test-tools" / "schemathesis"
# What ends the caller's own login or record, and conversations, which it cannot hold.
LEFT_OUT = ("logout", "erasePerson", "changePassword", "streamSession", "watchSession")
# A code or a password that is of the right form and wrong is refused all the same.
SECRETS = ("confirmTotp", "login")


def installed():
    """The tool in an environment of its own, once."""
    stamp = tool / "pins"
    if stamp.exists() and stamp.read_text() == pins.read_text():
        return True
    done = subprocess.run(["/usr/bin/python3", "-m", "venv", "--clear", str(tool)], check=False) \
        .returncode == 0 and subprocess.run([str(tool / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--requirement", str(pins)],
                                            check=False).returncode == 0
    if done:
        stamp.write_text(pins.read_text())
    return done


def run(server, who, client, left_out, checks):
    with tempfile.TemporaryDirectory() as folder:
        contract = pathlib.Path(folder) / "openapi.json"
        contract.write_text(json.dumps(client.get("openapi.json").json))
        words = [str(tool / "bin" / "schemathesis"), "run", str(contract), "--url", f"https://localhost:{server.port}", "--tls-verify", "false",
                 "--max-examples", examples, "--seed", "1", "--phases", "examples,coverage,fuzzing", "--workers", "1",
                 "--header", f"Cookie: {client.cookie}", "--header", f"X-CSRF-Token: {client.csrf}", *checks]
        for name in left_out:
            words += ["--exclude-operation-id", name]
        done = subprocess.run(words, capture_output=True, text=True, cwd=folder, check=False)
    print(f"as {who}:", *(line for line in done.stdout.splitlines() if "generated" in line))
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


if not installed():
    print("schemathesis could not be installed from the package registry: skipped")
    sys.exit(77)
with Server(program, flags=["--no-live"]) as server:
    site = Site(server)
    site.mode("clinical")
    anna, clara = site.user("anna", "participant"), site.user("clara", "clinician")
    anna.post(f"people/{anna.person}/care", {"account": "clara"})
    consent(anna, anna.person, "live_analysis", "store_observations")
    anna.post("sessions", {"person": anna.person})
    # Not checked: that whatever has the right form is accepted (rules beyond form refuse some of it), and methods that there are not.
    for who, client in (("clinician", clara), ("administrator", site.admin)):
        # The administrator's own site and accounts must outlive the run.
        more = ("changeSite", "changeUser", "resetPassword") if client is site.admin else ()
        run(server, who, client, (*LEFT_OUT, *SECRETS, *more), ("--exclude-checks", "unsupported_method,positive_data_acceptance"))
    for line in server.errors().splitlines():
        assert " error " not in line, line
    server.stop()
print("properties: all as expected")
