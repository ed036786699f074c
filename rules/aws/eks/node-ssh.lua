local values = lib "values"

return rule {
  id = "AWS-EKS-006", title = "Node group allows SSH from everywhere",
  severity = "high", category = "network",
  aliases = { "CKV_AWS_100" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.eks.node_group",
  description = [[A key without source groups opens SSH of every node to the world: EKS makes the rule itself.]],
  remediation = [[Set `source_security_group_ids`, or leave `remote_access` out and use Session Manager.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eks_node_group" },
  check = function(e)
    if e.origin ~= "live" and not values.set(e, e.raw.remote_access, "ec2_ssh_key") then return end
    if e.origin == "live" and e.ssh_key == nil then return end
    local sources = e.ssh_sources
    if sources == nil or #sources == 0 then
      return fail("nodes of " .. e.name .. " accept SSH from everywhere", { at = "ssh_key" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:eks:nodegroup", "name": "fire", "body": {"remoteAccess": {"ec2SshKey": "k", "sourceSecurityGroups": []}}}]
]], [[
resource "aws_eks_node_group" "fire" {
  cluster_name = "c"
  remote_access { ec2_ssh_key = "ops" }
}]] },
    pass = { live [[
[{"type": "aws:eks:nodegroup", "name": "dont_fire",
  "body": {"remoteAccess": {"ec2SshKey": "k", "sourceSecurityGroups": ["sg-1"]}}}]
]], [[
resource "aws_eks_node_group" "dont_fire" {
  cluster_name = "c"
  remote_access {
    ec2_ssh_key               = "ops"
    source_security_group_ids = ["sg-1"]
  }
}]] },
    unknown = { [[
variable "groups" { type = list(string) }
resource "aws_eks_node_group" "a" {
  cluster_name = "c"
  remote_access {
    ec2_ssh_key               = "ops"
    source_security_group_ids = var.groups
  }
}]] },
  },
}
