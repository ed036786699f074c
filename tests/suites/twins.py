"""testdata/clean: what must be found silent, and holds every system. testdata/secrets: every planted
secret is found where expected.txt says, once, and no format prints it."""
import csv
import json
import os
import re
import shutil
import tempfile

from . import process


def jobs(options):
    found = []
    clean = os.path.join(options.root, "testdata", "clean")
    with open(os.path.join(clean, "expected.json"), encoding="utf-8") as file:
        folders = json.load(file)
    for folder in folders:
        name = "clean/" + folder
        if options.wants(name):
            found.append((name, lambda n=name, f=folder: [is_silent(options, n, os.path.join(clean, f))]))
    if options.wants("clean/systems"):
        found.append(("clean/systems", lambda: every_system(options, clean, folders)))
    planted = os.path.join(options.root, "testdata", "secrets")
    for name, run in (("secrets/found", are_found), ("secrets/hidden", are_hidden)):
        if options.wants(name):
            found.append((name, lambda n=name, r=run: [r(options, n, planted)]))
    return found


def scan(options, folder, *arguments):
    with tempfile.TemporaryDirectory() as top:
        os.symlink(options.bin, os.path.join(top, "assay"))
        return process.run(["assay", "scan", "--fail-on", "none", *arguments, "."], folder, process.environment(top, top))


def findings(result):
    return json.loads(result.out)["findings"]


def place(finding):
    return "%s:%s" % (finding["location"]["path"], finding["location"]["line"])


def is_silent(options, name, folder):
    all_found = findings(scan(options, folder, "--format", "json", "--show-passed"))
    bad = ["%s %s %s: %s" % (f["status"], f["rule"], place(f), f["message"]) for f in all_found if f["status"] == "fail"]
    if not any(f["status"] == "pass" for f in all_found) and folder.split("/")[-1] != "secrets":
        bad.append("nothing passes: no rule looked at it")
    return name, not bad, "\n".join(bad)


def every_system(options, clean, folders):
    """Each system of the catalogue is in a clean twin: one of its rules passes there. Of secrets nothing is there to pass."""
    passed = set()
    for folder in folders:
        result = scan(options, os.path.join(clean, folder), "--format", "json", "--show-passed")
        passed |= {f["rule"] for f in findings(result) if f["status"] == "pass"}
    with open(os.path.join(options.root, "tests/catalogue/systems.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rules = set(row["rules"].split())
            judged = row["rules"].startswith("-") or row["system"] == "secrets-detection" or passed & rules
            yield "clean/systems/" + row["system"], bool(judged), "none of its rules passes on a clean twin"


def are_found(options, name, folder):
    with open(os.path.join(folder, "expected.txt"), encoding="utf-8") as file:
        want = sorted(line.strip() for line in file if line.strip() and not line.startswith("#"))
    with tempfile.TemporaryDirectory() as top:  # below a folder "testdata" what is only named like a secret passes
        shutil.copytree(os.path.join(folder, "planted"), os.path.join(top, "planted"), symlinks=True)
        result = scan(options, top, "--format", "json", "--rule", "SEC-*")
    got = sorted("%s %s" % (place(f), f["rule"]) for f in findings(result) if f["status"] == "fail")
    problems = ["missing: " + line for line in want if line not in got]
    problems += ["not expected: " + line for line in got if line not in want]
    problems += ["twice: " + line for line in set(got) if got.count(line) > want.count(line) and line in want]
    return name, not problems, "\n".join(problems)


def secrets_of(folder):
    """The planted bytes: secrets.txt has one a line; of long ones each stretch of sixteen characters counts."""
    with open(os.path.join(folder, "secrets.txt"), encoding="utf-8") as file:
        for line in file:
            secret = line.strip()
            if len(secret) < 32:
                yield secret
            else:
                yield from (secret[i:i + 16] for i in range(0, len(secret) - 15))


def are_hidden(options, name, folder):
    with open(os.path.join(options.root, "reporters", "reporters.def"), encoding="utf-8") as file:
        formats = re.findall(r'^AS_REPORTER\(\w+, "([\w-]+)"\)', file.read(), re.M)
    problems = []
    secrets = set(secrets_of(folder))
    for form in formats:
        result = scan(options, os.path.join(folder, "planted"), "--format", form, "--show-passed", "--verbose")
        for secret in secrets:
            if secret in result.out or secret in result.err:
                problems.append("%s prints %s…" % (form, secret[:4]))
        if not result.out:
            problems.append("%s prints nothing" % form)
    return name, not problems, "\n".join(sorted(set(problems)))
