"""Results that are kept: the same bytes as a scan gives, again only while nothing has changed that the scan has seen."""
import hashlib
import os
import random
import shutil
import subprocess
import tempfile
import threading

from . import process

MAIN = '''variable "acl" { default = "private" }
resource "aws_s3_bucket" "b" {
  bucket = "b"
  tags   = { owner = "blue" }
}
resource "aws_s3_bucket_acl" "b" {
  bucket = aws_s3_bucket.b.id
  acl    = var.acl
}
'''
CHART = {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/values.yaml": "tag: latest\n",
         "c/templates/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: 'a:{{ .Values.tag }}'}]}\n"}


class Project:
    def __init__(self, options):
        self.bin, self.top = options.bin, tempfile.mkdtemp(prefix="assay-cache-")
        self.folder, self.cache = os.path.join(self.top, "p"), os.path.join(self.top, "cache")
        self.write("main.tf", MAIN)
        for name, text in CHART.items():
            self.write(name, text)
        self.env = dict(process.environment(self.top), ASSAY_CACHE_DIR=self.cache)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def scan(self, *arguments, **env):
        r = process.run([self.bin, "scan", *(arguments or ("--format", "json", "."))], self.folder, dict(self.env, **env))
        assert not r.crashed, r.err
        return r.code, r.out, r.err

    def anew(self, *arguments):
        return self.scan(*(arguments or ("--format", "json", ".")), "--no-cache")

    def entries(self):
        return sorted(n for n in os.listdir(self.cache) if len(n) == 64) if os.path.isdir(self.cache) else []

    def hits(self, *arguments):
        """Whether the scan is not made: what was kept is told by a mark that is put into it, with the hash put right."""
        (name,) = self.entries()
        path = os.path.join(self.cache, name)
        with open(path, "rb") as file:
            data = file.read()[:-32]
        marked = data.replace(b'"version"', b'"Version"', 1)
        assert marked != data
        with open(path, "wb") as file:
            file.write(marked + hashlib.sha256(marked).digest())
        found = '"Version"' in self.scan(*arguments)[1]
        if found:
            with open(path, "wb") as file:
                file.write(data + hashlib.sha256(data).digest())
        return found


def same_bytes(p):
    """stdout, stderr, exit code and files of a second run are those of the first."""
    for arguments in (("--format", "json", "."), ("--format", "sarif", "."), ("--show-passed", "."), (".",), ("--fail-on", "none", ".")):
        first, second = p.scan(*arguments), p.scan(*arguments)
        assert first == second == p.anew(*arguments), arguments
    assert len(p.entries()) == 5
    out = os.path.join(p.top, "r.sarif")
    first = p.scan("-o", "sarif=" + out, "-q", ".")
    with open(out, encoding="utf-8") as file:
        text = file.read()
    os.unlink(out)
    assert p.scan("-o", "sarif=" + out, "-q", ".") == first
    with open(out, encoding="utf-8") as file:
        assert file.read() == text


def hit(p):
    """A run where nothing has changed is not made again."""
    p.scan()
    assert p.hits()
    assert p.scan() == p.anew()


CHANGES = {
    "a byte of a file": lambda p: p.write("main.tf", MAIN.replace("private", "public-read")),
    "a new file": lambda p: p.write("terraform.tfvars", 'acl = "public-read"\n'),
    "a new folder": lambda p: p.write("more/main.tf", MAIN),
    "values of a chart": lambda p: p.write("c/values.yaml", "tag: 1.2.3\n"),
    "a file that is gone": lambda p: os.unlink(os.path.join(p.folder, "main.tf")),
    "a folder that is gone": lambda p: shutil.rmtree(os.path.join(p.folder, "c")),
    "a configuration": lambda p: p.write(".assay.yaml", "rules: {exclude: [AWS-S3-001]}\n"),
    "a work tree above": lambda p: os.mkdir(os.path.join(p.top, ".git")),
    "a file that becomes a folder": lambda p: (os.unlink(os.path.join(p.folder, "main.tf")), p.write("main.tf/x.tf", MAIN)),
    "what is ignored": lambda p: p.write("c/.helmignore", "pod.yaml\n"),
    "a comment": lambda p: p.write("main.tf", "# assay:ignore AWS-S3-001\n" + MAIN),
}


