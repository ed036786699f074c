"""Projects of any size for the benchmark and for counting instructions: KINDS names a generator for each kind of input.
The same call writes the same bytes. Resources refer to each other as they do in real projects; each file has a hundred."""
import hashlib
import json
import os

import yaml

PER_FILE = 100
ACCOUNT, REGION = "123456789012", "eu-central-1"

TERRAFORM = [
    'resource "aws_s3_bucket" "b%(i)d" {\n  bucket = "${var.prefix}-b%(i)d"\n  tags   = local.tags\n}\n',
    'resource "aws_s3_bucket_versioning" "b%(i)d" {\n  bucket = aws_s3_bucket.b%(g)d.id\n\n'
    '  versioning_configuration {\n    status = "Enabled"\n  }\n}\n',
    'resource "aws_security_group" "s%(i)d" {\n  name        = "${var.prefix}-s%(i)d"\n  description = "of %(i)d"\n'
    '  vpc_id      = aws_vpc.main.id\n\n  ingress {\n    description = "https"\n    from_port   = 443\n    to_port     = 443\n'
    '    protocol    = "tcp"\n    cidr_blocks = ["10.%(o)d.0.0/16"]\n  }\n}\n',
    'resource "aws_iam_role" "r%(i)d" {\n  name = "${var.prefix}-r%(i)d"\n  assume_role_policy = jsonencode({\n'
    '    Version   = "2012-10-17"\n    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", '
    'Principal = { Service = "ec2.amazonaws.com" } }]\n  })\n}\n',
    'resource "aws_iam_role_policy" "p%(i)d" {\n  role = aws_iam_role.r%(r)d.id\n  policy = jsonencode({\n'
    '    Version   = "2012-10-17"\n    Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:ListBucket"], '
    'Resource = [aws_s3_bucket.b%(b)d.arn, "${aws_s3_bucket.b%(b)d.arn}/*"] }]\n  })\n}\n',
    'resource "aws_instance" "i%(i)d" {\n  ami                    = "ami-0abc"\n  instance_type          = "m5.large"\n'
    '  subnet_id              = aws_subnet.main.id\n  vpc_security_group_ids = [aws_security_group.s%(s)d.id]\n'
    '  tags                   = merge(local.tags, { Name = format("worker-%%d", %(i)d) })\n}\n',
    'resource "aws_db_instance" "d%(i)d" {\n  identifier        = "d%(i)d"\n  engine            = "postgres"\n'
    '  instance_class    = "db.m5.large"\n  allocated_storage = 100\n  storage_encrypted = true\n  username          = "app"\n'
    '  kms_key_id        = aws_kms_key.k%(k)d.arn\n}\n',
    'resource "aws_kms_key" "k%(i)d" {\n  description         = "key %(i)d"\n  enable_key_rotation = true\n}\n',
]
TERRAFORM_HEAD = """variable "prefix" {
  default = "bench"
}

locals {
  tags = { Owner = "platform", Environment = "prod", Project = var.prefix }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/8"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/16"
}
"""


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def in_files(folder, pattern, blocks, between="\n"):
    for start in range(0, len(blocks), PER_FILE):
        write(folder, pattern % (start // PER_FILE), between.join(blocks[start:start + PER_FILE]))


def terraform_block(i):
    """The i-th resource. Its partners are those of its group of eight."""
    group = i // 8 * 8
    return TERRAFORM[i % 8] % {"i": i, "g": group, "b": group, "o": i // 8 % 250, "r": group + 3, "s": group + 2,
                               "k": group + 7}


def terraform(folder, n):
    n = (n + 7) // 8 * 8
    write(folder, "head.tf", TERRAFORM_HEAD)
    in_files(folder, "part%04d.tf", [terraform_block(i) for i in range(n)])


def modules(folder, n):
    """A root that calls modules of twenty resources each, wired by variables."""
    write(folder, "main.tf", "".join('module "m%d" {\n  source = "./unit"\n  name   = "m%d"\n  tags   = { index = "%d" }\n}\n' % (i, i, i)
                                     for i in range(max(1, n // 20))))
    write(folder, "unit/main.tf", 'variable "name" {}\nvariable "tags" { type = map(string) }\n'
          'locals { all = merge(var.tags, { unit = var.name }) }\n' +
          "".join('resource "aws_s3_bucket" "b%d" {\n  bucket = "${var.name}-b%d"\n  tags   = local.all\n}\n' % (i, i)
                  for i in range(20)))


def planned(i):
    """The i-th resource as a provider would plan it: type, name, values."""
    tags = {"Owner": "platform", "Environment": "prod"}
    kind = i % 4
    if kind == 0:
        return "aws_s3_bucket", "b%d" % i, {"bucket": "bench-b%d" % i, "force_destroy": False, "tags": tags, "tags_all": tags}
    if kind == 1:
        return "aws_security_group", "s%d" % i, {
            "name": "s%d" % i, "description": "of %d" % i, "egress": [], "tags": tags, "tags_all": tags, "revoke_rules_on_delete": False,
            "ingress": [{"cidr_blocks": ["10.%d.0.0/16" % (i // 8 % 250)], "description": "https", "from_port": 443, "to_port": 443,
                         "ipv6_cidr_blocks": [], "prefix_list_ids": [], "protocol": "tcp", "security_groups": [], "self": False}]}
    if kind == 2:
        return "aws_db_instance", "d%d" % i, {
            "identifier": "d%d" % i, "engine": "postgres", "instance_class": "db.m5.large", "allocated_storage": 100, "username": "app",
            "storage_encrypted": True, "publicly_accessible": False, "deletion_protection": True, "backup_retention_period": 7,
            "multi_az": True, "tags": tags, "tags_all": tags}
    return "aws_kms_key", "k%d" % i, {"description": "key %d" % i, "enable_key_rotation": True, "is_enabled": True,
                                       "deletion_window_in_days": 30, "tags": tags, "tags_all": tags}


def plan(folder, n):
    """What `terraform show -json` says of a plan that makes n resources."""
    provider = "registry.terraform.io/hashicorp/aws"
    values, changes, configuration = [], [], []
    for kind, name, after in map(planned, range(n)):
        head = {"address": "%s.%s" % (kind, name), "mode": "managed", "type": kind, "name": name, "provider_name": provider}
        values.append(dict(head, schema_version=1, values=after, sensitive_values={}))
        changes.append(dict(head, change={"actions": ["create"], "before": None, "after": after, "after_unknown": {"id": True, "arn": True},
                                          "before_sensitive": False, "after_sensitive": {}}))
        configuration.append({"address": head["address"], "mode": "managed", "type": kind, "name": name, "provider_config_key": "aws",
                              "expressions": {k: {"constant_value": v} for k, v in after.items() if k != "tags_all"}, "schema_version": 1})
    write(folder, "plan.json", json.dumps({
        "format_version": "1.2", "terraform_version": "1.9.5", "planned_values": {"root_module": {"resources": values}},
        "resource_changes": changes, "configuration": {"provider_config": {"aws": {"name": "aws", "full_name": provider}},
                                                       "root_module": {"resources": configuration}}}))


def state(folder, n):
    resources = [{"mode": "managed", "type": kind, "name": name, "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                  "instances": [{"schema_version": 1, "attributes": dict(values, id="%s-%d" % (name, i)), "sensitive_attributes": []}]}
                 for i, (kind, name, values) in enumerate(map(planned, range(n)))]
    write(folder, "terraform.tfstate", json.dumps({"version": 4, "terraform_version": "1.9.5", "serial": 1, "lineage": "bench",
                                                   "outputs": {}, "resources": resources}, indent=2))


POD = """    spec:
      serviceAccountName: app%(g)d
      containers:
        - name: app
          image: registry.example.com/app%(g)d:1.2.3
          ports: [{containerPort: 8080, name: http}]
          resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
          securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}}
          env: [{name: LEVEL, value: info}]
"""
OBJECTS = [
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app%(g)d, namespace: ns%(s)d, labels: {app: app%(g)d}}\nspec:\n  replicas: 3\n"
    "  selector: {matchLabels: {app: app%(g)d}}\n  template:\n    metadata: {labels: {app: app%(g)d}}\n" + POD,
    "apiVersion: v1\nkind: Service\nmetadata: {name: app%(g)d, namespace: ns%(s)d}\nspec:\n  selector: {app: app%(g)d}\n"
    "  ports: [{name: http, port: 80, targetPort: http}]\n",
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app%(g)d, namespace: ns%(s)d}\nautomountServiceAccountToken: false\n",
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: app%(g)d, namespace: ns%(s)d}\nspec:\n"
    "  podSelector: {matchLabels: {app: app%(g)d}}\n  policyTypes: [Ingress]\n  ingress:\n    - from: [{podSelector: {matchLabels: {role: front}}}]\n",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: app%(g)d, namespace: ns%(s)d}\n"
    "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\n"
    "subjects: [{kind: ServiceAccount, name: app%(g)d, namespace: ns%(s)d}]\n",
]


def manifest(i):
    return OBJECTS[i % 5] % {"g": i // 5, "s": i // 250}


def kubernetes(folder, n):
    in_files(folder, "part%04d.yaml", [manifest(i) for i in range(n)], "---\n")


def chart(folder, n):
    """A chart whose templates make n objects of a list of values."""
    write(folder, "Chart.yaml", "apiVersion: v2\nname: bench\nversion: 1.0.0\n")
    write(folder, "values.yaml", "apps:\n" + "".join("  - {name: app%d, replicas: 3, space: ns%d}\n" % (i, i // 50) for i in range((n + 4) // 5)))
    write(folder, "templates/_helpers.tpl", '{{- define "bench.labels" -}}\napp: {{ .name | quote }}\n{{- end }}\n')
    for index, text in enumerate(OBJECTS):
        text = text.replace("app%(g)d", "{{ .name }}").replace("ns%(s)d", "{{ .space }}").replace("labels: {app: {{ .name }}}",
                                                                                                 'labels: {{ include "bench.labels" . | fromYaml | toJson }}')
        write(folder, "templates/t%d.yaml" % index, "{{- range .Values.apps }}\n---\n%s{{- end }}\n" % text)


def kustomize(folder, n):
    kubernetes(os.path.join(folder, "base"), n)
    files = sorted(f for f in os.listdir(os.path.join(folder, "base")) if f.startswith("part"))
    write(folder, "base/kustomization.yaml", "resources: [%s]\n" % ", ".join(files))
    write(folder, "prod/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\ncommonAnnotations: {team: platform}\n"
          "images: [{name: registry.example.com/app0, newTag: 2.0.0}]\n")


def workflows(folder, n):
    """n jobs in workflows of twenty."""
    job = ("  j%d:\n    runs-on: ubuntu-22.04\n    timeout-minutes: 10\n    steps:\n      - uses: actions/checkout@v4\n"
           "      - run: make test N=%d\n        env: {LEVEL: info}\n")
    for start in range(0, n, 20):
        write(folder, ".github/workflows/w%05d.yml" % (start // 20), "name: w%d\non: [push]\npermissions: {contents: read}\njobs:\n" % (start // 20) +
              "".join(job % (i, i) for i in range(start, min(start + 20, n))))


def snapshot(folder, n):
    """Answers of EC2 about n groups and volumes, in pages of a thousand, as `assay collect aws` keeps them."""
    third = n // 2
    groups = [{"GroupId": "sg-%08d" % i, "GroupName": "g%d" % i, "Description": "of %d" % i, "OwnerId": ACCOUNT, "VpcId": "vpc-1",
               "SecurityGroupArn": "arn:aws:ec2:%s:%s:security-group/sg-%08d" % (REGION, ACCOUNT, i),
               "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.%d.0.0/16" % (i % 250)}],
                                  "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}],
               "IpPermissionsEgress": [], "Tags": [{"Key": "Owner", "Value": "platform"}]} for i in range(n - third)]
    volumes = [{"VolumeId": "vol-%08d" % i, "VolumeType": "gp3", "Size": 100, "AvailabilityZone": REGION + "a", "State": "in-use",
                "Encrypted": i % 7 != 0, "Attachments": [], "Tags": [{"Key": "Owner", "Value": "platform"}]} for i in range(third)]
    lines = []
    for op, key, items in (("ec2:DescribeSecurityGroups", "SecurityGroups", groups), ("ec2:DescribeVolumes", "Volumes", volumes)):
        pages = [items[s:s + 1000] for s in range(0, len(items), 1000)]
        lines += [json.dumps({"v": 1, "op": op, "params": {}, "page": i, "time": "2026-01-01T00:00:00Z", "status": 200, "request_id": "",
                              "error": None, "body": {key: page}, "last": i + 1 == len(pages)}) + "\n" for i, page in enumerate(pages)]
    path, text = "aws/%s/%s/ec2.ndjson" % (ACCOUNT, REGION), "".join(lines)
    write(folder, path, text)
    write(folder, "manifest.json", json.dumps({
        "format": "assay-snapshot", "version": 1, "tool": "assay 0", "scopes": ["aws/" + ACCOUNT],
        "parts": [{"path": path, "answers": len(lines), "bytes": len(text.encode()), "sha256": hashlib.sha256(text.encode()).hexdigest()}],
        "missing": []}))


def cluster(folder, n):
    """What `kubectl get -o json` prints of n objects: a List, each with what only a server writes."""
    items = []
    for i in range(n):
        thing = yaml.load(manifest(i), Loader=yaml.CSafeLoader)
        thing["metadata"] |= {"uid": "0b0e0c3e-0000-4000-8000-%012d" % i, "resourceVersion": str(1000 + i), "generation": 1,
                              "creationTimestamp": "2026-01-01T00:00:00Z"}
        items.append(thing)
    write(folder, "cluster.json", json.dumps({"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": items}, indent=1))


def gcp(folder, n):
    """An export of Cloud Asset Inventory: n buckets and rules of firewalls, a line each."""
    def asset(kind, name, parent, data):
        return {"name": "//" + name, "asset_type": kind, "ancestors": ["projects/220811119933", "organizations/901122334455"],
                "resource": {"version": "v1", "parent": parent, "location": "europe-west1", "data": data}}
    project = "//cloudresourcemanager.googleapis.com/projects/220811119933"
    lines = [asset("cloudresourcemanager.googleapis.com/Project", project[2:], "//cloudresourcemanager.googleapis.com/organizations/901122334455",
                   {"projectId": "bench", "projectNumber": "220811119933", "name": "bench", "lifecycleState": "ACTIVE"})]
    for i in range(n):
        if i % 2:
            lines.append(asset("compute.googleapis.com/Firewall", "compute.googleapis.com/projects/bench/global/firewalls/f%d" % i, project, {
                "name": "f%d" % i, "direction": "INGRESS", "priority": 1000, "disabled": False, "sourceRanges": ["10.%d.0.0/16" % (i % 250)],
                "network": "https://www.googleapis.com/compute/v1/projects/bench/global/networks/main", "description": "of %d" % i,
                "allowed": [{"IPProtocol": "tcp", "ports": ["443"]}], "logConfig": {"enable": True}}))
        else:
            lines.append(asset("storage.googleapis.com/Bucket", "storage.googleapis.com/b%d" % i, project, {
                "name": "b%d" % i, "id": "b%d" % i, "location": "EUROPE-WEST1", "projectNumber": "220811119933", "storageClass": "STANDARD",
                "versioning": {"enabled": True}, "labels": {"owner": "platform"}, "iamConfiguration": {
                    "publicAccessPrevention": "enforced", "uniformBucketLevelAccess": {"enabled": True}}}))
    write(folder, "assets.ndjson", "".join(json.dumps(line) + "\n" for line in lines))


def ansible(folder, n):
    """n tasks in playbooks of fifty."""
    task = ("    - name: Fetch %d\n      ansible.builtin.get_url:\n        url: https://releases.example.com/app-%d.tar.gz\n"
            "        dest: /srv/app-%d.tar.gz\n        mode: \"0640\"\n        checksum: sha256:%064d\n      when: app_enabled | bool\n")
    for start in range(0, n, 50):
        write(folder, "play%05d.yml" % (start // 50), "- name: Play %d\n  hosts: web\n  become: true\n  tasks:\n" % (start // 50) +
              "".join(task % (i, i, i, i) for i in range(start, min(start + 50, n))))


KINDS = {f.__name__: f for f in (terraform, modules, plan, state, kubernetes, chart, kustomize, workflows, ansible, snapshot, cluster, gcp)}
