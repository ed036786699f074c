import sys

path = ".github/workflows/preview.yml"
text = open(path).read()
text = text[:text.index("on:\n")] + "on:\n" + sys.argv[1] + "\n" + text[text.index("permissions:"):]
if len(sys.argv) > 3:
    text = text.replace("    runs-on:", "    environment: %s\n    runs-on:" % sys.argv[3])
open(path, "w").write(text)
path = "infra/main.tf"
text = open(path).read().replace("repo:acme/shop:pull_request", sys.argv[2])
open(path, "w").write(text)
