"""The unit tests: one binary a module, each prints TAP."""
import os
import re

from . import process

LINE = re.compile(r"^(ok|not ok) \d+ - (\S+)(.*)$")


def jobs(options):
    if not os.path.isdir(options.units):
        return []
    names = sorted(n for n in os.listdir(options.units)
                   if n.startswith("test_") and "." not in n and "-" not in n)
    return [("unit/" + n, lambda n=n: run(options, n)) for n in names
            if options.wants("unit/" + n)]


def run(options, name):
    env = process.environment(options.root)
    env["CMOCKA_MESSAGE_OUTPUT"] = "TAP"
    result = process.run([os.path.join(options.units, name)], options.root, env, 300)
    found = 0
    detail = []
    for line in result.out.split("\n"):
        match = LINE.match(line)
        if not match:
            detail.append(line)
            continue
        found += 1
        skip = "# SKIP" in match.group(3).upper()
        text = "\n".join(detail + [result.err]) if match.group(1) != "ok" else "skipped"
        yield ("unit/%s/%s" % (name, match.group(2)), None if skip else match.group(1) == "ok", text)
        detail = []
    if result.crashed or found == 0:
        yield "unit/" + name, False, "exit %s\n%s%s" % (result.code, result.out[-2000:], result.err)
