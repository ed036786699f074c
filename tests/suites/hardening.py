"""What the linker and the compiler were told to do against faults that get through, read from the program itself."""
import os
import re

from . import process


def readelf(options, *arguments):
    result = process.run(["readelf", "-W", *arguments, options.bin], options.root)
    assert result.code == 0, result.err
    return result.out


def position_independent(options):
    assert re.search(r"Type:\s+DYN", readelf(options, "-h")) and "PIE" in readelf(options, "-d"), "no PIE"


def relocations_read_only(options):
    dynamic = readelf(options, "-d")
    assert "GNU_RELRO" in readelf(options, "-l"), "no RELRO"
    assert "BIND_NOW" in dynamic or re.search(r"FLAGS_1.*\bNOW\b", dynamic), "symbols are bound late: RELRO is partial"


def memory_not_executable(options):
    segments = re.findall(r"^\s+(\w+)\s+0x.* (\S[RWE ]*?)\s+0x\w+$", readelf(options, "-l"), re.M)
    stack = [flags for kind, flags in segments if kind == "GNU_STACK"]
    assert len(stack) == 1 and "E" not in stack[0], "the stack may be executed: %s" % stack
    both = [flags for kind, flags in segments if kind == "LOAD" and "W" in flags and "E" in flags]
    assert not both, "memory is written and executed: %s" % both
    assert "TEXTREL" not in readelf(options, "-d"), "code is relocated"


def no_paths_of_libraries(options):
    assert not re.search(r"\((RPATH|RUNPATH)\)", readelf(options, "-d")), "libraries are looked for in folders of the build"


def objects(options):
    """Undefined symbols of our own objects: libraries linked in have some of their own."""
    folder = os.path.join(os.path.dirname(options.bin), "obj", "engine", "base")
    made = [os.path.join(folder, f) for f in sorted(os.listdir(folder)) if f.endswith(".o")] if os.path.isdir(folder) else []
    if not made or min(map(os.path.getmtime, made)) < os.path.getmtime(os.path.join(options.root, "Makefile")):
        return None
    result = process.run(["nm", "-u", *made], options.root)
    assert result.code == 0, result.err
    return result.out


def stack_protected(options):
    symbols = objects(options)
    if symbols is None:
        return "the objects are not there, or older than the Makefile"
    assert "__stack_chk_fail" in symbols, "no stack protector"


def functions_checked(options):
    symbols = objects(options)
    if symbols is None:
        return "the objects are not there, or older than the Makefile"
    if re.search(r"__asan_|__ubsan_|__tsan_", symbols):
        return "sanitizers check instead"
    assert re.search(r"__\w+_chk$", symbols.replace("__stack_chk_fail", ""), re.M), "no function of _FORTIFY_SOURCE"


TESTS = [position_independent, relocations_read_only, memory_not_executable, no_paths_of_libraries, stack_protected, functions_checked]


def jobs(options):
    def job(test, name):
        try:
            skipped = test(options)
        except AssertionError as problem:
            return [(name, False, str(problem))]
        return [(name, None if skipped else True, skipped or "")]
    named = [(t, "hardening/" + t.__name__) for t in TESTS]
    return [(name, lambda t=t, n=name: job(t, n)) for t, name in named if options.wants(name)]
