return rule {
  id = "AWS-ECR-002", title = "Image tags can be overwritten",
  severity = "medium", category = "supply-chain",
  aliases = { "CKV_AWS_51", "AVD-AWS-0031" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "aws.ecr.repository",
  description = [[A tag that can be moved makes what was reviewed and what runs two things.]],
  remediation = [[Set `image_tag_mutability = "IMMUTABLE"`.]],
  references = { "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html" },
  check = function(e)
    if e.mutability ~= "IMMUTABLE" and e.mutability ~= "IMMUTABLE_WITH_EXCLUSION" then
      return fail("tags of repository " .. e.name .. " can be overwritten", { at = "mutability" })
    end
  end,
  fix = set("mutability", "IMMUTABLE"),
  tests = {
    fail = { live [[
[{"type": "aws:ecr:repository", "name": "fire", "body": {"imageTagMutability": "MUTABLE"}}]
]], [[resource "aws_ecr_repository" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:ecr:repository", "name": "dont_fire", "body": {"imageTagMutability": "IMMUTABLE"}}]
]], [[resource "aws_ecr_repository" "dont_fire" { image_tag_mutability = "IMMUTABLE" }]] },
    unknown = { [[
variable "m" {}
resource "aws_ecr_repository" "a" { image_tag_mutability = var.m }]] },
  },
}
