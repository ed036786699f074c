return rule {
  id = "AWS-RDS-016", title = "Classic security group resource is used",
  severity = "low", category = "hygiene",
  aliases = { CKV_AWS_198 = "database", CKV_AWS_196 = "cache", ["AVD-AWS-0085"] = "redshift" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  -- Code only: EC2-Classic was retired in August 2022, so no account has such groups any more.
  for_each = { "aws.ec2.classic_security_group", "aws.ec2.security_group" },
  description = [[EC2-Classic is gone; these resources cannot be made any more.]],
  remediation = [[Use `aws_security_group` in a VPC.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade" },
  check = function(e)
    if e.kind == "aws.ec2.security_group" then return end
    local case = e.type == "aws_elasticache_security_group" and "cache" or e.type == "aws_redshift_security_group" and "redshift"
      or "database"
    return fail(e.type .. " " .. e.name .. " belongs to the retired EC2-Classic network", { case = case })
  end,
  tests = {
    fail = { [[resource "aws_db_security_group" "fire" { name = "db" }]] },
    pass = { [[resource "aws_security_group" "dont_fire" { name = "db" }]] },
  },
}
