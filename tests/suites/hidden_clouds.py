"""testdata/secrets, planted in accounts of AWS and projects of Google Cloud: in user data, environments, commands, metadata,
tags and descriptions. What `assay collect` keeps and says, and what is then made of it, holds none of them, nor the keys that
it asked with."""
import base64
import glob
import os
import re

from . import process
from .api_server import Answer, ApiServer, tls_files, unpack
from .aws_server import KEYS, Aws, error, xml
from .collect_gcp import TOKEN, Google, data
from .hidden import commands, files_below, held, looked_through

# What is made of a snapshot, and where it goes.
AFTER = [
    "scan --format json --show-passed snap",
    "scan --verbose snap",
    "scan --output sarif=r.sarif --output html=r.html --output csv=r.csv --output junit=r.xml snap",
    "audit --history h.sqlite --scope s --metrics m.prom --output json=a.json snap",
    "history findings --history h.sqlite --format json",
    "report --format pdf -o live.pdf snap",
    "report --bundle live.tar snap",
    "graph --format json --attributes snap",
    "graph --format ndjson --attributes snap",
    "query --format json true snap",
    "drift --all --format text --live snap infra",
    "drift --all --format json --live snap infra",
    "iam escalate --format json snap",
    "paths --format json snap",
    "reach --all snap",
]


def jobs(options):
    named = [("secrets/aws", aws), ("secrets/gcp", gcp)]
    return [(name, lambda n=name, r=run: [looked_through(options, n, r)]) for name, run in named if options.wants(name)]


def planted(folder):
    """The texts by file, and what tools.env sets."""
    texts = {}
    for path in sorted(files_below(os.path.join(folder, "app")) | files_below(os.path.join(folder, "ci"))):
        with open(path, encoding="utf-8") as file:
            texts[os.path.basename(path)] = file.read()
    env = [line.removeprefix("export ").split("=", 1) for line in texts["tools.env"].splitlines() if "=" in line]
    return texts, env


