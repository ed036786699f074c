return rule {
  id = "AWS-EC2-009", title = "Image is shared publicly or with unknown accounts",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_AWS_205" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.ec2.ami_launch_permission", "aws.ec2.ami" },
  where = function(e) return e.kind == "aws.ec2.ami_launch_permission" or e.origin == "live" end,
  description = [[Images carry what was on the disk they were made from: programs, configuration, sometimes keys. Accounts that may
have them stand in the parameter `known_accounts`.]],
  remediation = [[Remove the permission, or name an account of one's own.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html" },
  -- As CKV_AWS_205, any account that is not known fails; sharing within one's organisation passes.
  check = function(e)
    if e.kind == "aws.ec2.ami" then
      if e.raw.Public == true then return fail("image " .. e.name .. " is public", { severity = "critical" }) end
      return each(list(e.raw.LaunchPermissions), function(permission)
        local account = permission.UserId
        if account == nil or account == e.raw.OwnerId or has(param("known_accounts", {}), account) then return end
        return fail("image " .. e.name .. " is shared with account " .. account .. ", which is not a known one")
      end)
    end
    if e.group == "all" then
      return fail("image permission " .. e.name .. " shares with everyone", { at = "group", severity = "critical" })
    end
    local account = e.account
    if account == nil or has(param("known_accounts", {}), account) then return end
    return fail("image permission " .. e.name .. " shares with account " .. account .. ", which is not a known one", { at = "account" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:image", "name": "fire", "body": {"ImageId": "ami-1", "Name": "fire", "OwnerId": "123456789012", "Public": true,
  "LaunchPermissions": [{"Group": "all"}]}}]
]], live [[
[{"type": "aws:ec2:image", "name": "fire", "body": {"ImageId": "ami-1", "Name": "fire", "OwnerId": "123456789012", "Public": false,
  "LaunchPermissions": [{"UserId": "999988887777"}]}}]
]], [[
resource "aws_ami_launch_permission" "fire" {
  image_id = "ami-1"
  group    = "all"
}]] },
    unknown = { live [[
[{"type": "aws:ec2:image", "name": "a", "body": {"ImageId": "ami-1", "Name": "a", "OwnerId": "123456789012", "Public": false},
  "unknown": {"LaunchPermissions": "AccessDenied"}}]
]], [[
variable "account" {}
resource "aws_ami_launch_permission" "a" {
  image_id   = "ami-1"
  account_id = var.account
}]] },
    pass = { live [[
[{"type": "aws:ec2:image", "name": "dont_fire", "body": {"ImageId": "ami-1", "Name": "dont_fire", "OwnerId": "123456789012",
  "Public": false, "LaunchPermissions": []}}]
]], live [[
[{"type": "aws:ec2:image", "name": "dont_fire", "body": {"ImageId": "ami-1", "Name": "dont_fire", "OwnerId": "123456789012",
  "Public": false, "LaunchPermissions": [{"OrganizationArn": "arn:aws:organizations::123456789012:organization/o-1"}]}}]
]], [[
# parameters: {"known_accounts": ["123456789012"]}
resource "aws_ami_launch_permission" "dont_fire" {
  image_id   = "ami-1"
  account_id = "123456789012"
}]] },
  },
}
