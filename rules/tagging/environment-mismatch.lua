local tags = lib "tags"

return rule {
  id = "TAG-005", title = "Environment tag contradicts account, path or workspace",
  severity = "high", category = "tagging",
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "aws.s3.bucket", "aws.ec2.instance", "aws.ec2.volume", "aws.ec2.eip", "aws.ec2.security_group", "aws.vpc", "aws.vpc.subnet",
    "aws.vpc.nat_gateway", "aws.vpc.endpoint", "aws.rds.instance", "aws.rds.cluster", "aws.kms.key", "aws.eks.cluster",
    "aws.eks.node_group", "aws.iam.role",
    "k8s.namespace", "k8s.workload" },
  where = function(e) return tags.normal(e.environment) ~= nil or e.raw.metadata.namespace ~= nil end,
  description = [[A resource that calls itself test in the production account escapes the rules of production.]],
  remediation = [[Correct the tag, or move the resource.]],
  references = { "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html" },
  check = function(e)
    local word = tags.first(e, tags.environment_keys)
    local said = tags.normal(word)
    if not said then return end
    local is, where = tags.normal(e.environment), "its place"
    if not is and e.raw.metadata.namespace then
      is, where = tags.normal(match(e.raw.metadata.namespace, "(?:^|-)(prod|production|staging|stage|dev|test|qa)$")), "its namespace"
    end
    if is and is ~= said then
      return fail(e.name .. " calls itself " .. word .. ", but " .. where .. " is " .. is, { at = "tags" })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: shop-prod, labels: { environment: test } }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: shop-prod, labels: { environment: production } }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    unknown = { files {
      ["envs/prod/main.tf"] = [[
variable "environment" {}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
  tags       = { environment = var.environment }
}]],
    } },
  },
}
