"""assay serve: who may ask what, what the answers are, and that nothing which is shown or sent does harm."""
import concurrent.futures
import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.parse

from . import audit, process
from .audit import BUCKET, KEY, Audit
from .collect_k8s import expect, fine

TOKEN = "correct-horse-battery-staple"
HOSTILE = '</script><script>alert(1)</script>"\'><img src=x onerror=alert(1)>'
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
          "frame-ancestors 'none'")


class Reply:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """assay serve on a free port, until the block ends; it must then end by itself, without a word."""

    def __init__(self, run, *args, history="history.sqlite"):
        where = history if "://" in history else run.path(history)
        self.process = subprocess.Popen([run.options.bin, "serve", "--history", where, "--port", "0"] + list(args), cwd=run.folder, env=run.env,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stderr.readline().decode()
        found = re.search(r"http://(\S+):(\d+)/", line)
        if not found:
            self.process.kill()
            raise AssertionError("it does not start: " + line + self.process.stderr.read().decode())
        self.host, self.port = found.group(1), int(found.group(2))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            out, err = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("it does not end")
        if kind is None:
            expect(self.process.returncode == 0 and out + err == b"", (self.process.returncode, out, err))

    def ask(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def api(self, path, **params):
        reply = self.ask("/api/" + path + ("?" + urllib.parse.urlencode(params) if params else ""))
        expect(reply.status == 200, (path, params, reply.status, reply.body[:200]))
        return reply.json

    def raw(self, data, timeout=20):
        """What comes back; a connection that is closed early is an answer too."""
        answer = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as s:
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            try:
                while piece := s.recv(65536):
                    answer += piece
            except ConnectionError:
                pass
        return answer


def recorded(options, *resources, **env):
    run = Audit(options, **env)
    run.terraform(*(resources or (BUCKET % "a", KEY % "k")))
    fine(run.audit())
    return run


# --- who may ask what --------------------------------------------------------------------------------


def headers(options):
    """Every answer, of whatever kind, has all of them; none names another origin."""
    run = recorded(options)
    with Server(run) as server:
        for path, status in (("/", 200), ("/app.js", 200), ("/style.css", 200), ("/login", 200), ("/healthz", 200), ("/metrics", 200),
                             ("/api/overview", 200), ("/api/findings?severity=grave", 400), ("/api/nothing", 404), ("/nothing", 404)):
            reply = server.ask(path)
            expect(reply.status == status, (path, reply.status))
            want = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
                    "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
                    "Cache-Control": "no-store"}
            expect({k: reply.headers[k] for k in want} == want, (path, reply.headers.items()))
            expect("Access-Control-Allow-Origin" not in reply.headers and "Set-Cookie" not in reply.headers, reply.headers.items())
            if path in ("/", "/app.js", "/style.css", "/login"):
                links = set(re.findall(rb"https?://[^\s\"'\\]+", reply.body)) - {b"http://www.w3.org/2000/svg"}
                expect(not links, (path, links))
                expect(b"style=" not in reply.body and b" onclick=" not in reply.body, path)
        head = server.ask("/api/overview", "HEAD")
        expect(head.status == 200 and head.body == b"" and int(head.headers["Content-Length"]) > 100, head.headers.items())


def methods(options):
    run = recorded(options)
    with Server(run) as server:
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
            for path in ("/", "/api/findings", "/nothing"):
                reply = server.ask(path, method)
                expect(reply.status == 405 and reply.headers["Allow"] == "GET, HEAD", (method, path, reply.status))
        expect(server.ask("/login", "PUT").status == 405, "PUT /login")
        expect(server.ask("/login", "POST", "token=x").status == 303, "without a token there is nothing to log in to")


def paths(options):
    """A path is looked up in a table: no file is ever read for it."""
    run = recorded(options)
    run.write("secret.txt", "top secret")
    with Server(run) as server:
        for path in ("/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "//etc/passwd", "/etc/passwd", "/secret.txt", "/app.js/", "/app.js%00",
                     "/APP.JS", "/api", "/api/", "/api/findings/", "/engine/serve/web/app.html", "/report", "/style.css/../../secret.txt", "/.%00/x"):
            raw = server.raw(("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % path).encode())
            code = raw.split(b" ")[1] if raw else b""
            expect(code in (b"404", b"400") or path == "/app.js%00", (path, raw[:80]))
            expect(b"top secret" not in raw and b"root:" not in raw, path)


def names(options):
    """DNS rebinding: a page of evil.example that leads its own name to 127.0.0.1 gets nothing."""
    run = recorded(options)
    with Server(run, "--host", "assay.example.com") as server:
        for host, status in (("localhost", 200), ("LOCALHOST:%d" % server.port, 200), ("127.0.0.1:%d" % server.port, 200), ("[::1]:80", 200),
                             ("assay.example.com", 200), ("assay.example.com:443", 200), ("evil.example", 421), ("localhost.evil.example", 421),
                             ("127.0.0.1.evil.example", 421), ("localhost:99999", 421), ("localhost:x", 421), ("[::1", 421), ("", 421),
                             ("evil.example:8420", 421), ("127.0.0.1@evil.example", 421), ("xassay.example.com", 421)):
            reply = server.ask("/api/overview", Host=host)
            expect(reply.status == status, (host, reply.status))
            expect(status == 200 or b"severities" not in reply.body, host)
        old = server.raw(b"GET /api/overview HTTP/1.0\r\n\r\n")
        expect(b" 421 " in old.split(b"\r\n")[0], old[:100])


def address(options):
    """Another address than loopback only with a token, and a token worth the name."""
    run = recorded(options)
    run.write("short", "abc\n")
    run.write("blank", "a token with blanks in it\n")
    base = [run.options.bin, "serve", "--history", run.path("history.sqlite"), "--port", "0"]
    for args, words in ((["--listen", "0.0.0.0"], "--token-file is needed"), (["--listen", "::"], "--token-file is needed"),
                        (["--listen", "localhost"], "is no address"), (["--listen", ""], "is no address"), (["--token-file", "/nowhere"], "/nowhere"),
                        (["--token-file", run.path("short")], "at least 16"), (["--token-file", run.path("blank")], "no blanks"),
                        (["--history", run.path("none.sqlite")], "none.sqlite"), (["--port", "70000"], "65535"), (["x"], "no argument")):
        result = process.run(base + args, run.folder, run.env, timeout=20)
        expect(result.code == 2 and words in result.err, (args, result.code, result.err))
    expect(not os.path.exists(run.path("none.sqlite")), "a history is not made by looking for it")
    run.write("token", TOKEN + "\n")
    with Server(run, "--listen", "0.0.0.0", "--token-file", run.path("token")) as server:
        expect(server.ask("/api/overview").status == 401, "without the token")
        again = process.run(base[:-1] + [str(server.port)], run.folder, run.env, timeout=20)
        expect(again.code == 2 and "in use" in again.err, again.err)


def token(options):
    run = recorded(options)
    run.write("token", TOKEN + "\n")
    with Server(run, "--token-file", run.path("token"), "--result", run.path("infra")) as server:
        for path in ("/app.js", "/api/overview", "/api/nothing", "/metrics", "/report", "/nothing"):
            for given in ({}, {"Authorization": "Bearer " + TOKEN[:-1]}, {"Authorization": "Bearer " + TOKEN + "x"}, {"Authorization": "Basic " + TOKEN},
                          {"Authorization": "Bearer "}, {"Cookie": "assay_session=" + TOKEN}, {"Cookie": "assay_session=99999999999."}):
                reply = server.ask(path, **given)
                expect(reply.status == 401 and reply.headers["WWW-Authenticate"] == "Bearer", (path, given, reply.status))
                expect(b"AWS-S3" not in reply.body, path)
        expect(server.ask("/healthz").status == 200 and server.ask("/style.css").status == 200, "what tells nothing is open")
        start = server.ask("/")
        expect(start.status == 303 and start.headers["Location"] == "/login", start.status)
        for path in ("/", "/app.js", "/api/overview", "/metrics", "/report"):
            expect(server.ask(path, Authorization="Bearer " + TOKEN).status == 200, path)
        # the form
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        wrong = server.ask("/login", "POST", "token=wrong", **form)
        expect(wrong.status == 403 and "Set-Cookie" not in wrong.headers and b"not the token" in wrong.body, wrong.status)
        expect(server.ask("/login", "POST", "token=" + TOKEN, Sec_Fetch_Site="cross-site", **form).status == 403, "from another site")
        expect(server.ask("/login", "POST", "x" * 5000, **form).status == 413, "a long body")
        right = server.ask("/login", "POST", "a=b&token=" + urllib.parse.quote_plus(TOKEN), Sec_Fetch_Site="same-origin", **form)
        cookie = right.headers["Set-Cookie"]
        expect(right.status == 303 and right.headers["Location"] == "/", right.status)
        expect(all(w in cookie for w in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200")) and TOKEN not in cookie, cookie)
        session = cookie.split(";")[0]
        expect(server.ask("/api/overview", Cookie="other=1; " + session).status == 200, "with the session")
        expiry, signature = session.split("=")[1].split(".")
        later = "assay_session=%d.%s" % (int(expiry) + 1, signature)
        for forged in (later, session[:-1], session + "0", session.replace(signature, "0" * len(signature))):
            expect(server.ask("/api/overview", Cookie=forged).status == 401, forged)
    with Server(run, "--token-file", run.path("token")) as server:
        expect(server.ask("/api/overview", Cookie=session).status == 401, "a session ends with the server")


# --- what the answers are ----------------------------------------------------------------------------


def many(options):
    """Three scopes in two environments, four runs: what is new, fixed and reopened is known."""
    run = Audit(options)
    for resources, name in (((BUCKET % "a", KEY % "k"), "one"), ((BUCKET % "a",), "one"), ((BUCKET % "a", KEY % "k", BUCKET % "b"), "one"),
                            ((KEY % "z",), "two%_")):
        run.terraform(*resources)
        os.makedirs(run.path("infra/envs/prod"), exist_ok=True)
        run.write("infra/envs/prod/main.tf", BUCKET % "p" if name == "one" else "")
        fine(run.audit("--scope", name))
    return run


def search(options, history=None, run=None):
    """Each filter against the same question put to all findings by hand."""
    run = run or many(options)
    with Server(run, history=history or "history.sqlite") as server:
        everything = server.api("findings", state="any", per_page=500)
        items = everything["items"]
        expect(everything["total"] == len(items) > 10, everything["total"])
        states = {s: sum(1 for f in items if f["state"] == s) for s in ("new", "open", "reopened", "fixed")}
        expect(states["new"] > 0 and states["reopened"] > 0, states)
        questions = [(dict(state="fixed"), lambda f: f["state"] == "fixed"), (dict(state="new"), lambda f: f["state"] == "new"),
                     (dict(state="open"), lambda f: f["state"] != "fixed"), (dict(state="reopened"), lambda f: f["reopened"] > 0 and "fixed_at" not in f),
                     (dict(severity="high"), lambda f: f["severity"] == "high"),
                     (dict(severity="medium,low"), lambda f: f["severity"] in ("medium", "low")),
                     (dict(rule="AWS-S3-001"), lambda f: f["rule"] == "AWS-S3-001"), (dict(scope="two%_"), lambda f: f["scope"] == "two%_"),
                     (dict(environment="prod"), lambda f: f["environment"] == "prod"),
                     (dict(text="BUCKET.b s3"), lambda f: "bucket.b" in everywhere(f) and "s3" in everywhere(f)),
                     (dict(text="%"), lambda f: "%" in everywhere(f)), (dict(text="aws_s3_bucket"), lambda f: "aws_s3_bucket" in everywhere(f)),
                     (dict(text="awsXs3"), lambda f: False), (dict(text="' OR 1=1 --"), lambda f: False), (dict(scope="' OR '1'='1"), lambda f: False),
                     (dict(min_age=1), lambda f: False), (dict(max_age=0), lambda f: True), (dict(max_age=6, state="new"), lambda f: f["state"] == "new")]
        for params, holds in questions:
            got = server.api("findings", **{"state": "any", "per_page": 500, **params})
            want = [f["fingerprint"] + f["scope"] for f in items if holds(f)]
            expect([f["fingerprint"] + f["scope"] for f in got["items"]] == want and got["total"] == len(want), (params, got["total"], len(want)))
        expect(len(server.api("findings", environment="prod")["items"]) > 0, "environments are recorded")
        ranks = [("critical", "high", "medium", "low", "info").index(f["severity"]) for f in items]
        expect(ranks == sorted(ranks), "the gravest first")
        by_rule = [f["rule"] for f in server.api("findings", state="any", order="rule", per_page=500)["items"]]
        expect(by_rule == sorted(by_rule), by_rule)


def everywhere(f):
    return " ".join(f[k] for k in ("rule", "title", "address", "path", "message")).lower()


def paging(options):
    run = many(options)
    with Server(run) as server:
        for path, params in (("findings", {"state": "any"}), ("runs", {}), ("run", {"id": 1}), ("overview", {})):
            whole = server.api(path, per_page=500, **params)
            pieces, page = [], 1
            while len(pieces) < whole["total"] and page < 50:
                piece = server.api(path, per_page=2, page=page, **params)
                expect(piece["total"] == whole["total"] and piece["page"] == page and len(piece["items"]) <= 2, piece)
                pieces += piece["items"]
                page += 1
            expect(pieces == whole["items"] and len(pieces) > 0, path)
            expect(server.api(path, page=1000000, **params)["items"] == [], "beyond the end")
        for bad in ("page=0", "page=-1", "page=x", "page=1000001", "per_page=501", "per_page=0", "page=99999999999999999999", "sevrity=high",
                    "severity=grave", "severity=,", "state=x", "order=x", "text=%FF", "text=%00", "text=a%0Ab", "min_age=-1", "scope=%C0%AF"):
            reply = server.ask("/api/findings?" + bad)
            expect(reply.status == 400 and "error" in reply.json, (bad, reply.status))
        for missing in ("finding?fingerprint=abc", "run?id=99", "rule?id=NO-1"):
            expect(server.ask("/api/" + missing).status == 404, missing)
        for lacking in ("finding", "run"):
            expect(server.ask("/api/" + lacking).status in (400, 404), lacking)


def story(options):
    """A finding with its rule and what became of it; with a result also the evidence."""
    run = many(options)
    run.terraform(KEY % "k")
    result = process.run([options.bin, "scan", "--format", "json", "--show-passed", "--fail-on", "none", run.path("infra")], run.folder, run.env)
    run.write("result.json", result.out)
    for given in ("result.json", "infra"):
        with Server(run, "--result", run.path(given)) as server:
            reopened = server.api("findings", state="reopened", rule="AWS-KMS-001")["items"][0]
            f = server.api("finding", scope=reopened["scope"], fingerprint=reopened["fingerprint"])
            expect([e["event"] for e in f["events"]] == ["new", "fixed", "reopened"], f["events"])
            expect(f["about"]["id"] == "AWS-KMS-001" and f["about"]["description"] and f["about"]["remediation"], f["about"])
            expect(f["evidence"]["rule"] == f["rule"], f.get("evidence"))
            lines = [line for line in f["evidence"]["excerpt"] if line[1]]
            expect(bool(lines) == (given == "infra") and all("description" in text or "kms_key" in text for _, _, text in lines), f["evidence"])
            page = server.ask("/report")
            policy = page.headers["Content-Security-Policy"]
            inside = re.search(rb'http-equiv="Content-Security-Policy" content="([^"]*)"', page.body).group(1).decode()
            expect(page.status == 200 and policy == inside + "; frame-ancestors 'none'" and "'sha256-" in policy, policy)
            expect(server.api("overview")["report"] is True, "the page shows the link")
    with Server(run) as server:
        expect(server.api("overview")["report"] is False and server.ask("/report").status == 404, "there is no report")


def figures(options, history=None, run=None):
    """Overview, facets, trend and metrics say what the list of findings says."""
    run = run or many(options)
    with Server(run, history=history or "history.sqlite") as server:
        items = [f for f in server.api("findings", state="open", per_page=500)["items"]]
        overview = server.api("overview")
        for severity, n in overview["severities"].items():
            expect(n == sum(1 for f in items if f["severity"] == severity), (severity, n))
        expect({s["scope"]: s["open"] for s in overview["items"]} == {x: sum(1 for f in items if f["scope"] == x) for x in ("one", "two%_")}, overview)
        expect([s["scope"] for s in server.api("overview", text="%_")["items"]] == ["two%_"], "found by name")
        facets = server.api("facets")
        expect({r["name"]: r["open"] for r in facets["rules"]} == {x: sum(1 for f in items if f["rule"] == x) for x in {f["rule"] for f in items}}, facets)
        expect({"prod"} <= {e["name"] for e in facets["environments"]}, facets["environments"])
        trend = server.api("trend")["items"]
        expect([r["id"] for r in trend] == [1, 2, 3, 4], trend)
        late = server.api("trend", most=1)["items"]
        expect([r["id"] for r in late] == [3, 4], "the last run of each other scope goes before")
        expect([r["id"] for r in server.api("trend", scope="one", most=2)["items"]] == [2, 3], "of one scope only its own")
        lines = server.ask("/metrics").body.decode().splitlines()
        values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        high = sum(1 for f in items if f["scope"] == "one" and f["severity"] == "high")
        expect(float(values['assay_open_findings{scope="one",severity="high"}']) == high, values)
        expect(float(values['assay_run_reopened{scope="one"}']) > 0, values)
        expect(float(values["assay_serve_requests_total"]) >= 8, values)
        names_of = {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")}
        expect(names_of == {line.split()[2] for line in lines if line.startswith("# TYPE")}, names_of)


def hostile(options):
    """What a finding says of itself stays data: in JSON, in metrics, and in a report."""
    run = recorded(options)
    with sqlite3.connect(run.path("history.sqlite")) as db:
        for column in ("title", "address", "path", "message", "environment", "account"):
            db.execute("UPDATE findings SET %s = ?" % column, (HOSTILE + "\u2028\x01\n" + column,))
        db.execute("UPDATE findings SET scope = ?", (HOSTILE,))
        db.execute("UPDATE events SET scope = ?", (HOSTILE,))
        db.execute("UPDATE runs SET scope = ?, tool = ?", ('a"b\\c\nassay_fake 1\n' + HOSTILE, HOSTILE))
    with Server(run) as server:
        f = server.api("findings")["items"][0]
        expect(f["message"].startswith(HOSTILE) and f["scope"] == HOSTILE, f)
        one = server.ask("/api/finding?" + urllib.parse.urlencode({"scope": HOSTILE, "fingerprint": f["fingerprint"]}))
        expect(one.status == 200 and one.headers["Content-Type"] == "application/json", one.status)
        for path in ("/api/overview", "/api/facets", "/api/runs", "/api/trend"):
            reply = server.ask(path)
            expect(reply.status == 200 and reply.headers["Content-Type"] == "application/json" and reply.json, path)
        metrics = server.ask("/metrics").body.decode()
        expect("\nassay_fake" not in metrics and 'scope="a\\"b\\\\c\\nassay_fake 1' in metrics, metrics[:300])
        for path in ("/", "/login"):
            expect(b"alert(1)" not in server.ask(path).body, path)
        expect(server.ask("/api/" + urllib.parse.quote(HOSTILE)).status == 404, "the path")
        expect(b"alert" not in server.ask("/" + urllib.parse.quote(HOSTILE)).body, "what was asked for is not said again")


# --- what it stands ----------------------------------------------------------------------------------


def limits(options):
    run = recorded(options)
    with Server(run) as server:
        expect(server.ask("/api/findings?text=" + "a" * 3000).status == 414, "a long address")
        for n in (20000, 200000):
            raw = server.raw(b"GET /" + b"a" * n + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            expect(raw == b"" or raw.split(b" ")[1] in (b"414", b"431", b"400", b"413"), raw[:60])
        many_headers = b"".join(b"X-%d: %s\r\n" % (i, b"b" * 200) for i in range(500))
        raw = server.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + many_headers + b"\r\n")
        expect(raw == b"" or raw.split(b" ")[1] in (b"413", b"431"), raw[:60])
        for junk in (b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\r\n" * 100, b"GET / HTTP/9.9\r\n\r\n", b"GET http://evil.example/ HTTP/1.1\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\nabc",
                     b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                     b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
            server.raw(junk)
            expect(server.ask("/healthz").status == 200, junk)
        # more connections than there may be: those beyond are closed, and later there is room again
        idle = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(200)]
        time.sleep(0.3)
        alive = 0
        for s in idle:
            try:
                s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                alive += s.recv(100)[:12] == b"HTTP/1.1 200"
            except OSError:
                pass
        expect(0 < alive <= 64, alive)
        for s in idle:
            s.close()
        until = time.time() + 10
        while time.time() < until:
            try:
                if server.ask("/healthz").status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        expect(server.ask("/healthz").status == 200, "there is room again")


def memory_of(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))


def load(options):
    """3,000 requests from eight at once over a history of 20,000 findings: all are answered, and memory stays."""
    run = recorded(options)
    with sqlite3.connect(run.path("history.sqlite")) as db:
        db.executemany("INSERT INTO findings (scope, fingerprint, rule, severity, title, address, path, line, message, first_run, first_seen, last_run, "
                       "last_seen, reopened) VALUES (?, ?, 'AWS-S3-001', 'high', 't', ?, 'main.tf', 1, 'm', 1, '2026-01-01T00:00:00Z', 1, "
                       "'2026-01-01T00:00:00Z', 0)", [("s%d" % (i % 50), "%064x" % i, "aws_s3_bucket.b%d" % i) for i in range(20000)])
    with Server(run) as server:
        def ask(n):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            codes = []
            for i in range(n):
                connection.request("GET", ("/api/findings?per_page=20&page=%d" % (i % 50 + 1), "/api/runs", "/app.js", "/api/rule?id=AWS-S3-001")[i % 4])
                reply = connection.getresponse()
                reply.read()
                codes.append(reply.status)
            connection.close()
            return codes
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, [40] * 8))
            before = memory_of(server.process.pid)
            codes = [c for answer in pool.map(ask, [375] * 8) for c in answer]
        expect(codes == [200] * 3000, [c for c in codes if c != 200][:5])
        after = memory_of(server.process.pid)
        expect(after - before < 20000, "%d KiB, then %d KiB" % (before, after))


def beside_runs(options, history="history.sqlite", env=None):
    """While audits record, every answer is whole: what a run says it found new is what the list says."""
    run = Audit(options, **(env or {}))
    run.terraform(BUCKET % "a", KEY % "k")
    fine(run.audit(history=history))
    stop, problems, n = threading.Event(), [], [0]
    with Server(run, history=history) as server:
        def look():
            while not stop.is_set():
                try:
                    run_1 = server.api("run", id=1, per_page=500)
                    runs = server.api("runs", per_page=500)
                    if run_1["total"] != run_1["run"]["new"] or [r["id"] for r in runs["items"]] != list(range(runs["total"], 0, -1)):
                        problems.append((run_1["total"], run_1["run"], [r["id"] for r in runs["items"]], runs["total"]))
                    server.api("findings")
                    n[0] += 1
                except AssertionError as problem:
                    problems.append(problem)
        threads = [threading.Thread(target=look) for _ in range(3)]
        for t in threads:
            t.start()
        for i in range(5):
            run.terraform(BUCKET % "a", KEY % "k", *[BUCKET % ("b%d" % k) for k in range(i * 3)])
            fine(run.audit(history=history))
        stop.set()
        for t in threads:
            t.join()
        expect(not problems and n[0] > 3, problems[:3])
        expect(server.api("runs")["total"] == 6, "the server sees what was recorded meanwhile")
        before = server.api("overview")["severities"]
        run.terraform(KEY % "k")
        fine(run.audit(history=history))
        after = server.api("overview")["severities"]
        expect(sum(after.values()) == server.api("findings", state="open")["total"] < sum(before.values()), (before, after))


def ends(options):
    """SIGTERM and SIGINT end it with 0; what is being answered is; kill -9 leaves the history as it was."""
    run = recorded(options)
    for number in (signal.SIGTERM, signal.SIGINT):
        with Server(run) as server:
            with socket.create_connection(("127.0.0.1", server.port)) as idle:
                begun = time.time()
                server.process.send_signal(number)
                server.process.wait(10)
                expect(time.time() - begun < 5, "it takes %.1f s to end" % (time.time() - begun))
                idle.close()
    with open(run.path("history.sqlite"), "rb") as f:
        before = f.read()
    server = Server(run)
    server.api("findings")
    server.process.kill()
    server.process.communicate()
    with open(run.path("history.sqlite"), "rb") as f:
        expect(f.read() == before, "looking changes nothing")
    expect(audit.counts(fine(run.audit()))["new"] == 0, "and the next run goes on")


def older(options):
    """A history of an earlier version is not changed by looking; the next run or question brings it on."""
    run = recorded(options)
    with sqlite3.connect(run.path("history.sqlite")) as db:
        db.execute("DELETE FROM schema_version WHERE version = 2")
        for sql in ("DROP INDEX events_by_finding", "DROP INDEX findings_by_rule", "ALTER TABLE findings DROP COLUMN environment",
                    "ALTER TABLE findings DROP COLUMN account"):
            db.execute(sql)
    base = [options.bin, "serve", "--port", "0", "--history", run.path("history.sqlite")]
    result = process.run(base, run.folder, run.env, timeout=20)
    expect(result.code == 2 and "assay history runs" in result.err, result.err)
    expect(len(run.runs()) == 1, run.runs())
    with Server(run) as server:
        expect(server.api("findings")["total"] > 0, "it is of this version now")


TIMES = ("started", "finished", "first_seen", "last_seen", "fixed_at", "oldest")


def timeless(data):
    """Without times, and without the order that they give."""
    if isinstance(data, dict):
        return {k: timeless(v) for k, v in data.items() if k not in TIMES}
    if isinstance(data, list):
        return sorted((timeless(x) for x in data), key=lambda x: json.dumps(x, sort_keys=True))
    return data


def postgres(options):
    """The same answers over PostgreSQL, where the server's sessions cannot write; a restarted database is found again."""
    with audit.Postgres(audit.postgres_tools()) as database:
        run = many(options)
        for resources, name in (((BUCKET % "a", KEY % "k"), "one"), ((BUCKET % "a",), "one"), ((BUCKET % "a", KEY % "k", BUCKET % "b"), "one"),
                                ((KEY % "z",), "two%_")):
            run.terraform(*resources)
            run.write("infra/envs/prod/main.tf", BUCKET % "p" if name == "one" else "")
            fine(run.audit("--scope", name, history=database.url))
        search(options, database.url, run)
        figures(options, database.url, run)
        asked = [("findings", {"state": "any", "per_page": 500}), ("overview", {}), ("facets", {}), ("trend", {}), ("run", {"id": 3})]
        answers = []
        for history in ("history.sqlite", database.url):
            with Server(run, history=history) as server:
                answers.append([timeless(server.api(p, **q)) for p, q in asked])
        expect(answers[0] == answers[1], answers)
        with Server(run, history=database.url) as server:
            expect(server.api("runs")["total"] == 4, "four runs")
            database.tool("pg_ctl", "-D", database.folder + "/data", "-m", "immediate", "stop")
            expect(server.ask("/api/runs").status == 503 and server.ask("/healthz").status == 200, "without its database")
            subprocess.run([os.path.join(database.tools, "pg_ctl"), "-D", database.folder + "/data", "-w", "-o",
                            "-k %s -c listen_addresses=''" % database.folder, "-l", database.folder + "/log2", "start"], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=database.folder, **database.user)
            codes = [server.ask("/api/runs").status for _ in range(8)]
            expect(codes[-1] == 200 and set(codes) <= {200, 503}, codes)
        wrong = process.run([options.bin, "serve", "--history", "postgresql://%s:hunter22@/none?host=%s" % (database.name, database.folder)],
                            run.folder, run.env, timeout=20)
        expect(wrong.code == 2 and "hunter22" not in wrong.err, wrong.err)
    with audit.Postgres(audit.postgres_tools()) as database:
        beside_runs(options, database.url)


TESTS = [headers, methods, paths, names, address, token, search, paging, story, figures, hostile, limits, load, beside_runs, ends, older, postgres]


def missing():
    try:
        import ctypes
        ctypes.CDLL("libmicrohttpd.so.12")
        return None
    except OSError:
        return "libmicrohttpd is not installed"


def jobs(options):
    def job(test, name):
        lacks = missing() or (None if test is not postgres or audit.postgres_tools() else "PostgreSQL is not installed")
        if lacks:
            return [(name, None, lacks)]
        try:
            test(options)
        except AssertionError as problem:
            return [(name, False, str(problem))]
        return [(name, True, "")]
    named_tests = [(t, "serve/" + t.__name__) for t in TESTS]
    return [(name, lambda t=t, n=name: job(t, n)) for t, name in named_tests if options.wants(name)]
