"""Signing in by a provider (OpenID Connect), through the real server: a good one, and each way in which one must not be believed.

usage: oidc.py PYROMETER
"""
import datetime
import ipaddress
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

try:
    from oidc_provider import CLIENT, SECRET, Key, Provider
except ImportError:
    print("python3-cryptography is not installed (setup/packages-test.txt): skipped")
    sys.exit(77)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from server import Server, Site, totp

program = sys.argv[1]
CALLBACK = "https://pyrometer.example.org/api/v1/oidc/callback"


def flags_for(provider, *more):
    provider.redirect = CALLBACK
    return ["--oidc-issuer", provider.issuer, "--oidc-client-id", CLIENT, "--oidc-redirect", CALLBACK, "--no-live", "--job-workers", "0", *more]


def begin(client):
    client.cookie = client.csrf = None
    return client.post("oidc/start", expect=200).json["address"]


def back(client, answer, expect):
    return client.get(f"oidc/callback?{urllib.parse.urlencode(answer)}", expect=expect)


def sign_in(server, provider, expect=303, **wrong):
    """A whole sign-in in a browser of its own."""
    client = server.client()
    provider.wrong = wrong
    try:
        answer = provider.authorize(begin(client))
        reply = back(client, answer, expect)
    finally:
        provider.wrong = {}
    if expect == 303:
        assert reply.headers["location"] == "/" and client.cookie.startswith("__Host-pyrometer="), reply.headers
        client.csrf = client.get("me").json["csrf_token"]
        return client
    return reply


def without_a_provider():
    with Server(program, flags=["--no-live", "--job-workers", "0"]) as server:
        client = server.client()
        nothing = client.get("nothing", expect=404).json
        for method, path in (("GET", "oidc"), ("POST", "oidc/start"), ("GET", "oidc/callback?state=x&code=y")):
            reply = client.ask(method, path, expect=404)
            assert {**reply.json, "request_id": ""} == {**nothing, "request_id": ""}, reply


def joined_by_address(server, site, provider):
    """An account whose name is the verified address is joined at the first sign-in, and its one-time password ends."""
    made = site.admin.post("users", {"name": "Anna@example.org", "role": "participant"}).json
    provider.who = {"sub": "anna-1", "email": "anna@Example.org", "email_verified": False}
    assert sign_in(server, provider, 403).slug == "no-account", "an address that is not verified says nothing"
    provider.who["email_verified"] = True
    anna = sign_in(server, provider)
    account = anna.get("me").json["account"]
    assert account["name"] == "Anna@example.org" and account["must_change_password"] is False and account["recovery_codes_left"] is None
    assert "HttpOnly" in anna.post("oidc/start", expect=200).headers["set-cookie"]
    row = site.admin.get(f"users/{made['id']}").json
    assert row["oidc_subject"] == f"{provider.issuer} anna-1"
    assert server.client().login("Anna@example.org", made["one_time_password"], expect=401).slug == "login-failed"
    # From now on it is the subject that counts, whatever the address.
    provider.who = {"sub": "anna-1"}
    anna = sign_in(server, provider)
    anna.ask("PATCH", f"people/{anna.get('me').json['account']['person']}", {"name": "Anna"}, expect=200)
    anna.ask("PATCH", f"people/{row['person']}", {"name": "Anna"}, csrf=False, expect=403)
    anna.ask("POST", "logout", expect=204)
    anna.get("me", expect=401)
    # An administrator's account is joined by hand only.
    site.admin.post("users", {"name": "boss@example.org", "role": "administrator"})
    provider.who = {"sub": "boss", "email": "boss@example.org", "email_verified": True}
    assert sign_in(server, provider, 403).slug == "no-account"
    provider.who = {"sub": "anna-1"}
    return made["id"]


def not_believed(server, provider):
    now = int(time.time())
    for claims in ({"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": [CLIENT, "another"]}, {"azp": "another"}, {"iss": "https://evil.example"},
                   {"exp": now - 3600}, {"exp": None}, {"iat": now + 3600}, {"iat": now - 7200}, {"iat": None}, {"sub": ""}, {"sub": None}, {"nbf": now + 3600}):
        assert sign_in(server, provider, 401, claims=claims).slug == "login-failed", claims
    forgive(server)
    for header in ({"alg": "none"}, {"alg": "HS256"}, {"alg": "HS256", "kid": None}, {"crit": ["exp"]}, {"alg": "RS512"}):
        assert sign_in(server, provider, 401, header=header).slug == "login-failed", header
    sign_in(server, provider, claims={"aud": [CLIENT, "another"], "azp": CLIENT})
    sign_in(server, provider, claims={"exp": now - 20, "iat": now - 30})  # clocks differ a little


