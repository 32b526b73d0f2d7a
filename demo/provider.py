#!/usr/bin/env python3
"""A payment provider for demonstrations and tests: the other side of pay/signed.c, over real HTTP.

    demo/provider.py [--port 8098] [--secret-file FILE] [--keep FILE] [--trust PEM] [--with-parent PID]

It listens on the loopback alone and prints its address. A person pays on the page that an order's url
shows, and says there how the callback is to come: once, twice, late (when "send" is pressed, or told to),
or never. Tests say the same by POST /control/… as JSON:

    pay         {order, callbacks?, amount?, transaction?, paid_at?}  as if it were paid on the page
    fail        {order, callbacks?}     given up
    send        {reversed?}             what was held back as late, the oldest first
    transaction {transaction, order?, amount, paid_at?}  into its list, told to nobody
    change      {transaction, amount}   the list says another amount; 0: it is no longer there
    away        {on, pages?}            answers 503 from now on; with pages, only its list, after so many of them
    forge       {order, wrong}          a callback with a wrong signature, secret, timestamp, path or body

Its clock follows the latest signed request, so that a demonstration whose clock is advanced is answered.
"""
import argparse
import ctypes
import datetime
import hashlib
import hmac
import html
import http.server
import json
import os
import re
import signal
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

DEMO_SECRET = b"trinh-dien-khong-phai-bi-mat-0000000000"
TOLERANCE_S = 300
BODY_MAX = 64 * 1024
PAGE = 200
TRIES = 6
PR_SET_PDEATHSIG = 1

