return rule {
  id = "AWS-EBS-004", title = "Snapshot is public or shared with unknown accounts",
  severity = "critical", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.ec2.snapshot_permission", "aws.ec2.snapshot_block_public_access", "aws.ec2.snapshot" },
  where = function(e) return e.kind ~= "aws.ec2.snapshot" or e.origin == "live" end,
  description = [[Who may make a volume from a snapshot has all that was on the disk. Accounts that may stand in the parameter
`known_accounts`.]],
  remediation = [[Remove the permission; set `state = "block-all-sharing"` on `aws_ebs_snapshot_block_public_access`.]],
  references = { "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html" },
  check = function(e)
    if e.kind == "aws.ec2.snapshot_block_public_access" then
      if e.state == "unblocked" then
        return fail("the region does not block public snapshots", { case = "region", at = "state", severity = "medium" })
      end
      return
    end
    if e.kind == "aws.ec2.snapshot" then
      return each(list(e.raw.CreateVolumePermissions), function(permission)
        if permission.Group == "all" then return fail("snapshot " .. e.name .. " is shared with everyone", { at = permission }) end
        local account = permission.UserId
        if account ~= nil and account ~= e.account and not has(param("known_accounts", {}), account) then
          return fail("snapshot " .. e.name .. " is shared with account " .. account .. ", which is not a known one",
            { at = permission, severity = "medium" })
        end
      end)
    end
    local account = e.account
    if account == "all" then return fail("snapshot permission " .. e.name .. " shares with everyone", { at = "account" }) end
    if not has(param("known_accounts", {}), account) then
      return fail("snapshot permission " .. e.name .. " shares with account " .. (account or "") .. ", which is not a known one",
        { at = "account", severity = "medium" })
    end
  end,
  fix = set("state", "block-all-sharing", "region"),
  tests = {
    fail = { [[resource "aws_ebs_snapshot_block_public_access" "fire" { state = "unblocked" }]], live [[
[{"type": "aws:ec2:snapshot", "name": "fire", "account": "123456789012",
  "body": {"SnapshotId": "snap-1", "CreateVolumePermissions": [{"Group": "all"}]}}]
]], [[
resource "aws_snapshot_create_volume_permission" "fire" {
  snapshot_id = "snap-1"
  account_id  = "123456789012"
}]] },
    pass = { live [[
# parameters: {"known_accounts": ["111111111111"]}
[{"type": "aws:ec2:snapshot", "name": "dont_fire", "account": "123456789012",
  "body": {"SnapshotId": "snap-1", "CreateVolumePermissions": [{"UserId": "111111111111"}]}}]
]], [[resource "aws_ebs_snapshot_block_public_access" "dont_fire" { state = "block-all-sharing" }]] },
    unknown = { live [[
[{"type": "aws:ec2:snapshot", "name": "a", "account": "123456789012", "body": {"SnapshotId": "snap-1"},
  "unknown": {"CreateVolumePermissions": "AccessDenied"}}]
]], [[
variable "account" {}
resource "aws_snapshot_create_volume_permission" "a" {
  snapshot_id = "snap-1"
  account_id  = var.account
}]] },
  },
}
