return rule {
  id = "AWS-EKS-008", title = "Cluster admin rights are broad or kept in the aws-auth map",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.eks.cluster", "aws.eks.access_policy", "k8s.configmap" },
  where = function(e) return e.kind ~= "k8s.configmap" or e.name == "aws-auth" end,
  description = [[Who makes a cluster is its administrator for ever unless told otherwise; a ConfigMap as the list of administrators
can be changed by whoever may write ConfigMaps. Administrators stand in the parameter `cluster_admins` (ARNs, with `*`).]],
  remediation = [[Set `access_config { authentication_mode = "API", bootstrap_cluster_creator_admin_permissions = false }` and give
rights by access entries.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html" },
  check = function(e)
    local function allowed(principal)
      for _, pattern in ipairs(param("cluster_admins", {})) do
        if glob(principal, pattern) then return true end
      end
      return false
    end
    if e.kind == "aws.eks.access_policy" then
      if e.policy == nil or not match(e.policy, "AmazonEKSClusterAdminPolicy$") then return end
      if not known(e.principal) or not allowed(e.principal) then
        return fail("access entry " .. e.name .. " gives cluster administration", { at = "policy", severity = "medium" })
      end
      return
    end
    if e.kind == "k8s.configmap" then
      local found = {}
      for _, field in ipairs { "mapRoles", "mapUsers" } do
        local text = e.data[field]
        if text ~= nil then
          for entry in string.gmatch(text .. "\n- ", "(.-)\n%s*%- r?o?l?e?u?s?") do
            local arn = match(entry, "arn:[^\\s\"']+")
            if match(entry, "system:masters") and not (arn and allowed(arn)) then
              found[#found + 1] = fail("aws-auth makes " .. (arn or "someone") .. " an administrator", { at = "data" })
            end
          end
        end
      end
      return found
    end
    if e.authentication == nil or e.authentication == "CONFIG_MAP" then
      return fail("administrators of cluster " .. e.name .. " stand in the ConfigMap aws-auth", { at = "authentication" })
    end
    if e.creator_admin then
      return fail("whoever creates cluster " .. e.name .. " stays its administrator", { at = "creator_admin", severity = "medium" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:eks:cluster", "name": "fire",
  "body": {"accessConfig": {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": false}}}]
]], [[resource "aws_eks_cluster" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:eks:cluster", "name": "dont_fire",
  "body": {"accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": false}}}]
]], [[
resource "aws_eks_cluster" "dont_fire" {
  name = "dont_fire"
  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false
  }
}]] },
    unknown = { [[
variable "mode" {}
resource "aws_eks_cluster" "a" {
  name = "a"
  access_config { authentication_mode = var.mode }
}]] },
  },
}
