-- What nodes need, and what AWS documents for common agents on them.
local usual = {
  AmazonEKSWorkerNodePolicy = true, AmazonEKSWorkerNodeMinimalPolicy = true, AmazonEKS_CNI_Policy = true,
  AmazonEC2ContainerRegistryReadOnly = true, AmazonEC2ContainerRegistryPullOnly = true, AmazonSSMManagedInstanceCore = true,
  AmazonEKSVPCResourceController = true, CloudWatchAgentServerPolicy = true, AmazonEBSCSIDriverPolicy = true,
}

return rule {
  id = "AWS-EKS-010", title = "Node role carries more than the worker policies",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.eks.node_group",
  where = function(e) return e.origin ~= "live" end,
  description = [[Every pod that reaches the metadata service has the rights of the node's role.]],
  remediation = [[Leave the worker, CNI and registry policies on the role; give the rest to service accounts.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html" },
  check = function(e)
    local found = {}
    for _, role in ipairs(e:targets(e.raw.node_role_arn)) do
      if role.kind == "aws.iam.role" then
        for _, attachment in ipairs(role:satellites("attachment")) do
          local arn = attachment.raw.policy_arn
          local name = arn ~= nil and match(arn, "[^/]+$")
          if name and match(arn, ":aws:policy/") and not usual[name] then
            found[#found + 1] = fail("the node role of " .. e.name .. " carries " .. name,
              { at = "node_role_arn", evidence = { { attachment, "attached here" } } })
          end
        end
        for _, inline in ipairs(role:satellites("policy")) do
          found[#found + 1] = fail("the node role of " .. e.name .. " carries the inline policy " .. inline.name,
            { at = "node_role_arn", severity = "medium", evidence = { { inline, "declared here" } } })
        end
      end
    end
    return found
  end,
  tests = {
    fail = { [[
resource "aws_iam_role" "n" { assume_role_policy = "{}" }
resource "aws_iam_role_policy_attachment" "s3" {
  role       = aws_iam_role.n.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}
resource "aws_eks_node_group" "fire" {
  cluster_name  = "c"
  node_role_arn = aws_iam_role.n.arn
}]] },
    pass = { [[
resource "aws_iam_role" "n" { assume_role_policy = "{}" }
resource "aws_iam_role_policy_attachment" "w" {
  role       = aws_iam_role.n.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"
}
resource "aws_eks_node_group" "dont_fire" {
  cluster_name  = "c"
  node_role_arn = aws_iam_role.n.arn
}]] },
    unknown = { [[
variable "policy" {}
resource "aws_iam_role" "n" { assume_role_policy = "{}" }
resource "aws_iam_role_policy_attachment" "w" {
  role       = aws_iam_role.n.name
  policy_arn = var.policy
}
resource "aws_eks_node_group" "a" {
  cluster_name  = "c"
  node_role_arn = aws_iam_role.n.arn
}]] },
  },
}
