"""Every fuzz target over a fixed number of mutants of its seeds, the same ones each time (tests/fuzz)."""
import os
import shutil
import subprocess
import sys
import tempfile

from . import process

RUNS = 200
SLOW = {"judge_terraform": 40, "judge_kubernetes": 40, "fix_terraform": 15, "fix_kubernetes": 15, "lsp": 30}


def jobs(options):
    fuzz = os.path.join(options.root, "tests", "fuzz")
    driver = os.path.join(os.path.dirname(options.bin), "fuzz", "driver")
    if not os.path.exists(driver):
        return []
    if fuzz not in sys.path:
        sys.path.insert(0, fuzz)
    import seeds

    listed = subprocess.run([driver, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout
    targets = [line.split("\t") for line in listed.splitlines()]

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
