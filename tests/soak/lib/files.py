#!/usr/bin/env python3
"""What a data folder looks like inside once tramd has stopped: files.py FOLDER, JSON to stdout.

    integrity     what SQLite says of both databases: ["ok", "ok"]
    strangers     files that are neither a store's nor a key's: drafts and other temporary ones
    orphans       blobs that no document names, and how many blobs there are
    documents     of each collection
"""
import json
import pathlib
import re
import sqlite3
import sys

STORE = r"((persons|tombstones)/)?(lock|tram\.db(-wal|-shm)?|blobs/[0-9a-f]{2}/[0-9a-f-]{36}(\.sha256)?)"
KNOWN = [STORE, r"keyring/([0-9a-f]{8}|lookup)\.key", r"tls/dev-(cert|key)\.pem"]


def is_known(name):
    return any(re.fullmatch(pattern, name) for pattern in KNOWN)


def look(folder):
    files = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()]
    result = {"strangers": sorted(f for f in files if not is_known(f)), "integrity": [], "documents": {}}
    named = bytearray()
    for base in (folder, folder / "persons", folder / "tombstones"):
        db = sqlite3.connect(f"file:{base / 'tram.db'}?mode=ro", uri=True)
        result["integrity"].append(db.execute("PRAGMA integrity_check").fetchone()[0])
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
            columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
            if "doc" not in columns:
                continue
            result["documents"][table] = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            if "upload" in table or "setting" in table:
                for (doc,) in db.execute(f'SELECT doc FROM "{table}"'):
                    named += doc
    blobs = [p for p in (folder / "blobs").glob("*/*") if re.fullmatch(r"[0-9a-f-]{36}", p.name)]
    orphans = [p for p in blobs if bytes.fromhex(p.name.replace("-", "")) not in named]
    result["blobs"] = len(blobs)
    result["orphans"] = [p.name for p in orphans]
    return result


if __name__ == "__main__":
    json.dump(look(pathlib.Path(sys.argv[1])), sys.stdout)
