local tags = lib "tags"

return rule {
  id = "TAG-003", title = "Owner is missing or is no known team",
  severity = "medium", category = "tagging",
  aliases = { "required-label-owner", "required-annotation-email" },
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "aws.s3.bucket", "aws.ec2.instance", "aws.ec2.volume", "aws.ec2.eip", "aws.ec2.security_group", "aws.vpc", "aws.vpc.subnet",
    "aws.vpc.nat_gateway", "aws.vpc.endpoint", "aws.rds.instance", "aws.rds.cluster", "aws.kms.key", "aws.eks.cluster",
    "aws.eks.node_group", "aws.iam.role",
    "k8s.namespace", "k8s.workload" },
  where = function(e) return tags.in_use(e, tags.owner_keys, "owner_required") end,
  description = [[When something breaks at night, the owner is who is called. Judged where the key is in use in the same code, or the
parameter `owner_required` is true; the teams may stand in `teams`.]],
  remediation = [[Add the tag `owner` (label `owner`) with the name or address of a team.]],
  references = { "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html" },
  check = function(e)
    local owner, key = tags.first(e, tags.owner_keys)
    if owner == nil and e.kind ~= "aws.vpc" and e.raw.metadata then
      local annotations = e.raw.metadata.annotations or {}
      owner = annotations.owner or annotations.email or annotations["owner/email"]
    end
    if owner == nil or owner == "" then return fail(e.name .. " names no owner") end
    local teams = param("teams", {})
    if #teams > 0 and not has(teams, owner) then
      return fail("the owner " .. owner .. " of " .. e.name .. " (" .. (key or "annotation") .. ") is no known team")
    end
  end,
  tests = {
    fail = { [[
resource "aws_vpc" "fire" {}
resource "aws_kms_key" "k" { tags = { owner = "net" } }]] },
    pass = { [[resource "aws_vpc" "dont_fire" { tags = { Owner = "net@example.com" } }]], yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: dont-fire, labels: { owner: shop } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire, namespace: dont-fire }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec: { containers: [{ name: a, image: "example.com/a:1" }] }
]] },
    unknown = { [[
variable "o" {}
resource "aws_vpc" "a" { tags = { Owner = var.o } }]] },
  },
}
