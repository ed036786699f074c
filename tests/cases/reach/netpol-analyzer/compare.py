"""Compares what `assay reach --all` says of each cluster with what netpol-analyzer said."""
import json
import subprocess

recorded = json.load(open("recorded.json"))
n_same = 0
for name, lines in sorted(recorded.items()):
    said = subprocess.run(["assay", "reach", "--all", "--format", "json", "-q", "clusters/" + name],
                          capture_output=True, text=True, check=True).stdout
    ours = {(c["src"], c["dst"], c["ports"]) for c in json.loads(said)["connections"]}
    theirs = {tuple(line) for line in lines}
    n_same += ours == theirs
    for line in sorted(theirs - ours):
        print(name, "missing", *line)
    for line in sorted(ours - theirs):
        print(name, "extra", *line)
print(n_same, "of", len(recorded), "agree")
