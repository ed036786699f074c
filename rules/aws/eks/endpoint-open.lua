return rule {
  id = "AWS-EKS-001", title = "API endpoint is open to any address",
  severity = "critical", category = "network",
  aliases = { "CKV_AWS_38", "AVD-AWS-0041" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.eks.cluster",
  description = [[The API server answers the whole world: stolen credentials or a flaw in it are enough.]],
  remediation = [[Set `endpoint_public_access = false`, or name the networks in `public_access_cidrs`.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html" },
  check = function(e)
    if known(e.public) and e.public == false then return end
    local cidrs = e.public_cidrs
    if cidrs == nil or #cidrs == 0 then
      if not e.public then return end
      return fail("the API server of " .. e.name .. " is open to every address (public_access_cidrs is not set)", { at = "public_cidrs" })
    end
    for _, net in ipairs(cidrs) do
      if cidr.any(net) then
        if not e.public then return end
        return fail("the API server of " .. e.name .. " is open to " .. net, { at = "public_cidrs" })
      end
    end
  end,
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
  vpc_config { public_access_cidrs = ["192.0.2.0/24"] }
}]], [[
resource "aws_eks_cluster" "dont_fire" {
  name = "dont_fire"
  vpc_config { endpoint_public_access = false }
}]] },
    unknown = { [[
variable "nets" { type = list(string) }
resource "aws_eks_cluster" "a" {
  name = "a"
  vpc_config { public_access_cidrs = var.nets }
}]] },
  },
}