def changes(p):
    """Whatever changes, the result is that of a scan."""
    for what, change in CHANGES.items():
        shutil.rmtree(p.folder)
        shutil.rmtree(os.path.join(p.top, ".git"), ignore_errors=True)
        p.write("main.tf", MAIN)
        for name, text in CHART.items():
            p.write(name, text)
        before = p.scan()
        assert p.hits(), what
        change(p)
        assert not p.hits(), what
        after = p.scan()
        assert after == p.anew(), what
        assert what == "a work tree above" or before != after, what + " changes nothing"


def link(p):
    """What a link leads to counts."""
    values = os.path.join(p.folder, "c/values.yaml")
    p.write("one.txt", "tag: latest\n")
    p.write("two.txt", "tag: 1.2.3\n")
    os.unlink(values)
    os.symlink("../one.txt", values)
    before = p.scan()
    assert p.hits()
    os.unlink(values)
    os.symlink("../two.txt", values)
    assert p.scan() == p.anew() != before


def listed_files(p):
    """Files that the configuration names count, and a baseline."""
    p.write(".assay.yaml", "parameters:\n  required_tags: [owner]\n  tag_values: {owner: {file: tags.txt}}\n")
    p.write("tags.txt", "red\n")
    before = p.scan()
    assert before[0] == 1 and p.hits()
    p.write("tags.txt", "red\nblue\n")
    assert p.scan() == p.anew() != before
    base = os.path.join(p.top, "b.json")
    process.run([p.bin, "baseline", "-o", base, "."], p.folder, p.env)
    with_base = ("--baseline", base, "--format", "json", ".")
    assert p.scan(*with_base) == p.anew(*with_base)
    with open(base, "w", encoding="utf-8") as file:
        file.write('{"version": 1, "findings": []}')
    assert p.scan(*with_base) == p.anew(*with_base)


def arguments(p):
    """Options, the folder one stands in and the day are part of what decides."""
    p.write("main.tf", "# assay:ignore AWS-S3-001 until=2027-01-31\n" + MAIN.replace("private", "public-read"))
    one, two = p.scan("--format", "json", "."), p.scan("--format", "json", "--var", "acl=private", ".")
    assert one != two and len(p.entries()) == 2
    early = p.scan(SOURCE_DATE_EPOCH="1735689600")
    late = p.scan(SOURCE_DATE_EPOCH="1893456000")
    assert early != late
    assert late == p.scan("--format", "json", ".", SOURCE_DATE_EPOCH="1893456000")
    here = process.run([p.bin, "scan", "--format", "json", p.folder], p.top, p.env)
    there = process.run([p.bin, "scan", "--format", "json", p.folder], p.folder, p.env)
    assert here.code == there.code


def not_kept(p):
    """What says the time, reads a pipe or goes to git is never kept."""
    for arguments in (("--format", "ocsf", "."), ("--format", "asff", "."), ("--format", "gitlab-sast", "."), ("--rules", ".", ".")):
        p.scan(*arguments)
        assert p.entries() == [], arguments
    subprocess.run(["git", "init", "-q", p.folder], check=True, env=p.env)
    p.scan("--staged")
    assert p.entries() == []
    p.scan("--no-such-option")
    assert p.entries() == []


