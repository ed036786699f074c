#!/usr/bin/env python3
"""An estate of many repositories and accounts, to scan on many machines: the same seed gives the same bytes.

    tests/bench/estate.py FOLDER [--count 1000] [--seed 11]

Each entry of FOLDER is a repository (root modules, charts, manifests, workflows) or a snapshot of an account. Sizes are skewed: most
are small, a few are hundreds of times as large. They refer to each other: workflows assume roles that snapshots hold, modules
declare what accounts have."""
import argparse
import hashlib
import json
import os
import random
import shutil

HERE = os.path.dirname(os.path.abspath(__file__))
LAB = os.path.join(os.path.dirname(os.path.dirname(HERE)), "testdata", "live", "aws-lab")
LAB_ACCOUNT = "123456789012"

NETWORK = """resource "aws_vpc" "main" {{
  cidr_block = "10.{b}.0.0/16"
}}

resource "aws_security_group" "app{n}" {{
  name        = "app{n}"
  description = "application {n}"
  vpc_id      = aws_vpc.main.id
  ingress {{
    description = "https"
    from_port   = {port}
    to_port     = {port}
    protocol    = "tcp"
    cidr_blocks = [var.cidr]
  }}
}}

resource "aws_instance" "app{n}" {{
  ami                    = "ami-0c55b159cbfafe1f0"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.app{n}.id]
  metadata_options {{
    http_tokens = "{tokens}"
  }}
}}
"""
BUCKET = """resource "aws_s3_bucket" "data{n}" {{
  bucket = "data-{name}-{n}"
  tags   = {{ Owner = "{owner}" }}
}}

resource "aws_s3_bucket_versioning" "data{n}" {{
  bucket = aws_s3_bucket.data{n}.id
  versioning_configuration {{
    status = "{status}"
  }}
}}

resource "aws_db_instance" "db{n}" {{
  identifier          = "db-{name}-{n}"
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  storage_encrypted   = {encrypted}
  publicly_accessible = {public}
  username            = "app"
  password            = var.password
}}
"""
VARIABLES = """variable "cidr" {{
  type    = string
  default = "{cidr}"
}}

variable "password" {{
  type      = string
  sensitive = true
}}
"""
MANIFEST = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: api{n}
  namespace: {space}
spec:
  replicas: {replicas}
  selector:
    matchLabels: {{app: api{n}}}
  template:
    metadata:
      labels: {{app: api{n}}}
    spec:
      serviceAccountName: api{n}
      containers:
        - name: api
          image: registry.example.com/api:{tag}
          securityContext:
            privileged: {privileged}
          env:
            - name: LOG_LEVEL
              value: info
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: api{n}
  namespace: {space}
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::{account}:role/irsa-market-data
---
apiVersion: v1
kind: Service
metadata:
  name: api{n}
  namespace: {space}
spec:
  selector: {{app: api{n}}}
  ports: [{{port: 80, targetPort: 8080}}]
"""
POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default
  namespace: {space}
spec:
  podSelector: {{}}
  policyTypes: [Ingress]
"""
WORKFLOW = """name: deploy {n}
on: [{on}]
permissions:
  id-token: write
  contents: read
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: arn:aws:iam::{account}:role/irsa-market-data
          aws-region: eu-central-1
      - run: ./deploy.sh
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def account_of(n):
    return "%012d" % (100000000000 + n * 7919)


class Estate:
    def __init__(self, folder, count, seed):
        self.folder, self.count, self.seed = folder, count, seed

    def make(self):
        for n in range(self.count):
            chance = random.Random("%d %d" % (self.seed, n))
            kind = chance.choices(("terraform", "kubernetes", "account", "mixed"), (40, 25, 20, 15))[0]
            size = min(400, int(chance.paretovariate(0.9)))  # half are of one or two, one in two hundred is of hundreds
            folder = os.path.join(self.folder, "%04d-%s" % (n, kind))
            account = account_of(chance.randrange(self.count))
            getattr(self, kind)(folder, n, size, account, chance)
        return self

    def terraform(self, folder, n, size, account, chance):
        name = "r%d" % n
        for module in range(1 + size // 20):
            place = os.path.join(folder, "envs", ("prod", "dev", "stage")[module % 3] + str(module))
            write(os.path.join(place, "variables.tf"), VARIABLES.format(cidr=chance.choice(("0.0.0.0/0", "10.0.0.0/8"))))
            for k in range(min(20, size)):
                template = chance.choice((NETWORK, BUCKET))
                write(os.path.join(place, "part%d.tf" % k), template.format(
                    n=k, b=n % 250, port=chance.choice((22, 443)), tokens=chance.choice(("required", "optional")), name=name, owner="team%d" % (n % 30),
                    status=chance.choice(("Enabled", "Suspended")), encrypted=chance.choice(("true", "false")), public=chance.choice(("true", "false"))
                ).replace('resource "aws_vpc" "main"', 'resource "aws_vpc" "main%d"' % k).replace("aws_vpc.main.", "aws_vpc.main%d." % k))

    def kubernetes(self, folder, n, size, account, chance):
        for k in range(size):
            space = "team%d" % (k % 5)
            write(os.path.join(folder, "apps", space, "api%d.yaml" % k), MANIFEST.format(
                n=k, space=space, replicas=chance.randrange(1, 4), tag=chance.choice(("latest", "1.2.3")), privileged=chance.choice(("true", "false")), account=account))
            if chance.random() < 0.3:
                write(os.path.join(folder, "apps", space, "policy.yaml"), POLICY.format(space=space))

    def account(self, folder, n, size, account, chance):
        own = account_of(n)
        with open(os.path.join(LAB, "manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)
        parts = []
        for part in manifest["parts"]:
            if chance.random() > min(1.0, 0.2 + size / 50) and "iam" not in part["path"]:
                continue
            with open(os.path.join(LAB, part["path"]), encoding="utf-8") as file:
                text = file.read().replace(LAB_ACCOUNT, own)
            path = part["path"].replace(LAB_ACCOUNT, own)
            write(os.path.join(folder, path), text)
            parts.append(dict(part, path=path, bytes=len(text.encode()), sha256=hashlib.sha256(text.encode()).hexdigest()))
        manifest.update(parts=parts, scopes=["aws/" + own])
        write(os.path.join(folder, "manifest.json"), json.dumps(manifest, indent=1).replace(LAB_ACCOUNT, own))

    def mixed(self, folder, n, size, account, chance):
        self.terraform(os.path.join(folder, "infra"), n, max(1, size // 4), account, chance)
        self.kubernetes(os.path.join(folder, "deploy"), n, max(1, size // 4), account, chance)
        for k in range(1 + size // 10):
            write(os.path.join(folder, ".github", "workflows", "deploy%d.yml" % k),
                  WORKFLOW.format(n=k, on=chance.choice(("push", "pull_request_target")), account=account))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    if os.path.exists(options.folder):
        shutil.rmtree(options.folder)
    Estate(options.folder, options.count, options.seed).make()


if __name__ == "__main__":
    main()
