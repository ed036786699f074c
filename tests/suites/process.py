"""Running the program under test."""
import os
import re
import subprocess

# libgit2 1.5 forgets PCRE2's match data where a pattern of the configuration does not match. The program itself
# has PCRE2 linked in; this names only the shared one that libgit2 brings.
LEAKS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "leaks.supp")
SANITIZER = re.compile(r"^==\d+==ERROR: \w+Sanitizer|^WARNING: ThreadSanitizer|^\S+:\d+:\d+: runtime error: ", re.M)


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def crashed(self):
        """Killed by a signal, out of time, or stopped by a sanitizer."""
        return self.code is None or self.code < 0 or SANITIZER.search(self.err) is not None


def environment(home, path=None):
    """The same everywhere: no colours, no configuration of the person who runs the tests."""
    keep = {k: v for k, v in os.environ.items() if k.startswith(("ASAN_", "UBSAN_", "LSAN_", "TSAN_"))}
    keep.update(PATH=(path + os.pathsep if path else "") + os.environ.get("PATH", "/usr/bin:/bin"),
                HOME=home, TERM="dumb", LC_ALL="C.UTF-8", TZ="UTC", ASSAY_CACHE_DIR="")
    keep.setdefault("LSAN_OPTIONS", "print_suppressions=0:suppressions=" + LEAKS)
    return keep


def run(argv, cwd, env=None, timeout=60):
    try:
        p = subprocess.run(argv, cwd=cwd, env=env or environment(cwd), stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)
    except subprocess.TimeoutExpired:
        return Result(None, "", "no end after %d seconds" % timeout)
    return Result(p.returncode, p.stdout.decode("utf-8", "replace"), p.stderr.decode("utf-8", "replace"))
