#!/usr/bin/env python3
"""The one test runner: unit tests, cases, conformance vectors, the rules' own examples.

    tests/run.py [--bin build/assay] [--units build/tests] [-v] [--update] [--without WORD,…] [WORD…]

Runs what has one of the WORDs in its name ("unit", "cases/cli", "hcl/expressions/012", …), all
without. Ends with "N passed, N failed" and exit code 1 when anything failed. See tests/README.md."""
import argparse
import concurrent.futures
import importlib
import os
import pkgutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import suites  # noqa: E402

# Each module of the folder that has `jobs` is a suite.
SUITES = [m for m in (importlib.import_module("suites." + info.name)
                      for info in sorted(pkgutil.iter_modules(suites.__path__), key=lambda info: info.name))
          if hasattr(m, "jobs")]
MAX_DETAIL = 40  # lines shown of a failure without -v


def indent(text, verbose):
    lines = text.rstrip().split("\n")
    if not verbose and len(lines) > MAX_DETAIL:
        lines[MAX_DETAIL:] = ["… %d more lines (-v)" % (len(lines) - MAX_DETAIL)]
    return "\n".join("    " + line for line in lines)


def run(job):
    """What a job says of its tests; a job that breaks is a failed test."""
    name, function = job
    try:
        return list(function())
    except Exception as problem:
        return [(name, False, "%s: %s" % (type(problem).__name__, problem))]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--bin", default="build/assay")
    parser.add_argument("--units", default=None)
    parser.add_argument("--update", action="store_true", help="write what cases print as expected")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("-v", "--verbose", action="store_true", help="name every test")
    parser.add_argument("--without", type=lambda t: t.split(","), default=[], metavar="WORD,…", help="leave out what has a WORD in its name")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    options.bin = os.path.abspath(options.bin)
    options.units = options.units or os.path.join(os.path.dirname(options.bin), "tests")
    options.root = os.path.dirname(HERE)
    options.wants = lambda name: (not options.words or any(w in name for w in options.words)) and \
        not any(w in name for w in options.without)

    jobs = [job for suite in SUITES for job in suite.jobs(options)]
    passed = failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for results in pool.map(run, jobs):
            for name, ok, detail in results:
                passed += ok is True
                failed += ok is False
                skipped += ok is None
                if ok is False:
                    print("FAILED %s\n%s" % (name, indent(detail, options.verbose)), flush=True)
                elif options.verbose:
                    word = "ok" if ok else "skipped"
                    print("%-7s %s%s" % (word, name, "" if ok else ": " + detail), flush=True)
    print("%d passed, %d failed%s" % (passed, failed, ", %d skipped" % skipped if skipped else ""))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