def forgive(server):
    """Failures count for the address; a good sign-in ends that."""
    server.client().login("admin", "a long enough sentence 42")


def keys_change(server, provider):
    provider.signing = Key("first")  # another key under a known name
    assert sign_in(server, provider, 401).slug == "login-failed"
    provider.signing = Key("unpublished")
    assert sign_in(server, provider, 401).slug == "login-failed"
    provider.keys.append(provider.signing)
    sign_in(server, provider)
    before = provider.asked.count("/keys")
    sign_in(server, provider)
    assert provider.asked.count("/keys") == before, "known keys are not asked for again"
    provider.keys = [Key("curve", "ES256")]
    provider.signing = None
    sign_in(server, provider)
    provider.keys = [Key("weak", bits=1024)]
    assert sign_in(server, provider, 401).slug == "login-failed"
    provider.keys = [Key("last")]
    sign_in(server, provider)


def answers_count_once(server, provider):
    client = server.client()
    answer = provider.authorize(begin(client))
    kept = client.cookie
    other = server.client()
    assert back(other, answer, 401).slug == "sign-in-over", "without the cookie"
    provider.authorize(begin(other))
    assert back(other, answer, 401).slug == "sign-in-over", "in another browser"
    back(client, answer, 303)
    client.cookie = kept
    assert back(client, answer, 401).slug == "sign-in-over", "a second time"
    # The code again, in a sign-in of one's own.
    mine = provider.authorize(begin(client))
    assert back(client, {**mine, "code": answer["code"]}, 401).slug == "login-failed"
    mine = provider.authorize(begin(client))
    assert back(client, {**mine, "iss": "https://evil.example"}, 401).slug == "sign-in-over"
    mine = provider.authorize(begin(client))
    assert back(client, {"error": "access_denied", "state": mine["state"]}, 401).slug == "provider-refused"
    client.get("oidc/callback?code=x", expect=400)
    forgive(server)


def own_rules_hold(server, site, provider, anna):
    """What holds for a sign-in by password holds here."""
    client = sign_in(server, provider)
    secret = client.post("me/totp", expect=200).json["secret"]
    client.ask("PUT", "me/totp", {"code": totp(secret)}, expect=200)
    assert sign_in(server, provider, 403).slug == "second-factor-needed"
    sign_in(server, provider, claims={"amr": ["pwd", "mfa"]})
    # An account without a password shows by its code alone that it is its owner's.
    assert client.post("me/recovery-codes", {"code": "000000"}, expect=403).slug == "login-failed"
    assert len(client.post("me/recovery-codes", {"code": totp(secret, time.time() + 30)}, expect=200).json["recovery_codes"]) == 10
    client.ask("DELETE", "me/totp", expect=204)
    site.admin.ask("PATCH", f"users/{anna}", {"disabled": True}, expect=200)
    client.get("me", expect=401)
    assert sign_in(server, provider, 403).slug == "no-account"
    site.admin.ask("PATCH", f"users/{anna}", {"disabled": False}, expect=200)
    client = sign_in(server, provider)
    # The administrator parts and joins.
    site.admin.ask("PATCH", f"users/{anna}", {"oidc_subject": None}, expect=200)
    client.get("me", expect=401)
    assert sign_in(server, provider, 403).slug == "no-account"
    site.admin.ask("PATCH", f"users/{anna}", {"oidc_subject": "anna"}, expect=422)
    site.admin.ask("PATCH", f"users/{anna}", {"oidc_subject": f"{provider.issuer} anna-1"}, expect=200)
    sign_in(server, provider)
    rows = [row for row in site.admin.get("audit?limit=200").json["rows"] if row["action"] == "login" and row["detail"] == "provider"]
    assert {"allowed", "login-failed", "sign-in-over", "no-account", "second-factor-needed"} <= {row["outcome"] for row in rows}, rows
    assert any(row["actor"] == anna for row in rows)


