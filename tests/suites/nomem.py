"""Memory that is not there. A library put in front of the C library's (tests/fault/nomem.c) fails the n-th allocation, or all from the
n-th on, for many n over small runs of each kind. The run ends by itself with one of its exit codes; what it leaves out it
says; a file that it writes is whole or as it was.

In tests n goes over the whole range in POINTS steps, elsewhere in each run; `python3 tests/suites/nomem.py BIN [WORD…]` tries every n."""
import os
import shutil
import subprocess
import sys
import tempfile

if __package__:
    from . import process
else:
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from suites import process

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
POINTS = 24
OUT = "out.file"
SAID = ("memory", "limit", "too large", " is left: ") # the last: a fix that could not be proven
# Folder below the root of the repository, and a command in it.
RUNS = {
    "terraform": ("testdata/demo/terraform", "scan --format json --jobs 1 --fail-on none ."),
    "terraform-threads": ("testdata/demo/terraform", "scan --format json --jobs 3 --fail-on none ."),
    "kubernetes": ("testdata/demo/kubernetes", "scan --format json --jobs 1 --fail-on none ."),
    "chart": ("testdata/charts/web", "scan --format json --jobs 1 --fail-on none ."),
    "kustomize": ("tests/conformance/kustomize/03-base-overlay", "scan --format json --jobs 1 --fail-on none ."),
    "argocd": ("testdata/argocd", "scan --format json --jobs 1 --fail-on none ."),
    "ansible": ("testdata/clean/ansible", "scan --format json --jobs 1 --fail-on none ."),
    "workflows": ("testdata/clean/cicd", "scan --format json --jobs 1 --fail-on none ."),
    "gcp": ("testdata/reach/gcp-shop", "scan --format json --jobs 1 --fail-on none ."),
    "aws-answers": ("tests/cases/live/cli-outputs", "scan --format json --jobs 1 --fail-on none ."),
    "secrets": ("testdata/secrets/planted", "scan --format json --jobs 1 --fail-on none ."),
    "text": ("testdata/report", "scan --fail-on none --output text=OUT ."),
    "sarif": ("testdata/report", "scan --fail-on none --output sarif=OUT ."),
    "html": ("testdata/report", "scan --fail-on none --output html=OUT ."),
    "junit": ("testdata/report", "scan --fail-on none --output junit=OUT ."),
    "csv": ("testdata/report", "scan --fail-on none --output csv=OUT ."),
    "json": ("testdata/report", "scan --fail-on none --output json=OUT ."),
    "baseline": ("testdata/report", "baseline -o OUT ."),
    "history": ("testdata/report", "audit --history OUT --scope s --fail-on none ."),
    "graph": ("testdata/demo/terraform", "graph --format json ."),
    "query": ("testdata/demo/terraform", "query --format json aws.s3.bucket[e.name] ."),
    "paths": ("testdata/paths/trading", "paths --format json ."),
    "reach": ("testdata/reach/aws-shop", "reach --all --format json ."),
    "escalate": ("testdata/demo/terraform", "iam escalate --format json ."),
    "eval": ("testdata/demo/terraform", "eval ."),
    "render": ("testdata/charts/web", "render ."),
    "fix": ("testdata/demo/terraform", "fix --write ."),
}


