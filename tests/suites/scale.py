"""What the engines of permissions and networks do with much: answers are the same as with little, within bounds of time and memory.

Time is that of the processor, so that a busy machine does not count; under a sanitizer answers alone are judged."""
import json
import os
import resource
import shutil
import subprocess
import tempfile

from . import process

ACCOUNT = "123456789012"


def jobs(options):
    found = []
    for name, run in (("scale/account", account), ("scale/statements", statements), ("scale/trust-circle", trust_circle),
                      ("scale/pods", pods), ("scale/overlapping-networks", overlapping), ("scale/group-rules", group_rules),
                      ("scale/exposed-services", exposed_services), ("scale/manifests", manifests),
                      ("scale/shared-selector", shared_selector)):
        if options.wants(name):
            found.append((name, lambda name=name, run=run: [(name,) + run(options)]))
    return found


class Asked:
    def __init__(self, code, out, err, seconds, megabytes):
        self.code, self.out, self.err, self.seconds, self.megabytes = code, out, err, seconds, megabytes


def ask(options, files, *arguments, limit=300):
    """Runs `assay` in a folder of its own with these files; wait4 tells what that process took."""
    top = tempfile.mkdtemp()
    try:
        for name, text in files.items():
            with open(os.path.join(top, name), "w", encoding="utf-8") as f:
                f.write(text)
        with open(os.path.join(top, ".out"), "w+b") as out, open(os.path.join(top, ".err"), "w+b") as err:
            child = subprocess.Popen([options.bin, *arguments], cwd=top, env=process.environment(top), stdin=subprocess.DEVNULL,
                                     stdout=out, stderr=err, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)))
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            return Asked(child.returncode, out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace"),
                         usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    finally:
        shutil.rmtree(top)


def is_sanitized(options):
    return "asan" in options.bin or "san" in os.path.basename(os.path.dirname(options.bin))


def judge(options, asked, problems, seconds, megabytes):
    if asked.code is None or asked.code < 0 or process.SANITIZER.search(asked.err):
        problems.append("exit code %s\n%s" % (asked.code, asked.err[-2000:]))
    if not is_sanitized(options) and asked.seconds > seconds:
        problems.append("%.1f s of the processor, at most %.1f" % (asked.seconds, seconds))
    if not is_sanitized(options) and asked.megabytes > megabytes:
        problems.append("%d MB, at most %d" % (asked.megabytes, megabytes))
    return (not problems, "\n".join(problems))


def live(kind, name, body):
    return {"type": kind, "name": name, "account": ACCOUNT, "body": body}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, on="*"):
    return {"Effect": "Allow", "Action": action, "Resource": on}


def role_arn(name):
    return "arn:aws:iam::%s:role/%s" % (ACCOUNT, name)


def user(name, policies=(), attached=()):
    return live("aws:iam:user", name, {
        "UserName": name, "Arn": "arn:aws:iam::%s:user/%s" % (ACCOUNT, name),
        "UserPolicyList": [{"PolicyName": "p%d" % i, "PolicyDocument": p} for i, p in enumerate(policies)],
        "AttachedManagedPolicies": [{"PolicyName": a.rsplit("/", 1)[1], "PolicyArn": a} for a in attached]})


def role(name, trusts, policies=(), attached=()):
    trust = policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": trusts}})
    return live("aws:iam:role", name, {
        "RoleName": name, "Arn": role_arn(name), "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [{"PolicyName": "p%d" % i, "PolicyDocument": p} for i, p in enumerate(policies)],
        "AttachedManagedPolicies": [{"PolicyName": a.rsplit("/", 1)[1], "PolicyArn": a} for a in attached]})


def managed(name, document):
    arn = "arn:aws:iam::%s:policy/%s" % (ACCOUNT, name)
    return arn, live("aws:iam:policy", name, {
        "PolicyName": name, "Arn": arn, "DefaultVersionId": "v1",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document}]})


def account(options):
    """5,000 principals and 2,000 policies; roles assume each other in chains of twenty, and the last of a chain may write a policy."""
    things, arns = [], []
    for i in range(2000):
        action = ["s3:GetObject", "ec2:Describe*", "sqs:SendMessage", "logs:PutLogEvents"][i % 4]
        arn, thing = managed("p%d" % i, policy(allow(action, "arn:aws:s3:::b%d/*" % i if i % 4 == 0 else "*")))
        arns.append(arn)
        things.append(thing)
    for i in range(2500):
        own = [policy(allow("sts:AssumeRole", role_arn("r%d" % i)))] if i % 5 == 0 else []
        things.append(user("u%d" % i, own, [arns[i % 2000]]))
    for i in range(2500):
        own = [policy(allow("sts:AssumeRole", role_arn("r%d" % (i + 1))))] if i % 20 != 19 else [policy(allow("iam:PutRolePolicy"))]
        things.append(role("r%d" % i, "arn:aws:iam::%s:root" % ACCOUNT, own, [arns[(i * 7) % 2000]]))
    asked = ask(options, {"all.assay-live.json": json.dumps(things)}, "iam", "escalate", "--format", "json", ".")
    problems = []
    try:
        ways = {p["principal"]: p for p in json.loads(asked.out)["paths"]}
        # Of users every fifth, who starts at role i; of roles all.
        if len(ways) != 500 + 2500:
            problems.append("%d principals have a way, 3000 should" % len(ways))
        for name, steps in (("u0", 21), ("u15", 6), ("r0", 20), ("r19", 1)):
            if name not in ways or len(ways[name]["steps"]) != steps:
                problems.append("%s: %s steps, %d should be" % (name, len(ways.get(name, {"steps": []})["steps"]), steps))
    except (ValueError, KeyError) as error:
        problems.append("no answer: %r\n%s" % (error, asked.err[-1000:]))
    return judge(options, asked, problems, 5, 1000)


