"""testdata/secrets, by ways that last longer than a command: results that are kept, merged reports, what a chat or a program
hears, the pages of a server, what is left of a run that is killed, and what a run says to which memory is refused."""
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.parse

from . import nomem, process
from .api_server import Answer, ApiServer
from .hidden import commands, files_below, held, looked_through, readable
from .serve import Server

WRITE = "--output json=../r.json --output html=../r.html --output sarif=../r.sarif"


def jobs(options):
    named = [("secrets/kept", kept), ("secrets/merged", merged), ("secrets/webhooks", webhooks), ("secrets/served", served),
             ("secrets/killed", killed), ("secrets/memory", memory)]
    return [(name, lambda n=name, r=run: [looked_through(options, n, r)]) for name, run in named if options.wants(name)]


def in_files(paths, top, secrets):
    return ["%s holds %s…" % (os.path.relpath(p, top), s) for p in sorted(paths) for s in held(readable(p), secrets)]


def kept(options, work, folder, secrets):
    """Twice, so that the second run gives what was kept of the first: what it prints, and the folder of kept results."""
    cache = os.path.join(work, "cache")
    environment = dict(process.environment(work), ASSAY_CACHE_DIR=cache)
    for path in files_below(folder):  # what has just been written is not relied on
        os.utime(path, (1700000000, 1700000000))
    problems = []
    for arguments in ("--format json --show-passed", "--verbose", "--format html " + WRITE):
        command = [options.bin, "scan", "--fail-on", "none", *arguments.split(), "."]
        before = len(files_below(cache))
        first, again = [process.run(command, folder, environment) for _ in range(2)]
        if len(files_below(cache)) != before + 1 or (first.out, first.err) != (again.out, again.err):
            problems.append("%s: nothing is kept, or something else" % arguments)
        problems += ["%s prints %s…" % (arguments, s) for s in held(first.out + first.err + again.out + again.err, secrets)]
    return problems + in_files(files_below(cache), work, secrets)


def merged(options, work, folder, secrets):
    """What is made of the results of shards. They themselves hold what was scanned, and nobody else may read them."""
    problems = []
    parts = [os.path.join(work, "part%d" % i) for i in (1, 2)]
    for i, part in enumerate(parts):
        result = process.run([options.bin, "scan", "--shard", "%d/2" % (i + 1), "--result", part, "."], folder, process.environment(work))
        problems += ["a shard says %s…" % s for s in held(result.out + result.err, secrets)]
        if os.stat(part).st_mode & 0o077:
            problems.append("others may read a result")
    files = " ".join(parts)
    return problems + commands(options, work, folder, secrets, [
        "merge --verbose %s %s" % (WRITE, files), "merge --format json --graph json=g.json --graph dot=g.dot " + files,
        "merge --partial --verbose " + parts[0]])


def webhooks(options, work, folder, secrets):
    problems = []
    for form in ("slack", "json"):
        with ApiServer(lambda request: Answer(body={}), tls=False) as server:
            result = process.run([options.bin, "audit", "--history", os.path.join(work, form), "--scope", "s", "--webhook", server.url, "--webhook-form",
                                  form, "--webhook-severity", "info", "--verbose", "."], folder, process.environment(work), timeout=120)
            heard = "\n".join(r.body if isinstance(r.body, str) else r.body.decode("utf-8", "replace") for r in server.requests)
        if "SEC-0" not in heard:
            problems.append("%s: nothing is heard: %s" % (form, result.err))
        problems += ["%s hears %s…" % (form, s) for s in held(heard, secrets)]
        problems += ["audit says %s…" % s for s in held(result.out + result.err, secrets)]
    return problems


class Stage:
    """What Server of serve.py wants to know."""

    def __init__(self, options, work, folder):
        self.options, self.folder, self.env = options, folder, process.environment(work)
        self.path = lambda name: os.path.join(work, name)


def served(options, work, folder, secrets):
    stage = Stage(options, work, folder)
    audit = [options.bin, "audit", "--history", stage.path("h.sqlite"), "--scope", "s", "--fail-on", "none", "-q", "."]
    problems = ["audit: " + r.err for r in [process.run(audit, folder, stage.env)] if r.code != 0]
    with Server(stage, "--result", ".", history="h.sqlite") as server:
        told = {}

        def ask(path, **params):
            path += "?" + urllib.parse.urlencode(params) if params else ""
            told[path] = server.ask(path).body.decode("utf-8", "replace")
            return told[path]
        for path in ("/", "/report", "/app.js", "/metrics", "/login", "/api/overview", "/api/facets", "/api/runs", "/api/trend"):
            ask(path)
        rows = json.loads(ask("/api/findings", per_page=500))["items"]
        for row in rows:
            ask("/api/finding", scope="s", fingerprint=row["fingerprint"])
        for rule in {row["rule"] for row in rows}:
            ask("/api/rule", id=rule)
        for wrong in secrets[:5]:  # questions that hold one are not answered with it
            told["wrong"] = ask("/api/findings", severity=wrong).replace(wrong, "")
    if len(rows) < 20 or "SEC-0" not in told["/report"]:
        problems.append("little is served: %d findings" % len(rows))
    for path, text in told.items():
        if not any(s in path for s in secrets[:5]):
            problems += ["%s tells %s…" % (path.split("?")[0], s) for s in held(text, secrets)]
    return problems + in_files({stage.path("h.sqlite")}, work, secrets)


def killed(options, work, folder, secrets):
    """In the middle, in nine ways: what was printed until then, and every file that is left."""
    problems, before = [], files_below(work)
    cache = os.path.join(work, "cache")
    environment = dict(process.environment(work), ASSAY_CACHE_DIR=cache, TMPDIR=work)
    command = "ulimit -c 0; exec '%s' scan --verbose %s ." % (options.bin, WRITE)
    for n, how in enumerate((signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM) * 3):
        with subprocess.Popen(["sh", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as run:
            time.sleep(0.004 * n)
            run.send_signal(how)
            said = b"".join(run.communicate()).decode("utf-8", "replace")
        problems += ["%s: says %s…" % (how.name, s) for s in held(said, secrets)]
    return problems + in_files(files_below(work) - before, work, secrets)


def memory(options, work, folder, secrets):
    """Each of POINTS allocations fails once, and once all from there on: what is said instead of a report."""
    program = nomem.plain(options.bin)
    if not program or not shutil.which("cc"):
        return []
    count = os.path.join(work, "count")
    environment = dict(process.environment(work), LD_PRELOAD=nomem.built(work))
    command = [program, "scan", "--verbose", "--jobs", "1", "."]
    process.run(command, folder, dict(environment, ASSAY_FAIL_COUNT=count))
    with open(count, encoding="ascii") as file:
        calls = int(file.read())
    problems = []
    for at in range(1, calls + 1, max(1, calls // nomem.POINTS)):
        for more in ({}, {"ASSAY_FAIL_ON": "1"}):
            result = process.run(command, folder, dict(environment, ASSAY_FAIL_AT=str(at), **more))
            problems += ["at %d: says %s…" % (at, s) for s in held(result.out + result.err, secrets)]
    return problems
