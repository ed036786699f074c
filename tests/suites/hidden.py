"""testdata/secrets: no planted secret is in what any command prints, writes or keeps: reports, logs, baselines,
histories, metrics, graphs. Diffs of `fix` repeat the files that they are of, and are not looked at."""
import os
import shutil
import tempfile

from . import process
from .twins import secrets_of

# Commands, run in a copy of the folder. What they print, and every file that was not there before, is looked through.
COMMANDS = [
    "scan --verbose --show-passed .",
    "scan --output json=r.json --output sarif=r.sarif --output html=r.html --output csv=r.csv --output junit=r.xml .",
    "baseline -o baseline.json .",
    "audit --history history.sqlite --scope s --metrics m.prom --output json=audit.json .",
    "report --history history.sqlite --scope s --format html -o report.html",
    "report --history history.sqlite --scope s --format oscal -o report.oscal",
    "graph --format json .",
    "graph --format ndjson .",
    "graph --format json --attributes .",
    "graph --format ndjson --attributes .",
    "graph --format dot .",
    "query --format json true .",
    "paths --format json .",
    "reach --all .",
    "explain SEC-001",
]


def jobs(options):
    return [("secrets/everywhere", lambda: [everywhere(options)])] if options.wants("secrets/everywhere") else []


def everywhere(options):
    planted = os.path.join(options.root, "testdata", "secrets")
    secrets = sorted(secrets_of(planted))
    work = tempfile.mkdtemp(prefix="assay-hidden-")
    problems = []
    try:
        folder = os.path.join(work, "p")
        shutil.copytree(os.path.join(planted, "planted"), folder)
        before = {os.path.join(d, f) for d, _, files in os.walk(work) for f in files}
        for command in COMMANDS:
            result = process.run([options.bin, *command.split()], folder, process.environment(work))
            if result.code == 2:
                problems.append("%s: %s" % (command, result.err))
            if result.crashed:
                problems.append("%s: crashed: %s" % (command, result.err[:2000]))
            problems += ["%s prints %s…" % (command, s[:4]) for s in secrets if s in result.out or s in result.err]
        for d, _, files in os.walk(work):
            for path in (os.path.join(d, f) for f in files):
                if path not in before:
                    with open(path, "rb") as file:
                        text = file.read()
                    problems += ["%s holds %s…" % (os.path.relpath(path, work), s[:4]) for s in secrets if s.encode() in text]
        return "secrets/everywhere", not problems, "\n".join(sorted(set(problems)))
    finally:
        shutil.rmtree(work)
