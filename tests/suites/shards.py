"""A scan in shards and their merge give the bytes and the exit code of one scan, in every format, for every project of
testdata; results that do not belong together are refused; damaged ones neither crash nor pass."""
import json
import os
import random
import re
import shutil
import tempfile

import yaml

from . import process

# What crosses shards: pods and policies, roles and pipelines, code and live, variants of charts, secrets in values.
PROJECTS = ("demo", "clean", "vulnerable", "live", "paths", "reach", "secrets", "charts", "argocd")
# Several roots: each is a part as a whole.
SEVERAL = tuple("vulnerable/" + name for name in ("aws", "gcp", "kubernetes")) + ("demo", "charts")


def jobs(options):
    found = []

    def add(name, run, *arguments):
        if options.wants(name):
            found.append((name, lambda: [(name,) + run(options, *arguments)]))

    for project in PROJECTS:
        add("shards/equal/" + project, is_equal, [project], 3)
    add("shards/equal/all", is_equal, ["."], 7)
    add("shards/equal/more-than-parts", is_equal, ["charts"], 40)
    add("shards/equal/several-roots", is_equal, list(SEVERAL), 4)
    add("shards/equal/options", is_equal, ["demo"], 3, ["--show-passed", "--exclude-rule", "K8S-POD-007"])
    for count in (2, 5, 9):
        add("shards/one-a-fault/%d" % count, one_a_fault, count)
    add("shards/formats", formats_are_equal)
    add("shards/refused", are_refused)
    add("shards/partial", is_partial)
    add("shards/damaged", damaged)
    add("shards/gitlab", gitlab_runs)
    add("shards/github", github_runs)
    for name, values in CHARTS.items():
        add("shards/chart/" + name, chart_runs, values)
    return found


DIGEST = "image.digest=sha256:" + "0123456789abcdef" * 4
CHARTS = {"default": (), "digest": (DIGEST, "shards=5", "parallelism=9"),
          "claims": (DIGEST, "results.claim=shared", "shards=2", "failOn=high", "scanArgs={--no-inline-suppressions}")}


class Work:
    def __init__(self, options, paths):
        self.options = options
        self.top = tempfile.mkdtemp()
        os.symlink(options.bin, os.path.join(self.top, "assay"))
        self.tree = os.path.join(self.top, "tree")
        shutil.copytree(os.path.join(options.root, "testdata"), self.tree, symlinks=True)
        self.paths = [path for path in paths if os.path.exists(os.path.join(self.tree, path))]

    def run(self, *arguments):
        return process.run(["assay", *arguments], self.tree, dict(process.environment(self.top, self.top), SOURCE_DATE_EPOCH="1700000000"))

    def shards(self, count, *arguments):
        files = []
        for index in range(1, count + 1):
            file = os.path.join(self.top, "%d-of-%d%s.assay" % (index, count, "".join(arguments).replace("/", "")))
            done = self.run("scan", "--shard", "%d/%d" % (index, count), "--result", file, *arguments, *self.paths)
            if done.code != 0 or done.out:
                raise AssertionError("shard %d: exit code %s\n%s" % (index, done.code, done.err))
            files.append(file)
        return files

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top)


def difference(one, merged):
    problems = []
    if merged.code != one.code:
        problems.append("exit code %s, one scan has %s\n%s" % (merged.code, one.code, merged.err[-2000:]))
    if merged.out != one.out:
        ours, theirs = merged.out.splitlines(), one.out.splitlines()
        at = next((i for i, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]), min(len(ours), len(theirs)))
        problems.append("line %d\nmerged:   %s\none scan: %s" % (at + 1, ours[at:at + 1], theirs[at:at + 1]))
    return problems


def is_equal(options, paths, count, arguments=()):
    with Work(options, paths) as work:
        one = work.run("scan", "--format", "json", *arguments, *work.paths)
        files = work.shards(count, *arguments)
        random.Random(count).shuffle(files)
        problems = difference(one, work.run("merge", "--format", "json", *files))
        if len(json.loads(one.out)["findings"]) < 3:
            problems.append("there is next to nothing to compare")
        return not problems, "\n".join(problems)


