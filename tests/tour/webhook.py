#!/usr/bin/env python3
"""An agency's own system: takes signed calls (standardwebhooks.com) and writes one line of each.

    webhook.py PORT SECRET_FILE LOG     {"signed": true, "id": …, "body": …} a line; 401 if not signed

The secret is read at each call, for it is made after the address is told.
"""
import base64
import hashlib
import hmac
import http.server
import json
import sys

PORT, SECRET_FILE, LOG = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def signed(headers, body):
    with open(SECRET_FILE, encoding="ascii") as file:
        key = base64.b64decode(file.read().strip().removeprefix("whsec_"))
    text = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    due = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(due, one) for one in headers["webhook-signature"].split())


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        sound = signed(self.headers, body)
        line = {"signed": sound, "id": self.headers["webhook-id"], "body": json.loads(body)}
        with open(LOG, "a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.send_response(204 if sound else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


receiver = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Receiver)
with open(LOG, "a", encoding="utf-8"):
    pass  # it is there once calls can come
receiver.serve_forever()
