"""tests/conformance: inputs with the output of the real tools (see the README there)."""
import base64
import json
import math
import os
import shutil
import tempfile

from . import process

CHUNK = 25  # vectors a job, where they stand in one file


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def loader():
    """YAML 1.2's idea of scalars, near enough to Go's: no dates, no '=' values."""
    import yaml
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    drop = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")

    class Loader(base):
        yaml_implicit_resolvers = {
            first: [pair for pair in pairs if pair[0] not in drop]
            for first, pairs in base.yaml_implicit_resolvers.items()}
    return lambda text: [d for d in yaml.load_all(text, Loader) if d is not None]


def same(a, b, nulls=False):
    """Equal as data; with `nulls` a member that is null equals one that is absent."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or math.isclose(a, b, rel_tol=1e-15)
    if isinstance(a, dict) and isinstance(b, dict):
        if nulls:
            a, b = ({k: v for k, v in x.items() if v is not None} for x in (a, b))
        return a.keys() == b.keys() and all(same(a[k], b[k], nulls) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y, nulls) for x, y in zip(a, b))
    return type(a) is type(b) and a == b


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def first_line(value):
    """The first "line" anywhere inside."""
    if isinstance(value, dict):
        if isinstance(value.get("line"), int):
            return value["line"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            line = first_line(item)
            if line is not None:
                return line
    return None


def refused(result):
    return not result.crashed and result.code > 0, "no error\n" + result.out[:500]


def expression(options, base, vector):
    argv = [options.bin, "eval", "--expr", vector["expr"], "--format", "json"]
    with tempfile.TemporaryDirectory() as top:
        if vector.get("vars"):
            path = os.path.join(top, "vars.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(vector["vars"], file)
            argv += ["--vars", path]
        result = process.run(argv, base)
    if vector["error"]:
        return refused(result)
    got = parsed(result.out)
    if isinstance(got, dict) and ("value" in got or "type" in got):
        ok = same(got.get("value"), vector["result"]) and got.get("type", vector["type"]) == vector["type"]
    else:
        ok = same(got, vector["result"])
    return not result.crashed and result.code == 0 and ok, "%s\n%s%s\nexpected %s %s" % (
        vector["expr"], result.out, result.err, json.dumps(vector["result"]), vector["type"])


def module(options, folder):
    with tempfile.TemporaryDirectory() as top:
        copy = os.path.join(top, os.path.basename(folder))
        shutil.copytree(folder, copy)
        os.unlink(os.path.join(copy, "expected.json"))
        result = process.run([options.bin, "eval", copy], top)
    expected = load(os.path.join(folder, "expected.json"))
    got = parsed(result.out) or {}
    resources = {r.get("address"): r for r in got.get("resources", [])}
    wrong = []
    for want in expected["resources"]:
        have = resources.pop(want["address"], None)
        if have is None:
            wrong.append("no " + want["address"])
        elif not same(want["values"], have.get("values"), True):
            wrong.append("%s\n  is       %s\n  expected %s" % (
                want["address"], json.dumps(have.get("values")), json.dumps(want["values"])))
    wrong += ["too many: %s" % a for a in resources if not str(a).startswith("data.")]
    for key, want in expected["outputs"].items():
        have = (got.get("outputs") or {}).get(key)
        have = have.get("value") if isinstance(have, dict) and "value" in have else have
        if "value" in want and "unknown_paths" not in want and not same(want["value"], have, True):
            wrong.append("output %s is %s, expected %s" % (key, json.dumps(have), json.dumps(want["value"])))
    if result.crashed or result.code not in (0, 3):
        wrong.append("exit %s: %s" % (result.code, result.err))
    return not wrong, "\n".join(wrong)


def syntax_error(options, folder):
    want = next(d for d in load(os.path.join(folder, "expected.json"))["diagnostics"]
                if d["severity"] == "error")
    result = process.run([options.bin, "eval", "--syntax-only", ".", "--format", "json"], folder)
    line = first_line(parsed(result.out))
    ok = not result.crashed and result.code > 0 and ("line" not in want or line == want["line"])
    return ok, "exit %s, line %s, expected line %s: %s" % (
        result.code, line, want.get("line"), want["summary"])


def template(options, base, vector):
    frame_path = os.path.join("templates", "out.yaml")
    with tempfile.TemporaryDirectory() as top:
        chart = os.path.join(top, "vec")
        shutil.copytree(os.path.join(base, "functions_chart"), chart)
        os.rename(os.path.join(chart, frame_path + ".in"), os.path.join(chart, frame_path))
        with open(os.path.join(chart, frame_path), encoding="utf-8") as file:
            frame = file.read()
        with open(os.path.join(chart, frame_path), "w", encoding="utf-8") as file:
            file.write(frame.replace("@@TEMPLATE@@", vector["template"]))
        with open(os.path.join(top, "values.json"), "w", encoding="utf-8") as file:
            json.dump(vector.get("values", {}), file)
        result = process.run([options.bin, "render", chart, "--release-name", "rel", "--namespace",
                              "space", "--values", os.path.join(top, "values.json")], top)
    if vector.get("error"):
        return refused(result)
    try:
        got = base64.b64decode(loader()(result.out)[0]["out"]).decode("utf-8", "replace")
    except Exception as problem:
        return False, "%s\n%s\n%s" % (vector["template"], problem, result.err)
    return got == vector["out"] and not result.crashed, "%s\n%r\nexpected %r" % (
        vector["template"], got, vector["out"])


def rendered(options, folder, argv):
    result = process.run([options.bin, "render"] + argv, folder)
    if os.path.exists(os.path.join(folder, "expected_error.txt")):
        return refused(result)
    if result.crashed or result.code != 0:
        return False, "exit %s: %s" % (result.code, result.err)
    try:
        got = loader()(result.out)
    except Exception as problem:
        return False, "not YAML: %s" % problem
    with open(os.path.join(folder, "expected.yaml"), encoding="utf-8") as file:
        want = loader()(file.read())
    for i, (a, b) in enumerate(zip(want, got)):
        if not same(a, b):
            return False, "document %d is\n%s\nexpected\n%s" % (
                i, json.dumps(b, indent=1), json.dumps(a, indent=1))
    return len(want) == len(got), "%d documents, expected %d" % (len(got), len(want))


def chart(options, folder):
    case = load(os.path.join(folder, "case.json"))
    args = ["--values" if a == "-f" else a for a in case["args"]]
    return rendered(options, folder, [case["chart"], "--release-name", case["release"]] + args)


def kustomization(options, folder):
    return rendered(options, folder, [load(os.path.join(folder, "case.json"))["target"]])


def listed(options, name, path, function):
    """Vectors in one file, a few a job."""
    if not os.path.exists(path):
        return []
    vectors = load(path)
    named = [("%s/%03d" % (name, i), v) for i, v in enumerate(vectors)]
    named = [(n, v) for n, v in named if options.wants(n)]
    base = os.path.dirname(path)
    return [(name, lambda part=named[i:i + CHUNK]: [
        (n,) + function(options, base, v) for n, v in part]) for i in range(0, len(named), CHUNK)]


def folders(options, name, base, function):
    if not os.path.isdir(base):
        return []
    found = []
    for slug in sorted(os.listdir(base)):
        folder, test = os.path.join(base, slug), "%s/%s" % (name, slug)
        if os.path.isdir(folder) and options.wants(test):
            found.append((test, lambda t=test, f=folder: [(t,) + function(options, f)]))
    return found


def jobs(options):
    base = os.path.join(options.root, "tests", "conformance")
    return (listed(options, "hcl/expressions", os.path.join(base, "hcl", "expressions.json"), expression)
            + folders(options, "hcl/modules", os.path.join(base, "hcl", "modules"), module)
            + folders(options, "hcl/syntax", os.path.join(base, "hcl", "syntax_errors"), syntax_error)
            + listed(options, "helm/functions", os.path.join(base, "helm", "functions.json"), template)
            + listed(options, "helm/functions-more", os.path.join(base, "helm", "functions_more.json"), template)
            + folders(options, "helm/cases", os.path.join(base, "helm", "cases"), chart)
            + folders(options, "kustomize", os.path.join(base, "kustomize"), kustomization))
