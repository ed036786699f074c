import json, sys
report = json.load(sys.stdin)
for f in sorted(report["findings"], key=lambda f: (f["rule"], f["resource"]["address"], f["status"])):
    print(f["rule"], f["status"], f["resource"]["address"], f["message"] if f["status"] == "unknown" else "")
for d in report["diagnostics"]:
    print(d["severity"], d["message"])
