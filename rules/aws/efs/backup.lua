local backup = lib "backup"

return rule {
  id = "AWS-EFS-005", title = "File system has no backup",
  severity = "medium", category = "resilience",
  version = 2, changes = { "judged on live answers too" },
  aliases = { "CKV2_AWS_18" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "aws.efs.file_system",
  description = [[Without a backup there is no way back from a mistaken or hostile delete.]],
  remediation = [[Add an `aws_efs_backup_policy` with `status = "ENABLED"`, or the file system to an `aws_backup_selection`.]],
  references = { "https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html" },
  check = function(e)
    if e.origin == "live" then
      local policy = e.raw.BackupPolicy
      if policy ~= nil and one_of(policy.Status, "ENABLED", "ENABLING") or backup.reaches(e) then return end
      return fail("file system " .. e.name .. " has no backup", { at = e })
    end
    for _, policy in ipairs(e:satellites("backup")) do
      if policy.raw.backup_policy.status == "ENABLED" then return end
    end
    for _, user in ipairs(e:edges_to("references")) do
      if user.type == "aws_backup_selection" then return end
    end
    -- A selection by tag may reach it.
    for _, selection in ipairs(graph.of_type("aws_backup_selection")) do
      if #list(selection.raw.selection_tag) > 0 or #list(selection.raw.condition) > 0 then
        unknown("a backup selection by tag may reach the file system")
      end
    end
    return fail("file system " .. e.name .. " has no backup", { at = e })
  end,
  fix = set("@backup.backup_policy.status", "ENABLED"),
  tests = {
    fail = { [[resource "aws_efs_file_system" "fire" { encrypted = true }]], live [[
[{"type": "aws:elasticfilesystem:file-system", "name": "fire", "body": {"FileSystemId": "fire", "BackupPolicy": {"Status": "DISABLED"}}},
 {"type": "aws:backup:backup-selection", "name": "s", "body": {"Resources": ["arn:aws:ec2:eu-west-1:123456789012:volume/vol-2"]}}]
]] },
    pass = { [[
resource "aws_efs_file_system" "dont_fire" { encrypted = true }
resource "aws_efs_backup_policy" "b" {
  file_system_id = aws_efs_file_system.dont_fire.id
  backup_policy { status = "ENABLED" }
}]], [[
resource "aws_efs_file_system" "dont_fire" { encrypted = true }
resource "aws_backup_selection" "s" { resources = [aws_efs_file_system.dont_fire.arn] }]], live [[
[{"type": "aws:elasticfilesystem:file-system", "name": "dont_fire", "body": {"FileSystemId": "dont_fire", "BackupPolicy": {"Status": "ENABLED"}}}]
]] },
    unknown = { [[
variable "s" {}
resource "aws_efs_file_system" "a" { encrypted = true }
resource "aws_efs_backup_policy" "b" {
  file_system_id = aws_efs_file_system.a.id
  backup_policy { status = var.s }
}]], live [[
[{"type": "aws:elasticfilesystem:file-system", "name": "a", "body": {"FileSystemId": "a", "BackupPolicy": {"Status": "DISABLED"}}}]
]] },
  },
}
