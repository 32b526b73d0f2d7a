"""A tramd on a copy of the data, watched from outside."""
import atexit
import gzip
import http.client
import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import time

from place import WORK, fail, run, tool

TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count()

TLS = ssl._create_unverified_context()  # both ends are this machine


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Load:
    """How much of the machine a process takes while something is measured."""

    def __init__(self, pid):
        self.pid, self.cpu, self.at = pid, cpu_seconds(pid), time.monotonic()

    def cores(self):
        return (cpu_seconds(self.pid) - self.cpu) / (time.monotonic() - self.at)


class Server:
    def __init__(self, base, name="run", prepare=None):
        """prepare: is given the copy before tramd has it."""
        self.folder = WORK / name
        run("rm", "-rf", self.folder)
        run("cp", "-r", "--reflink=auto", base, self.folder)
        if prepare:
            prepare(self.folder)
        os.sync()  # the copy's own writing is not to be measured
        self.port = free_port()
        config = WORK / f"{name}.ini"
        config.write_text(f"[http]\naddresses = 127.0.0.1\nport = {self.port}\ndemo_port = 0\nrates = 1000000\n",
                          encoding="utf-8")
        self.log = open(WORK / f"{name}.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [tool("tramd"), "--data", str(self.folder), "--demo", "--config", str(config)],
            stdout=self.log, stderr=self.log)
        atexit.register(self.end)
        self.wait_until_ready()
        self.wait_until_quiet()

    @property
    def pid(self):
        return self.process.pid

    @property
    def database(self):
        return self.folder / "tram.db"

    def wait_until_ready(self):
        for _ in range(600):
            if self.process.poll() is not None:
                fail(f"tramd ended; see {self.log.name}")
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        fail("tramd does not become ready")

    def wait_until_quiet(self):
        """Alarms that came due since the data was seeded are rung first."""
        db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        quiet = 0
        for _ in range(3000):
            (oldest,) = db.execute("SELECT min(n) FROM (SELECT min(f_next) n FROM c_report UNION ALL"
                                   " SELECT min(f_next) FROM c_dossier)").fetchone()
            quiet = quiet + 1 if oldest is None or oldest > time.time() * 1000 else 0
            if quiet == 5:
                db.close()
                return
            time.sleep(0.1)
        fail("push does not become quiet")

    def get(self, path, token=None):
        """Over HTTP/1.1: status, header fields, body."""
        c = http.client.HTTPSConnection("127.0.0.1", self.port, context=TLS, timeout=30)
        headers = {"accept-encoding": "gzip"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        c.request("GET", path, headers=headers)
        reply = c.getresponse()
        body = reply.read()
        c.close()
        return reply.status, reply.getheaders(), body

    def metrics(self):
        text = self.get("/metrics")[2]
        if text[:2] == b"\x1f\x8b":
            text = gzip.decompress(text)
        found = re.findall(r"^(tram_[^ ]+) ([-0-9.e+]+)$", text.decode(), re.M)
        return {name: float(value) for name, value in found}

    def end(self):
        """What a failure leaves behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            fail("tramd does not end")
        self.log.close()
