"""Inputs that are too large for each run: `make test-large`. 100,000 files in one tree, and one file of 200 MB."""
import json
import os
import resource
import shutil
import sys
import tempfile
import time

if not __package__:
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from suites import process

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p%d, namespace: n%d}\nspec:\n  containers: [{name: c, image: \"nginx:1.27\"}]\n"


def tree(folder):
    """A tenth are manifests; the rest is of no interest."""
    for d in range(1000):
        os.mkdir(os.path.join(folder, "d%d" % d))
        for f in range(100):
            name = "p%d.yaml" % f if f % 10 == 0 else "t%d.txt" % f
            with open(os.path.join(folder, "d%d" % d, name), "w", encoding="ascii") as file:
                file.write(POD % (f, d) if f % 10 == 0 else "text\n")
    return 300, 2 << 30


def one_file(folder):
    with open(os.path.join(folder, "all.yaml"), "w", encoding="ascii") as file:
        n = 0
        while file.tell() < 200 << 20:
            file.write("---\n# %s\n" % ("x" * 20000) + POD % (n, n % 100))
            n += 1
    return 300, 3 << 30


def one_string(folder):
    """A single value of 200 MB in a file of Terraform."""
    with open(os.path.join(folder, "main.tf"), "w", encoding="ascii") as file:
        file.write('resource "aws_db_instance" "fire" {\n  identifier = "x"\n}\nlocals {\n  a = "')
        for _ in range(200):
            file.write("x" * (1 << 20))
        file.write('"\n}\n')
    return 300, 3 << 30


def main():
    bin_, bad = os.path.abspath(sys.argv[1]), 0
    for make in (tree, one_file, one_string):
        work = tempfile.mkdtemp(prefix="assay-large-")
        try:
            folder = os.path.join(work, "p")
            os.mkdir(folder)
            seconds, most = make(folder)
            began = time.time()
            result = process.run([bin_, "scan", "--format", "json", "."], folder, process.environment(work), timeout=seconds)
            took, peak = time.time() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
            good = not result.crashed and result.code in (1, 3) and json.loads(result.out)["summary"]["fail"] > 0 and peak < most
            print("%s %s: exit %s, %.1f s, %d MB" % ("ok    " if good else "FAILED", make.__name__, result.code, took, peak >> 20), flush=True)
            if not good:
                print(result.err[-2000:])
                bad += 1
        finally:
            shutil.rmtree(work)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
