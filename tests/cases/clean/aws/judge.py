"""What failed, what could not be read, and which services no rule has judged."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    result = json.load(file)
for finding in result["findings"]:
    if finding["status"] == "fail":
        print("fail", finding["rule"], finding["resource"]["address"], finding["message"])
for diagnostic in result["diagnostics"]:
    if diagnostic["severity"] == "error":
        print("error", diagnostic["message"])
judged = {f["rule"].rsplit("-", 1)[0] for f in result["findings"] if f["status"] == "pass"}
wanted = ("ACM AMG AMP APIGW ASG BACKUP CACHE CF COST CW DDB DET DOCDB DX EBS EC2 ECR EFS EKS ELB GA IAM "
          "KEYSPACES KMS LAMBDA MSG ORG R53 RDS S3 SG SHIELD SM SSM TGW TRAIL TS VPC VPN WAF XRAY").split()
print("not judged:", [s for s in wanted if "AWS-" + s not in judged])
