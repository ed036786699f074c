"""testdata/live/aws-lab, a recorded account: each fault that aws-lab-expected.json names is found by a rule that
means it, and no clean counterpart is. With ASSAY_LAB_SNAPSHOT=DIR the same is asked of another snapshot of that account."""
import json
import os
import re

from . import process

# What is meant by the key of a fault: rules, with the words of the message where a rule says several things.
MEANING = {
    "cloudtrail-no-kms": ["AWS-TRAIL-002"],
    "cloudtrail-no-log-validation": ["AWS-TRAIL-003"],
    "cloudtrail-not-logging": [("AWS-TRAIL-001", "not logging|does not record|switched off|no log")],
    "cloudtrail-not-multi-region": [("AWS-TRAIL-001", "region")],
    "config-recorder-off": ["AWS-DET-001"],
    "dynamodb-no-pitr": ["AWS-DDB-001"],
    "ebs-default-encryption-off": ["AWS-EBS-003"],
    "ebs-snapshot-public": [("AWS-EBS-004", "everyone")],
    "ebs-unencrypted": ["AWS-EBS-001"],
    "ec2-exposed-admin-role": ["GRAPH-004"],
    "ec2-imdsv1": ["AWS-EC2-001"],
    "ecr-mutable-tags": ["AWS-ECR-002"],
    "ecr-policy-public": ["AWS-ECR-001"],
    "efs-unencrypted": ["AWS-EFS-001"],
    "eks-no-audit-log": [("AWS-EKS-003", "audit|no log")],
    "eks-public-endpoint-world": ["AWS-EKS-001"],
    "eks-secrets-not-encrypted": ["AWS-EKS-004"],
    "elasticache-no-transit-encryption": ["AWS-CACHE-002"],
    "elb-http-no-redirect": ["AWS-ELB-001"],
    "elb-no-access-logs": ["AWS-ELB-004"],
    "elb-public-no-waf": ["AWS-ELB-009"],
    "elb-weak-tls-policy": ["AWS-ELB-002"],
    "guardduty-off": ["AWS-DET-002"],
    "iam-admin-role-no-mfa-condition": ["AWS-IAM-019"],
    "iam-admin-star": ["AWS-IAM-001"],
    "iam-irsa-wildcard-subject": ["GRAPH-008"],
    "iam-not-action-allow": ["AWS-IAM-016"],
    "iam-oidc-no-subject": ["AWS-IAM-026"],
    "iam-password-policy-weak": ["AWS-IAM-024"],
    "iam-privesc-assume-admin": ["GRAPH-007"],
    "iam-privesc-attach-user-policy": ["GRAPH-007"],
    "iam-privesc-create-policy-version": ["GRAPH-007", "AWS-IAM-009"],
    "iam-privesc-passrole-lambda": ["GRAPH-007"],
    "iam-privesc-update-trust": ["GRAPH-007"],
    "iam-trust-external-no-external-id": [("AWS-IAM-014", "trusts the whole of account 9")],
    "iam-trust-wildcard": ["AWS-IAM-013"],
    "iam-user-console-no-mfa": ["AWS-IAM-019"],
    "iam-user-two-active-keys": [("AWS-IAM-022", "two active")],
    "kms-no-rotation": ["AWS-KMS-001"],
    "kms-policy-public": ["AWS-KMS-002"],
    "lambda-admin-role": ["GRAPH-004"],
    "lambda-env-secret": ["AWS-LAMBDA-001"],
    "lambda-policy-public": ["AWS-LAMBDA-003"],
    "lambda-runtime-deprecated": ["AWS-LAMBDA-006"],
    "logs-no-retention": ["AWS-CW-001"],
    "nacl-rdp-world": ["AWS-VPC-010"],
    "rds-cluster-unencrypted": ["AWS-RDS-001"],
    "rds-internet-reachable": ["GRAPH-002"],
    "rds-no-backup": ["AWS-RDS-009"],
    "rds-no-deletion-protection": ["AWS-RDS-010"],
    "rds-unencrypted": ["AWS-RDS-001"],
    "route53-dangling-bucket": ["AWS-R53-003"],
    "s3-no-access-logging": ["AWS-S3-011"],
    "s3-no-public-access-block": ["AWS-S3-003"],
    "s3-no-tls-policy": ["AWS-S3-007"],
    "s3-no-versioning": ["AWS-S3-009"],
    "s3-public-acl": ["AWS-S3-005"],
    "s3-public-policy": ["AWS-S3-006"],
    "secret-no-rotation": ["AWS-SM-002"],
    "secret-policy-public": [("AWS-SM-004", "everyone|anyone|any principal")],
    "sg-all-ports-world": ["AWS-SG-004"],
    "sg-database-port-world": ["AWS-SG-005"],
    "sg-ssh-world": ["AWS-SG-001"],
    "sns-policy-public": ["AWS-MSG-004"],
    "sqs-policy-public": ["AWS-MSG-003"],
    "tags-required-missing": ["TAG-003", "TAG-004"],
    "vpc-default-sg-open": ["AWS-VPC-002"],
    "vpc-no-flow-logs": ["AWS-VPC-001"],
    "vpc-subnet-auto-public-ip": ["AWS-VPC-003"],
    "vpce-policy-star": ["AWS-VPC-007"],
}


def address_of(arn):
    """Facts of an account in a region are those of the region; the account's own switches have their own ARN."""
    match = re.fullmatch(r"arn:aws:(guardduty|config):([^:]+):(\d+):account", arn)
    return "arn:aws:account::%s:region/%s" % (match[3], match[2]) if match else arn


def means(key, finding):
    for one in MEANING[key]:
        rule, words = one if isinstance(one, tuple) else (one, "")
        if finding["rule"] == rule and finding["status"] == "fail" and re.search(words, finding["message"]):
            return True
    return False


def is_written(key, rules):
    return any((one[0] if isinstance(one, tuple) else one) in rules for one in MEANING[key])


def jobs(options):
    return [("live/aws-lab", lambda: run(options))] if options.wants("live/aws-lab") else []


def run(options):
    recorded = os.path.join(options.root, "testdata", "live", "aws-lab")
    return check(options, os.environ.get("ASSAY_LAB_SNAPSHOT", recorded), "live/aws-lab")


def check(options, snapshot, area):
    """What a scan of that snapshot says of each fact of the account."""
    base = os.path.join(options.root, "testdata", "live")
    result = process.run([options.bin, "scan", "--format", "json", snapshot], base)
    if result.crashed:
        return [(area, False, result.err)]
    rules = {r["id"] for r in json.loads(process.run([options.bin, "rules", "list", "--format", "json"], base).out)}
    found = {}
    for finding in json.loads(result.out)["findings"]:
        found.setdefault(finding["resource"]["address"], []).append(finding)
    with open(os.path.join(base, "aws-lab-expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    results = []
    for kind in "violations", "clean":
        for fact in expected[kind]:
            name = "%s/%s/%s %s" % (area, kind, fact["key"], fact["arn"].split(":", 5)[-1])
            hits = [f for f in found.get(address_of(fact["arn"]), []) if means(fact["key"], f)]
            if not is_written(fact["key"], rules):
                results.append((name, None, "its rule is not written yet"))
            elif kind == "violations":
                results.append((name, bool(hits), "not found; %s" % fact["note"]))
            else:
                results.append((name, not hits, "; ".join(f["rule"] + ": " + f["message"] for f in hits)))
    return results
