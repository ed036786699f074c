"""assay audit: what it collects by itself, what a chat or a program hears, and histories in SQLite and PostgreSQL
under runs at the same time and runs that are killed."""
import glob
import hashlib
import hmac
import json
import os
import pwd
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

from . import process
from .api_server import Answer, ApiServer
from .collect_k8s import Cluster, Run, data, expect, fine, status

BUCKET = 'resource "aws_s3_bucket" "%s" {}\n'
KEY = 'resource "aws_kms_key" "%s" {\n  description = "a"\n}\n'


class Audit(Run):
    def __init__(self, options, **env):
        super().__init__(options)
        self.env.update(env)
        os.mkdir(self.path("infra"))

    def terraform(self, *resources):
        self.write("infra/main.tf", "".join(resources))

    def audit(self, *args, history="history.sqlite", where=("infra",)):
        return process.run([self.options.bin, "audit", "--history", history if "://" in history else self.path(history), "--scope", "shop",
                            "--rule", "AWS-S3-*", "--rule", "AWS-KMS-*", "--fail-on", "none", "-q"] + list(args) +
                           [self.path(w) for w in where], self.folder, self.env)

    def runs(self, history="history.sqlite"):
        result = process.run([self.options.bin, "history", "runs", "--format", "json", "--history",
                              history if "://" in history else self.path(history)], self.folder, self.env)
        return json.loads(result.out)


def counts(result):
    """"assay: 3 new, 0 fixed, …" as numbers."""
    line = [x for x in result.err.splitlines() if " new, " in x][-1]
    return {w: int(n) for n, w in (part.split() for part in line[len("assay: "):].split(", "))}


# --- collecting --------------------------------------------------------------------------------------


def collects(options):
    """A cluster is asked, scanned and recorded; nothing stays in the temporary folder. What is mended is fixed the next
    time; what could not be listed is not."""
    run = Audit(options)
    os.mkdir(run.path("tmp"))
    run.env["TMPDIR"] = run.path("tmp")
    cluster = Cluster(data(options, "careless"))
    with ApiServer(cluster) as server:
        run.kubeconfig(server)
        args = [options.bin, "audit", "--history", run.path("h.sqlite"), "--collect", "k8s --kubeconfig '%s'" % run.path("config"),
                "--rule", "K8S-POD-*", "--fail-on", "none", "-q"]
        again = lambda: counts(fine(process.run(args, run.folder, run.env)))  # noqa: E731
        first = again()
        expect(first["new"] > 10 and first["open"] == first["new"], first)
        server.faults.append(lambda r: status(403, "Forbidden") if r.path == "/apis/apps/v1/deployments" else None)
        partial = process.run(args, run.folder, run.env)
        expect(counts(partial)["fixed"] == 0, partial.err)
        server.faults.clear()
        container = cluster.lists["/apis/apps/v1/deployments"]["items"][0]["spec"]["template"]["spec"]["containers"][0]
        container["securityContext"]["privileged"] = False
        mended = again()
        expect(mended["fixed"] >= 1 and mended["new"] == 0, mended)
    expect(os.listdir(run.path("tmp")) == [], os.listdir(run.path("tmp")))


def keeps(options):
    run = Audit(options)
    with ApiServer(Cluster(data(options, "sound"))) as server:
        run.kubeconfig(server)
        result = process.run([options.bin, "audit", "--history", run.path("h.sqlite"), "--keep", run.path("kept"), "-q", "--collect",
                              "k8s --kubeconfig %s" % run.path("config")], run.folder, run.env)
        expect(result.code == 0, result.err + result.out)
    expect(len(glob.glob(run.path("kept/*Z/k8s/manifest.json"))) == 1, os.listdir(run.path("kept")))


