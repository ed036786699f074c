local function minor(version)
  return tonumber(string.match(version, "^1%.(%d+)"))
end

return rule {
  id = "AWS-EKS-005", title = "Kubernetes version is out of support",
  severity = "high", category = "hygiene",
  aliases = { "CKV_AWS_339" },
  frameworks = { "NIST-800-53r5:SI-2", "PCI-DSS-4.0:6.3.3", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = { "aws.eks.cluster", "aws.eks.node_group" },
  description = [[A version out of support gets no fixes. The oldest version in standard support stands in the parameter
`eks_oldest_version`. Nodes may be at most three minor versions behind; more than two leaves no room for the next upgrade.]],
  remediation = [[Upgrade the cluster, then its node groups, one minor version at a time.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html" },
  check = function(e)
    local version = e.version
    if version == nil then
      if e.kind == "aws.eks.node_group" then return end
      unknown("no version is set: the newest at the time of creation was taken")
    end
    local is = minor(version)
    if e.kind == "aws.eks.cluster" then
      local oldest = param("eks_oldest_version", "1.33")
      if is and is < minor(oldest) then
        return fail("cluster " .. e.name .. " runs Kubernetes " .. version .. "; the oldest supported version is " .. oldest,
          { at = "version" })
      end
      return
    end
    for _, cluster in ipairs(e:targets(e.raw.cluster_name)) do
      if cluster.kind == "aws.eks.cluster" and cluster.version ~= nil and is and (minor(cluster.version) or 0) - is > 2 then
        return fail("nodes of " .. e.name .. " run " .. version .. ", their cluster " .. cluster.version, { at = "version" })
      end
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:eks:cluster", "name": "fire", "body": {"version": "1.21"}}]
]], [[
resource "aws_eks_cluster" "fire" {
  name    = "fire"
  version = "1.21"
}]] },
    pass = { live [[
[{"type": "aws:eks:cluster", "name": "dont_fire", "body": {"version": "1.33"}}]
]], [[
resource "aws_eks_cluster" "dont_fire" {
  name    = "dont_fire"
  version = "1.34"
}]] },
    unknown = { [[resource "aws_eks_cluster" "a" { name = "a" }]] },
  },
}
