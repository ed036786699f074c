return rule {
  id = "AWS-EKS-009", title = "No IAM OIDC provider or pod identity exists for the cluster",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.eks.cluster",
  where = function(e) return e.origin ~= "live" end,
  description = [[Pods without roles of their own use the node's, and so each has the rights of all.]],
  remediation = [[Add an `aws_iam_openid_connect_provider` for the cluster's issuer, or the add-on `eks-pod-identity-agent`.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html" },
  check = function(e)
    for _, addon in ipairs(e:satellites("addon")) do
      if addon.raw.addon_name == "eks-pod-identity-agent" then return end
    end
    if #e:satellites("identity") > 0 then return end
    if #graph.of_type("aws_iam_openid_connect_provider") > 0 then return end
    if e.space ~= "" then unknown("the cluster belongs to a module; its identity provider may stand elsewhere") end
    return fail("cluster " .. e.name .. " has neither an identity provider nor pod identities")
  end,
  tests = {
    fail = { [[resource "aws_eks_cluster" "fire" { name = "fire" }]] },
    pass = { [[
resource "aws_eks_cluster" "dont_fire" { name = "dont_fire" }
resource "aws_iam_openid_connect_provider" "p" {
  url = aws_eks_cluster.dont_fire.identity[0].oidc[0].issuer
}]] },
    unknown = { [[
variable "cluster" {}
resource "aws_eks_cluster" "a" { name = "a" }
resource "aws_eks_addon" "x" {
  cluster_name = var.cluster
  addon_name   = "eks-pod-identity-agent"
}]] },
  },
}