def collecting_fails(options):
    """Nothing is recorded, so that nothing seems to be fixed."""
    run = Audit(options)
    result = process.run([options.bin, "audit", "--history", run.path("h.sqlite"), "--collect", "k8s --kubeconfig /nowhere"], run.folder, run.env)
    expect(result.code == 2, result.err)
    expect(run.runs("h.sqlite") in ([], {"runs": []}), run.runs("h.sqlite"))
    for bad in ("", "k8s 'open", "nonsense"):
        result = process.run([options.bin, "audit", "--history", run.path("h.sqlite"), "--collect", bad], run.folder, run.env)
        expect(result.code == 2, (bad, result.err))


# --- telling -----------------------------------------------------------------------------------------


def webhook(options, form, secret="s3cret", answer=lambda request: Answer(body={}), severity="low", resources=2):
    run = Audit(options, ASSAY_WEBHOOK_SECRET=secret)
    run.terraform(*[BUCKET % ("b%d" % i) for i in range(resources)])
    with ApiServer(answer, tls=False) as server:
        result = run.audit("--webhook", server.url + "/hooks/T0KEN", "--webhook-form", form, "--webhook-severity", severity)
        return run, result, server.requests


def signed(request, secret):
    return "sha256=" + hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()


def slack(options):
    """One message that names the new findings; the characters that Slack reads are written as entities."""
    _, result, requests = webhook(options, "slack")
    fine(result)
    expect(len(requests) == 1 and requests[0].headers["content-type"] == "application/json", requests)
    message = json.loads(requests[0].body)
    fine(result)
    lines = message["text"].splitlines()
    expect(list(message) == ["text"] and lines[0] == "assay: %d new findings in shop" % (len(lines) - 1), message)
    expect(all("AWS-S3-" in line and "(main.tf:" in line for line in lines[1:]), message)
    order = [("critical", "high", "medium", "low").index(line.split("*")[1]) for line in lines[1:]]
    expect(len(order) > 4 and order == sorted(order), "the gravest come first")
    expect(requests[0].headers["x-assay-signature"] == signed(requests[0], "s3cret"), requests[0].headers)


def generic(options):
    """The run and its new findings, as other programs read them; without a secret there is no signature."""
    _, result, requests = webhook(options, "json", secret="")
    body = json.loads(requests[0].body)
    n = counts(result)["new"]
    expect(body["schema_version"] == 1 and body["scope"] == "shop" and body["new"] == n, body)
    expect(4 < len(body["findings"]) <= n and all(f["severity"] != "info" for f in body["findings"]) and all(f["fingerprint"] and f["rule"] and f["location"]["path"] for f in body["findings"]), body)
    expect("x-assay-signature" not in requests[0].headers, requests[0].headers)


def many_findings(options):
    """A chat gets twenty of them, and how many more there are."""
    _, result, requests = webhook(options, "slack", resources=30)
    text = json.loads(requests[0].body)["text"]
    all_of_them = int(text.split()[1])
    expect(text.count("\n") == 21 and text.splitlines()[-1] == "… and %d more" % (all_of_them - 20), text)
    expect(text.count("*high*") == 20, "the gravest come first")


def nothing_new(options):
    """What was known before is not told again, nor what is less grave than asked for."""
    run = Audit(options)
    run.terraform(BUCKET % "a")
    with ApiServer(lambda request: Answer(body={}), tls=False) as server:
        run.audit()
        run.audit("--webhook", server.url, "--webhook-severity", "low")
        run.terraform(BUCKET % "a", BUCKET % "b")
        run.audit("--webhook", server.url, "--webhook-severity", "critical")
        expect(not server.requests, [r.body for r in server.requests])


def webhook_fails(options):
    """The history is kept, the exit code says that nobody heard, and the address (it holds a token) is not printed."""
    run, result, requests = webhook(options, "slack", answer=lambda request: Answer(403, {}))
    expect(result.code == 2 and "HTTP 403" in result.err and "T0KEN" not in result.err + result.out, result.err)
    expect(len(requests) == 1 and counts(run.audit())["new"] == 0, "a refusal is not repeated, and the run was recorded")


