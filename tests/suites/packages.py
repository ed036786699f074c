"""Packages as their users get them: unpacked, installed, run."""
import os
import shutil
import sys
import tempfile

from . import process

EXPECTED = "AWS-S3-009"
MOST_MIB = 30


def jobs(options):
    if os.environ.get("SAN") or not options.wants("packages") or "asan" in options.bin or not shutil.which("dpkg-deb"):
        return []  # a program with sanitizers is packed by nobody
    return [("packages", lambda: run(options))]


def build(options, dist, *targets):
    result = process.run(["make", "-s", "BUILD=" + os.path.dirname(options.bin), "DIST=" + dist, *targets], options.root,
                         timeout=300)
    return result.code == 0, result.out + result.err


def scans(argv, home, top):
    """Whether the program finds what it must in a project of one line."""
    with open(os.path.join(top, "main.tf"), "w", encoding="utf-8") as file:
        file.write('resource "aws_s3_bucket" "b" {}\n')
    result = process.run([*argv, "scan", "--fail-on", "none", top], top, process.environment(home))
    return EXPECTED in result.out and not result.crashed, result.out + result.err


def debian(options, dist, top):
    package = next(os.path.join(dist, name) for name in os.listdir(dist) if name.endswith(".deb"))
    root = os.path.join(top, "root")
    result = process.run(["dpkg-deb", "-x", package, root], top)
    if result.code != 0:
        return False, result.err
    for path in ("usr/share/doc/assay/NOTICE", "usr/share/bash-completion/completions/assay"):
        if not os.path.exists(os.path.join(root, path)):
            return False, "it lacks " + path
    return scans([os.path.join(root, "usr/bin/assay")], top, top)


def clean_root(options, dist, top):
    """Installed by dpkg where only Debian's essential packages are: what it says that it needs is all that it needs."""
    if not shutil.which("mmdebstrap") or os.geteuid() != 0:
        return None, "mmdebstrap is not installed, or may not make a root"
    package = next(name for name in os.listdir(dist) if name.endswith(".deb"))
    with open(os.path.join(top, "main.tf"), "w", encoding="utf-8") as file:
        file.write('resource "aws_s3_bucket" "b" {}\n')
    sources = [path for path in ("/etc/apt/sources.list", "/etc/apt/sources.list.d/debian.sources") if os.path.exists(path)]
    hooks = ("copy-in %s %s /tmp" % (os.path.join(dist, package), os.path.join(top, "main.tf")),
             'chroot "$1" dpkg -i /tmp/' + package,
             'chroot "$1" assay scan --no-cache --format csv --fail-on none /tmp', 'chroot "$1" assay --version')
    result = process.run(["mmdebstrap", "--quiet", "--variant=essential", *("--customize-hook=" + h for h in hooks), "bookworm",
                          "/dev/null", *sources], top, dict(os.environ), timeout=400)
    if result.code != 0 and "Setting up assay" not in result.out + result.err and "dpkg: error" not in result.err:
        return None, "no clean root is to be had here: " + result.err[-300:]
    said = result.out + result.err  # what hooks write goes to stderr
    return result.code == 0 and EXPECTED in said, said


def wheel(options, dist, top):
    package = next(os.path.join(dist, name) for name in os.listdir(dist) if name.endswith(".whl"))
    venv = os.path.join(top, "venv")
    for argv in ([sys.executable, "-m", "venv", venv],
                 [os.path.join(venv, "bin/pip"), "install", "-q", "--no-index", package]):
        result = process.run(argv, top, process.environment(top), timeout=120)
        if result.code != 0:
            return False, result.out + result.err
    return scans([os.path.join(venv, "bin/assay")], top, top)


def container(options, dist, top):
    root, size = os.path.join(dist, "rootfs"), 0
    for folder, _, names in os.walk(root):
        size += sum(os.lstat(os.path.join(folder, name)).st_size for name in names)
    if size > MOST_MIB << 20:
        return False, "%d bytes are more than %d MiB" % (size, MOST_MIB)
    if os.geteuid() != 0:
        return None, "only root may change the root"
    with open(os.path.join(root, "scan/main.tf"), "w", encoding="utf-8") as file:
        file.write('resource "aws_s3_bucket" "b" {}\n')
    result = process.run(["chroot", "--userspec=65532:65532", root, "/usr/bin/assay", "scan", "--fail-on", "none", "/scan"],
                         top)
    return EXPECTED in result.out, result.out + result.err


def same_twice(options, dist, top):
    """The same sources, the same bytes."""
    again = os.path.join(top, "again")
    ok, said = build(options, again, "deb", "wheel")
    if not ok:
        return False, said
    for name in os.listdir(again):
        with open(os.path.join(dist, name), "rb") as one, open(os.path.join(again, name), "rb") as two:
            if one.read() != two.read():
                return False, name + " differs"
    return True, ""


def run(options):
    with tempfile.TemporaryDirectory() as top:
        dist = os.path.join(top, "dist")
        ok, said = build(options, dist, "deb", "wheel", "rootfs", "sbom")
        if not ok:
            yield "packages/build", False, said
            return
        for test in (debian, clean_root, wheel, container, same_twice):
            ok, said = test(options, dist, tempfile.mkdtemp(dir=top))
            yield "packages/" + test.__name__, ok, said