class Run:
    def __init__(self, bin_, library, name):
        folder, command = RUNS[name]
        self.bin, self.library, self.command = bin_, library, command.split()
        self.source, self.work = os.path.join(ROOT, folder), tempfile.mkdtemp(prefix="assay-nomem-")
        self.folder, self.out = os.path.join(self.work, "p"), os.path.join(self.work, OUT)
        self.normal = self.go(0, False)
        with open(os.path.join(self.work, "count"), encoding="ascii") as file:
            self.calls = int(file.read())

    def go(self, at, on):
        """Exit code, what was printed on either, and what is in the file afterwards."""
        if not os.path.exists(self.folder) or "--write" in self.command:
            shutil.rmtree(self.folder, ignore_errors=True)
            shutil.copytree(self.source, self.folder, symlinks=True)
        if os.path.exists(self.out):
            os.unlink(self.out)
        if "--history" not in self.command:
            with open(self.out, "w", encoding="ascii") as file:
                file.write("before")
        environment = dict(process.environment(self.work), LD_PRELOAD=self.library)
        if at:
            environment.update(ASSAY_FAIL_AT=str(at), **({"ASSAY_FAIL_ON": "1"} if on else {}))
        else:
            environment.update(ASSAY_FAIL_COUNT=os.path.join(self.work, "count"))
        result = process.run([self.bin] + [a.replace("OUT", self.out) for a in self.command], self.folder, environment, timeout=120)
        text = ""
        if os.path.exists(self.out) and "--history" not in self.command:
            with open(self.out, encoding="utf-8", errors="replace") as file:
                text = file.read()
        left = [f for f in os.listdir(self.work) if f.startswith(OUT + ".")]
        return result.code, result.out, result.err, text, left

    def files(self):
        """What the folder holds, for commands that write there."""
        return {p: open(p, "rb").read() for d, _, names in os.walk(self.folder) for p in (os.path.join(d, n) for n in names)}

    def problem(self, at, on):
        code, out, err, text, left = self.go(at, on)
        said = (out + err + text).lower()
        if code not in (0, 1, 2, 3):
            return "exit %s\n%s" % (code, err[-2000:])
        if code == 2 and not err.strip():
            return "exit 2 without a word"
        if code < 2 and (out, text) != (self.normal[1], self.normal[3]) and not any(w in said for w in SAID):
            return "something is missing and nothing says so: exit %d" % code
        if code == 2 and text not in ("before", self.normal[3], "") and "memory" not in said:
            return "half a file: %d bytes of %d" % (len(text), len(self.normal[3]))
        if left:
            return "left behind: %s" % left
        return ""

    def problems(self, points):
        if self.normal[0] not in (0, 1):
            return ["without a fault: exit %s\n%s" % (self.normal[0], self.normal[2])]
        step = max(1, self.calls // points) if points else 1
        found = []
        for on in (False, True):
            for at in range(1 + (step // 2 if points else 0), self.calls + 1, step):
                problem = self.problem(at, on)
                if problem:
                    found.append("call %d of %d%s: %s" % (at, self.calls, " and all after it" if on else "", problem))
        return found


def built(folder, name="nomem"):
    """A library of tests/fault, to be put in front of others."""
    library, source = os.path.join(folder, name + ".so"), os.path.join(ROOT, "tests", "fault", name + ".c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
    return library


def plain(bin_):
    """A binary without sanitizers, whose allocators are their own: the one that is tested, or one beside it."""
    for candidate in (bin_, os.path.join(ROOT, "build-release", "assay"), os.path.join(ROOT, "build", "assay")):
        if os.path.exists(candidate):
            with open(candidate, "rb") as file:
                text = file.read()
            if b"__asan_init" not in text and b"__tsan_init" not in text:
                return candidate
    return None


def one(bin_, library, name, points):
    run = Run(bin_, library, name)
    try:
        return run.problems(points)
    finally:
        shutil.rmtree(run.work)


def jobs(options):
    names = [n for n in RUNS if options.wants("nomem/" + n)]
    bin_ = plain(options.bin) if names else None
    if not bin_:
        return [("nomem/" + n, lambda n=n: [("nomem/" + n, None, "no build without sanitizers")]) for n in names]
    folder = tempfile.mkdtemp(prefix="assay-nomem-")
    library = built(folder)

    def job(name):
        found = one(bin_, library, name, POINTS)
        return [("nomem/" + name, not found, "\n".join(found[:5]))]
    return [("nomem/" + n, lambda n=n: job(n)) for n in names]


def main():
    bin_, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    folder = tempfile.mkdtemp(prefix="assay-nomem-")
    bad = 0
    for name in RUNS:
        if not words or any(w in name for w in words):
            found = one(bin_, built(folder), name, 0)
            bad += len(found)
            print("%s: %d problems" % (name, len(found)), *found[:8], sep="\n    ", flush=True)
    shutil.rmtree(folder)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
