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
wanted = ("AR ARMOR BT COST DNS FN FS GCE GCS GKE IAM KMS LB LOG MON PS REDIS SM SQL VPC").split()
print("not judged:", [s for s in wanted if "GCP-" + s not in judged])