def statements(options):
    """One principal with 5,000 statements, of which the last one decides."""
    many = [allow("s3:GetObject", "arn:aws:s3:::b%d/*" % i) for i in range(4999)]
    many.append({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b7/*"})
    things = [user("dev", [policy(*many[i:i + 500]) for i in range(0, 5000, 500)])]
    files = {"all.assay-live.json": json.dumps(things)}
    problems, worst = [], None
    for bucket, code in (("b4998", 0), ("b7", 1), ("b5000", 1)):
        asked = ask(options, files, "iam", "can", "user/dev", "s3:GetObject", "arn:aws:s3:::%s/x" % bucket, ".")
        worst = asked if worst is None or asked.seconds > worst.seconds else worst
        if asked.code != code:
            problems.append("%s: exit code %s, expected %d\n%s%s" % (bucket, asked.code, code, asked.out, asked.err[-500:]))
    return judge(options, worst, problems, 2, 500)


def trust_circle(options):
    """A thousand roles in a circle, without a way out, and with one."""
    def circle(out):
        return [role("r%d" % i, role_arn("r%d" % ((i - 1) % 1000)),
                     [policy(allow("sts:AssumeRole", role_arn("r%d" % ((i + 1) % 1000))))] +
                     ([policy(allow("iam:PutRolePolicy"))] if out and i == 500 else []))
                for i in range(1000)]
    problems, worst = [], None
    for out, number in ((False, 0), (True, 1000)):
        asked = ask(options, {"all.assay-live.json": json.dumps(circle(out))}, "iam", "escalate", "--format", "json", ".")
        worst = asked if worst is None or asked.seconds > worst.seconds else worst
        try:
            ways = json.loads(asked.out)["paths"]
            if len({w["principal"] for w in ways}) != number:
                problems.append("%d have a way, %d should" % (len(ways), number))
        except (ValueError, KeyError) as error:
            problems.append("no answer: %r\n%s" % (error, asked.err[-1000:]))
    return judge(options, worst, problems, 5, 1000)


def workload(i, space):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p%d" % i, "namespace": space, "labels": {"app": "a%d" % (i % 100)}},
            "spec": {"containers": [{"name": "c", "image": "shop/a:1", "ports": [{"containerPort": 8080}]}]}}


def network_policy(i, space):
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "n%d" % i, "namespace": space},
            "spec": {"podSelector": {"matchLabels": {"app": "a%d" % (i % 100)}}, "policyTypes": ["Ingress"],
                     "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "a%d" % ((i + 1) % 100)}}}],
                                  "ports": [{"port": 8080}]}]}}


def pods(options):
    """1,000 pods and 300 policies in ten namespaces: 30 of the 100 labels of each are taken in from the next label alone."""
    objects = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "s%d" % s}} for s in range(10)]
    objects += [workload(i, "s%d" % (i // 100)) for i in range(1000)]
    objects += [network_policy(i % 30, "s%d" % (i // 30)) for i in range(300)]
    asked = ask(options, {"all.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})},
                "reach", "--all", "--format", "json", ".")
    problems = []
    try:
        found = [c for c in json.loads(asked.out)["connections"] if "[Pod]" in c["src"] and "[Pod]" in c["dst"]]
        # To each of the 700 free pods from all others, to each of the 300 from one.
        if len(found) != 700 * 999 + 300:
            problems.append("%d connections between pods, %d should be" % (len(found), 700 * 999 + 300))
        one = [(c["src"], c["ports"]) for c in found if c["dst"] == "s3/p305[Pod]"]
        if one != [("s3/p306[Pod]", "TCP 8080")]:
            problems.append("to s3/p305: %s" % one[:3])
    except (ValueError, KeyError) as error:
        problems.append("no answer: %r\n%s" % (error, asked.err[-1000:]))
    return judge(options, asked, problems, 1, 1000)


def overlapping(options):
    """Three thousand networks that overlap in every way, with exceptions, in one policy."""
    blocks = [{"ipBlock": {"cidr": "10.%d.%d.0/%d" % (i % 256, (i * 7) % 256, 16 + i % 12), "except": ["10.%d.%d.128/28" % (i % 256, (i * 7) % 256)]
                           if i % 12 < 8 else []}} for i in range(3000)]
    objects = [workload(0, "default"),
               {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "n", "namespace": "default"},
                "spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": blocks}]}}]
    files = {"all.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})}
    problems, worst = [], None
    for source, code in (("10.0.0.1", 0), ("10.252.3.4", 0), ("11.0.0.1", 1), ("9.255.255.255", 1)):
        asked = ask(options, files, "reach", source + "/32", "default/p0:8080", ".")
        worst = asked if worst is None or asked.seconds > worst.seconds else worst
        if asked.code != code:
            problems.append("%s: exit code %s, expected %d\n%s%s" % (source, asked.code, code, asked.out, asked.err[-500:]))
    return judge(options, worst, problems, 5, 500)


def group_rules(options):
    """A security group with two thousand networks in its rules, of which the widest is the one asked about."""
    rules = "\n".join('  ingress {\n    protocol = "tcp"\n    from_port = %d\n    to_port = %d\n    cidr_blocks = ["10.%d.0.0/%d"]\n  }'
                      % (1000 + i, 1000 + i + 50, i % 256, 16 + i % 9) for i in range(2000))
    text = '''resource "aws_vpc" "v" { cidr_block = "10.0.0.0/8" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.0.0/16"
}
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
%s
}
resource "aws_instance" "i" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.g.id]
}
''' % rules
    problems, worst = [], None
    for source, port, code in (("10.0.0.9/32", 1000, 0), ("10.0.0.9/32", 999, 1), ("10.7.0.1/32", 1020, 0)):
        asked = ask(options, {"main.tf": text}, "reach", source, "aws_instance.i:%d" % port, ".")
        worst = asked if worst is None or asked.seconds > worst.seconds else worst
        if asked.code != code:
            problems.append("%s:%d: exit code %s, expected %d\n%s%s" % (source, port, asked.code, code, asked.out, asked.err[-500:]))
    return judge(options, worst, problems, 5, 500)


def grows(options, made, n, problems):
    """Twice as much takes about twice the time, whatever the machine: a scan of n and of 2n, each the best of three."""
    def best(size):
        files = {"all.yaml": made(size)}
        asked = [ask(options, files, "scan", ".", "--format", "json", "--fail-on", "none", "--no-cache", "--jobs", "1") for _ in range(3)]
        return min(asked, key=lambda a: a.seconds)
    little, much = best(n), best(2 * n)
    if not is_sanitized(options):
        if much.seconds > 2.8 * little.seconds:
            problems.append("%.2f s for %d, %.2f s for %d" % (little.seconds, n, much.seconds, 2 * n))
    return judge(options, much, problems, 60, 2000), little, much


def manifest(i, service=""):
    text = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app%d, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: app%d}}
  template:
    metadata: {labels: {app: app%d, tier: web}}
    spec:
      containers:
        - {name: main, image: 'nginx:1.27', ports: [{containerPort: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: app%d, namespace: shop}
spec: {%s selector: {app: app%d}, ports: [{port: 80}]}
"""
    return text % (i, i, i, i, service, i)


def manifests(options):
    """Workloads and Services of one namespace: what selects is not asked about every pod."""
    problems = []
    verdict, little, much = grows(options, lambda n: "".join(manifest(i) for i in range(n)), 1000, problems)
    for asked, n in ((little, 1000), (much, 2000)):
        found = json.loads(asked.out)["coverage"]
        if found["entities"] != 2 * n or found["edges"] != n:
            problems.append("%d objects and %d edges of %d workloads" % (found["entities"], found["edges"], n))
    return verdict if not problems else (False, "\n".join(problems))


def exposed_services(options):
    """Every Service is a load balancer: each looks up its own pods, and rules find each by its name."""
    problems = []
    verdict, _, much = grows(options, lambda n: "".join(manifest(i, "type: LoadBalancer,") for i in range(n)), 1000, problems)
    open_to_all = [f for f in json.loads(much.out)["findings"] if f["rule"] == "K8S-NET-006"]
    if len(open_to_all) != 2000:
        problems.append("%d load balancers are told to be open, 2000 are" % len(open_to_all))
    return verdict if not problems else (False, "\n".join(problems))


def shared_selector(options):
    """Every Service selects every pod: rules that ask whether one is there do not walk all pairs."""
    problems = []
    text = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app%d, namespace: shop}
spec:
  selector: {matchLabels: {app: all}}
  template:
    metadata: {labels: {app: all}}
    spec: {containers: [{name: main, image: 'nginx:1.27', ports: [{name: web, containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: app%d, namespace: shop}
spec: {selector: {app: all}, ports: [{port: 80, targetPort: %s}]}
"""
    verdict, _, much = grows(options, lambda n: "".join(text % (i, i, "web" if i % 100 else "gone") for i in range(n)), 400, problems)
    closed = [f for f in json.loads(much.out)["findings"] if f["rule"] == "K8S-NET-009"]
    if len(closed) != 8:
        problems.append("%d Services lead to a port that no container has, 8 do" % len(closed))
    return verdict if not problems else (False, "\n".join(problems))