def kept_in(folder, secrets):
    """What is in the snapshot, unpacked; also behind base64."""
    problems, marks = [], 0
    for path in glob.glob(os.path.join(folder, "**", "*"), recursive=True):
        if not os.path.isfile(path):
            continue
        text = unpack(path) if path.endswith(".zst") else open(path, encoding="utf-8").read()
        marks += text.count("redacted")
        for run in re.findall(r"[A-Za-z0-9+/]{24,}={0,2}", text):
            text += base64.b64decode(run[:len(run) // 4 * 4]).decode("latin-1")
        problems += ["%s holds %s…" % (os.path.basename(path), s) for s in held(text, secrets)]
    return problems + (["nothing was taken out"] if marks < 5 else [])


def code_of(folder):
    """Nothing planted in what the account is compared with: the plain text is looked for in the answers only."""
    os.makedirs(os.path.join(folder, "infra"), exist_ok=True)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


INSTANCES = """<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><instanceState><name>running</name>
</instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>"""
USER_DATA = "<DescribeInstanceAttributeResponse><instanceId>i-1</instanceId><userData><value>%s</value></userData></DescribeInstanceAttributeResponse>"
TEMPLATES = """<DescribeLaunchTemplatesResponse><launchTemplates><item><launchTemplateId>lt-1</launchTemplateId><launchTemplateName>api</launchTemplateName>
</item></launchTemplates></DescribeLaunchTemplatesResponse>"""
VERSIONS = """<DescribeLaunchTemplateVersionsResponse><launchTemplateVersionSet><item><launchTemplateId>lt-1</launchTemplateId><versionNumber>1</versionNumber>
<defaultVersion>true</defaultVersion><launchTemplateData><userData>%s</userData></launchTemplateData></item></launchTemplateVersionSet>
</DescribeLaunchTemplateVersionsResponse>"""
CONFIGURATIONS = """<DescribeLaunchConfigurationsResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><DescribeLaunchConfigurationsResult>
<LaunchConfigurations><member><LaunchConfigurationName>old</LaunchConfigurationName><UserData>%s</UserData></member></LaunchConfigurations>
</DescribeLaunchConfigurationsResult></DescribeLaunchConfigurationsResponse>"""


def account(texts, env):
    script = base64.b64encode(texts["deploy.sh"].encode()).decode()
    other = base64.b64encode("\n".join(texts.values()).encode()).decode()
    cluster, service, task = ("arn:aws:ecs:eu-west-1:111122223333:" + name for name in ("cluster/c", "service/c/s", "task-definition/t:1"))
    functions = {"Functions": [{"FunctionName": "f", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:f",
                                "Environment": {"Variables": dict(env)}}]}
    definition = {"taskDefinition": {"taskDefinitionArn": task, "family": "t", "containerDefinitions": [
        {"name": "api", "image": "registry.internal/api:1", "command": ["sh", "-c", texts["deploy.sh"]], "dockerLabels": dict(env),
         "entryPoint": ["sh", "-c", texts["deploy.sh"]], "healthCheck": {"command": ["CMD-SHELL", texts["deploy.sh"]]},
         "environment": [{"name": n, "value": v} for n, v in env]}]}}
    stream = {"DeliveryStreamDescription": {"DeliveryStreamName": "d", "Destinations": [
        {"DestinationId": "1", "SplunkDestinationDescription": {"HECEndpoint": "https://splunk.internal", "HECToken": env[0][1]}},
        {"DestinationId": "2", "HttpEndpointDestinationDescription": {"RequestConfiguration": {"CommonAttributes": [
            {"AttributeName": n, "AttributeValue": v} for n, v in env]}}}]}}
    stages = {"item": [{"stageName": "prod", "variables": dict(env)}]}
    http_stages = {"Items": [{"StageName": "prod", "StageVariables": dict(env)}]}
    refused = error("AccessDenied", 403, "no: " + escaped(texts["deploy.sh"]))
    return Aws({
        "ec2:DescribeInstances": xml(INSTANCES), "ec2:DescribeInstanceAttribute": xml(USER_DATA % script),
        "ec2:DescribeLaunchTemplates": xml(TEMPLATES), "ec2:DescribeLaunchTemplateVersions": xml(VERSIONS % other),
        "autoscaling:DescribeLaunchConfigurations": xml(CONFIGURATIONS % script), "ec2:DescribeVolumes": refused,
        "lambda:ListFunctions": Answer(body=functions), "ecs:ListClusters": Answer(body={"clusterArns": [cluster]}),
        "ecs:DescribeClusters": Answer(body={"clusters": [{"clusterArn": cluster, "clusterName": "c"}]}),
        "ecs:ListServices": Answer(body={"serviceArns": [service]}),
        "ecs:DescribeServices": Answer(body={"services": [{"serviceArn": service, "serviceName": "s", "clusterArn": cluster, "taskDefinition": task}]}),
        "ecs:DescribeTaskDefinition": Answer(body=definition), "apigateway:GetRestApis": Answer(body={"item": [{"id": "a1", "name": "a"}]}),
        "apigateway:GetStages": Answer(body=stages), "apigatewayv2:GetApis": Answer(body={"Items": [{"ApiId": "b1", "Name": "b"}]}),
        "apigatewayv2:GetStages": Answer(body=http_stages), "firehose:ListDeliveryStreams": Answer(body={
            "DeliveryStreamNames": ["d"], "HasMoreDeliveryStreams": False}), "firehose:DescribeDeliveryStream": Answer(body=stream),
    }, paths={r"GET /2015-03-31/functions/?(\?.*)?": "lambda:ListFunctions", r"GET /restapis(\?.*)?": "apigateway:GetRestApis",
              r"GET /restapis/a1/stages(\?.*)?": "apigateway:GetStages", r"GET /v2/apis(\?.*)?": "apigatewayv2:GetApis",
              r"GET /v2/apis/b1/stages(\?.*)?": "apigatewayv2:GetStages"})


def aws(options, work, folder, secrets):
    texts, env = planted(folder)
    code_of(folder)
    served = account(texts, env)
    key, secret = next(iter(KEYS.items()))
    secrets = secrets + [secret, secret[:12], "Signature="]
    environment = dict(process.environment(work), AWS_EC2_METADATA_DISABLED="true", AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret)
    snap = os.path.join(folder, "snap")
    with ApiServer(served, tls=False) as server:
        result = process.run([options.bin, "collect", "aws", "--endpoint-url", server.url, "--regions", "eu-west-1", "--services",
                              "ec2,autoscaling,lambda,ecs,firehose,apigateway,apigatewayv2", "--out", snap], folder, environment, timeout=120)
    problems = ["collect prints %s…" % s for s in held(result.out + result.err, secrets)]
    asked = {op for op, _ in served.calls}
    problems += ["%s was not asked" % op for op in ("ec2:DescribeInstanceAttribute", "ec2:DescribeLaunchTemplateVersions", "lambda:ListFunctions",
                                                    "autoscaling:DescribeLaunchConfigurations", "ecs:DescribeTaskDefinition",
                                                    "apigateway:GetStages", "apigatewayv2:GetStages", "firehose:DescribeDeliveryStream") if op not in asked]
    if result.code not in (0, 3) or result.crashed:
        return problems + ["collect: exit %s: %s" % (result.code, result.err[:2000])]
    return problems + kept_in(snap, secrets) + commands(options, work, folder, secrets, AFTER)


class Shop(Google):
    """The careless project, with the planted texts in metadata, environments, labels and descriptions."""

    def __init__(self, folder, texts, env):
        super().__init__(folder)
        self.texts, self.env = texts, env

    def file(self, path):
        body = super().file(path)
        for asset in (body or {}).get("assets", []):
            thing = asset.get("resource", {}).get("data", {})
            if asset["assetType"] == "compute.googleapis.com/Instance":
                thing["metadata"] = {"items": [{"key": "startup-script", "value": self.texts["deploy.sh"]}] +
                                     [{"key": name, "value": text} for name, text in self.texts.items()]}
            elif asset["assetType"] == "compute.googleapis.com/Project":
                thing["commonInstanceMetadata"] = {"items": [{"key": n, "value": v} for n, v in self.env]}
            elif asset["assetType"] == "compute.googleapis.com/Firewall":
                thing["description"] = self.texts["deploy.sh"]
        if body and path.endswith("assets.RESOURCE"):
            body["assets"].append({
                "name": "//run.googleapis.com/projects/shop-careless/locations/europe-west1/services/api", "assetType": "run.googleapis.com/Service",
                "ancestors": ["projects/220811119933"], "resource": {"version": "v2", "parent": "//cloudresourcemanager.googleapis.com/projects/220811119933", "data": {
                    "name": "projects/shop-careless/locations/europe-west1/services/api", "template": {"containers": [
                        {"image": "registry.internal/api:1", "args": [self.texts["deploy.sh"]], "env": [{"name": n, "value": v} for n, v in self.env]}]}}}})
        return body


def gcp(options, work, folder, secrets):
    texts, env = planted(folder)
    code_of(folder)
    secrets = secrets + [TOKEN]
    environment = dict(process.environment(work), CLOUDSDK_AUTH_ACCESS_TOKEN=TOKEN)
    snap = os.path.join(folder, "snap")
    with ApiServer(Shop(data(options, "careless"), texts, env)) as server:
        result = process.run([options.bin, "collect", "gcp", "--gcp-endpoint-url", server.url, "--ca-file", tls_files()["ca"], "--out", snap,
                              "--projects", "shop-careless"], folder, environment, timeout=120)
    problems = ["collect prints %s…" % s for s in held(result.out + result.err, secrets)]
    if result.code not in (0, 3) or result.crashed:
        return problems + ["collect: exit %s: %s" % (result.code, result.err[:2000])]
    return problems + kept_in(snap, secrets) + commands(options, work, folder, secrets, AFTER)