PAGE_HTML = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Thanh toán thử</title>
<style>body{{font:1rem system-ui;max-width:30rem;margin:2rem auto;padding:0 1rem}}
button{{font:inherit;padding:.6rem 1.2rem;margin:.3rem .3rem 0 0}}</style>
<h1>Thanh toán thử nghiệm</h1><p>Không có tiền thật ở đây. <em>No real money.</em></p>
<p>Hồ sơ <b>{number}</b>: <b>{amount} đồng</b></p><p>Trạng thái: <b>{status}</b></p>{form}{back}"""
FORM_HTML = """<form method="post"><label>Báo kết quả (callback):
<select name="callbacks"><option value="once">một lần</option><option value="twice">hai lần</option>
<option value="late">muộn, khi bấm gửi</option><option value="never">không báo</option></select></label><br>
<button name="do" value="pay">Thanh toán</button><button name="do" value="fail">Huỷ</button></form>"""
STATUS = {"open": "chờ thanh toán", "paid": "đã thanh toán", "failed": "đã huỷ", "expired": "hết hạn"}


def text_of(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Provider:
    def __init__(self, secret, keep, trust):
        self.secret, self.keep = secret, keep
        self.lock = threading.RLock()
        self.orders, self.transactions, self.held = {}, {}, []
        self.ahead = 0.0
        self.away, self.pages_left = False, None
        self.tls = ssl.create_default_context(cafile=trust) if trust else None
        if keep:
            try:
                with open(keep, encoding="utf-8") as file:
                    self.orders, self.transactions = json.load(file)
            except FileNotFoundError:
                pass

    def now(self):
        return time.time() + self.ahead

    def save(self):
        if self.keep:
            with open(self.keep, "w", encoding="utf-8") as file:
                json.dump([self.orders, self.transactions], file)

    def sign(self, merchant, timestamp, method, path, body, secret=None):
        digest = hashlib.sha256(body).hexdigest()
        lines = "".join(f"{line}\n" for line in ("v1", merchant, timestamp, method, path, digest))
        return "v1=" + hmac.new(secret or self.secret, lines.encode(), hashlib.sha256).hexdigest()

    def believes(self, headers, method, path, body):
        merchant, timestamp = headers.get("pay-merchant", ""), headers.get("pay-timestamp", "")
        wanted = self.sign(merchant, timestamp, method, path, body)
        if not hmac.compare_digest(wanted, headers.get("pay-signature", "")) or not timestamp.isdecimal():
            return False
        if int(timestamp) < self.now() - TOLERANCE_S:
            return False
        self.ahead = max(self.ahead, int(timestamp) - time.time())
        return True

    # --- orders ---------------------------------------------------------------------------------

    def create(self, asked, merchant, address):
        order = str(uuid.UUID(asked["order"]))
        with self.lock:
            if order not in self.orders:
                self.orders[order] = {
                    "order": order, "merchant": merchant, "amount": int(asked["amount"]),
                    "description": str(asked.get("description", ""))[:200],
                    "expires": seconds_of(asked["expires_at"]), "notify": asked.get("notify_url"),
                    "back": asked.get("return_url"), "status": "open", "paid": [],
                    "reference": "DH" + hashlib.sha256(order.encode()).hexdigest()[:12].upper()}
                self.save()
            known = self.orders[order]
        if known["amount"] != int(asked["amount"]):
            return None
        return {"reference": known["reference"], "url": f"{address}/pay/{order}"}

    def show(self, order):
        with self.lock:
            known = self.orders[order]
            if known["status"] == "open" and self.now() > known["expires"]:
                known["status"] = "expired"
            return {"order": order, "status": known["status"],
                    "transactions": [self.transactions[one] for one in known["paid"] if one in self.transactions]}

    def add(self, transaction, order, amount, paid_at):
        self.transactions[transaction] = {"transaction": transaction, "order": order or "", "amount": amount,
                                          "paid_at": paid_at or text_of(self.now())}

    def pay(self, order, callbacks="once", amount=None, transaction=None, paid_at=None):
        with self.lock:
            known = self.orders[order]
            before = self.show(order)
            transaction = transaction or "GD" + uuid.uuid4().hex[:16].upper()
            self.add(transaction, order, amount or known["amount"], paid_at)
            if transaction not in known["paid"]:
                known["paid"].append(transaction)
            known["status"] = "paid"
            self.save()
            told = self.show(order)
        self.tell(order, told, callbacks, before)
        return told

    def fail(self, order, callbacks="once"):
        with self.lock:
            if self.orders[order]["status"] != "paid":
                self.orders[order]["status"] = "failed"
            self.save()
            told = self.show(order)
        self.tell(order, told, callbacks, None)
        return told

    def breaks_off(self):
        """Whether its list is no longer answered."""
        with self.lock:
            if self.pages_left is None:
                return False
            self.pages_left -= 1
            return self.pages_left < 0

    def list(self, date, after):
        day = datetime.date.fromisoformat(date)
        zone = datetime.timezone(datetime.timedelta(hours=7))
        with self.lock:
            rows = sorted((one for one in self.transactions.values() if datetime.datetime.fromtimestamp(
                seconds_of(one["paid_at"]), zone).date() == day), key=lambda one: one["transaction"])
        rows = [one for one in rows if one["transaction"] > (after or "")]
        page = {"items": rows[:PAGE]}
        if len(rows) > PAGE:
            page["next"] = page["items"][-1]["transaction"]
        return page

    # --- callbacks ------------------------------------------------------------------------------

    def tell(self, order, told, callbacks, before):
        if callbacks == "late":
            with self.lock:
                if before:
                    self.held.append((order, before))
                self.held.append((order, told))
        elif callbacks != "never":
            for _ in range(2 if callbacks == "twice" else 1):
                threading.Thread(target=self.post, args=(order, told), daemon=True).start()

    def send(self, reverse=False):
        with self.lock:
            held, self.held = self.held, []
        return [self.post(order, told) for order, told in (reversed(held) if reverse else held)]

    def post(self, order, told, wrong=None):
        """Until it is taken; the status of the last answer, 0 without one."""
        known = self.orders[order]
        if not known["notify"]:
            return 0
        status = 0
        for attempt in range(1 if wrong else TRIES):
            if attempt:
                time.sleep(2 ** attempt / 4)
            body = json.dumps(told).encode()
            path = urllib.parse.urlsplit(known["notify"]).path
            timestamp = str(int(self.now()) - (3600 if wrong == "timestamp" else 0))
            signed = self.sign(known["merchant"], timestamp, "POST", path + ("x" if wrong == "path" else ""), body,
                               b"another secret of the same length 000000" if wrong == "secret" else None)
            if wrong == "signature":
                signed = signed[:-1] + ("0" if signed[-1] != "0" else "1")
            if wrong == "body":
                body += b" "
            request = urllib.request.Request(known["notify"], body, {
                "content-type": "application/json", "pay-merchant": known["merchant"],
                "pay-timestamp": timestamp, "pay-signature": signed})
            try:
                with urllib.request.urlopen(request, timeout=20, context=self.tls) as answer:
                    return answer.status
            except urllib.error.HTTPError as error:
                status = error.code
                if status < 500 and status != 429:
                    return status
            except OSError:
                status = 0
        return status

    def control(self, what, asked):
        with self.lock:
            if what == "transaction":
                self.add(asked["transaction"], asked.get("order"), asked["amount"], asked.get("paid_at"))
            elif what == "change" and asked["amount"]:
                self.transactions[asked["transaction"]]["amount"] = asked["amount"]
            elif what == "change":
                self.transactions.pop(asked["transaction"])
            elif what == "away":
                self.pages_left = asked.get("pages") if asked["on"] else None
                self.away = bool(asked["on"]) and self.pages_left is None
        if what in ("pay", "fail"):
            return getattr(self, what)(**asked)
        if what == "send":
            return {"sent": self.send(bool(asked.get("reversed")))}
        if what == "forge":
            return {"status": self.post(asked["order"], self.show(asked["order"]), asked["wrong"])}
        self.save()
        return {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider = None

    def log_message(self, format, *args):
        pass

    def answer(self, status, value, kind="application/json"):
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        n = int(self.headers.get("content-length") or 0)
        return self.rfile.read(n) if n <= BODY_MAX else b""

    def page(self, order):
        known, told = self.provider.orders[order], self.provider.show(order)
        back = known["back"]
        if back:
            back += ("&" if "?" in back else "?") + "order=" + order
        return PAGE_HTML.format(
            number=html.escape(known["description"]), amount=f"{known['amount']:,}".replace(",", "."),
            status=STATUS[told["status"]], form=FORM_HTML if told["status"] == "open" else "",
            back=f'<p><a href="{html.escape(back)}">Trở lại ứng dụng</a></p>' if back else "")

    def route(self, method):
        body = self.body()
        path = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(path.query))
        parts = path.path.strip("/").split("/")
        if parts[0] == "control" and method == "POST":
            return self.answer(200, self.provider.control(parts[1], json.loads(body or b"{}")))
        if parts[0] == "pay" and re.fullmatch("[0-9a-f-]{36}", parts[1]):
            if method == "POST":
                form = dict(urllib.parse.parse_qsl(body.decode()))
                if self.provider.show(parts[1])["status"] == "open":
                    act = self.provider.pay if form.get("do") == "pay" else self.provider.fail
                    act(parts[1], form.get("callbacks", "once"))
            return self.answer(200, self.page(parts[1]), "text/html; charset=utf-8")
        if self.provider.away:
            return self.answer(503, {})
        if not self.provider.believes(self.headers, method, self.path, body):
            return self.answer(401, {"error": "signature"})
        if method == "POST" and parts == ["orders"]:
            address = f"http://{self.headers['host']}"
            made = self.provider.create(json.loads(body), self.headers["pay-merchant"], address)
            return self.answer(201 if made else 409, made or {"error": "amount"})
        if method == "GET" and parts[0] == "orders":
            return self.answer(200, self.provider.show(parts[1]))
        if method == "GET" and parts == ["transactions"] and self.provider.breaks_off():
            return self.answer(503, {})
        if method == "GET" and parts == ["transactions"]:
            return self.answer(200, self.provider.list(query["date"], query.get("after")))
        return self.answer(404, {})

    def handle_one(self, method):
        try:
            self.route(method)
        except (KeyError, IndexError):
            self.answer(404, {"error": "not known"})
        except (ValueError, TypeError) as error:
            self.answer(400, {"error": str(error)})

    def do_GET(self):
        self.handle_one("GET")

    def do_POST(self):
        self.handle_one("POST")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=8098)
    parser.add_argument("--secret-file")
    parser.add_argument("--keep", help="a file for its orders and transactions")
    parser.add_argument("--trust", help="PEM of the certificate that callbacks trust")
    parser.add_argument("--with-parent", type=int, metavar="PID", help="ends with the process that started it")
    options = parser.parse_args()
    if options.with_parent:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != options.with_parent:  # it ended before it was asked
            return
    secret = DEMO_SECRET
    if options.secret_file:
        with open(options.secret_file, "rb") as file:
            secret = file.read().rstrip(b"\r\n")
    Handler.provider = Provider(secret, options.keep, options.trust)
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    except OSError as fault:
        sys.exit(f"payment provider: 127.0.0.1:{options.port}: {fault.strerror}; unless one listens there, no fee is paid")
    print(f"payment provider http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
