"""Several runs become one table: medians, with the least and the most beside them."""
import datetime
import os
import platform
import re
import statistics

from place import ROOT
from server import CORES

RESULTS = ROOT / "bench/RESULTS.md"
HEAD = ["what", "ours", "floor", "ratio", "p50 ms", "p99 ms"]


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values, unit=""):
    middle = f"{number(statistics.median(values))}{unit}"
    return middle if len(values) == 1 else f"{middle} ({number(min(values))}–{number(max(values))})"


def ratio_of(row):
    """How near to the floor: 1 is as good."""
    return row["floor"] / row["ours"] if row.get("lower") else row["ours"] / row["floor"]


def merge(runs):
    """Runs are lists of the same rows; one row for each, of lists."""
    merged = []
    for rows in zip(*runs):
        first = rows[0]
        unit = first["unit"] if first["unit"] == "/s" else f" {first['unit']}"
        has_floor = "floor" in first
        merged.append({
            "what": first["what"],
            "ours": spread([r["ours"] for r in rows], unit),
            "floor": f"{spread([r['floor'] for r in rows], unit)}, {first['floor_is']}" if has_floor else "",
            "ratio": spread([ratio_of(r) for r in rows]) if has_floor else "",
            "p50 ms": number(statistics.median(r["p50"] for r in rows)),
            "p99 ms": number(statistics.median(r["p99"] for r in rows)),
            "notes": {k: statistics.median(r["notes"][k] for r in rows) for k in first["notes"]},
        })
    return merged


def show(rows):
    widths = {h: max(len(h), *(len(r[h]) for r in rows)) for h in HEAD}
    lines = ["  ".join(h.ljust(widths[h]) for h in HEAD)]
    for r in rows:
        lines.append("  ".join(r[h].ljust(widths[h]) for h in HEAD))
        lines.append("    " + ", ".join(f"{k} {number(v)}" for k, v in r["notes"].items()))
    return "\n".join(line.rstrip() for line in lines)


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = re.search(r"^model name\s*: (.*)$", f.read(), re.M)
    with open("/proc/meminfo", encoding="utf-8") as f:
        memory = int(f.readline().split()[1]) / 2**20
    return f"{CORES} cores of {model[1] if model else platform.machine()}, {memory:.0f} GiB, Linux {platform.release()}"


def markdown(rows, words):
    lines = [words, "", "| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(r[h] for h in HEAD) + " |" for r in rows]
    lines += ["", "Beside them, medians:", ""]
    lines += [f"- {r['what']}: " + ", ".join(f"{k} {number(v)}" for k, v in r["notes"].items()) for r in rows]
    return "\n".join(lines)


def write(rows, reports, citizens, runs, seconds):
    """Only what stands between the marks is ours."""
    words = (f"{datetime.date.today().isoformat()}, {machine()}; {reports:,} reports of {citizens:,} citizens; "
             f"{runs} runs of {seconds} s each, median (least–most). Load average at the end {os.getloadavg()[1]:.0f}: "
             f"what is above 2 is not ours.")
    text = RESULTS.read_text(encoding="utf-8")
    new, n = re.subn(r"(<!-- measured -->\n).*?(\n<!-- /measured -->)",
                     lambda m: m[1] + markdown(rows, words) + m[2], text, flags=re.S)
    if n != 1:
        raise SystemExit("bench: RESULTS.md has no place for what was measured")
    RESULTS.write_text(new, encoding="utf-8")
