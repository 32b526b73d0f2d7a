"""The measurements. Each takes a running server, or starts one, and returns rows for the table."""
import contextlib
import json
import os
import shutil
import subprocess
import time

import data
from place import ROOT, WORK, fail, run, say, tool
from server import Load, Server, cpu_seconds, free_port

WRITES_A_SECOND = 20  # that go on while reads are measured: filings, and one of them a publication
LAG_MAX_MS = 2000


def load(server, requests, *options):
    text = run(tool("bench_load"), "127.0.0.1", server.port, requests, "--database", server.database, *options)
    result = json.loads(text)
    if result["failed"]:
        fail(f"{result['failed']} requests failed, the first with {result['first_failure']}")
    return result


@contextlib.contextmanager
def writes(server, seconds):
    """Filings and publications at a steady rate, until the block ends."""
    lines = data.creations(server.folder, int(seconds * WRITES_A_SECOND * 2))
    if not hasattr(server, "publications"):
        server.publications = iter(data.publications(server.folder, 5000))
    for i in range(0, len(lines), WRITES_A_SECOND):
        lines[i] = next(server.publications, lines[i])
    path = data.write_requests(WORK / "writes.txt", lines)
    child = subprocess.Popen([tool("bench_load"), "127.0.0.1", str(server.port), str(path), "--clients", "8",
                              "--rate", str(WRITES_A_SECOND), "--seconds", str(seconds)],
                             stdout=subprocess.PIPE, text=True)
    time.sleep(0.3)
    yield
    out, _ = child.communicate()
    result = json.loads(out)
    if result["failed"] or result["done"] < seconds * WRITES_A_SECOND * 0.5:
        fail(f"the writes beside did not go on: {out}")


def h2load(port, uris, seconds, connections, streams, *options):
    """Requests a second, latencies in ms, and h2load's own share of the machine."""
    log = WORK / "h2load.log"
    log.unlink(missing_ok=True)
    before, at = os.times(), time.monotonic()
    out = run("h2load", "-t1", f"-c{connections}", f"-m{streams}", "-D", seconds, "--warm-up-time=1",
              "-i", uris, "-B", f"https://127.0.0.1:{port}", "-H", "accept-encoding: gzip",
              f"--log-file={log}", *options, stderr=subprocess.STDOUT)
    after = os.times()
    cores = (after.children_user + after.children_system - before.children_user - before.children_system) / (
        time.monotonic() - at)
    times = []
    for line in log.read_text(encoding="utf-8").splitlines():
        _, status, us = line.split("\t")
        if status != "200":
            fail(f"an answer of {uris} was {status}")
        times.append(int(us) / 1000)
    if not times or "0 failed, 0 errored, 0 timeout" not in out:
        fail(f"h2load: {out}")
    times.sort()
    return {"rate": len(times) / seconds, "p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100],
            "cores": cores}


# --- 1: the public list ----------------------------------------------------------------------------


def write_answers(server, queries):
    """What the server answers, header for header and byte for byte, for raw_h2o to repeat."""
    path, total = WORK / "answers", 0
    with open(path, "wb") as f:
        for query in queries:
            status, headers, body = server.get(query)
            if status != 200:
                fail(f"{query} answered {status}")
            kept = [(n.lower(), v) for n, v in headers
                    if n.lower() not in ("content-length", "connection", "date", "server", "transfer-encoding")]
            f.write(f"{query}\n{len(kept)} {len(body)}\n".encode())
            for name, value in kept:
                f.write(f"{name}: {value}\n".encode())
            f.write(body + b"\n")
            total += len(body)
    return path, total / len(queries)


@contextlib.contextmanager
def raw_h2o(server, answers):
    port = free_port()
    tls = server.folder / "tls"
    child = subprocess.Popen([tool("bench_raw_h2o"), str(port), str(tls / "dev-cert.pem"),
                              str(tls / "dev-key.pem"), str(answers)], stdout=subprocess.PIPE, text=True)
    if child.stdout.readline() != "ready\n":
        fail("raw_h2o does not start")
    yield port, child.pid
    child.kill()
    child.wait()


