"""The examples in the rules, judged by `assay test`: each example is a test."""
import os
import re

from . import process

LAST = re.compile(r"^(\d+) rules, (\d+) passed, (\d+) failed$", re.M)
PROBLEM = re.compile(r"^(\S+:\d+): (\S+): (.*)$")


def jobs(options):
    if not os.path.isdir(os.path.join(options.root, "rules")) or not options.wants("rules"):
        return []
    return [("rules", lambda: run(options))]


def run(options):
    result = process.run([options.bin, "test", "rules"], options.root, timeout=900)
    last = LAST.search(result.out)
    if result.crashed or not last:
        yield "rules", False, "exit %s\n%s%s" % (result.code, result.out, result.err)
        return
    for i in range(int(last.group(2))):
        yield "rules/%d" % i, True, ""
    problems = []
    for line in (result.out[:last.start()] + result.err).split("\n"):
        if PROBLEM.match(line):
            problems.append([line])
        elif problems:
            problems[-1].append(line)
    for problem in problems:
        match = PROBLEM.match(problem[0])
        yield "rules/" + match.group(2), False, "\n".join(problem)
    if int(last.group(3)) > len(problems):
        yield "rules", False, result.out + result.err