# In each a secret that two rules know of: the one that says more has the finding. Rules about secrets look through files, the
# others through what was read from them, in another shard.
TWICE = {
    "first/main.tf": 'variable "db_password" {\n  default = "Tr0ub4dor-9x"\n}\n',
    "second/main.tf": 'resource "aws_db_instance" "d" {\n  engine   = "postgres"\n  password = "Tr0ub4dor-9y"\n}\n',
    "kube/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  db_password: Tr0ub4dor-9z\n",
    "kube/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - name: c\n      image: app:1\n"
                     "      env:\n        - name: DB_PASSWORD\n          value: Tr0ub4dor-9w\n",
}
ONCE = {("first/main.tf", "TF-006"), ("second/main.tf", "AWS-RDS-008"), ("kube/config.yaml", "K8S-CFG-001"),
        ("kube/pod.yaml", "K8S-POD-035")}


def one_a_fault(options, count):
    with Work(options, ["twice"]) as work:
        for name, text in TWICE.items():
            path = os.path.join(work.tree, "twice", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        work.paths = ["twice"]
        one = work.run("scan", "--format", "json", *work.paths)
        problems = difference(one, work.run("merge", "--format", "json", *work.shards(count)))
        told = {(f["location"]["path"].split("twice/")[-1], f["rule"]) for f in json.loads(one.out)["findings"]
                if f["category"] == "secrets" and f["rule"] != "TF-005"}
        if told != ONCE:
            problems.append("told: %s" % sorted(told ^ ONCE))
        return not problems, "\n".join(problems)


def formats_are_equal(options):
    with open(os.path.join(options.root, "reporters", "reporters.def"), encoding="utf-8") as file:
        formats = re.findall(r'^AS_REPORTER\(\w+, "([\w-]+)"\)', file.read(), re.M)
    with Work(options, ["demo", "paths"]) as work:
        files = work.shards(3)
        problems = []
        for form in formats:
            arguments = ["--format", form, "--fail-on", "critical"]
            problems += [form + ": " + text for text in difference(work.run("scan", *arguments, *work.paths),
                                                                  work.run("merge", *arguments, *files))]
        return not problems, "\n".join(problems)


def are_refused(options):
    with Work(options, ["demo"]) as work:
        three, two = work.shards(3), work.shards(2)
        other = work.shards(3, "--exclude-rule", "K8S-POD-007")
        with open(os.path.join(work.tree, "demo", "more.yaml"), "w", encoding="utf-8") as file:
            file.write("kind: Namespace\napiVersion: v1\nmetadata: {name: more}\n")
        os.rename(three[1], three[1] + ".before")
        changed = work.shards(3)
        shutil.move(three[1] + ".before", three[1] + ".old")
        with open(three[0], "rb") as file:
            head = file.read()
        foreign = os.path.join(work.top, "foreign.assay")
        with open(foreign, "wb") as file:
            file.write(re.sub(rb'"version":"[^"]*"', b'"version":"9.9.9"', head, count=1))
        cases = [
            ([], "the results of all shards are expected"),
            ([three[0], three[2]], "shard 2 of 3 is missing"),
            ([three[0]], "shards 2, 3 of 3 are missing"),
            ([three[0], two[1]], "shards of different numbers"),
            ([three[0], three[0], three[2]], "both are the same shard"),
            ([three[0], other[1], three[2]], "different options or paths"),
            ([changed[0], three[1] + ".old", changed[2]], "what was scanned was not the same"),
            ([foreign], "was made by version 9.9.9 of assay"),
            ([os.path.join(work.tree, "demo", "more.yaml")], "it is no result of assay scan --shard"),
            ([os.path.join(work.top, "none")], "cannot read it"),
        ]
        problems = []
        for files, words in cases:
            done = work.run("merge", *files)
            if done.code != 2 or words not in done.err or done.out:
                problems.append("%s: exit code %s\n%s%s" % (words, done.code, done.out, done.err))
        with open(os.path.join(work.tree, "demo", ".assay.yaml"), "w", encoding="utf-8") as file:
            file.write("rules:\n  exclude: [K8S-POD-001]\n")
        configured = work.shards(2)
        os.remove(os.path.join(work.tree, "demo", ".assay.yaml"))
        done = work.run("merge", *configured)
        if done.code != 2 or "is not that of the shards" not in done.err:
            problems.append("without the configuration: exit code %s\n%s" % (done.code, done.err))
        for shard in ("0/3", "4/3", "3", "a/b", "1/0", "1/10001"):
            done = work.run("scan", "--shard", shard, "demo")
            if done.code != 2 or "I/N is expected" not in done.err:
                problems.append("--shard %s: exit code %s\n%s" % (shard, done.code, done.err))
        return not problems, "\n".join(problems)


def is_partial(options):
    """What is there is judged; what needs what is missing is unknown, and nothing passes or fails that did not before."""
    with Work(options, ["."]) as work:
        files = work.shards(4, "--show-passed")
        whole = json.loads(work.run("merge", "--format", "json", *files).out)
        done = work.run("merge", "--partial", "--strict", "--format", "json", files[0], files[1], files[3])
        part = json.loads(done.out)

        def verdicts(report):
            found = {}
            for f in report["findings"]:
                key = (f["rule"], f["resource"]["address"], f["resource"].get("unit"), f["location"]["path"])
                found.setdefault(key, set()).add(f["status"])
            return found

        before, after = verdicts(whole), verdicts(part)
        problems = []
        if done.code != 3 or not any(d["code"] == "shard-missing" for d in part["diagnostics"]):
            problems.append("exit code %s, and no diagnostic says that a shard is missing" % done.code)
        for key, statuses in after.items():
            new = statuses - before.get(key, set()) - {"unknown"}
            if new and not key[0].startswith("META-SUP"):
                problems.append("%s is new: %s" % (sorted(new), key))
        unknown = [f for f in part["findings"] if f["message"] == "shard 3 of 4 is missing"]
        if not unknown or not 0 < len(after) < len(before):
            problems.append("%d unknown for want of the shard, %d of %d verdicts" % (len(unknown), len(after), len(before)))
        return not problems, "\n".join(problems[:20])


def damaged(options):
    """Bytes that nobody wrote crash nothing."""
    with Work(options, ["demo"]) as work:
        file = work.shards(1)[0]
        with open(file, "rb") as source:
            good = source.read()
        generator, problems = random.Random(11), []
        for nth in range(60):
            bad = bytearray(good)
            if nth % 3 == 0:
                del bad[generator.randrange(len(bad)):]
            else:
                for _ in range(generator.randrange(1, 4)):
                    bad[generator.randrange(len(bad))] ^= 1 << generator.randrange(8)
            with open(file, "wb") as target:
                target.write(bad)
            done = work.run("merge", "--format", "json", file)
            if done.crashed:
                problems.append("change %d: exit code %s\n%s" % (nth, done.code, done.err[-1000:]))
        return not problems, "\n".join(problems[:3])


# --- as the jobs in ci/ run it -----------------------------------------------------------------------------------------


def scanned(options, paths, arguments=()):
    """Exit code and failures of the report on what lies at `paths`."""
    with tempfile.TemporaryDirectory() as home:
        done = process.run([options.bin, "scan", "--format", "json", *arguments, *paths], options.root, process.environment(home))
        return done.code, ["%s %s" % (f["rule"], f["message"]) for f in json.loads(done.out)["findings"] if f["status"] == "fail"]


def schema_problems(objects):
    """What the schemas of the API say, where kubernetes-validate (PyPI), which brings them, is installed."""
    try:
        import kubernetes_validate
    except ImportError:
        return []
    problems = []
    for thing in objects:
        try:
            kubernetes_validate.validate(thing, "1.30", strict=True)
        except kubernetes_validate.ValidationError as problem:
            problems.append("%s: %s" % (thing["kind"], problem))
    return problems


def chart_runs(options, values):
    """The chart fails no rule, and the arguments of its pods, run index by index as kubelet would, give the report of one scan."""
    chart = os.path.join(options.root, "ci", "shards", "chart")
    with Work(options, ["demo"]) as work:
        arguments = [part for value in ("estate.paths={demo}", "formats={json}", *values) for part in ("--set", value)]
        rendered = work.run("render", chart, "--release-name", "weekly", "--namespace", "audit", *arguments)
        objects = [thing for thing in yaml.safe_load_all(rendered.out) if thing]
        problems = schema_problems(objects)
        with open(os.path.join(work.top, "all.yaml"), "w", encoding="utf-8") as file:
            file.write(rendered.out)
        for paths in ([chart], [file.name]):
            code, failed = scanned(options, paths)
            problems += failed if code != 0 else []
        first, last = (next(x for x in objects if x["kind"] == "Job" and ("merge" in x["metadata"]["name"]) == merges) for merges in (False, True))
        results = os.path.join(work.top, "results")
        os.mkdir(results)

        def run(job, index):
            container = job["spec"]["template"]["spec"]["containers"][0]
            args = [a.replace("$(JOB_COMPLETION_INDEX)", str(index)).replace("/results/", results + "/") for a in container["args"]]
            env = dict(process.environment(work.top, work.top), JOB_COMPLETION_INDEX=str(index))
            return process.run([options.bin, *args], work.tree, env)

        early = run(last, 0)
        if early.code != 2:
            problems.append("the merge that comes too early: exit code %s" % early.code)
        for index in range(first["spec"]["completions"]):
            done = run(first, index)
            if done.code != 0:
                problems.append("index %d: exit code %s\n%s" % (index, done.code, done.err))
        done = run(last, 0)
        extra = ["--no-inline-suppressions"] if "scanArgs={--no-inline-suppressions}" in values else []
        one = work.run("scan", "--format", "json", *extra, "demo")
        with open(os.path.join(results, "1-report.json"), encoding="utf-8") as file:
            if file.read() != one.out:
                problems.append("the report is not that of one scan")
        if done.code != (1 if "failOn=high" in values else 0):
            problems.append("merge: exit code %s\n%s" % (done.code, done.err))
        return not problems, "\n".join(problems)


def script(work, text, **variables):
    env = dict(process.environment(work.top, work.top), **variables)
    return process.run(["sh", "-euc", text], work.tree, env)


def gitlab_runs(options):
    """The scripts of the jobs, one after the other."""
    path = os.path.join(options.root, "ci", "gitlab", "shards.gitlab-ci.yml")
    with open(path, encoding="utf-8") as file:
        jobs_of = yaml.safe_load(file)
    with Work(options, ["demo"]) as work:
        problems = scanned(options, [path])[1]
        total = jobs_of["assay-shard"]["parallel"]
        variables = dict(jobs_of["assay-shard"]["variables"], ASSAY_PATH="demo")
        for index in range(1, total + 1):
            done = script(work, "\n".join(jobs_of["assay-shard"]["script"]), CI_NODE_INDEX=str(index), CI_NODE_TOTAL=str(total), **variables)
            if done.code != 0:
                problems.append("job %d: exit code %s\n%s" % (index, done.code, done.err))
        done = script(work, "\n".join(jobs_of["assay"]["script"]))
        if done.code != 1 or not os.path.exists(os.path.join(work.tree, "gl-code-quality-report.json")):
            problems.append("merge: exit code %s\n%s" % (done.code, done.err))
        return not problems, "\n".join(problems)


def github_runs(options):
    path = os.path.join(options.root, "ci", "github", "shards.yml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    workflow = yaml.safe_load(text)
    with Work(options, ["demo"]) as work:
        place = os.path.join(work.top, "checked", ".github", "workflows")
        os.makedirs(place)
        shutil.copy(path, place)
        problems = scanned(options, [os.path.join(work.top, "checked")])[1]
        unpinned = [line for line in text.splitlines() if "uses:" in line and not re.search(r"uses: \S+@[0-9a-f]{40} # v\d", line)]
        problems += ["not pinned: " + line for line in unpinned]
        shards = workflow["jobs"]["shard"]["strategy"]["matrix"]["shard"]
        commands = {job: [step for step in workflow["jobs"][job]["steps"] if "assay" in step.get("run", "")] for job in ("shard", "merge")}
        steps = {job: found[-1] for job, found in commands.items()}
        os.mkdir(os.path.join(work.tree, "results"))
        for shard in shards:
            env = {"SHARD": str(shard), "SHARDS": str(len(shards)), "PATHS": "demo"}
            done = script(work, steps["shard"]["run"], **env)
            if done.code != 0:
                problems.append("shard %s: exit code %s\n%s" % (shard, done.code, done.err))
        for name in os.listdir(work.tree):
            if name.endswith(".assay"):
                shutil.move(os.path.join(work.tree, name), os.path.join(work.tree, "results"))
        done = script(work, steps["merge"]["run"])
        if done.code != 1 or not os.path.exists(os.path.join(work.tree, "assay.sarif")):
            problems.append("merge: exit code %s\n%s" % (done.code, done.err))
        return not problems, "\n".join(problems)
