"""What a person sees: the program on a pseudo-terminal, recorded."""
import os
import pty
import re
import select
import subprocess
import tempfile
import time

from . import process

SLOW = 'resource "aws_kms_key" "k" {\n  count       = 12000\n  description = "k${count.index}"\n}\n'
BAD = 'resource "aws_kms_key" "k" {\n  description = "k"\n}\n'


def record(options, top, argv, extra=()):
    """Both streams of a session on one terminal, and the exit code."""
    main, side = pty.openpty()
    env = dict(process.environment(top), TERM="xterm-256color", **dict(extra))
    child = subprocess.Popen([options.bin, *argv], cwd=top, env=env, stdin=side, stdout=side, stderr=side)
    os.close(side)
    seen, end = b"", time.time() + 120
    while time.time() < end:
        if not select.select([main], [], [], 1)[0]:
            continue
        try:
            data = os.read(main, 65536)
        except OSError:  # the other side is closed
            break
        if not data:
            break
        seen += data
    os.close(main)
    return seen.decode("utf-8", "replace"), child.wait(10)


def write(top, text):
    with open(os.path.join(top, "main.tf"), "w", encoding="utf-8") as file:
        file.write(text)


def shown(session):
    """What is left on the lines once what was wiped is wiped."""
    return "\n".join(line.split("\r\x1b[K")[-1] for line in session.replace("\r\n", "\n").split("\n"))


def colours(options):
    with tempfile.TemporaryDirectory() as top:
        write(top, BAD)
        plain = ["scan", "--rule", "AWS-KMS-001"]
        session, code = record(options, top, plain)
        yield "terminal/colours", code == 1 and "\x1b[" in shown(session) and "AWS-KMS-001" in session, session
        for name, argv, extra in (("no-color", plain, [("NO_COLOR", "1")]), ("never", [*plain, "--color", "never"], [])):
            session, code = record(options, top, argv, extra)
            yield "terminal/" + name, code == 1 and "\x1b[" not in shown(session) and "AWS-KMS-001" in session, session


def progress(options):
    with tempfile.TemporaryDirectory() as top:
        write(top, SLOW)
        session, _ = record(options, top, ["scan", "--jobs", "1"])
        bars = re.findall(r"\r\x1b\[Kassay: (?:looking|reading|judging)", session)
        counts = re.findall(r"assay: judging [━╌]{24} (\d+)/(\d+)", session)
        sane = all(int(done) <= int(total) for done, total in counts)
        gone = "assay: judging" not in shown(session) and "assay: reading" not in shown(session)
        yield "terminal/progress", bool(bars) and sane and gone, session[:2000]
        session, _ = record(options, top, ["scan", "--jobs", "1", "--progress", "never"])
        yield "terminal/progress-never", not re.search(r"assay: (?:looking|reading|judging)", session), session[:2000]


def mistakes(options):
    with tempfile.TemporaryDirectory() as top:
        write(top, BAD)
        for name, argv, hint in (("command", ["scna"], "did you mean 'scan'?"), ("option", ["scan", "--fromat", "json"], "--format"),
                                 ("rule", ["scan", "--rule", "AWS-KMS-0001"], "did you mean 'AWS-KMS-001'?"),
                                 ("alias", ["explain", "nothing like it"], "'assay rules list' has them all")):
            session, code = record(options, top, argv)
            yield "terminal/mistake-" + name, code == 2 and hint in session, session


def jobs(options):
    return [("terminal/" + f.__name__, lambda f=f: f(options)) for f in (colours, progress, mistakes)
            if options.wants("terminal/" + f.__name__)]
