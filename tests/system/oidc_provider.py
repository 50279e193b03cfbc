"""A provider of sign-in (OpenID Connect) for tests, that can be told to misbehave. python3-cryptography makes and uses its keys."""
import base64
import hashlib
import hmac
import http.server
import json
import secrets
import ssl
import threading
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

CLIENT, SECRET = "pyrometer test", "a secret: +%&"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    def __init__(self, kid, algorithm="RS256", bits=2048):
        self.kid, self.algorithm = kid, algorithm
        self.private = rsa.generate_private_key(65537, bits) if algorithm == "RS256" else ec.generate_private_key(ec.SECP256R1())

    def public(self):
        numbers = self.private.public_key().public_numbers()
        if self.algorithm == "RS256":
            return {"kty": "RSA", "use": "sig", "kid": self.kid, "n": number(numbers.n), "e": number(numbers.e)}
        return {"kty": "EC", "crv": "P-256", "kid": self.kid, "x": number(numbers.x, 32), "y": number(numbers.y, 32)}

    def pem(self):
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, text):
        if self.algorithm == "RS256":
            return self.private.sign(text, padding.PKCS1v15(), hashes.SHA256())
        r, s = utils.decode_dss_signature(self.private.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Provider:
    """`who`: claims of whoever signs in there. `wrong`: what to do otherwise than a provider should."""

    def __init__(self, certificate=None):
        self.keys, self.signing = [Key("first")], None
        self.who, self.wrong, self.asked, self.codes = {}, {}, [], {}
        self.redirect = None  # as it is registered
        provider = self

        class Answers(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                provider.asked.append(self.path)
                name = {"/.well-known/openid-configuration": "discovery", "/keys": "keys"}.get(self.path)
                self.give(name, provider.discovery() if name == "discovery" else {"keys": [key.public() for key in provider.keys]} if name else None)

            def do_POST(self):
                provider.asked.append(self.path)
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                status, document = provider.token(form, self.headers.get("Authorization", ""))
                self.give("token", document, status)

            def give(self, name, document, status=200):
                how = provider.wrong.get(name)
                try:
                    if how == "redirect":
                        self.send_response(302)
                        self.send_header("Location", provider.wrong["to"])
                        self.send_header("Content-Length", "0")
                        self.end_headers()
                    elif how in ("endless", "slow"):
                        self.send_response(200)
                        self.send_header("Content-Type", "application/json")
                        self.end_headers()
                        self.close_connection = True
                        while True:
                            self.wfile.write(b" " * (65536 if how == "endless" else 1))
                            self.wfile.flush()
                            time.sleep(0 if how == "endless" else 0.2)
                    else:
                        body = json.dumps(document).encode() if how != "garbage" else b"\xff<html>"
                        self.send_response(404 if document is None else status)
                        self.send_header("Content-Length", str(len(body)))
                        self.end_headers()
                        self.wfile.write(body)
                except OSError:
                    self.close_connection = True  # the other end has had enough

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.issuer = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def discovery(self):
        document = {"issuer": self.issuer, "authorization_endpoint": self.issuer + "/authorize?theme=plain", "token_endpoint": self.issuer + "/token",
                    "jwks_uri": self.issuer + "/keys", "token_endpoint_auth_methods_supported": ["client_secret_basic"]}
        return {**document, **self.wrong.get("document", {})}

    def authorize(self, address):
        """What the browser does there: gives back the query with which it is sent on."""
        parts = urllib.parse.urlsplit(address)
        asked = dict(urllib.parse.parse_qsl(parts.query))
        assert address.startswith(self.issuer + "/authorize?theme=plain&"), address
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT and asked["code_challenge_method"] == "S256", asked
        assert asked["redirect_uri"] == self.redirect and "openid" in asked["scope"].split(), asked
        assert len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43 and asked["state"] != asked["nonce"]
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "session_state": "as some providers send"}

    def token(self, form, authorization):
        user, _, password = base64.b64decode(authorization.partition(" ")[2]).decode().partition(":")
        if (urllib.parse.unquote(user), urllib.parse.unquote(password)) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code"), None)
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"] or form["grant_type"] != "authorization_code":
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.who, **self.wrong.get("claims", {})}
        key = self.signing or self.keys[-1]
        header = {"alg": key.algorithm, "kid": key.kid, "typ": "JWT", **self.wrong.get("header", {})}
        text = f"{b64(json.dumps(header).encode())}.{b64(json.dumps({k: v for k, v in claims.items() if v is not None}).encode())}".encode()
        if header["alg"] == "none":
            signature = b""
        elif header["alg"] == "HS256":  # the public key, which everybody has, as the shared secret
            signature = hmac.new(key.pem(), text, hashlib.sha256).digest()
        else:
            signature = key.sign(text)
        return f"{text.decode()}.{b64(signature)}"
