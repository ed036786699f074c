"""The examples in the rules: each rule is a test, judged by `assay test`."""
import json
import os

from . import process


def jobs(options):
    base = os.path.join(options.root, "rules")
    if not os.path.isdir(base) or not options.wants("rules"):
        return []
    known = process.run([options.bin, "test", "--help"], options.root)
    return [("rules", lambda: run(options))] if known.code == 0 else []


def run(options):
    result = process.run([options.bin, "test", "--format", "json", "rules"], options.root,
                         timeout=600)
    try:
        report = json.loads(result.out)
    except ValueError:
        return [("rules", result.code == 0 and not result.crashed, result.out + result.err)]
    return [("rules/%s/%s" % (t.get("rule"), t.get("name")), t.get("ok") is True,
             str(t.get("message", ""))) for t in report.get("tests", [])] or [
                 ("rules", False, result.err or "no test was run")]