def public_list(server, seconds):
    queries = data.public_queries()
    answers, size = write_answers(server, queries)
    uris = WORK / "uris.txt"
    uris.write_text("\n".join(queries) + "\n", encoding="utf-8")
    before = server.metrics()
    with writes(server, seconds + 2):
        taken = Load(server.pid)
        ours = h2load(server.port, uris, seconds, 64, 1)
        cores = taken.cores()
    after = server.metrics()
    with raw_h2o(server, answers) as (port, pid), writes(server, seconds + 2):
        taken = Load(pid)
        floor = h2load(port, uris, seconds, 64, 1)
        floor_cores = taken.cores()
    hit, miss = (after[f'tram_http_cache_total{{outcome="{o}"}}'] - before[f'tram_http_cache_total{{outcome="{o}"}}']
                 for o in ("hit", "miss"))
    return [{
        "what": "public list, 1,000 queries", "unit": "/s", "ours": ours["rate"], "floor": floor["rate"],
        "floor_is": "raw libh2o, same bytes", "p50": ours["p50"], "p99": ours["p99"],
        "notes": {"bytes an answer": size, "from the cache %": 100 * hit / max(1, hit + miss),
                  "tramd cores": cores, "raw_h2o cores": floor_cores, "h2load cores": ours["cores"],
                  "h2load cores at raw_h2o": floor["cores"],
                  "ratio by CPU time a request": (floor_cores / floor["rate"]) / (cores / ours["rate"])},
    }]


# --- the catalogue of procedures -------------------------------------------------------------------


def procedures(server, seconds):
    """Searching 1,800: as phones ask, many the same; and each asked for the first time."""
    queries = data.procedure_queries()
    answers, size = write_answers(server, queries)
    uris = WORK / "uris.txt"
    uris.write_text("\n".join(queries) + "\n", encoding="utf-8")
    taken = Load(server.pid)
    ours = h2load(server.port, uris, seconds, 64, 1)
    cores = taken.cores()
    with raw_h2o(server, answers) as (port, pid):
        taken = Load(pid)
        floor = h2load(port, uris, seconds, 64, 1)
        floor_cores = taken.cores()
    uris.write_text("\n".join(data.fresh_procedure_queries(20000 * seconds)) + "\n", encoding="utf-8")
    taken = Load(server.pid)
    fresh = h2load(server.port, uris, seconds, 64, 1)
    fresh_cores = taken.cores()
    return [{
        "what": "procedures, 1,000 searches", "unit": "/s", "ours": ours["rate"], "floor": floor["rate"],
        "floor_is": "raw libh2o, same bytes", "p50": ours["p50"], "p99": ours["p99"],
        "notes": {"bytes an answer": size, "tramd cores": cores, "raw_h2o cores": floor_cores,
                  "h2load cores": ours["cores"],
                  "ratio by CPU time a request": (floor_cores / floor["rate"]) / (cores / ours["rate"])},
    }, {
        "what": "procedures, each search a first one", "unit": "/s", "ours": fresh["rate"], "p50": fresh["p50"],
        "p99": fresh["p99"], "notes": {"tramd cores": fresh_cores, "CPU ms a search": 1000 * fresh_cores / fresh["rate"]},
    }]


# --- 2 and 5: creation, and push -------------------------------------------------------------------


def create(server, requests, clients, seconds, *options):
    before, taken = server.metrics(), Load(server.pid)
    cpu = cpu_seconds(server.pid)
    result = load(server, requests, "--clients", clients, "--seconds", seconds, "--drain", *options)
    result["server cores"] = taken.cores()
    result["cpu_ms"] = (cpu_seconds(server.pid) - cpu) * 1000 / max(1, result["done"])
    after = server.metrics()
    commits, ops = (after[f"tram_store_{x}_total"] - before[f"tram_store_{x}_total"] for x in ("commits", "writes"))
    result["batch"], result["commits"] = ops / commits, commits
    return result


def raw_commits(server, base, *tables):
    """Stops the server; the rows that it gained (and lost: -table), by plain SQLite in a copy of what it began with."""
    server.stop()
    before = WORK / "before.db"
    run("sh", "-c", f"rm -f {before}* && cp --reflink=auto {base}/tram.db {before}")
    os.sync()
    floor = json.loads(run(tool("bench_raw_sqlite"), "commit", before, server.database, 64, *tables))
    run("sh", "-c", f"rm -rf {before}* {server.folder}")
    return floor


