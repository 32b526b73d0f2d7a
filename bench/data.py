"""What is measured on: a seeded data folder, tokens, requests to send, queries to ask."""
import csv
import json
import random
import sqlite3
import time
import urllib.parse

from place import ROOT, WORK, run, say, tool

CITIZENS_SIGNED_IN = 4000
TOKENS_OLD_S = 12 * 3600  # they live 23 hours
PROCEDURES = 1800
PORTAL = "CMU.IOC"  # of demo/agencies.json: where dispatchers and inspectors sit

TEXTS = [
    "Đèn đường trước trạm y tế không sáng ba đêm nay, đi lại rất khó khăn.",
    "Rác sinh hoạt đổ tràn ra lòng đường, bốc mùi hôi, chưa thấy xe đến lấy.",
    "Đường trước chợ ngập sâu sau mưa lớn, xe chết máy liên tục.",
    "Quán hát mở nhạc quá to đến khuya, nhà có trẻ nhỏ không ngủ được.",
    "Nắp hố ga trên vỉa hè bị bể, chưa ai che chắn, rất nguy hiểm cho học sinh.",
    "Ống nước vỡ chảy tràn mặt đường từ sáng đến giờ.",
]
WORDS = [
    "đèn đường", "rác", "ngập", "ổ gà", "karaoke", "loa kéo", "hố ga", "cây xanh", "lan can", "xà bần",
    "nước thải", "khói", "cỏ mọc", "thuốc", "chó", "cổng trường", "học phí", "trụ điện", "dây điện",
    "nước máy", "cống", "triều cường", "xung điện", "quá tải", "phân bón", "phà", "giữ xe", "chợ", "cầu sắt",
    "trạm y tế", "bưu điện", "bến tàu", "kênh", "khu tái định cư", "xăng", "hem so 4", "duong", "vuong tom",
]
STATES = ["dispatched", "received", "in_progress", "answered", "closed"]


def make_folder(reports, citizens):
    """The seeded folder; made once, and kept under build/bench."""
    folder = WORK / f"data-{reports}-{citizens}"
    if not (folder / "seeded").exists():
        say(f"seeding {reports:,} reports of {citizens:,} citizens")
        run("rm", "-rf", folder)
        WORK.mkdir(parents=True, exist_ok=True)
        run(tool("tramctl"), "--data", folder, "seed", "--demo", ROOT / "demo", "--reports", reports,
            "--citizens", citizens)
        (folder / "seeded").touch()
    if not (folder / "procedures").exists():
        say(f"seeding {PROCEDURES:,} procedures")
        run(tool("tramctl"), "--data", folder, "seed", "--reports", 1, "--citizens", 1, "--procedures", PROCEDURES)
        (folder / "procedures").touch()
    sign_in(folder, min(citizens, CITIZENS_SIGNED_IN))
    return folder


def make_dossiers(dossiers, citizens, drafts):
    """Another seeded folder: dossiers, and drafts that are ready to be filed."""
    folder = WORK / f"dossiers-{dossiers}-{citizens}"
    if not (folder / "seeded").exists():
        say(f"seeding {dossiers:,} dossiers of {citizens:,} citizens")
        run("rm", "-rf", folder)
        WORK.mkdir(parents=True, exist_ok=True)
        run(tool("tramctl"), "--data", folder, "seed", "--demo", ROOT / "demo", "--reports", 1,
            "--citizens", citizens, "--dossiers", dossiers)
        (folder / "seeded").touch()
    sign_in(folder, 1)
    kept = folder / f"drafts-{drafts}"
    if not kept.exists() or time.time() - kept.stat().st_mtime > TOKENS_OLD_S:
        say(f"{drafts:,} drafts")
        kept.write_text(run(tool("bench_tokens"), folder, "drafts", citizens, drafts))
    return folder, [line.split("\t") for line in kept.read_text().splitlines()]


def sign_in(folder, citizens):
    """Sessions made offline with the folder's own keys (tokens.c); anew when they grow old."""
    run(tool("bench_tokens"), folder, "citizen", 0)  # opening brings an older folder's indexes up to date
    kept = folder / "tokens.json"
    if kept.exists() and time.time() - kept.stat().st_mtime < TOKENS_OLD_S:
        return
    tokens = {"citizen": run(tool("bench_tokens"), folder, "citizen", citizens).split()}
    for role, n in (("dispatcher", 16), ("inspector", 1)):
        tokens[role] = run(tool("bench_tokens"), folder, role, PORTAL, n).split()
    kept.write_text(json.dumps(tokens))


