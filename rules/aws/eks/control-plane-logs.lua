local wanted = { "api", "audit", "authenticator", "controllerManager", "scheduler" }

return rule {
  id = "AWS-EKS-003", title = "Control plane does not send every log type",
  severity = "medium", category = "logging",
  aliases = { "CKV_AWS_37", "AVD-AWS-0038" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.eks.cluster",
  description = [[The control plane's logs are the only record of who did what in the cluster. None is written unless asked for.]],
  remediation = [[Set `enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]`.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html" },
  check = function(e)
    local logs, missing = {}, {}
    if e.origin ~= "live" then
      logs = e.logs
    else
      for _, group in ipairs(list(e.raw.logging.clusterLogging)) do
        if group.enabled == true then logs = group.types end
      end
    end
    for _, kind in ipairs(wanted) do
      if not has(logs, kind) then missing[#missing + 1] = kind end
    end
    if #missing > 0 then
      return fail("cluster " .. e.name .. " does not write the logs " .. table.concat(missing, ", "), { at = "logs" })
    end
  end,
  tests = {
    fail = { [[
resource "aws_eks_cluster" "fire" {
  name                      = "fire"
  enabled_cluster_log_types = ["api", "audit"]
}]], live [[
[{"type": "aws:eks:cluster", "name": "fire", "body": {"name": "c", "logging": {"clusterLogging": [{"types": ["api"], "enabled": true}]}}}]
]] },
    pass = { [[
resource "aws_eks_cluster" "dont_fire" {
  name                      = "dont_fire"
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
}]], live [[
[{"type": "aws:eks:cluster", "name": "dont_fire", "body": {"name": "c", "logging": {"clusterLogging": [
  {"types": ["api", "audit", "authenticator", "controllerManager", "scheduler"], "enabled": true}]}}}]
]] },
    unknown = { [[
variable "logs" { type = list(string) }
resource "aws_eks_cluster" "a" {
  name                      = "a"
  enabled_cluster_log_types = var.logs
}]] },
  },
}
