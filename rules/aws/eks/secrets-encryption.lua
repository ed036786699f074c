return rule {
  id = "AWS-EKS-004", title = "Secrets are not envelope-encrypted",
  severity = "high", category = "encryption",
  aliases = { "CKV_AWS_58", "AVD-AWS-0039" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.eks.cluster",
  description = [[With envelope encryption the Secrets in etcd can only be read with a right on a key of one's own.]],
  remediation = [[Add `encryption_config` with `resources = ["secrets"]` and a `provider { key_arn = … }`.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html" },
  check = function(e)
    for _, config in ipairs(list(e.encryption)) do
      if has(config.resources, "secrets") then return end
    end
    return fail("Secrets of cluster " .. e.name .. " are not encrypted with a key of its own")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:eks:cluster", "name": "fire", "body": {"encryptionConfig": []}}]
]], [[resource "aws_eks_cluster" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:eks:cluster", "name": "dont_fire",
  "body": {"encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": "arn:k"}}]}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_eks_cluster" "dont_fire" {
  name = "dont_fire"
  encryption_config {
    resources = ["secrets"]
    provider { key_arn = aws_kms_key.k.arn }
  }
}]] },
    unknown = { [[
variable "r" { type = list(string) }
resource "aws_eks_cluster" "a" {
  name = "a"
  encryption_config { resources = var.r }
}]] },
  },
}