def tokens_of(folder):
    return json.loads((folder / "tokens.json").read_text())


def communes():
    with open(ROOT / "data/communes.csv", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def categories():
    with open(ROOT / "data/categories.json", encoding="utf-8") as f:
        return [c["code"] for c in json.load(f) if not c.get("redirect")]


def agencies():
    with open(ROOT / "demo/agencies.json", encoding="utf-8") as f:
        return [a["code"] for a in json.load(f)]


# --- what is sent ----------------------------------------------------------------------------------


def report_body(dice, places, kinds):
    place, kind = dice.choice(places), dice.choice(kinds)
    body = {
        "category": kind,
        "text": f"{dice.choice(TEXTS)} Vị trí: hẻm {dice.randrange(1, 300)}, {place['full_name']}.",
        "point": {"lat": round(float(place["label_lat"]) + dice.uniform(-0.01, 0.01), 6),
                  "lon": round(float(place["label_lon"]) + dice.uniform(-0.01, 0.01), 6)},
        "commune": place["code"],
        "address": f"Số {dice.randrange(1, 400)}, {place['full_name']}",
        "photos": [],
        "consent": dice.random() < 0.7,
    }
    if kind == "dien_chieu_sang":
        body["answers"] = {"danger": False}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def write_requests(path, lines):
    path.write_text("".join(f"{url}\t{token or ''}\t{body or ''}\n" for url, token, body in lines),
                    encoding="utf-8")
    return path


def creations(folder, n=8000):
    """Reports to be filed, each line by the next citizen."""
    dice, places, kinds = random.Random(1), communes(), categories()
    citizens = tokens_of(folder)["citizen"]
    return [("/v1/reports", citizens[i % len(citizens)], report_body(dice, places, kinds)) for i in range(n)]


def publications(folder, n):
    """Steps that publish: each changes what the public list shows."""
    with sqlite3.connect(f"file:{folder}/tram.db?mode=ro", uri=True) as db:
        rows = db.execute("SELECT hex(r.id) FROM c_report_fact r LEFT JOIN c_report_public p ON p.id = r.id"
                          " WHERE p.id IS NULL AND r.f_state IN ('answered', 'closed') LIMIT ?", (n,)).fetchall()
    dispatchers = tokens_of(folder)["dispatcher"]
    ids = [f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}".lower() for (h,) in rows]
    return [(f"/v1/reports/{one}/steps/publish", dispatchers[i % len(dispatchers)], '{"photos":[]}')
            for i, one in enumerate(ids)]


# --- what is asked ---------------------------------------------------------------------------------


def address(path, **query):
    return f"{path}?{urllib.parse.urlencode(query)}" if query else path


SEARCHES = [
    "khai sinh", "làm giấy kết hôn", "sổ đỏ", "so do", "cất nhà", "mở quán", "tạm trú", "hộ khẩu", "giấy phép",
    "giay phep kinh doanh", "an toàn thực phẩm", "tàu cá", "lái xe", "karaoke", "hóa chất", "nhà thuốc", "rượu",
    "môi trường", "hướng dẫn viên", "khuyết tật", "9.0012", "trường mẫu giáo", "xăng dầu", "lao động nước ngoài",
]
DEEDS = ["cấp", "cấp lại", "cấp đổi", "gia hạn", "điều chỉnh", "thu hồi", "xác nhận", "tạm ngừng", "khôi phục", "bổ sung"]


def procedure_queries(n=1000):
    """Distinct searches of procedures as they are typed: whole, begun, with a filter, by their code."""
    dice, found = random.Random(4), {}
    while len(found) < n:
        text = f"{dice.choice(DEEDS)} {dice.choice(SEARCHES)}" if dice.random() < 0.7 else dice.choice(SEARCHES)
        if dice.random() < 0.5:
            text = text[:dice.randrange(3, len(text) + 1)].strip()
        query = {"q": text if dice.random() < 0.9 else f"9.{dice.randrange(1, PROCEDURES + 1):06d}"}
        if dice.random() < 0.3:
            query["applicant"] = dice.choice(["citizen", "organisation"])
        if dice.random() < 0.3:
            query["level"] = dice.choice(["commune", "province"])
        found[address("/v1/procedures", **query)] = True
    return list(found)


def fresh_procedure_queries(n):
    """So many that none is asked twice: each search is carried out."""
    dice = random.Random(5)
    return [address("/v1/procedures", q=f"{dice.choice(DEEDS)} {dice.choice(SEARCHES)} {i:x}") for i in range(n)]


def public_queries(n=1000):
    """Distinct public lists: categories, communes, states, boxes, words, as phones ask for them."""
    dice, found = random.Random(2), {}
    places, kinds = communes(), categories()

    def box():
        place, half = dice.choice(places), dice.choice([0.01, 0.02, 0.05, 0.1])
        lat, lon = float(place["label_lat"]), float(place["label_lon"])
        return f"{lon - half:.4f},{lat - half:.4f},{lon + half:.4f},{lat + half:.4f}"

    def words():
        return " ".join(dice.sample(WORDS, dice.choice([1, 1, 2])))

    shapes = [
        lambda: {"category": dice.choice(kinds)},
        lambda: {"commune": dice.choice(places)["code"]},
        lambda: {"state": dice.choice(STATES)},
        lambda: {"category": dice.choice(kinds), "state": dice.choice(STATES)},
        lambda: {"category": dice.choice(kinds), "commune": dice.choice(places)["code"]},
        lambda: {"commune": dice.choice(places)["code"], "state": dice.choice(STATES)},
        lambda: {"box": box()},
        lambda: {"box": box(), "category": dice.choice(kinds)},
        lambda: {"q": words()},
        lambda: {"q": words(), "commune": dice.choice(places)["code"]},
    ]
    found["/v1/public/reports"] = True
    while len(found) < n:
        found[address("/v1/public/reports", **dice.choice(shapes)())] = True
    return list(found)


def dossier_queries(now_ms):
    """An officer's screens of dossiers, as desk_queries has those of reports."""
    rows = "SELECT doc FROM c_dossier INDEXED BY i_dossier__{0} WHERE {1} ORDER BY {2} LIMIT 50"
    names = agencies()
    return {
        "an agency's dossiers by deadline": (
            [address("/v1/desk/dossiers/inbox", agency=a) for a in names],
            [rows.format("inbox", f"f_agency = '{a}' AND f_open = 1 AND f_turn IS NOT NULL", "f_turn, id")
             for a in names]),
        "late dossiers over the province": (
            ["/v1/desk/dossiers/late"],
            [rows.format("duty", f"f_duty = 1 AND f_due IS NOT NULL AND f_due < {now_ms}", "f_due, id")]),
        "an agency's dossiers, newest first": (
            [address("/v1/desk/dossiers", agency=a) for a in names],
            [rows.format("agency", f"f_agency = '{a}' AND f_filed IS NOT NULL", "f_filed DESC, id DESC")
             for a in names]),
    }


DAY_MS = 24 * 3600 * 1000
VN_MS = 7 * 3600 * 1000


def desk_queries(now_ms):
    """For each screen: the addresses that are asked, and the same queries as SQL."""
    today = (now_ms + VN_MS) // DAY_MS
    first, last = today - 180, today
    span = {"from": time.strftime("%Y-%m-%d", time.gmtime(first * 86400)),
            "to": time.strftime("%Y-%m-%d", time.gmtime(last * 86400))}
    figures = ("SELECT count(*), f_{0}, f_state, f_late FROM c_report_fact INDEXED BY i_report_fact__{1}"
               " WHERE {2}f_day IS NOT NULL AND f_day >= {3} AND f_day < {4} GROUP BY f_{0}, f_state, f_late")
    rows = "SELECT doc FROM c_report INDEXED BY i_report__{0} WHERE {1} ORDER BY {2} LIMIT 50"
    names = agencies()
    return {
        "an agency's inbox by deadline": (
            [address("/v1/desk/inbox", agency=a) for a in names],
            [rows.format("inbox", f"f_agency = '{a}' AND f_open = 1 AND f_turn IS NOT NULL", "f_turn, id")
             for a in names]),
        "late over the province": (
            ["/v1/desk/late"],
            [rows.format("duty", f"f_duty = 1 AND f_due IS NOT NULL AND f_due < {now_ms}", "f_due, id")]),
        "an agency's reports, newest first": (
            [address("/v1/desk/reports", agency=a) for a in names],
            [rows.format("agency", f"f_agency = '{a}' AND f_filed IS NOT NULL", "f_filed DESC, id DESC")
             for a in names]),
        "figures of the province, 180 days": (
            [address("/v1/desk/figures", **span)],
            [figures.format("agency", "day", "", first, last + 1)]),
        "figures of an agency, 180 days": (
            [address("/v1/desk/figures", agency=a, by="category", **span) for a in names],
            [figures.format("category", "agency", f"f_agency = '{a}' AND ", first, last + 1) for a in names]),
    }
