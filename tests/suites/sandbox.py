"""Rules that try to get out of the Lua sandbox, or to hold up the scan. Each costs itself alone: the message is the one that
stands here, the rule beside them still fails, and nothing was written."""
import json
import os
import re
import shutil
import tempfile

from . import process

INSTRUCTIONS, MEMORY, LONG = "used up its instructions", "not enough memory", "too long"
EITHER = INSTRUCTIONS + "|" + MEMORY
NIL = "attempt to call a nil value"
EIGHT = 'local s = ("x"):rep(8000000) '
MILLION = "local t = {} for i = 1, 1000000 do t[i] = i end "

# What a check does, and what must then be said of it; None: nothing, it is harmless.
ATTEMPTS = [
    # The machine.
    ("os", 'os.execute("touch escaped")', NIL),
    ("io", 'io.open("escaped", "w"):write("x")', NIL),
    ("require", 'require("os").execute("touch escaped")', NIL),
    ("package", 'package.loadlib("libc.so.6", "*")()', NIL),
    ("debug", "debug.getregistry()", NIL),
    ("dofile", 'dofile("/etc/passwd")', NIL),
    ("loadfile", 'loadfile("/etc/passwd")', NIL),
    ("load", 'load("return 1")()', NIL),
    ("bytecode", 'load("\\27Lua", "x", "b")', NIL),
    ("dump", "string.dump(function() end)", NIL),
    ("globals", '_G.string.rep("x", 10)', NIL),
    ("environment", "_ENV.os.exit(7)", NIL),
    ("text-metatable", 'getmetatable("").__index = nil', NIL),
    ("setmetatable", "setmetatable({}, { __gc = function() while true do end end })", NIL),
    ("collectgarbage", 'collectgarbage("stop")', NIL),
    ("pcall", "while true do pcall(error) end", NIL),
    ("coroutine", "coroutine.wrap(function() while true do end end)()", NIL),
    ("move", "table.move({}, 1, math.maxinteger - 1, 2)", NIL),
    ("rawset", "rawset(db, 1, 1)", NIL),
    ("random", "math.random()", NIL),
    ("write-entity", "db.identifier = 1", "attempt to index"),
    ("write-library", 'string.rep = function() return "" end', "cannot"),
    ("write-global", "string, escaped = nil, 1", None),
    # Processor time.
    ("loop", "while true do end", INSTRUCTIONS),
    ("goto", "::a:: goto a", INSTRUCTIONS),
    ("for", "for i = 1, math.huge do end", INSTRUCTIONS),
    ("tail-call", "local function f() return f() end f()", INSTRUCTIONS),
    ("mutual-call", "local g local function f() return g() end g = function() return f() end f()", INSTRUCTIONS),
    ("concat-operator", EIGHT + "for i = 1, 1e6 do local x = s .. i end", EITHER),
    ("upper", EIGHT + "for i = 1, 1e6 do local x = s:upper() end", EITHER),
    ("reverse", EIGHT + "for i = 1, 1e6 do local x = s:reverse() end", EITHER),
    ("sub", EIGHT + "for i = 1, 1e6 do local x = s:sub(2) end", EITHER),
    ("format", EIGHT + 'for i = 1, 1e6 do local x = ("%.3s"):format(s) end', INSTRUCTIONS),
    ("utf8-len", EIGHT + "for i = 1, 1e6 do local x = utf8.len(s) end", INSTRUCTIONS),
    ("utf8-offset", EIGHT + "for i = 1, 1e6 do local x = utf8.offset(s, 7000000) end", INSTRUCTIONS),
    ("compare", EIGHT + 'local a, b, n = s .. "1", s .. "2", 0 for i = 1, 1e7 do n = a < b and i or 0 end', INSTRUCTIONS),
    ("insert", MILLION + "for i = 1, 1e6 do table.insert(t, 1, 0) end", INSTRUCTIONS),
    ("remove", MILLION + "for i = 1, 1e6 do table.remove(t, 1) end", INSTRUCTIONS),
    ("concat", MILLION + "for i = 1, 1e6 do local x = table.concat(t) end", INSTRUCTIONS),
    ("unpack", "local t = {} for i = 1, 1e5 do t[i] = i end for i = 1, 1e6 do local x = table.unpack(t) end", INSTRUCTIONS),
    ("sort", MILLION + "for i = 1, 1e6 do table.sort(t) end", INSTRUCTIONS),
    ("sort-callback", MILLION + "table.sort(t, function(a, b) while true do end end)", INSTRUCTIONS),
    ("sort-wrong-order", "local t = {} for i = 1, 100 do t[i] = i end table.sort(t, function() return true end)", "invalid order"),
    ("gsub-callback", '("x"):gsub(".", function() while true do end end)', INSTRUCTIONS),
    ("backtracking", '("a"):rep(3000):find(".-.-.-.-b")', "may take too long"),
    ("backtracking-class", '("a"):rep(100000):match("[a]*[a]*b")', "may take too long"),
    ("frontier-balance", '("("):rep(1000000):find("%b()")', "may take too long"),
    ("regex", 'match(("a"):rep(40) .. "!", "^(a+)+$")', "match limit"),
    # Memory.
    ("rep", '("x"):rep(1e10)', LONG),
    ("rep-separator", '("x"):rep(1000, ("y"):rep(1000000))', LONG),
    ("rep-overflow", '("xx"):rep(math.maxinteger, "yy")', LONG),
    ("gsub-growth", '("x"):rep(1000000):gsub("x", ("y"):rep(1000000))', LONG),
    ("doubling", 'local s = "x" while true do s = s .. s end', MEMORY),
    ("table-growth", "local t = {} for i = 1, 1e9 do t[i] = { {}, {} } end", ""),
    ("concat-bomb", EIGHT + 'local t = {} for i = 1, 1000 do t[i] = s end table.concat(t)', EITHER),
    ("unpack-huge", "table.unpack({}, 1, 1e9)", "too many results"),
    ("byte-huge", EIGHT + "s:byte(1, -1)", "slice too long|stack overflow"),
    ("char-widths", '("%9999999d"):format(1)', "invalid conversion|invalid format"),
    ("pack-width", '("i17"):pack(1)', "out of limits"),
    # The stack.
    ("recursion", "local function f() return 1 + f() end f()", "stack overflow"),
    ("gsub-recursion", 'local function f() return ("x"):gsub(".", f) end f()', "stack overflow|C stack"),
    ("sort-recursion", "local function f() table.sort({ 2, 1 }, f) return false end f()", "stack overflow|C stack"),
    # Errors.
    ("error-table", "error({ verdict = 'pass' })", "an error that is no text"),
    ("error-nil", "error()", "an error that is no text"),
    ("error-userdata", "error(db)", "an error that is no text"),
    ("error-function", "error(function() end)", "an error that is no text"),
    ("error-bytes", 'error("\\27[2J\\0")', ""),
]

