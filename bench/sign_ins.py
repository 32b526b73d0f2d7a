"""Signing in, refreshing, and what a token costs where it is checked."""
import hashlib
import hmac
import json
import struct
import time

import data
from place import WORK, fail, run, tool
from server import Load, Server, cpu_seconds

def made(folder, kind, n):
    return [line.split("\t") for line in run(tool("bench_sign_ins"), folder, kind, n).splitlines()]


def totp(secret, now):
    """RFC 6238: SHA-1, 30 s, 6 digits."""
    mac = hmac.new(bytes.fromhex(secret), struct.pack(">Q", int(now // 30)), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def staff_lines(accounts):
    now = time.time()
    return [("/v1/auth/staff", None, json.dumps({"user": user, "password": password, "code": totp(secret, now)}))
            for user, password, secret in accounts]


def load(server, lines, clients, seconds, *options):
    """Each line at most once where that is asked for; CPU time of the server for each answer."""
    path = data.write_requests(WORK / "sign_ins.txt", lines)
    taken, cpu = Load(server.pid), cpu_seconds(server.pid)
    r = json.loads(run(tool("bench_load"), "127.0.0.1", server.port, path, "--clients", clients,
                       "--seconds", seconds, *options))
    if r["failed"]:
        fail(f"{r['failed']} requests failed, the first with {r['first_failure']}")
    r["cores"] = taken.cores()
    r["cpu_us"] = (cpu_seconds(server.pid) - cpu) * 1e6 / max(1, r["done"])
    return r


def row(what, r, **notes):
    return {"what": what, "unit": "/s", "ours": r["done"] / r["seconds"], "p50": r["p50_ms"], "p99": r["p99_ms"],
            "notes": {"CPU µs an answer": r["cpu_us"], "tramd cores": r["cores"], "answers": r["done"], **notes}}


def measure(base, seconds, small):
    lines = {}

    def prepare(folder):
        for kind, n in (("codes", 1000), ("refresh", 2000), ("staff", 40), ("tokens", 4000)) if small else (
                ("codes", 8000), ("refresh", 25000), ("staff", 700), ("tokens", 60000)):
            lines[kind] = made(folder, kind, n)

    server = Server(base, "sign_ins", prepare)
    about = "/.well-known/oauth-authorization-server"
    known = [(about, lines["tokens"][0][1], None)]
    load(server, known, 8, 1)
    none = load(server, [(about, None, None)], 8, seconds)
    cached = load(server, known, 8, seconds)
    fresh = load(server, lines["tokens"][1:], 8, seconds, "--once")
    rows = [
        row("a small answer, without a token", none),
        row("the same, with a token that is known", cached, **{"a check costs CPU µs": cached["cpu_us"] - none["cpu_us"]}),
        row("the same, each with a token that is new", fresh, **{"a check costs CPU µs": fresh["cpu_us"] - none["cpu_us"]}),
        row("sign-ins by one-time code, 64 clients", load(server, lines["codes"], 64, seconds, "--once")),
        row("sign-ins of officials (Argon2id), 64 clients", load(server, staff_lines(lines["staff"]), 64, seconds, "--once")),
        row("refreshes, 64 clients", load(server, lines["refresh"], 64, seconds, "--once")),
    ]
    server.stop()
    return rows
