"""The pack of rules against the catalogue (tests/catalogue/rules.csv), the list of systems (systems.csv), the
frameworks, and what every rule must have. Where the pack differs on purpose deviations.json says why."""
import csv
import json
import os
import re
import tempfile

from . import process

HEADINGS = {"what to do": "## What to do", "a reference": "## See", "a failing example": "## Fails",
            "a passing example": "## Passes", "an unknown example": "## Cannot be decided"}


def jobs(options):
    if not options.wants("catalogue"):
        return []
    return [("catalogue", lambda: run(options))]


def asked(options, *argv):
    result = process.run([options.bin, "rules", *argv], options.root, timeout=300)
    if result.code != 0:
        raise RuntimeError("assay rules %s: exit %s\n%s" % (" ".join(argv), result.code, result.err))
    return json.loads(result.out)


def table(options, name):
    with open(os.path.join(options.root, "tests/catalogue", name), encoding="utf-8") as file:
        return list(csv.DictReader(file))


def words(text):
    return {word for word in text.split() if word != "-"}


def same_as_catalogue(row, rule, deviations):
    if rule is None:
        return "there is no such rule"
    wrong = [key for key in ("title", "severity", "category") if rule[key] != row[key]]
    if set(rule["aliases"]) != words(row["aliases"]):
        wrong.append("aliases")
    if not words(row["frameworks"]) <= set(rule["frameworks"]):
        wrong.append("frameworks")
    wrong = [key for key in wrong if key not in deviations.get(row["id"], {})]
    return "other than the catalogue: " + ", ".join(wrong) if wrong else ""


IDS = re.compile(r"^[A-Z0-9]+(-[A-Z0-9]+)+$")
NAMES = re.compile(r"^[A-Za-z][A-Za-z0-9_]*$")


def is_mapped(kind, types):
    """A kind of Kubernetes with or without its group: "Deployment" is "apps/Deployment" too."""
    return kind in types or any(t.endswith("/" + kind) for t in types)


def system_problem(row, rules, types, deviations):
    known = deviations.get("systems", {})
    if row["rules"].startswith("-"):
        return ""  # with the reason behind the dash
    lost = ["rule " + r for r in words(row["rules"]) if IDS.match(r) and r not in rules]
    for column in ("terraform_types", "k8s_kinds"):
        lost += [t for t in words(row[column])
                 if NAMES.match(t) and not is_mapped(t, types) and t not in known]
    return "not covered: " + ", ".join(sorted(lost)) if lost else ""


def framework_problems(options, rules):
    """(name of the test, problem) for each framework and for each rule's own list."""
    controls = set()
    for framework in asked(options, "frameworks", "--format", "json"):
        ids = [control["id"] for control in framework["controls"]]
        controls |= {framework["id"] + ":" + i for i in ids}
        empty = [c["id"] for c in framework["controls"] if not c["rules"] and not c.get("manual")]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        yield framework["id"], "; ".join(filter(None, [
            empty and "neither rule nor proof by hand: " + ", ".join(empty),
            twice and "named twice: " + ", ".join(twice)]))
    for rule in rules.values():
        lost = [n for n in rule["frameworks"] if n not in controls]
        yield rule["id"], "no such control: " + ", ".join(lost) if lost else ""
    yield "named rules", unknown_rules(options, rules)


def unknown_rules(options, rules):
    folder, lost = os.path.join(options.root, "rules/frameworks"), []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            for line in re.findall(r"^    rules: \[(.*)\]$", file.read(), re.M):
                lost += [r for r in re.findall(r'[^",\s]+', line) if "*" not in r and r not in rules]
    return "no such rule: " + ", ".join(sorted(set(lost))) if lost else ""


