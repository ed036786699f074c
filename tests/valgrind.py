#!/usr/bin/env python3
"""Small runs of each kind (tests/suites/nomem.py), unit tests, and scans of what is named, under valgrind, which must say nothing:
valgrind.py BIN UNITS [PROJECT…]"""
import os
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

from suites import nomem, process  # noqa: E402

VALGRIND = ["valgrind", "-q", "--error-exitcode=9", "--suppressions=" + os.path.join(HERE, "valgrind.supp"),
            "--leak-check=full", "--errors-for-leak-kinds=definite,possible"]


def problem(command, folder, home):
    result = process.run(VALGRIND + command, folder, process.environment(home), timeout=3600)
    said = re.findall(r"^==\d+==.*", result.err + result.out, re.M)
    if result.code is None or result.code < 0 or result.code == 9 or said:
        return "exit %s\n%s" % (result.code, "\n".join(said[:40]) or result.err[-2000:])
    return ""


def runs(bin_, units, projects, work):
    """Name, command, and the folder that it runs in."""
    for name, (source, command) in nomem.RUNS.items():
        folder = os.path.join(work, name)
        shutil.copytree(os.path.join(nomem.ROOT, source), folder, symlinks=True)
        yield name, [bin_] + [a.replace("OUT", os.path.join(work, "out." + name)) for a in command.split()], folder
    for test in sorted(f for f in os.listdir(units) if f.startswith("test_") and "." not in f):
        yield test, [os.path.join(units, test)], nomem.ROOT
    for project in projects:
        for form in ("json", "sarif", "html"):
            yield "%s as %s" % (project, form), [bin_, "scan", "--format", form, "--jobs", "2", "--fail-on", "none", "."], project


def main():
    bin_, units = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    work, bad, n = tempfile.mkdtemp(prefix="assay-valgrind-"), 0, 0
    for name, command, folder in runs(bin_, units, map(os.path.abspath, sys.argv[3:]), work):
        found = problem(command, folder, work)
        n += 1
        bad += bool(found)
        print("%s %s" % ("FAILED" if found else "ok    ", name), *filter(None, [found]), sep="\n", flush=True)
    shutil.rmtree(work, ignore_errors=True)
    print("%d runs, %d with something to say" % (n, bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
