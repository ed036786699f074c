"""Every fuzz target over a fixed number of mutants of its seeds, the same ones each time (tests/fuzz)."""
import os
import re
import shutil
import sys
import tempfile

from . import process

RUNS = 300
SLOW = {"judge_terraform": 40, "judge_kubernetes": 40, "fix_terraform": 15, "fix_kubernetes": 15, "lsp": 30}


def jobs(options):
    fuzz = os.path.join(options.root, "tests", "fuzz")
    driver = os.path.join(os.path.dirname(options.bin), "fuzz", "driver")
    if not os.path.exists(driver):
        return []
    if fuzz not in sys.path:
        sys.path.insert(0, fuzz)
    import seeds

    with open(os.path.join(fuzz, "targets.def"), encoding="utf-8") as file:
        targets = re.findall(r'^AS_FUZZ\((\w+), \w+, "[^"]*", "([^"]*)"\)', file.read(), re.M)

    def job(name, patterns):
        folder = tempfile.mkdtemp(prefix="assay-fuzz-")
        try:
            seeds.write(options.root, patterns, folder)
            kept = os.path.join(tempfile.gettempdir(), "assay-crash-" + name)
            command = [driver, name, "-n", str(SLOW.get(name, RUNS)), "-crash", kept, folder]
            result = process.run(command, folder, process.environment(folder), timeout=300)
            good = result.code == 0 and not result.crashed
            return [("fuzz/" + name, good, "" if good else result.out + result.err[-4000:])]
        finally:
            shutil.rmtree(folder)
    return [("fuzz/" + n, lambda n=n, p=p: job(n, p)) for n, p in targets if options.wants("fuzz/" + n)]
