"""Where assay collect aws finds its keys, in the order of the SDKs
(https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html): against services that hand them out."""
import hashlib
import json
import os
import time

from . import collect_aws
from .api_server import Answer, ApiServer
from .aws_server import Aws, xml
from .collect_aws import KEYS_PAGE, Run, expect, fine

SOON = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 120))
LATER = "2036-01-31T00:00:00Z"


def sts(wrapper, key="AKIDROLE", expiration=LATER):
    return xml("<%sResponse><%sResult><Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token"
               "</SessionToken><Expiration>%s</Expiration></Credentials></%sResult></%sResponse>" % (wrapper, wrapper, key, expiration, wrapper, wrapper))


def container_keys(key="AKIDBOX", expiration=LATER):
    return Answer(body={"AccessKeyId": key, "SecretAccessKey": "box-secret", "Token": "box-token", "Expiration": expiration})


def server_of(script=None, more=None):
    """Keys that the services below hand out, beside those of the environment and of profiles."""
    aws = Aws(dict({"kms:ListKeys": KEYS_PAGE, "kms:ListAliases": Answer(body={"Aliases": []})}, **(script or {})))
    aws.known.update({"AKIDROLE": "role-secret", "AKIDBOX": "box-secret", "AKIDNEW": "box-secret", "AKIDPROFILE": "profile-secret", "AKIDPROC": "process-secret",
                      "AKIDSSO": "sso-secret"})
    aws.tokens.update({"AKIDROLE": "role-token", "AKIDBOX": "box-token", "AKIDNEW": "box-token", "AKIDSSO": "sso-token", "AKIDPROC": "process-token"})
    return aws


def collect(run, aws, *args, env=None, before=None):
    with ApiServer(aws, tls=False) as server:
        if before:
            server.faults.append(before)
        env = {k: v.replace("SERVER", server.url) for k, v in (env or {}).items()}
        result = run.collect(server, "--services", "kms", *args, env=env)
        result.requests = server.requests
    expect(not result.crashed, result.err)
    for secret in ("role-secret", "box-secret", "profile-secret", "process-secret", "sso-secret", "role-token", "s3cr3t", "refresh-1"):
        expect(secret not in result.err + result.out, "a secret is printed: " + result.err)
        expect(not os.path.isdir(run.path("snap")) or secret not in run.everything(), "a secret is kept")
    return result


def used(aws):
    """The keys of the collection itself."""
    return set(aws.keys)


def profile(run, config="", credentials=""):
    run.write(".aws/config", config)
    run.write(".aws/credentials", credentials)


STATIC = "[%s]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key=profile-secret   # of the lab\n"


def environment_first(options):
    run, aws = Run(options), server_of()
    profile(run, credentials=STATIC % "default")
    fine(collect(run, aws))
    expect(used(aws) == {"AKIDEXAMPLE"}, aws.keys)


def named_profile(options):
    """--profile is before the environment; the region is the profile's."""
    run, aws = Run(options), server_of()
    profile(run, "[profile lab]\nregion = eu-central-1\n", STATIC % "lab")
    with ApiServer(aws, tls=False) as server:
        fine(run.collect(server, "--services", "iam", "--profile", "lab"))
    expect(used(aws) == {"AKIDPROFILE"} and {r for op, r in aws.regions if op.startswith("sts")} == {"eu-central-1"}, aws.regions)


def default_profile(options):
    run, aws = Run(options, keys=False), server_of()
    profile(run, credentials=STATIC % "default")
    fine(collect(run, aws))
    expect(used(aws) == {"AKIDPROFILE"}, aws.keys)


def no_such_profile(options):
    result = collect(Run(options), server_of(), "--profile", "gone")
    expect(result.code == 2 and 'there is no profile "gone"' in result.err, result.err)


def role(options):
    """source_profile, with what STS is told."""
    run, aws = Run(options, keys=False), server_of({"sts:AssumeRole": sts("AssumeRole")})
    profile(run, "[profile audit]\nrole_arn = arn:aws:iam::111122223333:role/Audit\nsource_profile = base\nexternal_id = e-1\n"
                 "role_session_name = nightly\nduration_seconds = 1800\n", STATIC % "base")
    fine(collect(run, aws, "--profile", "audit"))
    expect(aws.asked("sts:AssumeRole") == [{"RoleArn": "arn:aws:iam::111122223333:role/Audit", "RoleSessionName": "nightly", "ExternalId": "e-1",
                                            "DurationSeconds": "1800"}], aws.calls)
    expect(aws.keys[0] == "AKIDPROFILE" and set(aws.keys[1:]) == {"AKIDROLE"} and not aws.wrong, aws.keys)


def role_in_a_circle(options):
    run = Run(options, keys=False)
    profile(run, "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = b\n"
                 "[profile b]\nrole_arn = arn:aws:iam::111122223333:role/B\nsource_profile = a\n")
    result = collect(run, server_of(), "--profile", "a")
    expect(result.code == 2 and "circle" in result.err, result.err)