RULE = """return rule {
  id = "%s", title = "t", severity = "high", category = "c",
  for_each = "aws.rds.instance",
  check = function(db)
    %s
  end,
}
"""
MAIN = 'resource "aws_db_instance" "fire" {\n  identifier = "x"\n}\n'

# Files that are refused before anything runs.
REFUSED = {
    "bytecode-file": b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n\x04\x08\x08xV\x00\x00",
    "endless-file": b"while true do end",
    "deep-file": b"return " + b"(" * 100000,
    "os-file": b'os.execute("touch escaped")',
    "text-file": b'return "pass"',
}


def jobs(options):
    return [("sandbox", lambda: scan(options))] if options.wants("sandbox") else []


def scan(options):
    """All attempts in one scan, in a folder that is looked through afterwards."""
    folder = tempfile.mkdtemp(prefix="assay-sandbox-")
    try:
        os.makedirs(os.path.join(folder, "rules"))
        ids = {"X-SAFE-%03d" % i: attempt for i, attempt in enumerate(ATTEMPTS, 1)}
        files = {name + ".lua": (RULE % (name, a[1])).encode() for name, a in ids.items()}
        files.update({name + ".lua": text for name, text in REFUSED.items()})
        files["good.lua"] = (RULE % ("X-GOOD-001", 'return fail("it is here")')).encode()
        for name, text in files.items():
            with open(os.path.join(folder, "rules", name), "wb") as file:
                file.write(text)
        with open(os.path.join(folder, "main.tf"), "w", encoding="utf-8") as file:
            file.write(MAIN)
        before = sorted(os.walk(folder))
        result = process.run([options.bin, "scan", "--format", "json", "--rules", "rules", "--rule", "X-*", "."], folder, timeout=120)
        if result.crashed or "\x1b" in result.err:
            return [("sandbox", False, result.err)]
        report = json.loads(result.out)
        results = [("sandbox/nothing-written", sorted(os.walk(folder)) == before, "the folder changed"),
                   ("sandbox/good-rule", [f["rule"] for f in report["findings"] if f["status"] == "fail"] == ["X-GOOD-001"],
                    str([f["rule"] for f in report["findings"] if f["status"] == "fail"]))]
        said = [d["message"] for d in report["diagnostics"]]
        for rule, (name, _, wanted) in ids.items():
            mine = [m for m in said if rule + ":" in m]
            ok = not mine if wanted is None else len(mine) == 1 and re.search(wanted, mine[0]) is not None
            results.append(("sandbox/" + name, ok,
                            "said: %s; wanted: %s" % (mine, wanted)))
        for name in REFUSED:
            mine = [d for d in report["diagnostics"] if name in (d.get("path") or "") or name in d["message"]]
            results.append(("sandbox/" + name, bool(mine), "nothing is said of it"))
        return results
    finally:
        shutil.rmtree(folder)
