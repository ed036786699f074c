"""Services of AWS as a script: answers by operation, in each protocol, behind signatures that are checked.

    aws = Aws({"sts:GetCallerIdentity": IDENTITY, "kms:ListKeys": [page, page]})
    with ApiServer(aws, tls=False) as server: …

A list of answers is given one after the other, the last one again and again. What is not in the script
is refused. aws.calls are the (operation, parameters) that were asked; aws.keys the access keys."""
import hashlib
import hmac
import json
import re
import urllib.parse

from .api_server import Answer

ACCOUNT = "111122223333"
KEYS = {"AKIDEXAMPLE": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
TARGETS = {"TrentService": "kms", "DynamoDB_20120810": "dynamodb", "AWSOrganizationsV20161128": "organizations", "secretsmanager":
           "secretsmanager", "AWSWAF_20190729": "wafv2", "AmazonSQS": "sqs", "AmazonEC2ContainerServiceV20141113": "ecs",
           "Firehose_20150804": "firehose"}
VERSIONS = {"2011-06-15": "sts", "2010-05-08": "iam", "2016-11-15": "ec2", "2014-10-31": "rds", "2010-03-31": "sns", "2011-01-01": "autoscaling"}


def identity(account=ACCOUNT):
    return xml("<GetCallerIdentityResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><GetCallerIdentityResult>"
               "<Arn>arn:aws:iam::%s:user/audit</Arn><UserId>AIDA</UserId><Account>%s</Account></GetCallerIdentityResult>"
               "<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>" % (account, account))


def xml(text, status=200, headers=None):
    return Answer(status, text.encode(), headers)


def error(code, status=400, message="no", headers=None):
    """In every protocol at once: who reads JSON finds the header first."""
    return Answer(status, ("<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>" % (code, message)).encode(),
                  dict({"x-amzn-ErrorType": code}, **(headers or {})))


def json_error(code, status=400, message="no"):
    return Answer(status, {"__type": "com.amazon.coral#" + code, "message": message})


def quote(text):
    return urllib.parse.quote(text, safe="-_.~")


def signature(request, secret):
    """By https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html, apart from the program's own."""
    found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)",
                         request.headers["authorization"])
    _, day, region, service, names, given = found.groups()
    path, _, query = request.raw.partition("?")
    pairs = sorted((p.partition("=")[0], p.partition("=")[2]) for p in query.split("&") if p)
    headers = "".join("%s:%s\n" % (n, request.headers[n]) for n in names.split(";"))
    path = path if service == "s3" else urllib.parse.quote(path, safe="/-_.~")
    canonical = "\n".join((request.method, path, "&".join("%s=%s" % p for p in pairs), headers, names,
                           hashlib.sha256(request.body).hexdigest()))
    scope = "/".join((day, region, service, "aws4_request"))
    text = "\n".join(("AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == given, service, region


class Aws:
    def __init__(self, script, keys=None, tokens=None, paths=None):
        self.script = {"sts:GetCallerIdentity": identity()}
        self.script.update(script)
        self.known, self.tokens, self.paths = dict(KEYS if keys is None else keys), tokens or {}, paths or {}
        self.calls, self.keys, self.regions, self.wrong, self.at = [], [], [], [], {}

    def operation(self, request, service):
        target = request.headers.get("x-amz-target")
        if target:
            prefix, op = target.rsplit(".", 1)
            return TARGETS[prefix] + ":" + op, json.loads(request.body)
        if request.body.startswith(b"Action="):
            form = request.form()
            return VERSIONS[form.pop("Version")] + ":" + form.pop("Action"), form
        for pattern, op in self.paths.items():
            if re.fullmatch(pattern, "%s %s" % (request.method, request.raw)):
                return op, dict(request.query, **(json.loads(request.body) if request.body else {}))
        return service + ":" + request.path, request.query

    def __call__(self, request):
        service, region = "", ""
        if "authorization" in request.headers:
            key = re.search(r"Credential=([^/]+)/", request.headers["authorization"]).group(1)
            fine, service, region = signature(request, self.known.get(key, ""))
            if not fine or request.headers.get("x-amz-security-token", "") != self.tokens.get(key, ""):
                self.wrong.append((request.method, request.raw, key))
                return error("SignatureDoesNotMatch", 403)
            self.keys.append(key)
        op, params = self.operation(request, service)
        self.calls.append((op, params))
        self.regions.append((op, region))
        answer = self.script.get(op, json_error("AccessDeniedException") if "x-amz-target" in request.headers else error("AccessDenied", 403))
        if callable(answer):
            return answer(request, params)
        if isinstance(answer, list):
            at = self.at.get(op, 0)
            self.at[op] = at + 1
            answer = answer[min(at, len(answer) - 1)]
        return answer

    def asked(self, op):
        return [params for called, params in self.calls if called == op]
