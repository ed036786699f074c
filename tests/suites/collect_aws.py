"""assay collect aws against a scripted server: protocols, pages, errors of services and of networks, resuming, and
what is kept of secrets. The shapes of answers are those of the API references and of the AWS CLI."""
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import weakref

from . import process
from .api_server import Answer, ApiServer, snapshot_lines, tls_files, unpack
from .aws_server import ACCOUNT, Aws, error, identity, json_error, xml


class Run:
    def __init__(self, options, keys=True):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="assay-aws-")
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)  # gone with the test
        self.env = process.environment(self.folder)
        self.env["AWS_EC2_METADATA_DISABLED"] = "true"
        if keys:
            self.env.update(AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def argv(self, server, *args, out="snap"):
        return [self.options.bin, "collect", "aws", "--endpoint-url", server.url, "--out", self.path(out)] + list(args)

    def collect(self, server, *args, out="snap", regions="eu-west-1", env=None):
        args = list(args) + (["--regions", regions] if regions else [])
        return process.run(self.argv(server, *args, out=out), self.folder, dict(self.env, **(env or {})), timeout=120)

    def answers(self, op, out="snap"):
        return [a for _, a in snapshot_lines(self.path(out)) if a["op"] == op]

    def manifest(self, out="snap"):
        with open(self.path(out + "/manifest.json"), encoding="utf-8") as f:
            return json.load(f)

    def everything(self, out="snap"):
        """All bytes of the folder, unpacked."""
        texts = []
        for name in glob.glob(self.path(out) + "/**/*", recursive=True):
            if os.path.isfile(name):
                texts.append(unpack(name) if name.endswith(".zst") else open(name, encoding="utf-8").read())
        return "\n".join(texts)


def expect(condition, detail=""):
    if not condition:
        raise AssertionError(detail)


def fine(result):
    expect(result.code == 0 and not result.crashed, "exit code %s\n%s" % (result.code, result.err))
    return result


def one(run, op):
    found = run.answers(op)
    expect(len(found) == 1, "%s: %d answers" % (op, len(found)))
    return found[0]


def asking(options, aws, *args, **more):
    """One run that succeeds, with every signature right."""
    run = Run(options)
    with ApiServer(aws, tls=False) as server:
        fine(run.collect(server, *args, **more))
    expect(not aws.wrong, "wrong signatures: %s" % aws.wrong)
    return run


# --- protocols ---------------------------------------------------------------------------------------

VPCS = """<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-2</requestId><vpcSet>%s</vpcSet>%s
</DescribeVpcsResponse>"""
VPC = "<item><vpcId>%s</vpcId><isDefault>false</isDefault><cidrBlock>10.0.0.0/16</cidrBlock><tagSet><item><key>a</key><value>1 &amp; 2</value></item></tagSet></item>"


def ec2(options):
    """Pages by NextToken; a structure in a list; filters; lists of one are lists; booleans."""
    pages = [xml(VPCS % (VPC % "vpc-1", "<nextToken>t+1/=</nextToken>")), xml(VPCS % (VPC % "vpc-2", "<nextToken/>"))]
    tables = xml("<DescribeTransitGatewayRouteTablesResponse><transitGatewayRouteTables><item><transitGatewayRouteTableId>tgw-rtb-1"
                 "</transitGatewayRouteTableId><creationTime>2026-01-31T00:00:00.000Z</creationTime></item></transitGatewayRouteTables>"
                 "</DescribeTransitGatewayRouteTablesResponse>")
    routes = xml("<SearchTransitGatewayRoutesResponse><routeSet><item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock></item>"
                 "</routeSet><additionalRoutesAvailable>false</additionalRoutesAvailable></SearchTransitGatewayRoutesResponse>")
    aws = Aws({"ec2:DescribeVpcs": pages, "ec2:DescribeTransitGatewayRouteTables": tables, "ec2:SearchTransitGatewayRoutes": routes,
               "ec2:DescribeSnapshots": xml("<DescribeSnapshotsResponse><snapshotSet/></DescribeSnapshotsResponse>")})
    run = asking(options, aws, "--services", "ec2")
    expect(aws.asked("ec2:DescribeVpcs") == [{"MaxResults": "1000"}, {"MaxResults": "1000", "NextToken": "t+1/="}], aws.asked("ec2:DescribeVpcs"))
    first, second = run.answers("ec2:DescribeVpcs")
    expect(first["body"] == {"NextToken": "t+1/=", "Vpcs": [{"CidrBlock": "10.0.0.0/16", "VpcId": "vpc-1", "IsDefault": False,
                                                             "Tags": [{"Key": "a", "Value": "1 & 2"}]}]}, first["body"])
    expect((first["page"], first["last"], second["page"], second["last"], first["params"], first["request_id"]) ==
           (0, False, 1, True, {}, "r-2"), (first, second))
    expect(aws.asked("ec2:DescribeSnapshots") == [{"Owner.1": "self", "MaxResults": "1000"}], aws.asked("ec2:DescribeSnapshots"))
    expect(one(run, "ec2:DescribeSnapshots")["body"] == {"Snapshots": []}, "an empty list is a list")
    expect(aws.asked("ec2:SearchTransitGatewayRoutes") == [
        {"TransitGatewayRouteTableId": "tgw-rtb-1", "Filter.1.Name": "state", "Filter.1.Value.1": "active", "Filter.1.Value.2": "blackhole"}],
        aws.asked("ec2:SearchTransitGatewayRoutes"))
    expect(one(run, "ec2:DescribeTransitGatewayRouteTables")["body"]["TransitGatewayRouteTables"][0]["CreationTime"] ==
           "2026-01-31T00:00:00+00:00", "times")
    expect(one(run, "ec2:SearchTransitGatewayRoutes")["body"]["AdditionalRoutesAvailable"] is False, "booleans")


POLICY = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGet%2A%22%7D%5D%7D"
DETAILS = """<GetAccountAuthorizationDetailsResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountAuthorizationDetailsResult>
<IsTruncated>%s</IsTruncated><UserDetailList>%s</UserDetailList><GroupDetailList/><RoleDetailList/><Policies/>%s
</GetAccountAuthorizationDetailsResult><ResponseMetadata><RequestId>r-3</RequestId></ResponseMetadata></GetAccountAuthorizationDetailsResponse>"""
USER = """<member><UserName>%s</UserName><Arn>arn:aws:iam::111122223333:user/%s</Arn><CreateDate>2026-01-31T00:00:00Z</CreateDate>
<UserPolicyList><member><PolicyName>p</PolicyName><PolicyDocument>""" + POLICY.replace("%", "%%") + "</PolicyDocument></member></UserPolicyList></member>"


def query(options):
    """Documents of policies are decoded; IsTruncated ends the list whatever Marker says; a report that is not ready
    is asked for again."""
    pages = [xml(DETAILS % ("true", USER % ("ann", "ann"), "<Marker>m</Marker>")), xml(DETAILS % ("false", USER % ("bob", "bob"), "<Marker>m2</Marker>"))]
    report = xml("<GetCredentialReportResponse><GetCredentialReportResult><Content>dXNlcixhcm4K</Content><ReportFormat>text/csv</ReportFormat>"
                 "</GetCredentialReportResult></GetCredentialReportResponse>")
    begun = xml("<GenerateCredentialReportResponse><GenerateCredentialReportResult><State>STARTED</State></GenerateCredentialReportResult>"
                "</GenerateCredentialReportResponse>")
    aws = Aws({"iam:GetAccountAuthorizationDetails": pages, "iam:GenerateCredentialReport": begun,
               "iam:GetCredentialReport": [error("ReportInProgress", 404), error("ReportInProgress", 404), report],
               "iam:GetLoginProfile": error("NoSuchEntity", 404)})
    run = asking(options, aws, "--services", "iam")
    bodies = [a["body"] for a in run.answers("iam:GetAccountAuthorizationDetails")]
    expect([u["UserName"] for b in bodies for u in b["UserDetailList"]] == ["ann", "bob"], bodies)
    expect(bodies[0]["UserDetailList"][0]["UserPolicyList"] == [{"PolicyName": "p", "PolicyDocument": {
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*"}]}}], bodies[0])
    expect(bodies[0]["GroupDetailList"] == [] and bodies[0]["IsTruncated"] is True, bodies[0])
    expect(aws.asked("iam:GetAccountAuthorizationDetails") == [{"MaxItems": "1000"}, {"Marker": "m", "MaxItems": "1000"}], aws.calls)
    expect(one(run, "iam:GetCredentialReport")["body"] == {"Content": "dXNlcixhcm4K", "ReportFormat": "text/csv"}, "report")
    expect(len(aws.asked("iam:GetCredentialReport")) == 3, "the report was not waited for")
    profiles = run.answers("iam:GetLoginProfile")
    expect(len(profiles) == 2 and all(p["absent"] and p["error"] == "NoSuchEntity" for p in profiles), profiles)
    expect(not [m for m in run.manifest()["missing"] if m["op"] == "iam:GetLoginProfile"], "what is not set is not missing")


def s3(options):
    """A policy is text; what is not set is no failure; a bucket is asked in its region, also when only the error says
    which; grantees have their type from an attribute."""
    buckets = xml("<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets><Bucket><Name>near</Name><BucketRegion>eu-west-1</BucketRegion></Bucket>"
                  "<Bucket><Name>far.away</Name></Bucket></Buckets></ListAllMyBucketsResult>")
    acl = xml("<AccessControlPolicy xmlns='http://s3.amazonaws.com/doc/2006-03-01/'><Owner><ID>o</ID></Owner><AccessControlList><Grant>"
              "<Grantee xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='Group'><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>"
              "<Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>")
    rules = xml("<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Expiration><Days>30</Days></Expiration></Rule>"
                "<Rule><ID>b</ID><Status>Disabled</Status></Rule></LifecycleConfiguration>")

    def policy(request, params):
        if aws.regions[-1][1] != "ap-south-1":
            return error("PermanentRedirect", 301, headers={"x-amz-bucket-region": "ap-south-1"})
        return Answer(body=b'{"Statement":[]}')
    paths = {r"GET /\?max-buckets=1000": "s3:ListBuckets", r"GET /near\?policy": "s3:policy", r"GET /far\.away\?policy": "s3:far",
             r"GET /near\?acl": "s3:acl", r"GET /near\?lifecycle": "s3:lifecycle", r"GET /near\?location": "s3:location"}
    aws = Aws({"s3:ListBuckets": buckets, "s3:policy": error("NoSuchBucketPolicy", 404), "s3:far": policy, "s3:acl": acl, "s3:lifecycle": rules,
               "s3:location": xml("<LocationConstraint xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>eu-west-1</LocationConstraint>")}, paths=paths)
    run = asking(options, aws, "--services", "s3")
    by_name = {a["params"]["Bucket"]: a for a in run.answers("s3:GetBucketPolicy")}
    expect(by_name["near"]["absent"] and by_name["near"]["body"] is None, by_name)
    expect(by_name["far.away"]["body"] == {"Policy": '{"Statement":[]}'}, by_name)
    expect([r for op, r in aws.regions if op == "s3:far"] == ["us-east-1", "ap-south-1"], aws.regions)
    bodies = {a["op"]: a["body"] for _, a in snapshot_lines(run.path("snap")) if a["params"].get("Bucket") == "near"}
    expect(bodies["s3:GetBucketAcl"] == {"Owner": {"ID": "o"}, "Grants": [{"Grantee": {
        "Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}]}, bodies["s3:GetBucketAcl"])
    expect(bodies["s3:GetBucketLifecycleConfiguration"] == {"Rules": [{"Expiration": {"Days": 30}, "ID": "a", "Status": "Enabled"},
                                                                      {"ID": "b", "Status": "Disabled"}]}, bodies)
    expect(bodies["s3:GetBucketLocation"] == {"LocationConstraint": "eu-west-1"}, bodies)


def json_protocols(options):
    """Numbers and times of JSON 1.0 and 1.1; null members are absent; a token by another name."""
    aws = Aws({"kms:ListKeys": Answer(body={"Keys": [{"KeyId": "k1", "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k1"}], "Truncated": False,
                                            "NextMarker": "not-the-end"}),
               "kms:DescribeKey": Answer(body={"KeyMetadata": {"KeyId": "k1", "CreationDate": 1769817600.123, "KeyManager": "CUSTOMER", "Enabled": True,
                                                               "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS", "KeyState": "Enabled", "CloudHsmClusterId": None}}),
               "kms:GetKeyRotationStatus": Answer(body={"KeyRotationEnabled": False}),
               "dynamodb:ListTables": [Answer(body={"TableNames": ["a"], "LastEvaluatedTableName": "a"}), Answer(body={"TableNames": ["b"]})],
               "dynamodb:DescribeTable": lambda r, p: Answer(body={"Table": {"TableName": p["TableName"], "TableArn": "arn:t/" + p["TableName"]}})})
    run = asking(options, aws, "--services", "kms,dynamodb")
    expect(len(aws.asked("kms:ListKeys")) == 1, "Truncated: false is the end")
    expect(one(run, "kms:DescribeKey")["body"]["KeyMetadata"] == {
        "KeyId": "k1", "CreationDate": "2026-01-31T00:00:00+00:00", "KeyManager": "CUSTOMER", "Enabled": True, "KeySpec": "SYMMETRIC_DEFAULT",
        "Origin": "AWS_KMS", "KeyState": "Enabled"}, one(run, "kms:DescribeKey")["body"])
    expect(aws.asked("kms:GetKeyRotationStatus") == [{"KeyId": "k1"}], aws.calls)
    expect(aws.asked("kms:GetKeyPolicy") == [{"KeyId": "k1", "PolicyName": "default"}], aws.calls)
    expect(aws.asked("dynamodb:ListTables") == [{}, {"ExclusiveStartTableName": "a"}], aws.asked("dynamodb:ListTables"))
    expect(sorted(p["TableName"] for p in aws.asked("dynamodb:DescribeTable")) == ["a", "b"], aws.calls)
    expect(sorted(p["ResourceArn"] for p in aws.asked("dynamodb:GetResourcePolicy")) == ["arn:t/a", "arn:t/b"], aws.calls)


def rest_json(options):
    """Names on the wire become those of the API; ARNs in paths are encoded and signed; a body where the API wants one."""
    paths = {r"GET /detector": "guardduty:ListDetectors", r"GET /detector/d1": "guardduty:GetDetector",
             r"GET /2015-03-31/functions": "lambda:ListFunctions",
             r"GET /2017-03-31/tags/arn%3Aaws%3Alambda%3Aeu-west-1%3A111122223333%3Afunction%3Af": "lambda:ListTags",
             r"POST /status/batch/get": "inspector2:BatchGetAccountStatus"}
    aws = Aws({"guardduty:ListDetectors": Answer(body={"detectorIds": ["d1"], "nextToken": ""}),
               "guardduty:GetDetector": Answer(body={"status": "ENABLED", "serviceRole": "r", "features": [{"name": "S3_DATA_EVENTS", "updatedAt": 1769817600}]}),
               "lambda:ListFunctions": Answer(body={"Functions": [{"FunctionName": "f", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}], "NextMarker": None}),
               "lambda:ListTags": Answer(body={"Tags": {"a": "1"}}), "inspector2:BatchGetAccountStatus": Answer(body={"accounts": []})}, paths=paths)
    run = asking(options, aws, "--services", "guardduty,lambda,inspector2")
    expect(one(run, "guardduty:ListDetectors")["body"]["DetectorIds"] == ["d1"], "names of members")
    expect(one(run, "guardduty:GetDetector")["body"] == {"Status": "ENABLED", "ServiceRole": "r", "Features": [
        {"Name": "S3_DATA_EVENTS", "UpdatedAt": "2026-01-31T00:00:00+00:00"}]}, one(run, "guardduty:GetDetector")["body"])
    expect(one(run, "lambda:ListTags")["body"] == {"Tags": {"a": "1"}}, "tags by ARN")
    expect(aws.asked("inspector2:BatchGetAccountStatus") == [{"accountIds": [ACCOUNT]}], aws.calls)


def rest_xml(options):
    """Records of a zone go on by three tokens."""
    zones = xml("<ListHostedZonesResponse><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>x.example.</Name><Config><PrivateZone>true</PrivateZone>"
                "</Config></HostedZone></HostedZones><IsTruncated>false</IsTruncated></ListHostedZonesResponse>")
    page = """<ListResourceRecordSetsResponse><ResourceRecordSets><ResourceRecordSet><Name>%s</Name><Type>A</Type><TTL>60</TTL><ResourceRecords>
<ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></ResourceRecordSets>%s</ListResourceRecordSetsResponse>"""
    more = "<IsTruncated>true</IsTruncated><NextRecordName>b.example.</NextRecordName><NextRecordType>A</NextRecordType><NextRecordIdentifier>s 1</NextRecordIdentifier>"
    paths = {r"GET /2013-04-01/hostedzone": "route53:ListHostedZones", r"GET /2013-04-01/hostedzone/Z1/rrset(\?.*)?": "route53:records"}
    aws = Aws({"route53:ListHostedZones": zones, "route53:records": [xml(page % ("a.example.", more)), xml(page % ("b.example.", "<IsTruncated>false</IsTruncated>"))]},
              paths=paths)
    run = asking(options, aws, "--services", "route53")
    expect(aws.asked("route53:records") == [{}, {"name": "b.example.", "type": "A", "identifier": "s 1"}], aws.asked("route53:records"))
    found = run.answers("route53:ListResourceRecordSets")
    expect([a["body"]["ResourceRecordSets"] for a in found] == [[{"Name": n, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}]
                                                                 for n in ("a.example.", "b.example.")], found)
    expect(found[0]["params"] == {"HostedZoneId": "Z1"}, found[0]["params"])
    expect("route53:/2013-04-01/hostedzone/Z1/dnssec" not in {op for op, _ in aws.calls}, "private zones have no DNSSEC")


# --- errors ------------------------------------------------------------------------------------------

KEYS_PAGE = Answer(body={"Keys": [], "Truncated": False})


def throttled(options):
    """Slowed down by status, by code, and with Retry-After; nothing is lost."""
    aws = Aws({"kms:ListKeys": [Answer(429, {}, {"Retry-After": "1"}), json_error("ThrottlingException"), Answer(503, b"<html>busy"), KEYS_PAGE]})
    begin = time.time()
    run = asking(options, aws, "--services", "kms")
    expect(time.time() - begin >= 1, "Retry-After was not waited for")
    expect(one(run, "kms:ListKeys")["error"] is None and len(aws.asked("kms:ListKeys")) == 4, aws.calls)


def gives_up(options):
    """A service that is always busy is told as missing after five tries."""
    aws = Aws({"kms:ListKeys": json_error("ThrottlingException")})
    run = asking(options, aws, "--services", "kms")
    expect(one(run, "kms:ListKeys")["error"] == "ThrottlingException", "code")
    expect(len(aws.asked("kms:ListKeys")) == 5, "%d tries" % len(aws.asked("kms:ListKeys")))


def refused(options):
    """AccessDenied is an answer: recorded, in the manifest, exit code 3 with --strict; it is not asked again."""
    run, aws = Run(options), Aws({"kms:ListKeys": KEYS_PAGE})
    with ApiServer(aws, tls=False) as server:
        fine(run.collect(server, "--services", "kms"))
        strict = run.collect(server, "--services", "kms", "--strict", out="strict")
    expect(strict.code == 3 and "AccessDeniedException 1 (kms:ListAliases" in strict.err, strict.err)
    expect([(m["part"], m["op"], m["error"]) for m in run.manifest()["missing"]] ==
           [("aws/%s/eu-west-1/kms" % ACCOUNT, "kms:ListAliases", "AccessDeniedException")], run.manifest()["missing"])
    expect(len(aws.asked("kms:ListAliases")) == 2, "once a run")


def pages_in_circles(options):
    aws = Aws({"kms:ListKeys": Answer(body={"Keys": [], "Truncated": True, "NextMarker": "again"})})
    run = asking(options, aws, "--services", "kms")
    found = run.answers("kms:ListKeys")
    expect([a["error"] for a in found] == [None, "PaginationLoop"] and found[-1]["last"], found)


def half_a_list(options):
    """What fails in the middle of a list leaves the list incomplete, and says so."""
    aws = Aws({"kms:ListKeys": [Answer(body={"Keys": [{"KeyId": "a"}], "Truncated": True, "NextMarker": "2"}), json_error("InvalidMarkerException")]})
    run = asking(options, aws, "--services", "kms")
    found = run.answers("kms:ListKeys")
    expect([(a["page"], a["error"], a["last"]) for a in found] == [(0, None, False), (1, "InvalidMarkerException", True)], found)


def broken_networks(options):
    """Answers that are cut off are asked for again; slow ones are waited for; what is no answer is told."""
    aws = Aws({"kms:ListKeys": [Answer(body={"Keys": [{"KeyId": "a" * 50}], "Truncated": False}, cut=20), KEYS_PAGE],
               "kms:ListAliases": Answer(body={"Aliases": [{"AliasName": "x" * 400}]}, drip=0.2),
               "dynamodb:ListTables": Answer(body=b"<html>welcome to the hotel</html>"),
               "sns:ListTopics": Answer(body=b"<ListTopicsResponse><ListTopicsResult><Topics>"),
               "ec2:DescribeVpcs": xml("<!DOCTYPE x [<!ENTITY a 'aaaa'>]><DescribeVpcsResponse><vpcSet><item><vpcId>&a;</vpcId></item></vpcSet></DescribeVpcsResponse>")})
    run = asking(options, aws, "--services", "kms,dynamodb,sns,ec2")
    errors = {op: [a["error"] for a in run.answers(op)] for op in ("kms:ListKeys", "kms:ListAliases", "dynamodb:ListTables", "sns:ListTopics", "ec2:DescribeVpcs")}
    expect(errors == {"kms:ListKeys": [None], "kms:ListAliases": [None], "dynamodb:ListTables": ["UnreadableAnswer"],
                      "sns:ListTopics": ["UnreadableAnswer"], "ec2:DescribeVpcs": ["UnreadableAnswer"]}, errors)
    expect(run.answers("kms:ListAliases")[0]["body"]["Aliases"][0]["AliasName"] == "x" * 400, "what dripped")


def http_errors(options):
    """Pages of proxies in place of errors."""
    aws = Aws({"kms:ListKeys": Answer(404, b"<html>not here"), "iam:GetAccountSummary": Answer(403, b"")})
    run = asking(options, aws, "--services", "kms,iam")
    expect((one(run, "kms:ListKeys")["error"], one(run, "iam:GetAccountSummary")["error"]) == ("HTTP 404", "HTTP 403"), "codes")


def clock(options):
    """A server whose clock is an hour ahead: corrected once, by its Date."""
    ahead = 3600
    run, aws = Run(options), Aws({"kms:ListKeys": KEYS_PAGE})

    def skewed(request):
        theirs = time.time() + ahead
        sent = request.headers["x-amz-date"]
        if abs(time.mktime(time.strptime(sent, "%Y%m%dT%H%M%SZ")) - time.timezone - theirs) < 900:
            return None
        return Answer(403, {"__type": "InvalidSignatureException"} if "x-amz-target" in request.headers else
                      b"<ErrorResponse><Error><Code>RequestTimeTooSkewed</Code></Error></ErrorResponse>",
                      {"Date": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(theirs))})
    with ApiServer(aws, tls=False) as server:
        server.faults.append(skewed)
        fine(run.collect(server, "--services", "kms"))
    expect(one(run, "kms:ListKeys")["error"] is None, run.answers("kms:ListKeys"))


def hosts(options):
    """AWS_ENDPOINT_URL and that of a service. A service without a host in a region where it is not offered has nothing
    there; one that should be there is missing."""
    run, aws = Run(options), Aws({"sns:ListTopics": xml("<R><ListTopicsResult><Topics/></ListTopicsResult></R>")})
    with ApiServer(aws, tls=False) as server:
        env = dict(run.env, AWS_ENDPOINT_URL=server.url, AWS_ENDPOINT_URL_GRAFANA="http://grafana.invalid", AWS_ENDPOINT_URL_KMS="http://kms.invalid/")
        fine(process.run([options.bin, "collect", "aws", "--out", run.path("snap"), "--regions", "af-south-1", "--services", "kms,grafana,sns"],
                         run.folder, env, timeout=120))
    expect((one(run, "grafana:ListWorkspaces")["error"], one(run, "grafana:ListWorkspaces")["absent"]) == ("UnsupportedRegion", True), "grafana")
    expect({m["error"] for m in run.manifest()["missing"] if "kms" in m["part"]} == {"NoAnswer"}, run.manifest()["missing"])
    expect(one(run, "sns:ListTopics")["error"] is None and not [m for m in run.manifest()["missing"] if "grafana" in m["part"]], run.manifest()["missing"])


# --- secrets -----------------------------------------------------------------------------------------


def secrets_stay(options):
    """Neither user data nor the environment of functions reaches the disk, nor do our own keys; what was there is known
    by its hash and its kind."""
    instances = xml("<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><instanceState><name>running</name>"
                    "</instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>")
    # #!/bin/sh\nexport AWS_ACCESS_KEY_ID=AKIAQ3EGRIJMVK7WXH2P\n
    data = "IyEvYmluL3NoCmV4cG9ydCBBV1NfQUNDRVNTX0tFWV9JRD1BS0lBUTNFR1JJSk1WSzdXWEgyUAo="
    user_data = xml("<DescribeInstanceAttributeResponse><instanceId>i-1</instanceId><userData><value>%s</value></userData></DescribeInstanceAttributeResponse>" % data)
    functions = {"Functions": [{"FunctionName": "f", "FunctionArn": "arn:f", "Environment": {"Variables": {
        "DB_PASSWORD": "hunter-Xk29vQpL", "EMPTY": "", "MODE": "prod"}}}]}
    aws = Aws({"ec2:DescribeInstances": instances, "ec2:DescribeInstanceAttribute": user_data, "lambda:ListFunctions": Answer(body=functions)},
              paths={r"GET /2015-03-31/functions": "lambda:ListFunctions"})
    run = asking(options, aws, "--services", "ec2,lambda")
    text = run.everything()
    for secret in (data, "AKIAQ3EGRIJMVK7WXH2P", "hunter-Xk29vQpL", "AKIDEXAMPLE", "wJalrXUtnFEMI", "Signature="):
        expect(secret not in text, secret + " is in the snapshot")
    value = one(run, "ec2:DescribeInstanceAttribute")["body"]["UserData"]["Value"]
    expect(value["redacted"] is True and value["class"] == "aws" and len(value["sha256"]) == 64, value)
    variables = one(run, "lambda:ListFunctions")["body"]["Functions"][0]["Environment"]["Variables"]
    expect(sorted(variables) == ["DB_PASSWORD", "EMPTY", "MODE"] and variables["EMPTY"] == "" and variables["MODE"]["redacted"], variables)
    modes = {os.stat(p).st_mode & 0o777 for p in glob.glob(run.path("snap") + "/**/*.zst", recursive=True)}
    expect(modes == {0o600}, modes)


# --- going on ----------------------------------------------------------------------------------------


def killed(options):
    """kill -9 in the middle, then --resume: what was answered is not asked again, what was half a list is; the snapshot
    is that of a run without an end in between."""
    def script(slow):
        keys = [{"KeyId": "k%02d" % i} for i in range(40)]
        return {"kms:ListKeys": Answer(body={"Keys": keys, "Truncated": False}), "kms:ListAliases": Answer(body={"Aliases": []}),
                "kms:DescribeKey": lambda r, p: Answer(body={"KeyMetadata": {"KeyId": p["KeyId"], "KeyManager": "AWS"}}, delay=slow),
                "kms:GetKeyPolicy": lambda r, p: Answer(body={"Policy": p["KeyId"]}), "kms:ListGrants": Answer(body={"Grants": [], "Truncated": False}),
                "kms:ListResourceTags": Answer(body={"Tags": [], "Truncated": False})}
    run, first, second = Run(options), Aws(script(0.05)), Aws(script(0))
    args = ("--services", "kms", "--regions", "eu-west-1")
    with ApiServer(first, tls=False) as server:
        process_ = subprocess.Popen(run.argv(server, *args), env=run.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.time() + 60
        while len(first.asked("kms:DescribeKey")) < 12 and time.time() < deadline:
            time.sleep(0.02)
        process_.send_signal(signal.SIGKILL)
        process_.wait()
    expect(not os.path.exists(run.path("snap/manifest.json")), "it was too fast to be killed")
    journal = open(run.path("snap/aws/%s/eu-west-1/kms.ndjson" % ACCOUNT), encoding="utf-8").read()
    kept = {json.loads(line)["params"]["KeyId"] for line in journal.split("\n")[:-1] if '"kms:DescribeKey"' in line}
    expect(len(kept) >= 4, "nothing was kept: %d" % len(kept))
    with ApiServer(second, tls=False) as server:
        refused_ = run.collect(server, "--services", "kms")
        expect(refused_.code == 2 and "--resume" in refused_.err, refused_.err)
        fine(run.collect(server, "--services", "kms", "--resume"))
        n = len(second.calls)
        said = run.collect(server, "--services", "kms", "--resume")
        expect(said.code == 0 and "is complete" in said.err and len(second.calls) == n, (said.err, second.calls[n:]))
        fine(run.collect(server, "--services", "kms", out="whole"))
    again = {p["KeyId"] for p in second.asked("kms:DescribeKey")[:40 - len(kept)]}
    expect(not again & kept and len(second.asked("kms:ListKeys")) == 1, (len(kept), again & kept))

    def without_time(out):
        return sorted(json.dumps({k: v for k, v in a.items() if k not in ("time", "request_id")}) for _, a in snapshot_lines(run.path(out)))
    expect(without_time("snap") == without_time("whole"), "the resumed snapshot differs")
    expect(not glob.glob(run.path("snap") + "/**/*.ndjson", recursive=True), "journals stay")


def interrupted(options):
    """The first SIGINT ends in order: what is on its way is recorded, and how to go on is said."""
    keys = [{"KeyId": "k%02d" % i} for i in range(30)]
    aws = Aws({"kms:ListKeys": Answer(body={"Keys": keys, "Truncated": False}), "kms:DescribeKey": Answer(body={"KeyMetadata": {}}, delay=0.1)})
    run = Run(options)
    with ApiServer(aws, tls=False) as server:
        p = subprocess.Popen(run.argv(server, "--services", "kms", "--regions", "eu-west-1"), env=run.env, stderr=subprocess.PIPE)
        deadline = time.time() + 60
        while len(aws.asked("kms:DescribeKey")) < 4 and time.time() < deadline:
            time.sleep(0.02)
        p.send_signal(signal.SIGINT)
        err = p.communicate(timeout=60)[1].decode()
    expect(p.returncode == 2 and "--resume" in err, "%s %s" % (p.returncode, err))


def failures_are_asked_again(options):
    """--resume asks again what had no answer; --max-age what is old."""
    run = Run(options)
    aws = Aws({"kms:ListKeys": KEYS_PAGE, "kms:ListAliases": Answer(body={"Aliases": []})})
    where = "snap/aws/%s/eu-west-1/kms.ndjson" % ACCOUNT
    line = {"v": 1, "op": "kms:ListKeys", "params": {}, "page": 0, "time": "2026-01-31T00:00:00Z", "status": 200, "request_id": "", "error": None,
            "body": {"Keys": [], "Truncated": False}, "last": True}
    failed = dict(line, op="kms:ListAliases", error="ThrottlingException", body=None, status=400)
    for age, asked in ((None, ["kms:ListAliases"]), ("7d", ["kms:ListAliases", "kms:ListKeys"])):
        aws.calls.clear()
        subprocess.run(["rm", "-rf", run.path("snap")], check=True)
        run.write(where, json.dumps(line) + "\n" + json.dumps(failed) + "\n")
        with ApiServer(aws, tls=False) as server:
            fine(run.collect(server, "--services", "kms", "--resume", *(["--max-age", age] if age else [])))
        expect(sorted(op for op, _ in aws.calls if op.startswith("kms")) == asked, (age, aws.calls))
        expect(run.manifest()["missing"] == [], run.manifest()["missing"])


def refused_are_asked_again(options):
    """--resume of a finished snapshot asks for what was refused, once it is allowed, and for nothing else."""
    run = Run(options)
    aws = Aws({"kms:ListKeys": KEYS_PAGE, "kms:ListAliases": Answer(400, {"__type": "AccessDeniedException", "message": "no"}),
               "kms:DescribeKey": Answer(body={"KeyMetadata": {}})})
    with ApiServer(aws, tls=False) as server:
        fine(run.collect(server, "--services", "kms", "--regions", "eu-west-1"))
        missing = [m["op"] for m in run.manifest()["missing"]]
        expect("kms:ListAliases" in missing, missing)
        before = {json.dumps(a, sort_keys=True) for _, a in snapshot_lines(run.path("snap")) if not a["error"]}
        aws.script["kms:ListAliases"] = Answer(body={"Aliases": []})
        aws.calls.clear()
        fine(run.collect(server, "--services", "kms", "--regions", "eu-west-1", "--resume"))
    asked = {op for op, _ in aws.calls if op.startswith("kms")}
    expect("kms:ListAliases" in asked and asked <= set(missing), (asked, missing))
    expect("kms:ListAliases" not in [m["op"] for m in run.manifest()["missing"]], run.manifest()["missing"])
    after = {json.dumps(a, sort_keys=True) for _, a in snapshot_lines(run.path("snap"))}
    expect(before <= after, before - after)


def sealed(options):
    files = tls_files()
    run = asking(options, Aws({"kms:ListKeys": KEYS_PAGE}), "--services", "kms", "--seal-to", files["client_cert"])
    expect([p["path"][-8:] for p in run.manifest()["parts"]] == [".zst.cms"] * len(run.manifest()["parts"]), run.manifest()["parts"])


def over_tls(options):
    """The server's certificate is verified, with --ca-file or AWS_CA_BUNDLE."""
    run, aws = Run(options), Aws({"kms:ListKeys": KEYS_PAGE})
    with ApiServer(aws) as server:
        unknown = run.collect(server, "--services", "kms", out="a")
        fine(run.collect(server, "--services", "kms", "--ca-file", tls_files()["ca"], out="b"))
        fine(run.collect(server, "--services", "kms", out="c", env={"AWS_CA_BUNDLE": tls_files()["ca"]}))
    expect(unknown.code == 2 and len(aws.asked("sts:GetCallerIdentity")) == 2, unknown.err)


# --- accounts and regions ----------------------------------------------------------------------------


def regions(options):
    """Those that are switched on; when they cannot be listed the home region, and it is said."""
    listed = xml("<DescribeRegionsResponse><regionInfo>" + "".join(
        "<item><regionName>%s</regionName><optInStatus>%s</optInStatus></item>" % r for r in
        (("eu-west-1", "opt-in-not-required"), ("ap-east-1", "opted-in"), ("me-south-1", "not-opted-in"))) + "</regionInfo></DescribeRegionsResponse>")
    aws = Aws({"ec2:DescribeRegions": listed, "kms:ListKeys": KEYS_PAGE})
    asking(options, aws, "--services", "kms", regions=None)
    expect(sorted(r for op, r in aws.regions if op == "kms:ListKeys") == ["ap-east-1", "eu-west-1"], aws.regions)
    aws, run = Aws({"kms:ListKeys": KEYS_PAGE}), Run(options)
    with ApiServer(aws, tls=False) as server:
        result = fine(run.collect(server, "--services", "kms", regions=None, env={"AWS_REGION": "eu-north-1"}))
    expect("regions cannot be listed" in result.err, result.err)
    expect([r for op, r in aws.regions if op == "kms:ListKeys"] == ["eu-north-1"], aws.regions)


def assumed(request, params):
    account = params["RoleArn"].split(":")[4]
    if account == "444455556666":
        return error("AccessDenied", 403, "not authorized to perform: sts:AssumeRole")
    return xml("<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKID%s</AccessKeyId><SecretAccessKey>secret-%s</SecretAccessKey>"
               "<SessionToken>token-%s</SessionToken><Expiration>2036-01-31T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
               % (account, account, account))


def organisation(options):
    """Each active account by its role; one that refuses is told, and the rest goes on."""
    members = ["111122223333", "222233334444", "333344445555", "444455556666", "555566667777"]
    accounts = [{"Id": m, "Status": "SUSPENDED" if m[0] == "5" else "ACTIVE"} for m in members]
    aws = Aws({"organizations:ListAccounts": [Answer(body={"Accounts": accounts[:2], "NextToken": "n"}), Answer(body={"Accounts": accounts[2:], "NextToken": None})],
               "sts:AssumeRole": assumed, "kms:ListKeys": KEYS_PAGE})
    for m in members[1:]:
        aws.known["AKID" + m], aws.tokens["AKID" + m] = "secret-" + m, "token-" + m
    run = Run(options)
    with ApiServer(aws, tls=False) as server:
        result = run.collect(server, "--services", "kms", "--org", "--role-name", "Audit", "--external-id", "e-1", "--exclude-accounts", "333344445555", "--strict")
        by_unit = dict(aws.script)
    expect(result.code == 3 and "444455556666 is left out" in result.err, result.err)
    expect(sorted(p["RoleArn"] for p in aws.asked("sts:AssumeRole")) == ["arn:aws:iam::%s:role/Audit" % m for m in ("222233334444", "444455556666")], aws.calls)
    expect(all(p["ExternalId"] == "e-1" and p["RoleSessionName"] == "assay" for p in aws.asked("sts:AssumeRole")), aws.calls)
    expect(run.manifest()["scopes"] == ["aws/111122223333", "aws/222233334444"], run.manifest()["scopes"])
    expect(not aws.wrong and "AKID222233334444" in aws.keys, aws.wrong)
    by_unit.update({"organizations:ListAccountsForParent": lambda r, p: Answer(body={"Accounts": [accounts[1]] if p["ParentId"] == "ou-b" else []}),
                    "organizations:ListOrganizationalUnitsForParent": lambda r, p: Answer(body={"OrganizationalUnits": [{"Id": "ou-b"}] if p["ParentId"] == "ou-a" else []})})
    aws.script = by_unit
    with ApiServer(aws, tls=False) as server:
        fine(run.collect(server, "--services", "kms", "--ou", "ou-a", out="unit"))
    expect(run.manifest("unit")["scopes"] == ["aws/222233334444"], run.manifest("unit")["scopes"])


# --- the policy and the plan -------------------------------------------------------------------------


def table(options, name):
    with open(os.path.join(options.root, "rules", "data", name), encoding="utf-8") as f:
        return [line.rstrip("\n").split("\t") for line in f if not line.startswith("#") and line.strip()]


def policy(options):
    """Documents below the limit of a managed policy, which allow what the plan asks, read alone, and deny data."""
    run = Run(options)
    text = process.run([options.bin, "collect", "aws", "--print-policy"], run.folder, run.env).out
    documents, decoder = [], json.JSONDecoder()
    while text.strip():
        document, end = decoder.raw_decode(text)
        documents.append(document)
        expect(len(re.sub(r"\s", "", text[:end])) <= 6144, "too long")
        text = text[end:].lstrip()
    allowed = {a for d in documents for s in d["Statement"] if s["Effect"] == "Allow" for a in s["Action"]}
    actions = {row[0] + ":" + row[5]: row[8] for row in table(options, "aws_operations.tsv")}
    for row in table(options, "aws_plan.tsv"):
        expect(not actions[row[1]] or actions[row[1]] in allowed, row[1])
    access = {(row[0] + ":" + row[1]).lower(): row[2] for row in table(options, "aws_iam_actions.tsv")}
    expect(not [a for a in allowed if access.get(a.lower(), "R") not in "LR"], [a for a in allowed if access.get(a.lower(), "R") not in "LR"])
    denied = [a for d in documents for s in d["Statement"] if s["Effect"] == "Deny" for a in s["Action"]]
    expect("secretsmanager:GetSecretValue" in denied and not allowed & set(denied), denied)
    few = json.loads(process.run([options.bin, "collect", "aws", "--print-policy", "--services", "kms"], run.folder, run.env).out)
    expect("kms:ListKeys" in few["Statement"][0]["Action"] and "ec2:DescribeVpcs" not in few["Statement"][0]["Action"], few)


def plan(options):
    """What the reader of snapshots understands is asked."""
    asked = {row[1] for row in table(options, "aws_plan.tsv")}
    known = {row[0] + ":" + row[5] for row in table(options, "aws_operations.tsv")}
    read = {row[1] for row in table(options, "live_aws.tsv") if row[0] in ("entity", "join") and ":" in row[1]}
    # In the account's details, and in the RDS API, already.
    elsewhere = {"iam:ListInstanceProfiles", "docdb:DescribeDBClusters", "docdb:DescribeDBInstances"}
    expect(not (read & known) - asked - elsewhere, sorted((read & known) - asked - elsewhere))


def usage(options):
    """What cannot be meant is said before anybody is asked."""
    run = Run(options)
    for args, words in ((("--services", "kmss"), 'did you mean "kms"?'), (("--regions", "eu west"), "no region"), (("--accounts", "12"), "12 digits"),
                        (("--max-age", "soon"), "--max-age"), (("--endpoint-url", "ftp://x"), "https://")):
        result = process.run([options.bin, "collect", "aws", "--out", run.path("snap")] + list(args), run.folder, run.env)
        expect(result.code == 2 and words in result.err and not os.path.exists(run.path("snap")), result.err)


TESTS = [usage, ec2, query, s3, json_protocols, rest_json, rest_xml, throttled, gives_up, refused, pages_in_circles, half_a_list, broken_networks,
         http_errors, clock, hosts, secrets_stay, killed, interrupted, failures_are_asked_again, refused_are_asked_again, sealed, over_tls, regions, organisation, policy, plan]


def run_test(test, name, options):
    try:
        test(options)
    except AssertionError as problem:
        return [(name, False, str(problem))]
    return [(name, True, "")]


def jobs(options, tests=None, area="collect/aws/"):
    named = [(t, area + t.__name__) for t in tests or TESTS]
    return [(name, lambda t=t, n=name: run_test(t, n, options)) for t, name in named if options.wants(name)]
