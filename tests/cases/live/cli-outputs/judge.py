import json, sys
for f in sorted(json.load(sys.stdin)["findings"], key=lambda f: (f["rule"], f["resource"]["address"])):
    print(f["rule"], f["status"], f["resource"]["address"])
