"""Instructions that scans execute, against the table of tests/bench/count.py: more than its tolerance above is a regression
of speed, whatever else the machine does. Less is for `make bench-counts` to write down."""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))

import count  # noqa: E402


def jobs(options):
    build, table = count.read_table()
    names = [n for n in table if options.wants("instructions/" + n)]
    mine = count.build_of(options.bin) if names else None
    why = None
    if not shutil.which("valgrind"):
        why = "valgrind is not installed"
    elif mine != build:
        why = "counts are of %s, this is %s" % (build, mine or "a program with sanitizers")
    return [("instructions/" + n, lambda n=n: [compare(options, n, table[n], why)]) for n in names]


def compare(options, name, before, why):
    test = "instructions/" + name
    if why:
        return test, None, why
    n, problem = count.count(options.bin, name)
    if n is None:
        return test, None if problem == "no corpus" else False, problem
    said = "%s instructions, %+.1f %% of the %s in tests/bench/instructions.tsv" % (format(n, ","), (n / before - 1) * 100, format(before, ","))
    return test, n <= before * (1 + count.TOLERANCE), said
