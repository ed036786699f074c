return rule {
  id = "AWS-EKS-002", title = "API endpoint is public",
  severity = "medium", category = "network",
  aliases = { "CKV_AWS_39", "AVD-AWS-0040" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.eks.cluster",
  description = [[A private endpoint keeps the API server inside the VPC; a public one is reachable from outside even if some
addresses only.]],
  remediation = [[Set `endpoint_private_access = true` and `endpoint_public_access = false`.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html" },
  -- CKV_AWS_39 asks about the public endpoint only; a private endpoint that is missing beside it changes nothing more.
  check = function(e)
    if e.public then return fail("the API server of " .. e.name .. " has a public endpoint", { at = "public" }) end
  end,
  fix = { set("public", false), set("private", true) },
  tests = {
    fail = { live [[
[{"type": "aws:eks:cluster", "name": "fire",
  "body": {"resourcesVpcConfig": {"endpointPublicAccess": true, "endpointPrivateAccess": true}}}]
]], [[
resource "aws_eks_cluster" "fire" {
  name = "fire"
  vpc_config { subnet_ids = [] }
}]] },
    pass = { live [[
[{"type": "aws:eks:cluster", "name": "dont_fire",
  "body": {"resourcesVpcConfig": {"endpointPublicAccess": false, "endpointPrivateAccess": true}}}]
]], [[
resource "aws_eks_cluster" "dont_fire" {
  name = "dont_fire"
  vpc_config {
    endpoint_public_access  = false
    endpoint_private_access = true
  }
}]] },
    unknown = { [[
variable "p" { type = bool }
resource "aws_eks_cluster" "a" {
  name = "a"
  vpc_config { endpoint_public_access = var.p }
}]] },
  },
}