def creation(base, seconds):
    """On a server of its own, so that what the database gained is what this measured."""
    server = Server(base, "create")
    requests = data.write_requests(WORK / "creations.txt", data.creations(base))
    ours = create(server, requests, 64, seconds)
    floor = raw_commits(server, base, "c_report", "c_report_fact", "c_delivery", "c_consent")
    rate = floor["done"] / floor["seconds"]
    return [{
        "what": "reports filed, 64 clients, lag < 2 s", "unit": "/s", "ours": ours["counted"] / ours["seconds"],
        "floor": rate, "floor_is": "raw SQLite, 64 a commit", "p50": ours["p50_ms"], "p99": ours["p99_ms"],
        "notes": {"ratio by CPU time a report": floor["cpu_s"] * 1000 / floor["done"] / ours["cpu_ms"],
                  "CPU ms a report": ours["cpu_ms"], "writes a commit": ours["batch"], "tramd cores": ours["server cores"],
                  "load generator cores": ours["cpu"], "most lag ms": ours["lag_max_ms"],
                  "rows a report": floor["rows"] / floor["done"]},
    }]


def batches(server, seconds):
    requests = data.write_requests(WORK / "creations.txt", data.creations(server.folder))
    rows = []
    for clients in (1, 8, 64, 256):
        r = create(server, requests, clients, seconds)
        rows.append({
            "what": f"reports filed, {clients} client{'s' if clients > 1 else ''}", "unit": "/s",
            "ours": r["done"] / r["seconds"], "p50": r["p50_ms"], "p99": r["p99_ms"],
            "notes": {"writes a commit": r["batch"], "most lag ms": r["lag_max_ms"], "tramd cores": r["server cores"],
                      "load generator cores": r["cpu"]}})
    return rows


