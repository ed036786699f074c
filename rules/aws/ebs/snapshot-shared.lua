return rule {
  id = "AWS-EBS-004", title = "Snapshot is public or shared with unknown accounts",
  severity = "critical", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.ec2.snapshot_permission", "aws.ec2.snapshot_block_public_access" },
  description = [[Who may make a volume from a snapshot has all that was on the disk. Accounts that may stand in the parameter
`known_accounts`.]],
  remediation = [[Remove the permission; set `state = "block-all-sharing"` on `aws_ebs_snapshot_block_public_access`.]],
  references = { "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html" },
  check = function(e)
    if e.kind == "aws.ec2.snapshot_block_public_access" then
      if e.state == "unblocked" then return fail("the region does not block public snapshots", { at = "state", severity = "medium" }) end
      return
    end
    local account = e.account
    if account == "all" then return fail("snapshot permission " .. e.name .. " shares with everyone", { at = "account" }) end
    if not has(param("known_accounts", {}), account) then
      return fail("snapshot permission " .. e.name .. " shares with account " .. (account or "") .. ", which is not a known one",
        { at = "account", severity = "medium" })
    end
  end,
  tests = {
    fail = { [[
resource "aws_snapshot_create_volume_permission" "fire" {
  snapshot_id = "snap-1"
  account_id  = "123456789012"
}]] },
    pass = { [[resource "aws_ebs_snapshot_block_public_access" "dont_fire" { state = "block-all-sharing" }]] },
    unknown = { [[
variable "account" {}
resource "aws_snapshot_create_volume_permission" "a" {
  snapshot_id = "snap-1"
  account_id  = var.account
}]] },
  },
}
