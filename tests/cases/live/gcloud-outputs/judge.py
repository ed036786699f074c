import json
import sys

report = json.load(sys.stdin)
for f in report.get("findings", []):
    print(f["status"], f["rule"], f["resource"]["address"])
for e in report.get("entities", []):
    if e["kind"] != "gcp.storage.bucket" and e["kind"].startswith("gcp."):
        print(e["kind"], e["address"])
