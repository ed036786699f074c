#!/usr/bin/env python3
"""Writes aws_managed_policies.tsv: ARN and document of each policy that AWS manages.

    managed_policies.py FILE.json… >aws_managed_policies.tsv

A FILE holds the answer of `aws iam get-policy` merged with that of `get-policy-version` ({"arn",
"document"}), or such objects by name. Policies of service-linked roles are left out: nobody can attach
them. Sids are left out as well, and lists of one are written as the one."""
import json
import sys

ELEMENTS = ("Action", "NotAction", "Resource", "NotResource")


def compact(statement):
    kept = {key: value for key, value in statement.items() if key != "Sid"}
    for key in ELEMENTS:
        if isinstance(kept.get(key), list) and len(kept[key]) == 1:
            kept[key] = kept[key][0]
    return kept


def compact_document(document):
    statements = document["Statement"]
    if isinstance(statements, dict):
        statements = [statements]
    return {"Version": document.get("Version", "2008-10-17"), "Statement": [compact(s) for s in statements]}


def main():
    policies = {}
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        for policy in [content] if "document" in content else content.values():
            arn = policy.get("arn")
            if arn and "/aws-service-role/" not in arn and policy["document"].get("Statement"):
                policies[arn] = compact_document(policy["document"])
    print("# Policies that AWS manages, as published by AWS (public data of the IAM API).")
    print("#arn\tdocument")
    for arn in sorted(policies):
        print(arn.replace("arn:aws:iam::aws:policy/", "") + "\t" +
              json.dumps(policies[arn], separators=(",", ":"), ensure_ascii=False))


main()
