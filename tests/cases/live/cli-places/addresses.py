import json
import sys

for entity in json.load(sys.stdin)["entities"]:
    if entity["kind"].startswith("aws.") and not entity["kind"].startswith("aws.account"):
        print(entity["kind"], entity["address"])