def page_problem(path, rule, deviations):
    """What a page lacks is what its rule lacks."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    lacking = [what for what, heading in HEADINGS.items() if "\n" + heading + "\n" not in text]
    allowed = deviations.get(rule, {})
    lacking = [what for what in lacking if what not in allowed]
    return "the rule has not: " + ", ".join(lacking) if lacking else ""


def page_problems(options, rules, deviations):
    with tempfile.TemporaryDirectory() as top:
        result = process.run([options.bin, "rules", "docs", top], options.root, timeout=300)
        if result.code != 0:
            yield "pages", result.err
            return
        for rule in rules:
            path = os.path.join(top, rule + ".md")
            if os.path.exists(path):
                yield rule, page_problem(path, rule, deviations)


SECTION = re.compile(r"^    (fail|pass|unknown) = \{", re.M)
LIVE = re.compile(r"\b(?:live|assets) \[=*\[|\.assay-live\.json\"\]|\.ndjson\"\]")
# Kinds that live answers hold under the names of Terraform: members of policies.
POLICIES = re.compile(r"^gcp\..*(?:binding|bucket_iam|audit_config)$")


def sources(options):
    """(id, text) of each rule's file."""
    for folder, _, names in os.walk(os.path.join(options.root, "rules")):
        for name in names:
            if name.endswith(".lua"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    text = file.read()
                found = re.search(r'^  id = "([A-Z0-9-]+)"', text, re.M)
                if found:
                    yield found.group(1), text


def live_problems(options, rules, kinds, deviations):
    """Rules for Google Cloud that judge what a collector finds have examples in the form of its answers, unless the rule says
    that it is about code alone."""
    live = {name for name, types in kinds.items() if any(t.startswith("gcp:") for t in types) or POLICIES.match(name)}
    for rule, text in sources(options):
        if not rule.startswith("GCP-") or "Code only:" in text or not live & set(rules[rule]["targets"]):
            continue
        parts = SECTION.split(text)
        lacking = {"fail", "pass"} - {name for name, body in zip(parts[1::2], parts[2::2]) if LIVE.search(body)}
        lacking = {"a live %s example" % word for word in lacking} - set(deviations.get(rule, {}))
        yield rule, "the rule has not: " + ", ".join(sorted(lacking)) if lacking else ""


SAID = re.compile(r"^(\S+) \w+ example \d+: fail on (.*?): (.*)$", re.M)
# What was meant for Lua or printf and not for people; a message ends without a full stop, as lists of findings do.
LEFTOVERS = re.compile(r"%[sdqf]|0x[0-9a-f]{6,}|\buserdata\b|\btable: |\bfunction: |\bnil\b|  |[.,:; ]$|\$\{?[A-Z]+\}? is|^[^\w/.]")
SMALL = set("a an and are be by can for from has have in is it its no not of on or that the to which with may one only nothing "
            "everything everyone any own at as".split())


def words_in(text):
    return set(re.findall(r"[a-z0-9_]+", text.lower()))


def message_problems(options, rules):
    """Each message of a failing example says something that stands in the example: a name or a value, in words that the rule's
    title does not have already."""
    result = process.run([options.bin, "test", "rules", "--messages"], options.root, timeout=900)
    texts = {rule: text[text.rindex("\n  tests = {"):] for rule, text in sources(options)}
    problems = {}
    for rule, address, message in SAID.findall(result.out):
        own = words_in(message) - words_in(rules[rule]["title"]) - SMALL
        bare = not own & (words_in(texts[rule]) | words_in(address)) and "…" not in message
        spoilt = LEFTOVERS.search(message) or not 15 <= len(message) <= 500
        if bare or spoilt:
            problems.setdefault(rule, []).append(("names nothing: " if bare else "is not fit for people: ") + message)
    for rule in texts:
        yield rule, "\n".join(problems.get(rule, []))
    if not problems and not SAID.search(result.out):
        yield "messages", result.out + result.err


def run(options):
    with open(os.path.join(options.root, "tests/catalogue/deviations.json"), encoding="utf-8") as file:
        deviations = json.load(file)
    rules = {rule["id"]: rule for rule in asked(options, "list", "--format", "json")}
    schema = asked(options, "schema", "--format", "json")
    types = {t for kind in schema for t in kind["types"] + [s for satellite in kind["satellites"].values() for s in satellite]}
    for row in table(options, "rules.csv"):
        problem = same_as_catalogue(row, rules.get(row["id"]), deviations)
        yield "catalogue/rule/" + row["id"], not problem, problem
    for row in table(options, "systems.csv"):
        problem = system_problem(row, rules, types, deviations)
        yield "catalogue/system/" + row["system"], not problem, problem
    for name, problem in framework_problems(options, rules):
        yield "catalogue/framework/" + name, not problem, problem
    for rule, problem in page_problems(options, rules, deviations):
        yield "catalogue/page/" + rule, not problem, problem
    for rule, problem in live_problems(options, rules, {k["kind"]: k["types"] for k in schema}, deviations):
        yield "catalogue/live/" + rule, not problem, problem
    for rule, problem in message_problems(options, rules):
        yield "catalogue/message/" + rule, not problem, problem