def a_bad_provider(server, provider):
    elsewhere = Provider()
    for place in ("token", "keys"):
        fresh = Key(f"new {place}")
        for how in ("endless", "slow", "redirect", "garbage"):
            provider.keys = [fresh]  # so that the keys are asked for
            began = time.monotonic()
            reply = sign_in(server, provider, 502, **{place: how, "to": f"{elsewhere.issuer}/{place}"})
            assert reply.slug == "provider-away" and time.monotonic() - began < 12, (place, how, reply)
    assert elsewhere.asked == [], "a redirect was followed"
    elsewhere.stop()
    sign_in(server, provider)
    # Gone: said so, and others are let in meanwhile.
    client = server.client()
    answer = provider.authorize(begin(client))
    provider.stop()
    assert back(client, answer, 502).slug == "provider-away"
    forgive(server)


def made_at_the_first_sign_in(tmp):
    """Discovery that is not right, and accounts that are made, over TLS."""
    certificate = self_signed(tmp)
    provider = Provider(certificate)
    provider.who = {"sub": "new-1", "email": "eva@example.org", "email_verified": True, "name": "Eva Planted-Name"}
    secret = tmp / "secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    own = ("--oidc-secret-file", str(secret), "--oidc-create-role", "participant", "--oidc-domain", "example.org")
    with Server(program, flags=flags_for(provider, *own)) as server:
        assert server.client().post("oidc/start", expect=502).slug == "provider-away", "a certificate that nobody vouches for"
    with Server(program, flags=flags_for(provider, *own, "--oidc-ca-file", str(certificate), "--oidc-label", "The clinic")) as server:
        client = server.client()
        for wrong in ({"discovery": "endless"}, {"discovery": "redirect", "to": "https://evil.example"}, {"discovery": "garbage"},
                      {"document": {"issuer": "https://evil.example"}}, {"document": {"token_endpoint": "http://127.0.0.1/token"}},
                      {"document": {"jwks_uri": "file:///etc/passwd"}}, {"document": {"authorization_endpoint": "javascript:alert(1)"}}):
            provider.wrong = wrong
            assert client.post("oidc/start", expect=502).slug == "provider-away", wrong
        provider.wrong = {}
        assert client.get("oidc").json == {"label": "The clinic"}
        eva = sign_in(server, provider)
        account = eva.get("me").json["account"]
        assert account["name"] == "eva@example.org" and account["role"] == "participant" and account["display_name"] == "Eva Planted-Name"
        eva.get(f"people/{account['person']}")
        assert sign_in(server, provider).get("me").json["account"] == account, "made once"
        provider.who = {"sub": "new-2", "email": "eva@evil.example", "email_verified": True}
        assert sign_in(server, provider, 403).slug == "no-account"
        provider.who = {"sub": "new-3"}
        assert sign_in(server, provider, 403).slug == "no-account"
        assert "Planted-Name" not in server.errors() and "eva@" not in server.errors()
        server.stop()
    provider.stop()