def role_of_environment(options):
    run, aws = Run(options), server_of({"sts:AssumeRole": sts("AssumeRole")})
    profile(run, "[profile audit]\nrole_arn = arn:aws:iam::111122223333:role/Audit\ncredential_source = Environment\n")
    fine(collect(run, aws, "--profile", "audit"))
    expect(aws.keys[0] == "AKIDEXAMPLE" and set(aws.keys[1:]) == {"AKIDROLE"}, aws.keys)


def mfa(options):
    """A code from --mfa-code; without one it ends and says so, and asks nobody."""
    run, aws = Run(options, keys=False), server_of({"sts:AssumeRole": sts("AssumeRole")})
    profile(run, "[profile audit]\nrole_arn = arn:aws:iam::111122223333:role/Audit\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/me\n",
            STATIC % "base")
    without = collect(run, aws, "--profile", "audit")
    expect(without.code == 2 and "--mfa-code" in without.err and not aws.calls, without.err)
    fine(collect(run, aws, "--profile", "audit", "--mfa-code", "123456"))
    asked = aws.asked("sts:AssumeRole")[0]
    expect((asked["SerialNumber"], asked["TokenCode"]) == ("arn:aws:iam::111122223333:mfa/me", "123456"), asked)


def role_refused(options):
    run = Run(options, keys=False)
    profile(run, "[profile audit]\nrole_arn = arn:aws:iam::111122223333:role/Audit\nsource_profile = base\n", STATIC % "base")
    result = collect(run, server_of(), "--profile", "audit")
    expect(result.code == 2 and "role/Audit cannot be assumed: AccessDenied" in result.err, result.err)


def web_identity(options):
    """IRSA: the token of a file, and a request without a signature."""
    run, aws = Run(options, keys=False), server_of({"sts:AssumeRoleWithWebIdentity": sts("AssumeRoleWithWebIdentity")})
    token = run.write("token", "s3cr3t.jwt\n")
    result = fine(collect(run, aws, env={"AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/pod"}))
    expect(aws.asked("sts:AssumeRoleWithWebIdentity") == [{"RoleArn": "arn:aws:iam::111122223333:role/pod", "RoleSessionName": "assay",
                                                           "WebIdentityToken": "s3cr3t.jwt"}], aws.calls)
    expect("authorization" not in result.requests[0].headers and used(aws) == {"AKIDROLE"}, aws.keys)


