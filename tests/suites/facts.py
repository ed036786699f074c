"""docs/facts.md: every member of every line is a column that the page names, of its type; and DuckDB (PyPI), where it is installed,
answers the page's queries on the files as they are."""
import json
import os
import re
import tempfile

from . import process

try:
    import duckdb
except ImportError:
    duckdb = None

# Places that hold a bit of everything: evidence, fixes, suppressions, edges.
PROJECTS = ("paths", "demo", "clean")


def jobs(options):
    found = []
    for name, test in (("facts/columns", columns), ("facts/duckdb", queries)):
        if not options.wants(name):
            continue
        if test is queries and duckdb is None:
            found.append((name, lambda n=name: [(n, None, "duckdb is not installed")]))
        else:
            found.append((name, lambda n=name, t=test: [(n,) + t(options)]))
    return found


def page(options):
    with open(os.path.join(options.root, "docs", "facts.md"), encoding="utf-8") as file:
        return file.read()


def write(options, folder):
    paths = [os.path.join("testdata", name) for name in PROJECTS]
    environment = process.environment(folder)
    findings, graph = os.path.join(folder, "findings.ndjson"), os.path.join(folder, "graph.ndjson")
    process.run([options.bin, "scan", "--quiet", "--show-passed", "--output", "ndjson=" + findings, *paths], options.root, environment)
    with open(graph, "w", encoding="utf-8") as file:
        file.write(process.run([options.bin, "graph", "--quiet", "--format", "ndjson", *paths], options.root, environment).out)
    return findings, graph


def declared(text, table):
    """Column → (type, names of its members)."""
    rows = re.search(r"^\| %s \| type \| \|\n\|[-|]+\|\n((?:\|.*\n)+)" % table, text, re.M).group(1)
    found = {}
    for row in rows.splitlines():
        names, types, note = [cell.strip() for cell in row.strip("|").split("|", 2)]
        names = re.findall(r"`(\w+)`", names)
        kinds = [kind.strip() for kind in types.split(",")]
        for i, name in enumerate(names):
            found[name] = (kinds[min(i, len(kinds) - 1)] if name != "column" else "number", re.findall(r"`(\w+)`", note))
    return found


def is_of(value, kind):
    if value is None or kind == "any":
        return True
    if kind.startswith("list of "):
        return isinstance(value, list) and all(is_of(item, kind[len("list of "):]) for item in value)
    return isinstance(value, {"text": str, "number": int, "struct": dict}[kind]) and not isinstance(value, bool)


def columns(options):
    text, problems, seen = page(options), set(), {}
    with tempfile.TemporaryDirectory() as folder:
        lines = [json.loads(line) for file in write(options, folder) for line in open(file, encoding="utf-8")]
    tables = {name: declared(text, name) for name in ("finding", "diagnostic", "entity", "edge")}
    for line in lines:
        name = line.pop("type") if "type" in line else next(iter(line))
        if name == "summary":
            continue
        row = line[name] if name in ("entity", "edge") else line
        seen.setdefault(name, set()).update(row)
        for column, value in row.items():
            kind, members = tables[name].get(column, (None, ()))
            if kind is None:
                problems.add("%s.%s is not on the page" % (name, column))
            elif not is_of(value, kind):
                problems.add("%s.%s is no %s: %r" % (name, column, kind, value))
            elif "struct" in kind:
                for item in value if isinstance(value, list) else [value or {}]:
                    problems.update("%s.%s.%s is not on the page" % (name, column, m) for m in item if m not in members)
    for name, table in tables.items():
        rare = {"rule_version", "attributes", "detail", "label", "account", "region", "environment", "space"}
        problems.update("%s.%s is on the page and in no line" % (name, c) for c in table if c not in seen.get(name, ()) and c not in rare)
    return not problems, "\n".join(sorted(problems)[:20])


def queries(options):
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        write(options, folder)
        connection = duckdb.connect()
        statements = re.findall(r"^```sql\n(.*?)^```", page(options), re.M | re.S)
        for statement in statements:
            for name in ("findings", "graph"):
                statement = statement.replace("'%s.ndjson'" % name, "'%s'" % os.path.join(folder, name + ".ndjson"))
            try:
                if not connection.execute(statement).fetchall():
                    problems.append("no rows: " + statement)
            except duckdb.Error as problem:
                problems.append("%s\n%s" % (statement, problem))
        if len(statements) < 3:
            problems.append("the page has lost its queries")
    return not problems, "\n".join(problems)