def roles_by_claim(tmp):
    """A claim gives the role, at each sign-in; without a match the account keeps its own, or nobody is let in."""
    secret = tmp / "roles-secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    provider = Provider()
    flags = flags_for(provider, "--oidc-secret-file", str(secret), "--oidc-create-role", "participant", "--oidc-link-email",
                      "--oidc-role-claim", "realm_access.roles", "--oidc-role", "psychologists=clinician", "--oidc-role", "science=researcher")
    data = tmp / "roles"
    with Server(program, data=data, flags=flags) as server:
        site = Site(server)

        def role(**claims):
            provider.who = {"sub": "kim", **claims}
            client = sign_in(server, provider)
            return client, client.get("me").json["account"]

        kim, account = role(realm_access={"roles": ["everybody", "psychologists"]})
        assert account["role"] == "clinician" and account["person"] is None, account
        # Another group, another role; logins of the old one end.
        later, account = role(realm_access={"roles": "science"})
        assert account["role"] == "researcher" and site.admin.get(f"users/{account['id']}").json["role"] == "researcher"
        kim.get("me", expect=401)
        assert role(realm_access={"roles": ["science", "psychologists"]})[1]["role"] == "clinician", "the first of the settings"
        for nothing in ({}, {"realm_access": {"roles": ["everybody", 7, None]}}, {"realm_access": "psychologists"}, {"realm_access": {"roles": {"psychologists": 1}}},
                        {"roles": ["science"]}):
            assert role(**nothing)[1]["role"] == "clinician", (nothing, "without a match the account's own")
        said = [row["detail"] for row in site.admin.get("audit?limit=200").json["rows"] if row["action"] == "login" and row["actor"] == account["id"]]
        assert any("was clinician, now is researcher" in detail for detail in said), said
        # A name with a dot may be a member's own; whoever is new and has none is what the settings say.
        provider.who = {"sub": "lee", "realm_access.roles": ["science"]}
        assert sign_in(server, provider).get("me").json["account"]["role"] == "researcher"
        provider.who = {"sub": "max"}
        assert sign_in(server, provider).get("me").json["account"]["role"] == "participant"
        # An administrator stays one.
        made = site.admin.post("users", {"name": "second", "role": "administrator"}).json
        site.admin.ask("PATCH", f"users/{made['id']}", {"oidc_subject": f"{provider.issuer} boss"}, expect=200)
        provider.who = {"sub": "boss", "realm_access": {"roles": ["science"]}}
        assert sign_in(server, provider).get("me").json["account"]["role"] == "administrator"
        server.stop()
    with Server(program, data=data, flags=[*flags, "--oidc-role-required", "--oidc-role", "staff=participant"]) as server:
        provider.who = {"sub": "kim"}
        assert sign_in(server, provider, 403).slug == "no-role"
        provider.who = {"sub": "new"}
        assert sign_in(server, provider, 403).slug == "no-role"
        provider.who = {"sub": "kim", "realm_access": {"roles": ["staff"]}}
        kim = sign_in(server, provider)
        account = kim.get("me").json["account"]
        assert account["role"] == "participant" and account["person"], "with a record of their own"
        kim.get(f"people/{account['person']}")
        server.stop()
    provider.stop()


def self_signed(tmp):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "provider")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256()))
    path = tmp / "provider.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) +
                     key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return path


def bad_settings(tmp):
    good = {"--oidc-issuer": "https://id.example.org", "--oidc-client-id": "x", "--oidc-redirect": CALLBACK}
    open_file = tmp / "open"
    open_file.write_text("secret")
    open_file.chmod(0o644)
    for flag, value in (("--oidc-issuer", "http://id.example.org"), ("--oidc-issuer", "https://user@id.example.org"), ("--oidc-issuer", "ftp://x"),
                        ("--oidc-issuer", "http://127.0.0.1@evil.example"), ("--oidc-client-id", ""), ("--oidc-redirect", "https://x/elsewhere"),
                        ("--oidc-redirect", ""), ("--oidc-scopes", "email"), ("--oidc-create-role", "administrator"), ("--oidc-create-role", "king"),
                        ("--oidc-domain", "a@b"), ("--oidc-secret-file", str(open_file)), ("--oidc-secret-file", str(tmp / "none")),
                        ("--oidc-ca-file", str(tmp / "none")), ("--oidc-role", "psychologists=clinician"), ("--oidc-role-claim", "groups"),
                        ("--oidc-role", "x"), ("--oidc-role", "x=administrator")):
        words = [word for pair in {**good, flag: value}.items() for word in pair]
        checked = subprocess.run([program, "serve", "--check-config", "--data", str(tmp / "data"), *words], capture_output=True, text=True, timeout=120)
        assert checked.returncode == 2 and checked.stdout.strip(), (flag, value, checked)
    words = [word for pair in good.items() for word in pair]
    checked = subprocess.run([program, "serve", "--check-config", "--data", str(tmp / "data"), *words], capture_output=True, text=True, timeout=120)
    assert checked.returncode == 0, checked


with tempfile.TemporaryDirectory() as folder:
    bad_settings(pathlib.Path(folder))
    without_a_provider()
    there = Provider()
    with Server(program, flags=flags_for(there, "--oidc-link-email"), environment={"PYROMETER_OIDC_SECRET": SECRET}) as running:
        place = Site(running)
        place.mode("clinical")
        account_of_anna = joined_by_address(running, place, there)
        not_believed(running, there)
        keys_change(running, there)
        answers_count_once(running, there)
        own_rules_hold(running, place, there, account_of_anna)
        a_bad_provider(running, there)
        running.stop()
    made_at_the_first_sign_in(pathlib.Path(folder))
    roles_by_claim(pathlib.Path(folder))
print("oidc: all as expected")