def container(options):
    """EKS Pod Identity: the token's file is read for each request."""
    run, aws = Run(options, keys=False), server_of()
    token = run.write("token", "s3cr3t\n")

    def agent(request):
        if request.path == "/v1/credentials":
            return container_keys() if request.headers.get("authorization") == "s3cr3t" else Answer(401)
    fine(collect(run, aws, before=agent, env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/v1/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": token}))
    expect(used(aws) == {"AKIDBOX"} and not aws.wrong, aws.keys)


def container_elsewhere(options):
    """Plain HTTP to another host is refused, also where its name begins like an address of this machine."""
    for host in ("http://198.51.100.7/keys", "http://127.0.0.1.attacker.example/keys", "http://localhost.attacker.example/"):
        result = collect(Run(options, keys=False), server_of(), env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": host})
        expect(result.code == 2 and "refused" in result.err, host + ": " + result.err)


def instance(options):
    """IMDSv2: a token by PUT, then the role, its keys, and the region."""
    run, aws = Run(options, keys=False), server_of()
    base = "/latest/meta-data/"

    def metadata(request):
        if not request.path.startswith("/latest/"):
            return None
        if request.path == "/latest/api/token":
            fine_ = request.method == "PUT" and int(request.headers["x-aws-ec2-metadata-token-ttl-seconds"]) > 0
            return Answer(200 if fine_ else 403, b"imds-t0ken")
        if request.headers.get("x-aws-ec2-metadata-token") != "imds-t0ken":
            return Answer(401)
        return {base + "iam/security-credentials/": Answer(body=b"node-role"), base + "iam/security-credentials/node-role": container_keys(),
                base + "placement/region": Answer(body=b"ap-south-1")}.get(request.path, Answer(404))
    del run.env["AWS_EC2_METADATA_DISABLED"]
    fine(collect(run, aws, before=metadata, env={"AWS_EC2_METADATA_SERVICE_ENDPOINT": "SERVER/"}))
    expect(used(aws) == {"AKIDBOX"} and ("sts:GetCallerIdentity", "ap-south-1") in aws.regions, aws.regions)


def nothing(options):
    result = collect(Run(options, keys=False), server_of())
    expect(result.code == 2 and "there are no credentials" in result.err, result.err)


def program(options):
    """credential_process, without a shell; --no-exec forbids it."""
    run, aws = Run(options, keys=False), server_of()
    script = run.write("my keys", "#!/bin/sh\n[ \"$1\" = 'a b;$HOME' ] || exit 1\necho '{\"Version\": 1, \"AccessKeyId\": \"AKIDPROC\", \"SecretAccessKey\": "
                                  "\"process-secret\", \"SessionToken\": \"process-token\"}'\n")
    os.chmod(script, 0o700)
    profile(run, "[default]\ncredential_process = \"%s\" 'a b;$HOME'\n" % script)
    forbidden = collect(run, aws, "--no-exec")
    expect(forbidden.code == 2 and "--no-exec" in forbidden.err, forbidden.err)
    fine(collect(run, aws))
    expect(used(aws) == {"AKIDPROC"} and not aws.wrong, aws.keys)


def program_fails(options):
    run = Run(options, keys=False)
    profile(run, "[default]\ncredential_process = /bin/false\n")
    result = collect(run, server_of())
    expect(result.code == 2 and "credential_process of the profile failed" in result.err, result.err)


SSO = "[profile corp]\nsso_session = my-sso\nsso_account_id = 111122223333\nsso_role_name = Audit\n[sso-session my-sso]\nsso_region = eu-west-1\n" \
      "sso_start_url = https://corp.example/start\n"


def portal(request):
    if request.path == "/federation/credentials":
        right = request.headers.get("x-amz-sso_bearer_token") == "token-2" and request.query == {"account_id": "111122223333", "role_name": "Audit"}
        return Answer(body={"roleCredentials": {"accessKeyId": "AKIDSSO", "secretAccessKey": "sso-secret", "sessionToken": "sso-token",
                                                "expiration": 2085264000000}}) if right else Answer(401, {"message": "no"})
    if request.path == "/token":
        body = json.loads(request.body)
        right = (body["grantType"], body["refreshToken"], body["clientId"], body["clientSecret"]) == ("refresh_token", "refresh-1", "client", "s3cr3t")
        return Answer(body={"accessToken": "token-2", "expiresIn": 3600, "refreshToken": "refresh-2"}) if right else Answer(400, {"error": "invalid_grant"})


def sso(options):
    """The cached token of `aws sso login`; an expired one is renewed and written back; without one it says what to do."""
    cache = ".aws/sso/cache/%s.json" % hashlib.sha1(b"my-sso").hexdigest()
    run, aws = Run(options, keys=False), server_of()
    profile(run, SSO)
    args = dict(before=portal, env={"AWS_PROFILE": "corp"})
    without = collect(run, aws, **args)
    expect(without.code == 2 and "aws sso login" in without.err, without.err)
    token = {"accessToken": "token-2", "expiresAt": LATER, "region": "eu-west-1", "startUrl": "https://corp.example/start"}
    run.write(cache, json.dumps(token))
    fine(collect(run, aws, **args))
    expect(used(aws) == {"AKIDSSO"} and not aws.wrong, aws.keys)
    old = dict(token, accessToken="token-1", expiresAt="2026-01-31T00:00:00Z", refreshToken="refresh-1", clientId="client", clientSecret="s3cr3t")
    run.write(cache, json.dumps(old))
    with ApiServer(aws, tls=False) as server:
        server.faults.append(portal)
        fine(run.collect(server, "--services", "kms", out="again", env={"AWS_PROFILE": "corp"}))
    with open(run.path(cache), encoding="utf-8") as f:
        kept = json.load(f)
    expect((kept["accessToken"], kept["refreshToken"], kept["clientId"]) == ("token-2", "refresh-2", "client") and kept["expiresAt"] > "2026", kept)
    expect(os.stat(run.path(cache)).st_mode & 0o077 == 0, "others may read the token")


def renewed(options):
    """Keys that end in two minutes are fetched anew for each request, and those that a service calls expired once more."""
    run, seen = Run(options, keys=False), []

    def agent(request):
        if request.path == "/keys":
            seen.append(request)
            return container_keys("AKIDBOX" if len(seen) < 2 else "AKIDNEW", LATER)

    def expired(request, params):
        return Answer(400, {"__type": "ExpiredTokenException"}) if "AKIDBOX" in request.headers["authorization"] else KEYS_PAGE
    aws = server_of({"kms:ListKeys": expired})
    fine(collect(run, aws, before=agent, env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/keys"}))
    expect(len(seen) == 2 and run.manifest()["missing"] == [], (len(seen), run.manifest()["missing"]))
    run, aws = Run(options, keys=False), server_of()
    seen.clear()

    def soon(request):
        if request.path == "/keys":
            seen.append(request)
            return container_keys("AKIDBOX", SOON)
    fine(collect(run, aws, before=soon, env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/keys"}))
    expect(len(seen) >= 3, "%d times" % len(seen))


TESTS = [environment_first, named_profile, default_profile, no_such_profile, role, role_in_a_circle, role_of_environment, mfa, role_refused, web_identity,
         container, container_elsewhere, instance, nothing, program, program_fails, sso, renewed]


def jobs(options):
    return collect_aws.jobs(options, TESTS, "collect/aws-credentials/")
