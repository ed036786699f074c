"""testdata/vulnerable/AREA, the careless twin of testdata/clean/AREA: what fails is what expected.txt lists,
"RULE path:line" a line, of the families of rules (CICD, ANS) that it names."""
import json
import os
import shutil
import tempfile

from . import process


def jobs(options):
    base = os.path.join(options.root, "testdata", "vulnerable")
    found = []
    for area in sorted(os.listdir(base)):
        name = "vulnerable/" + area
        if options.wants(name):
            found.append((name, lambda n=name, f=os.path.join(base, area): [run(options, n, f)]))
    return found


def scan(options, folder):
    """The report of a copy: what lies around the folder must not count."""
    with tempfile.TemporaryDirectory() as work:
        copy = os.path.join(work, "copy")
        shutil.copytree(folder, copy)
        os.remove(os.path.join(copy, "expected.txt"))
        result = process.run([options.bin, "scan", "--format", "json", "."], copy)
    return result, None if result.crashed else json.loads(result.out)


def line_of(finding):
    return "%s %s:%s" % (finding["rule"], finding["location"]["path"], finding["location"]["line"])


def run(options, name, folder):
    result, report = scan(options, folder)
    if report is None:
        return name, False, result.err
    problems = ["%s: %s" % (d["path"], d["message"]) for d in report["diagnostics"] if d["severity"] == "error"]
    with open(os.path.join(folder, "expected.txt"), encoding="utf-8") as file:
        expected = {line.strip() for line in file if line.strip() and not line.startswith("#")}
    families = {line.split("-")[0] for line in expected}
    failed = {line_of(f): f["message"] for f in report["findings"]
              if f["status"] == "fail" and f["rule"].split("-")[0] in families}
    problems += ["unexpected: %s: %s" % (k, failed[k]) for k in sorted(failed) if k not in expected]
    problems += ["missing: " + k for k in sorted(expected - set(failed))]
    return name, not problems, "\n".join(problems)