def damaged(p):
    """An entry that is cut off or altered is none."""
    right = p.scan()
    (name,) = p.entries()
    path = os.path.join(p.cache, name)
    with open(path, "rb") as file:
        good = file.read()
    chance = random.Random(7)
    for _ in range(60):
        bad = bytearray(good)
        if chance.random() < 0.3:
            bad = bad[:chance.randrange(len(bad))]
        else:
            bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        with open(path, "wb") as file:
            file.write(bad)
        assert p.scan() == right
    for bad in (b"", b"assay result 1\n", good[:-32], b"x" * 100):  # with the right hash: only somebody who may write there
        with open(path, "wb") as file:
            file.write(bad + hashlib.sha256(bad).digest())
        assert p.scan() == right
    for at in range(16, len(good) - 40, max(1, len(good) // 150)):
        bad = bytearray(good[:-32])
        bad[at] ^= 0xff
        with open(path, "wb") as file:
            file.write(bytes(bad) + hashlib.sha256(bytes(bad)).digest())
        assert p.scan()[0] is not None


def places(p):
    """No home, a folder that others may write to, one that is not there, a file: scanned as ever."""
    right = p.anew()
    os.mkdir(p.cache, 0o777)
    os.chmod(p.cache, 0o777)
    assert p.scan() == right and p.entries() == []
    os.chmod(p.cache, 0o500)
    assert p.scan() == right
    shutil.rmtree(p.cache)
    p.write("../cache", "a file")
    assert p.scan() == right
    os.unlink(p.cache)
    assert p.scan(ASSAY_CACHE_DIR="") == right and not os.path.exists(p.cache)
    deep = os.path.join(p.cache, "a", "b")
    assert p.scan(ASSAY_CACHE_DIR=deep) == right and len(os.listdir(deep)) == 1
    assert os.stat(deep).st_mode & 0o777 == 0o700
    assert os.stat(os.path.join(deep, os.listdir(deep)[0])).st_mode & 0o777 == 0o600
    env = {k: v for k, v in p.env.items() if k not in ("HOME", "ASSAY_CACHE_DIR")}
    r = process.run([p.bin, "scan", "--format", "json", "."], p.folder, env)
    assert (r.code, r.out, r.err) == right
    home = os.path.join(p.top, "home")
    os.mkdir(home)
    r = process.run([p.bin, "scan", "--format", "json", "."], p.folder, dict(env, HOME=home))
    assert (r.code, r.out, r.err) == right
    assert len(os.listdir(os.path.join(home, ".cache", "assay", "results"))) == 1


def bounded(p):
    """The oldest go when there is too much."""
    os.mkdir(p.cache, 0o700)
    for i in range(40):
        path = os.path.join(p.cache, "%064x" % i)
        with open(path, "wb") as file:
            file.truncate(8 << 20)
        os.utime(path, (1000 + i, 1000 + i))
    p.scan()
    kept = p.entries()
    assert sum(os.path.getsize(os.path.join(p.cache, n)) for n in kept) <= 128 << 20
    assert "%064x" % 39 in kept and "%064x" % 0 not in kept
    assert p.hits is not None and p.scan() == p.anew()


def together(p):
    """Many at once, while files change: each result is one that a scan gives."""
    texts = [MAIN, MAIN.replace("private", "public-read")]
    right = []
    for text in texts:
        p.write("main.tf", text)
        right.append(p.anew())
    wrong = []

    def work():
        for _ in range(6):
            r = p.scan()
            if r not in right:
                wrong.append(r)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    path = os.path.join(p.folder, "main.tf")
    for i in range(60):
        with open(os.path.join(p.top, "x"), "w", encoding="utf-8") as file:
            file.write(texts[i % 2])
        os.rename(os.path.join(p.top, "x"), path)
    for thread in threads:
        thread.join()
    assert not wrong, wrong[0][1][:300]
    assert p.scan() == p.anew()
    assert all(len(n) == 64 for n in os.listdir(p.cache)), "temporary files are left"


def unseen(p):
    """No secret is kept: what is shown is all that there is."""
    secret = "AKIAQ3EGRJZ4M7XN5T2V"
    p.write("s.yaml", "key: " + secret + "\n")
    assert secret[:4] in p.scan("--format", "json", ".")[1]
    for name in p.entries():
        with open(os.path.join(p.cache, name), "rb") as file:
            assert secret.encode() not in file.read()


def check(function, options):
    project = Project(options)
    try:
        function(project)
        return [("cache/" + function.__name__, True, "")]
    except AssertionError as problem:
        return [("cache/" + function.__name__, False, "%s: %.500r" % (function.__doc__, problem.args[:1]))]
    finally:
        shutil.rmtree(project.top, ignore_errors=True)


TESTS = (same_bytes, hit, changes, link, listed_files, arguments, not_kept, damaged, places, bounded, together, unseen)


def jobs(options):
    return [("cache/" + f.__name__, lambda f=f: check(f, options)) for f in TESTS if options.wants("cache/" + f.__name__)]
