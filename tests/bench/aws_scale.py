#!/usr/bin/env python3
"""How long assay collect aws takes for an account of 20,000 resources, and how much memory: against a scripted server that
answers at once, so that the program's own rates are what is measured.

    tests/bench/aws_scale.py [--bin build/assay] [--scale 1.0]"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.dont_write_bytecode = True

from suites.api_server import Answer, ApiServer  # noqa: E402
from suites.aws_server import ACCOUNT, error, identity, xml  # noqa: E402

INSTANCE = """<item><instancesSet><item><instanceId>i-%(i)08d</instanceId><imageId>ami-1</imageId><instanceState><name>running</name></instanceState>
<instanceType>m5.large</instanceType><privateIpAddress>10.0.0.1</privateIpAddress><subnetId>subnet-%(s)d</subnetId><vpcId>vpc-1</vpcId>
<groupSet><item><groupId>sg-%(s)d</groupId><groupName>g</groupName></item></groupSet><metadataOptions><httpTokens>required</httpTokens></metadataOptions>
<tagSet><item><key>Name</key><value>worker %(i)d</value></item><item><key>Owner</key><value>platform</value></item></tagSet></item></instancesSet></item>"""
GROUP = """<item><groupId>sg-%(i)d</groupId><groupName>g%(i)d</groupName><ownerId>111122223333</ownerId><vpcId>vpc-1</vpcId><ipPermissions><item>
<ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort><ipRanges><item><cidrIp>10.0.0.0/8</cidrIp></item></ipRanges></item></ipPermissions></item>"""
VOLUME = "<item><volumeId>vol-%(i)08d</volumeId><size>100</size><encrypted>true</encrypted><kmsKeyId>arn:k</kmsKeyId><status>in-use</status></item>"


class Account:
    """Lists by pages of 1000, and what is asked of each item."""

    def __init__(self, scale):
        n = lambda count: int(count * scale)  # noqa: E731
        self.instances, self.groups, self.volumes = n(4000), n(1500), n(6000)
        self.buckets, self.keys, self.functions, self.tables = n(1000), n(1000), n(1500), n(1000)
        self.logs, self.queues, self.topics = n(3000), n(500), n(500)
        self.resources = sum(vars(self).values())
        self.requests = 0

    @staticmethod
    def page(token, total, size=1000):
        start = int(token or 0)
        end = min(start + size, total)
        return range(start, end), str(end) if end < total else None

    def ec2(self, form):
        lists = {"DescribeInstances": (self.instances, "reservationSet", INSTANCE), "DescribeSecurityGroups": (self.groups, "securityGroupInfo", GROUP),
                 "DescribeVolumes": (self.volumes, "volumeSet", VOLUME)}
        action = form["Action"]
        if action == "DescribeInstanceAttribute":
            return xml("<R><instanceId>%s</instanceId><userData><value>IyEvYmluL3NoCmVjaG8gaGVsbG8K</value></userData></R>" % form["InstanceId"])
        if action not in lists:
            return xml("<R><none/></R>")
        total, wire, item = lists[action]
        span, token = self.page(form.get("NextToken"), total)
        return xml("<R><%s>%s</%s>%s</R>" % (wire, "".join(item % {"i": i, "s": i % 50} for i in span), wire,
                                            "<nextToken>%s</nextToken>" % token if token else ""))

    def query(self, form):
        action = form["Action"]
        if action == "GetCallerIdentity":
            return identity()
        if action == "ListTopics":
            span, token = self.page(form.get("NextToken"), self.topics, 100)
            return xml("<R><ListTopicsResult><Topics>%s</Topics>%s</ListTopicsResult></R>" % ("".join(
                "<member><TopicArn>arn:aws:sns:eu-west-1:111122223333:t%d</TopicArn></member>" % i for i in span), "<NextToken>%s</NextToken>" % token if token else ""))
        if action == "GetTopicAttributes":
            return xml("<R><GetTopicAttributesResult><Attributes><entry><key>TopicArn</key><value>%s</value></entry></Attributes></GetTopicAttributesResult></R>" % form["TopicArn"])
        return xml("<R><%sResult/></R>" % action)

    def json(self, target, body):
        op = target.rsplit(".", 1)[1]
        if op == "ListKeys":
            span, token = self.page(body.get("Marker"), self.keys)
            return {"Keys": [{"KeyId": "k%d" % i} for i in span], "NextMarker": token, "Truncated": token is not None}
        if op == "DescribeKey":
            return {"KeyMetadata": {"KeyId": body["KeyId"], "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS", "KeyState": "Enabled",
                                    "CreationDate": 1769817600.0}}
        if op == "GetKeyPolicy":
            return {"Policy": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}'}
        if op == "ListTables":
            span, token = self.page(body.get("ExclusiveStartTableName"), self.tables, 100)
            return {"TableNames": [str(i) for i in span], "LastEvaluatedTableName": token}
        if op == "DescribeTable":
            return {"Table": {"TableName": body["TableName"], "TableArn": "arn:t/" + body["TableName"], "TableStatus": "ACTIVE"}}
        if op == "DescribeLogGroups":
            span, token = self.page(body.get("nextToken"), self.logs, 50)
            return {"logGroups": [{"logGroupName": "/app/%d" % i, "creationTime": 1769817600000, "storedBytes": 0} for i in span], "nextToken": token}
        if op == "ListQueues":
            span, token = self.page(body.get("NextToken"), self.queues)
            return {"QueueUrls": ["https://sqs/%s/q%d" % (ACCOUNT, i) for i in span], "NextToken": token}
        return {}

    def rest(self, request):
        if request.raw.startswith("/?"):
            return xml("<R><Buckets>%s</Buckets></R>" % "".join("<Bucket><Name>b-%d</Name><BucketRegion>eu-west-1</BucketRegion></Bucket>" % i for i in range(self.buckets)))
        if request.path == "/2015-03-31/functions":
            span, token = self.page(request.query.get("Marker"), self.functions, 50)
            return Answer(body={"Functions": [{"FunctionName": "f%d" % i, "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:f%d" % i, "Runtime": "python3.13",
                                               "Environment": {"Variables": {"MODE": "prod", "DB_PASSWORD": "x9Lq-%d" % i}}} for i in span], "NextMarker": token})
        if "policy" in request.query and request.raw.startswith("/b-"):
            return error("NoSuchBucketPolicy", 404)
        return xml("<R/>") if request.raw.startswith("/b-") else Answer(404, {"message": "none"}, {"x-amzn-ErrorType": "ResourceNotFoundException"})

    def __call__(self, request):
        self.requests += 1
        target = request.headers.get("x-amz-target")
        if target:
            return Answer(body=self.json(target, json.loads(request.body)))
        if request.body.startswith(b"Action="):
            form = request.form()
            return self.ec2(form) if form["Version"] == "2016-11-15" else self.query(form)
        return self.rest(request)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--bin", default="build/assay")
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="assay-scale-")
    account = Account(options.scale)
    env = dict(os.environ, HOME=folder, AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="x", AWS_EC2_METADATA_DISABLED="true")
    with ApiServer(account, tls=False) as server:
        server.requests = type("Forgetful", (list,), {"append": lambda self, _: None})()
        begin = time.time()
        subprocess.run([os.path.abspath(options.bin), "collect", "aws", "--endpoint-url", server.url, "--regions", "eu-west-1", "--out", os.path.join(folder, "snap"),
                        "--services", "ec2,s3,kms,lambda,dynamodb,logs,sqs,sns"], env=env, check=True)
        seconds = time.time() - begin
    peak = resource.getrusage(resource.RUSAGE_CHILDREN)
    size = sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(folder) for f in files)
    print("%d resources, %d requests in %.0f s (%.0f a second), %.0f MB, %.1f s of processor time, snapshot of %.1f MB" % (
        account.resources, account.requests, seconds, account.requests / seconds, peak.ru_maxrss / 1024, peak.ru_utime + peak.ru_stime, size / 1e6))


if __name__ == "__main__":
    main()
