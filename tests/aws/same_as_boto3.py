#!/usr/bin/env python3
"""Asks a server what a snapshot says it has answered, through boto3, and prints what differs:

    same_as_boto3.py ENDPOINT SNAPSHOT      (runs in the environment that ci/moto makes)

At most a few answers of each operation. Members that are not in the API's model are dropped by boto3, and times
of a server that makes them up differ: neither counts."""
import datetime
import json
import os
import re
import sys

import base64
import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from suites.api_server import snapshot_lines  # noqa: E402

EACH = 8
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?")
# boto3 puts the account in front of the host whatever the endpoint; a report that was begun is there when asked again.
SKIPPED = {"s3control"}
CHANGING = {"iam:GenerateCredentialReport"}
# The server issues a certificate when it has been looked at for a while.
ISSUING = {"PENDING_VALIDATION", "ISSUED", "SUCCESS"}


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "ResponseMetadata"}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def differences(theirs, ours, path):
    if isinstance(ours, dict) and ours.get("redacted") and isinstance(theirs, str):
        return
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in theirs:
            if key not in ours:
                yield "%s.%s: not there, %r" % (path, key, theirs[key])
            else:
                yield from differences(theirs[key], ours[key], "%s.%s" % (path, key))
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for i, pair in enumerate(zip(theirs, ours)):
            yield from differences(*pair, "%s[%d]" % (path, i))
    elif type(theirs) is not type(ours) or theirs != ours:
        if isinstance(theirs, str) and isinstance(ours, str) and {theirs, ours} <= ISSUING:
            return
        if not (isinstance(theirs, str) and isinstance(ours, str) and TIME.fullmatch(theirs) and TIME.fullmatch(ours)):
            yield "%s: %r, theirs is %r" % (path, ours, theirs)


def main():
    endpoint, snapshot = sys.argv[1:]
    clients, asked, compared, different = {}, {}, 0, []
    for part, line in snapshot_lines(snapshot):
        region = part.split("/")[2]
        service, operation = line["op"].split(":")
        asked[line["op"]] = asked.get(line["op"], 0) + 1
        if service in SKIPPED or line["op"] in CHANGING or asked[line["op"]] > EACH or line["page"] or not line["last"] or (line["error"] or "").startswith("HTTP "):
            continue
        where = (service, "us-east-1" if region == "global" else region)
        if where not in clients:
            clients[where] = boto3.client(service, endpoint_url=endpoint, region_name=where[1], aws_access_key_id="x", aws_secret_access_key="y",
                                          config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}))
        try:
            body, code = plain(getattr(clients[where], xform_name(operation))(**line["params"])), None
        except ClientError as error:
            body, code = None, error.response["Error"]["Code"]
        compared += 1
        if code != line["error"]:
            different.append("%s: error %s, theirs is %s" % (line["op"], line["error"], code))
        elif body is not None:
            different.extend("%s %s" % (line["op"], d) for d in differences(body, line["body"], ""))
    print("%d answers compared, %d differences" % (compared, len(different)))
    print("\n".join(different))
    return 1 if different or compared < 300 else 0


if __name__ == "__main__":
    sys.exit(main())
