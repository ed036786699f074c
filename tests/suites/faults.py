"""What goes wrong around the program: no room, closed pipes, odd files. It ends by itself, without a crash, says what happened,
and leaves a report whole or not there at all."""
import os
import resource
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time

from . import nomem, process

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

    def nobody(self, *arguments):
        """The same as somebody who may not do everything."""
        command = [self.bin, *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        os.chmod(self.top, 0o755)
        return process.run(command, self.folder, process.environment(self.top))

    def scan(self, *arguments):
        return process.run([self.bin, "scan", "--format", "json", *arguments, "."], self.folder, process.environment(self.top))


class Skipped(Exception):
    """What cannot be tried here, and why."""


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


def devices(place):
    """Neither opened nor waited for."""
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(os.path.join(place.folder, "end.tf"))
        if os.geteuid() == 0:
            try:
                os.mknod(os.path.join(place.folder, "zero.yaml"), stat.S_IFCHR | 0o666, os.makedev(1, 5))
            except PermissionError:
                pass
        os.mkfifo(os.path.join(place.folder, "values.yaml"))
        os.mkfifo(os.path.join(place.folder, ".assay.yaml"))
        result = place.scan()
    assert result.code is not None and not result.crashed, result.err
    assert result.code in (1, 2, 3), (result.code, result.err)
    os.unlink(os.path.join(place.folder, ".assay.yaml"))
    result = place.scan()
    assert not result.crashed and result.code in (1, 3) and "aws_db_instance.fire0" in result.out, (result.code, result.err)


def unreadable(place):
    """What may not be read is named, and the rest is judged."""
    os.mkdir(os.path.join(place.folder, "closed"))
    place.write("closed/a.tf", MAIN)
    place.write("secret.tf", MAIN)
    os.chmod(os.path.join(place.folder, "closed"), 0)
    os.chmod(os.path.join(place.folder, "secret.tf"), 0)
    result = place.nobody("scan", "--format", "json", "--strict", ".")
    os.chmod(os.path.join(place.folder, "closed"), 0o755)
    assert result.code == 3 and not result.crashed, (result.code, result.err)
    assert "aws_db_instance.fire0" in result.out, result.out[:500]
    assert '"closed"' in result.out and '"secret.tf"' in result.out and "permission denied" in result.out, result.err


def read_only(place):
    """Nothing can be written, not even in HOME: a scan needs none of that, and a report there is refused."""
    os.chmod(place.folder, 0o555)
    result = place.nobody("scan", "--format", "json", ".")
    assert result.code == 1 and not result.crashed, (result.code, result.err)
    for command in (("scan", "--output", "json=r.json", "."), ("baseline", "-o", "b.json", "."), ("fix", "--write", "."),
                    ("audit", "--history", "h.sqlite", "--scope", "s", ".")):
        result = place.nobody(*command)
        assert result.code == 2 and not result.crashed and result.err.strip(), (command, result.code, result.err)
    assert os.listdir(place.folder) == ["m0.tf"], os.listdir(place.folder)
    os.chmod(place.folder, 0o755)


# Mounts of a namespace of its own are made read-only, all but what the kernel shows of itself, and the rest is run there.
READ_ONLY = '''for m in $(cut -d" " -f2 /proc/self/mounts | grep -vE "^/(proc|sys|dev)(/|$)"); do mount -o remount,bind,ro "$m" 2>/dev/null; done
if touch probe 2>/dev/null; then exit 77; fi
exec "$@"'''


def read_only_mount(place):
    """Every file system is read-only: what reads gives what it always gives, what writes is refused, and nothing hangs or is left."""
    shutil.copytree(os.path.join(nomem.ROOT, "testdata", "charts", "web"), os.path.join(place.folder, "chart"))
    environment = process.environment(place.top)
    del environment["ASSAY_CACHE_DIR"]  # a result would be kept in HOME
    stay = dict(environment, ASSAY_CACHE_DIR="")

    def here(*arguments):
        return process.run([place.bin, *arguments], place.folder, stay)

    def there(*arguments):
        return process.run(["unshare", "-rm", "sh", "-c", READ_ONLY, "sh", place.bin, *arguments], place.folder, environment)
    recorded = here("audit", "--history", "h.sqlite", "--scope", "s", "-q", ".")
    assert recorded.code == 1, recorded.err
    probe = there("version")
    if probe.code in (1, 77):
        raise Skipped("no read-only mounts here: %s" % (probe.err.strip() or "what is mounted can still be written to"))
    before = sorted(os.listdir(place.folder))
    for command in (("scan", "--format", "json", "."), ("scan", "--format", "html", "."), ("graph", "--format", "json", "."),
                    ("render", "chart"), ("eval", "."), ("paths", "."), ("iam", "escalate", "."), ("reach", "--all", "."),
                    ("history", "runs", "--history", "h.sqlite"), ("history", "findings", "--history", "h.sqlite"),
                    ("report", "--history", "h.sqlite", "--scope", "s", "--format", "json", ".")):
        usual, result = here(*command), there(*command)
        assert not result.crashed and result.code == usual.code, (command, result.code, usual.code, result.err)
        if command[0] != "report":  # which says when
            assert result.out == usual.out and result.err == usual.err, (command, result.err)
    for command in (("scan", "--output", "json=r.json", "."), ("baseline", "-o", "b.json", "."), ("fix", "--write", "."),
                    ("init", "."), ("rules", "docs", "d"), ("scan", "--shard", "1/2", "--result", "r.assay", "."),
                    ("audit", "--history", "h.sqlite", "--scope", "s", ".")):
        result = there(*command)
        assert result.code == 2 and not result.crashed and result.err.strip(), (command, result.code, result.err)
    assert sorted(os.listdir(place.folder)) == before, os.listdir(place.folder)


def changing(place):
    """Files that grow, shrink, vanish and become folders while they are read."""
    stop = threading.Event()
    outside = os.path.join(place.top, "outside")  # what a link leads to is emptied and written over too

    def change():
        n = 0
        while not stop.is_set():
            n += 1
            path = os.path.join(place.folder, "m%d.tf" % (n % 7))
            try:
                if os.path.isdir(path):
                    os.rmdir(path)
                elif n % 5 == 0:
                    os.truncate(path, n % 40)
                elif n % 5 == 1:
                    os.unlink(path)
                elif n % 5 == 2:
                    os.unlink(path)
                    os.mkdir(path)
                elif n % 5 == 3:
                    os.symlink(outside, path)
                else:
                    place.write("m%d.tf" % (n % 7), MAIN * (n % 300))
            except OSError:
                continue
    with open(outside, "w", encoding="utf-8") as file:
        file.write(MAIN.replace("fire", "of-another"))
    place.write("still.tf", MAIN.replace("fire", "still"))
    for i in range(7):
        place.write("m%d.tf" % i, MAIN.replace("fire", "fire%d" % i))
    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(15):
            result = place.scan("--jobs", "3")
            assert not result.crashed and result.code in (0, 1, 3), (result.code, result.err)
            assert "of-another" not in result.out + result.err
            assert "still" in result.out, result.out[:300]
    finally:
        stop.set()
        thread.join()


def interrupted(place):
    """Signals that break every call off change nothing in what is said."""
    bin_ = nomem.plain(place.bin)
    if not bin_:
        return
    library = nomem.built(place.top, "alarms")
    for i in range(40):
        place.write("n%d.tf" % i, MAIN.replace("fire", "n%d" % i) * 200)
    environment = process.environment(place.top)
    for command in (["scan", "--format", "json", "."], ["scan", "--format", "sarif", "."]):
        calm = process.run([bin_, *command], place.folder, environment)
        storm = process.run([bin_, *command], place.folder, dict(environment, LD_PRELOAD=library))
        assert storm.code == calm.code and storm.out == calm.out, (command, storm.code, storm.err)


TESTS = [devices, unreadable, read_only, read_only_mount, changing, interrupted,
         full_disk, closed_pipe, file_size, killed_while_writing,
         odd_files, no_home, deep_folders, many_at_once]


def jobs(options):
    def job(test, name):
        place = Place(options)
        try:
            test(place)
        except Skipped as why:
            return [(name, None, str(why))]
        except AssertionError as problem:
            return [(name, False, str(problem))]
        finally:
            shutil.rmtree(place.top, ignore_errors=True)
        return [(name, True, "")]
    named = [(t, "faults/" + t.__name__) for t in TESTS]
    return [(name, lambda t=t, n=name: job(t, n)) for t, name in named if options.wants(name)]
