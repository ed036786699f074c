"""What failed, and whether most kinds of resource were judged."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    result = json.load(file)
for finding in result["findings"]:
    if finding["status"] == "fail":
        print("fail", finding["rule"], finding["resource"]["address"], finding["message"])
judged = {f["resource"]["kind"] for f in result["findings"] if f["status"] == "pass"}
print("judged" if len(judged) >= 15 else "judged too little: %s" % sorted(judged))
