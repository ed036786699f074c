"""What goes wrong around the program: no room, closed pipes, odd files. It ends by itself, without a crash, says what happened,
and leaves a report whole or not there at all."""
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time

from . import process

MAIN = 'resource "aws_db_instance" "fire" {\n  identifier = "x"\n}\n'


class Place:
    """A folder with a small configuration, and runs of the program in it."""

    def __init__(self, options, n=1):
        self.bin, self.top = options.bin, tempfile.mkdtemp(prefix="assay-fault-")
        self.folder = os.path.join(self.top, "p")
        os.mkdir(self.folder)
        for i in range(n):
            self.write("m%d.tf" % i, MAIN.replace("fire", "fire%d" % i))

    def write(self, name, text):
        with open(os.path.join(os.fsencode(self.folder), os.fsencode(name)), "w", encoding="utf-8") as file:
            file.write(text)

    def popen(self, *arguments, **options):
        return subprocess.Popen([self.bin, *arguments], cwd=self.folder, env=process.environment(self.top), stdin=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, **options)

    def scan(self, *arguments):
        return process.run([self.bin, "scan", "--format", "json", *arguments, "."], self.folder, process.environment(self.top))


def ended(run, *codes):
    error = run.communicate(timeout=60)[1].decode("utf-8", "replace")
    assert run.returncode in codes and not process.SANITIZER.search(error), (run.returncode, error)
    return error


def full_disk(place):
    """/dev/full takes nothing: that is an error, not a report."""
    for form in ("text", "json", "sarif", "html"):
        with open("/dev/full", "wb") as full:
            assert "space" in ended(place.popen("scan", "--format", form, ".", stdout=full), 2), form


def closed_pipe(place):
    """Nobody reads any more: the end, quietly or with an error, never a crash."""
    for form in ("text", "json"):
        run = place.popen("scan", "--format", form, ".", stdout=subprocess.PIPE)
        run.stdout.close()
        run.stdout = None
        ended(run, 1, 2, -signal.SIGPIPE)


def file_size(place):
    """A report that grows past what is allowed leaves the one that was there."""
    place.write("r.json", "before")
    run = place.popen("scan", "--output", "json=r.json", ".", stdout=subprocess.DEVNULL,
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)))
    ended(run, 2, -signal.SIGXFSZ)
    with open(os.path.join(place.folder, "r.json"), encoding="utf-8") as file:
        assert file.read() == "before"


def killed_while_writing(place):
    """Whenever it is told to end, the report is the old one or the new one."""
    for i in range(12):
        place.write("r.json", "before")
        run = place.popen("scan", "--output", "json=r.json", ".", stdout=subprocess.DEVNULL)
        time.sleep(0.01 * i)
        run.send_signal(signal.SIGTERM if i % 2 else signal.SIGKILL)
        ended(run, 1, -signal.SIGTERM, -signal.SIGKILL)
        with open(os.path.join(place.folder, "r.json"), encoding="utf-8") as file:
            text = file.read()
        assert text == "before" or text.rstrip().endswith("}"), text[-100:]


def odd_files(place):
    """FIFOs, circles of links, devices, names that are no text: passed over, and the rest is judged."""
    os.mkfifo(os.path.join(place.folder, "pipe.tf"))
    os.symlink("b.tf", os.path.join(place.folder, "a.tf"))
    os.symlink("a.tf", os.path.join(place.folder, "b.tf"))
    os.symlink(".", os.path.join(place.folder, "again"))
    os.symlink("/dev/zero", os.path.join(place.folder, "zero.tf"))
    place.write(b"bad\xff\xfe.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
    place.write(b"new\nline.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\n")
    result = place.scan()
    assert not result.crashed and result.code in (1, 3), (result.code, result.err)
    assert "aws_db_instance.fire" in result.out, result.err


def no_home(place):
    run = subprocess.run([place.bin, "scan", "."], cwd=place.folder, env={}, capture_output=True, timeout=60, check=False)
    assert run.returncode == 1, run.stderr


def deep_folders(place):
    """Deeper than any path may be long."""
    here = os.open(place.folder, os.O_RDONLY)
    for _ in range(400):
        os.mkdir("d" * 20, dir_fd=here)
        down = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = down
    os.close(here)
    result = place.scan()
    assert not result.crashed and result.code in (1, 3), (result.code, result.err)


def many_at_once(place):
    """Runs beside each other write the same file: it is that of one of them."""
    runs = [place.popen("scan", "--output", "json=r.json", ".", stdout=subprocess.DEVNULL) for _ in range(4)]
    for run in runs:
        ended(run, 1)
    with open(os.path.join(place.folder, "r.json"), encoding="utf-8") as file:
        assert file.read().rstrip().endswith("}")
    left = [f for f in os.listdir(place.folder) if not f.endswith((".tf", "r.json"))]
    assert not left, left


TESTS = [full_disk, closed_pipe, file_size, killed_while_writing, odd_files, no_home, deep_folders, many_at_once]


def jobs(options):
    def job(test, name):
        place = Place(options)
        try:
            test(place)
        except AssertionError as problem:
            return [(name, False, str(problem))]
        finally:
            shutil.rmtree(place.top, ignore_errors=True)
        return [(name, True, "")]
    named = [(t, "faults/" + t.__name__) for t in TESTS]
    return [(name, lambda t=t, n=name: job(t, n)) for t, name in named if options.wants(name)]