def push_steady(server, seconds):
    """Who files waits while push is more than a second behind: what is left is what push can keep up with."""
    requests = data.write_requests(WORK / "creations.txt", data.creations(server.folder))
    r = create(server, requests, 256, seconds, "--hold", LAG_MAX_MS // 2)
    return [{
        "what": "push: reports filed and told of, lag < 2 s", "unit": "/s",
        "ours": r["counted"] / (r["seconds"] + r["drain_s"]), "p50": r["p50_ms"], "p99": r["p99_ms"],
        "notes": {"most lag ms": r["lag_max_ms"], "not counted": r["done"] - r["counted"],
                  "told after the end s": r["drain_s"], "writes a commit": r["batch"],
                  "tramd cores": r["server cores"], "load generator cores": r["cpu"]}}]


# --- 3: the desk -----------------------------------------------------------------------------------


def screens(server, seconds, queries, beside):
    """Each screen's addresses asked by one inspector, and its queries asked of plain SQLite."""
    token, rows = data.tokens_of(server.folder)["inspector"][0], []
    for what, (addresses, sql) in queries.items():
        requests = data.write_requests(WORK / "desk.txt", [(a, token, None) for a in addresses])
        kept = WORK / "desk.sql"
        kept.write_text("\n".join(sql) + "\n", encoding="utf-8")
        with beside(server, seconds + 1):
            ours = load(server, requests, "--clients", 1, "--seconds", seconds)
        with beside(server, seconds + 1):
            rounds = max(3, min(2000, ours["done"] // len(sql)))
            floor = json.loads(run(tool("bench_raw_sqlite"), "query", server.database, kept, rounds))
        rows.append({
            "what": what, "unit": "ms", "ours": ours["p50_ms"], "floor": floor["p50_ms"], "lower": True,
            "floor_is": "raw SQLite, same query", "p50": ours["p50_ms"], "p99": ours["p99_ms"],
            "notes": {"raw p99 ms": floor["p99_ms"]}})
    return rows


def desk(server, seconds):
    return screens(server, seconds, data.desk_queries(int(time.time() * 1000)), writes)


# --- dossiers --------------------------------------------------------------------------------------


def dossiers(seconds, small):
    """An officer's lists over 300,000, and drafts that are filed by 64 clients, each once."""
    n, citizens, drafts = (2000, 500, 2000) if small else (300000, 5000, 16000)
    base, ready = data.make_dossiers(n, citizens, drafts)
    server = Server(base, "dossiers")
    beside = contextlib.nullcontext
    rows = screens(server, max(2, seconds // 3), data.dossier_queries(int(time.time() * 1000)),
                   lambda *_: beside())
    server.stop()
    server = Server(base, "dossiers")
    requests = data.write_requests(WORK / "drafts.txt",
                                   [("/v1/dossiers", token, json.dumps({"draft": one})) for one, token in ready])
    ours = create(server, requests, 64, seconds, "--once", "--kind", "dossier")
    floor = raw_commits(server, base, "c_dossier", "c_dossier_fact", "c_delivery", "-c_dossier_draft")
    return rows + [{
        "what": "dossiers filed, 64 clients, lag < 2 s", "unit": "/s", "ours": ours["counted"] / ours["seconds"],
        "floor": floor["done"] / floor["seconds"], "floor_is": "raw SQLite, 64 a commit",
        "p50": ours["p50_ms"], "p99": ours["p99_ms"],
        "notes": {"ratio by CPU time a dossier": floor["cpu_s"] * 1000 / floor["done"] / ours["cpu_ms"],
                  "CPU ms a dossier": ours["cpu_ms"], "writes a commit": ours["batch"],
                  "tramd cores": ours["server cores"], "most lag ms": ours["lag_max_ms"],
                  "rows a dossier": floor["rows"] / floor["done"]}}]


# --- 4: photos -------------------------------------------------------------------------------------


def photo():
    r = json.loads(run(tool("bench-photo")))
    return [{
        "what": f"photo {r['megapixels']:.0f} MP to 1280 and 320 px", "unit": "ms", "ours": r["ours"][1], "lower": True,
        "floor": r["vips_both"][1], "floor_is": "vipsthumbnail, both", "p50": r["ours"][1], "p99": r["ours"][2],
        "notes": {"vipsthumbnail, 1280 only ms": r["vips_one"][1], "decoder peak MB": r["peak_mb"],
                  "vipsthumbnail peak MB": r["vips_peak_mb"]}}]


# --- uploads ---------------------------------------------------------------------------------------


def uploads(seconds):
    """Chunks into tramd and into tusd, which is built here where there is Go."""
    tusd, beside = WORK / "tusd", []
    if shutil.which("go"):
        run("go", "build", "-mod=readonly", "-trimpath", "-o", tusd, ".", cwd=ROOT / "bench/tusd")
        beside = ["--tusd", tusd]
    else:
        say("there is no Go: uploads are measured without tusd beside them")
    r = json.loads(run("node", ROOT / "bench/tus.mjs", "--seconds", seconds, *beside,
                       env=dict(os.environ, TRAMD=tool("tramd"))))
    ours, photos = r["ours"], r["photos"]
    row = {"what": f"chunks of 512 KiB, {r['clients']} clients", "unit": "MB/s", "ours": ours["mb_s"],
           "p50": ours["p50_ms"], "p99": ours["p99_ms"], "notes": {"CPU ms a MB": ours["cpu_ms_a_mb"]}}
    if beside:
        row |= {"floor": r["tusd"]["mb_s"], "floor_is": "tusd, neither sealed nor synced"}
        for name, words in [("tusd", "tusd"), ("tusd_synced", "tusd that syncs")]:
            its = r[name]
            row["notes"] |= {f"{words} MB/s": its["mb_s"], f"ratio to {words}": ours["mb_s"] / its["mb_s"],
                             f"ratio to {words} by CPU time": its["cpu_ms_a_mb"] / ours["cpu_ms_a_mb"],
                             f"{words} CPU ms a MB": its["cpu_ms_a_mb"], f"{words} p50 ms": its["p50_ms"],
                             f"{words} p99 ms": its["p99_ms"]}
    return [row, {"what": "whole photos of 3 MP, decoded too", "unit": "MB/s", "ours": photos["mb_s"],
                  "p50": photos["p50_ms"], "p99": photos["p99_ms"],
                  "notes": {"CPU ms a MB": photos["cpu_ms_a_mb"]}}]


# --- 5: forms --------------------------------------------------------------------------------------


def forms():
    r = json.loads(run(tool("bench-forms")))
    return [{
        "what": "receipts (form 01) as PDF, two makers", "unit": "/s", "ours": r["rate"], "floor": r["anew"],
        "floor_is": "a process each", "p50": r["p50"], "p99": r["p99"], "notes": {"bytes of one": r["bytes"]}}]