def webhook_retries(options):
    tries = []

    def answer(request):
        tries.append(request)
        return Answer(503, {}, {"Retry-After": "1"}) if len(tries) == 1 else Answer(body={})
    _, result, _ = webhook(options, "slack", answer=answer)
    expect(result.code == 0 and len(tries) == 2, (result.err, len(tries)))


def metrics(options):
    run = Audit(options)
    run.terraform(BUCKET % "a")
    fine(run.audit("--metrics", run.path("assay.prom")))
    with open(run.path("assay.prom"), encoding="utf-8") as f:
        lines = f.read().splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    expect(float(values["assay_new"]) > 0 and float(values["assay_fixed"]) == 0 and "assay_run_timestamp_seconds" in values, values)
    names = {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")}
    typed = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    expect(names == typed, names ^ typed)


# --- histories ---------------------------------------------------------------------------------------


def at_the_same_time(options, history="history.sqlite", env=None):
    """Eight runs at once: each is recorded, whole; the findings are new in one of them only."""
    run = Audit(options, **(env or {}))
    run.terraform(BUCKET % "a", KEY % "k")
    fine(run.audit(history=history))
    before = len(run.runs(history)["runs"] if isinstance(run.runs(history), dict) else run.runs(history))
    run.terraform(BUCKET % "a", KEY % "k", BUCKET % "b")
    argv = [options.bin, "audit", "--history", history if "://" in history else run.path(history), "--scope", "shop", "--rule", "AWS-S3-*",
            "--rule", "AWS-KMS-*", "--fail-on", "none", "-q", run.path("infra")]
    children = [subprocess.Popen(argv, cwd=run.folder, env=run.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(8)]
    results = [(c.communicate(timeout=60)[1].decode(), c.returncode) for c in children]
    expect(all(code == 0 for _, code in results), results)
    new = [counts(process.Result(code, "", err))["new"] for err, code in results]
    expect(sum(1 for n in new if n > 0) == 1, new)
    runs = run.runs(history)
    expect(len(runs["runs"] if isinstance(runs, dict) else runs) == before + 8, runs)


def killed(options):
    """kill -9 at any point: the file is sound, a run is there whole or not at all, and the next one goes on."""
    run = Audit(options)
    chance = random.Random(4)
    run.terraform(*[BUCKET % ("b%d" % i) for i in range(60)])
    begin = time.time()
    fine(run.audit(history="trial.sqlite"))
    whole = time.time() - begin
    argv = [options.bin, "audit", "--history", run.path("history.sqlite"), "--scope", "shop", "--rule", "AWS-S3-*", "--fail-on", "none", "-q",
            run.path("infra")]
    finished = 0
    for _ in range(25):
        child = subprocess.Popen(argv, cwd=run.folder, env=run.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(whole * chance.uniform(0.2, 1.1))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
        if not os.path.exists(run.path("history.sqlite")):
            continue
        with sqlite3.connect(run.path("history.sqlite")) as db:
            expect(db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the file is damaged")
            tables = {r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if {"runs", "findings"} <= tables:
                runs = db.execute("SELECT count(*) FROM runs").fetchone()[0]
                expect(runs >= finished, "a run that was recorded is gone")
                finished = runs
    fine(run.audit())
    expect(counts(run.audit())["new"] == 0, "findings of a recorded run are new again")


def postgres_tools():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return os.path.dirname(found[-1]) if found else None


def unprivileged():
    """The packages' own user, where they were installed whole."""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


class Postgres:
    """A server of its own, in a folder, on a socket; as its own user where root runs the tests, since it refuses root."""

    def __init__(self, tools):
        self.tools, self.folder = tools, tempfile.mkdtemp(prefix="assay-pg-")
        self.user = {"user": unprivileged()} if os.getuid() == 0 else {}
        self.name = "postgres" if self.user else pwd.getpwuid(os.getuid()).pw_name
        if self.user:
            shutil.chown(self.folder, self.user["user"])
        self.url = "postgresql:///postgres?host=%s&user=%s" % (self.folder, self.name)

    def tool(self, name, *args):
        subprocess.run([os.path.join(self.tools, name)] + list(args), check=True, capture_output=True, cwd=self.folder, **self.user)

    def __enter__(self):
        self.tool("initdb", "-D", self.folder + "/data", "-A", "trust", "-U", self.name, "-N")
        options = "-k %s -c listen_addresses='' -c fsync=off" % self.folder
        subprocess.run([os.path.join(self.tools, "pg_ctl"), "-D", self.folder + "/data", "-w", "-o", options, "-l", self.folder + "/log", "start"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, **self.user)
        os.chmod(self.folder, 0o755)
        return self

    def __exit__(self, *unused):
        self.tool("pg_ctl", "-D", self.folder + "/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def postgres(options):
    """The same history in PostgreSQL: new, fixed, reopened, runs at once, and a password that is never printed."""
    with Postgres(postgres_tools()) as server:
        run = Audit(options)
        steps = []
        for resources in ((BUCKET % "a",), (BUCKET % "a", KEY % "k"), (KEY % "k",), (BUCKET % "a", KEY % "k")):
            run.terraform(*resources)
            steps.append(counts(fine(run.audit(history=server.url))))
        expect(steps[0]["new"] > 0 and steps[1]["new"] > 0 and steps[2]["fixed"] == steps[0]["new"] == steps[3]["reopened"], steps)
        sqlite = []
        for resources in ((BUCKET % "a",), (BUCKET % "a", KEY % "k"), (KEY % "k",), (BUCKET % "a", KEY % "k")):
            run.terraform(*resources)
            sqlite.append(counts(fine(run.audit())))
        expect(steps == sqlite, (steps, sqlite))
        at_the_same_time(options, server.url)
        wrong = run.audit(history="postgresql://%s:hunter22@/none?host=%s" % (server.name, server.folder))
        expect(wrong.code == 2 and "hunter22" not in wrong.err, wrong.err)


def many_workers(options):
    """One database for twelve workers that audit their own scope, all at once and three times: each has its own history."""
    with Postgres(postgres_tools()) as server:
        run = Audit(options)
        run.terraform(BUCKET % "a", KEY % "k")
        argv = [options.bin, "audit", "--history", server.url, "--rule", "AWS-S3-*", "--rule", "AWS-KMS-*", "--fail-on", "none", "-q"]
        told = {}
        for nth in range(3):
            children = [(scope, subprocess.Popen(argv + ["--scope", "account-%d" % scope, run.path("infra")], cwd=run.folder, env=run.env,
                                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)) for scope in range(12)]
            for scope, child in children:
                said = child.communicate(timeout=120)[1].decode()
                expect(child.returncode == 0, (nth, scope, said))
                told.setdefault(scope, []).append(counts(process.Result(0, "", said)))
        for scope, runs in told.items():
            expect(runs[0]["new"] > 0 and [r["new"] for r in runs[1:]] == [0, 0] and all(r["fixed"] == 0 for r in runs), (scope, runs))
        expect(len({json.dumps(runs) for runs in told.values()}) == 1, told)
        runs = run.runs(server.url)
        expect((runs["runs"] if isinstance(runs, dict) else runs)[0]["run"] == 36, runs)


TESTS = [collects, keeps, collecting_fails, slack, generic, many_findings, nothing_new, webhook_fails, webhook_retries, metrics,
         at_the_same_time, killed, postgres, many_workers]


def jobs(options):
    def job(test, name):
        if test in (postgres, many_workers) and not postgres_tools():
            return [(name, None, "PostgreSQL is not installed")]
        try:
            test(options)
        except AssertionError as problem:
            return [(name, False, str(problem))]
        return [(name, True, "")]
    named = [(t, "audit/" + t.__name__) for t in TESTS]
    return [(name, lambda t=t, n=name: job(t, n)) for t, name in named if options.wants(name)]
