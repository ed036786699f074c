local backup = lib "backup"
local tags = lib "tags"

return rule {
  id = "AWS-BACKUP-003", title = "Volume or file system is in no backup plan",
  severity = "medium", category = "resilience",
  aliases = { "CKV2_AWS_9" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "aws.ec2.volume", "aws.efs.file_system" },
  description = [[What nobody copies is gone with the disk, or with the one who deletes it.]],
  remediation = [[Name the volume in an `aws_backup_selection`, or give it the tag that a selection or a lifecycle policy takes.]],
  references = { "https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html" },
  -- CKV2_AWS_9 fails each volume that no selection of the same code refers to. A plan often stands in a stack of its
  -- own and takes volumes by tag: where no plan is in the scan, that is unknown.
  check = function(e)
    if e.kind == "aws.efs.file_system" and e.origin ~= "live" then
      for _, policy in ipairs(e:satellites("backup")) do
        if policy.raw.backup_policy.status == "ENABLED" then return end
      end
    end
    if e.origin == "live" and e.raw.BackupPolicy.Status == "ENABLED" then return end
    if backup.reaches(e) then return end
    local what = e.kind == "aws.ec2.volume" and "volume " or "file system "
    return fail(what .. e.name .. " is in no backup plan", { at = e, severity = tags.severity(e) })
  end,
  tests = {
    fail = { [[
resource "aws_ebs_volume" "fire" { availability_zone = "eu-west-1a" }
resource "aws_backup_selection" "s" {
  plan_id   = "p"
  resources = ["arn:aws:rds:*:*:db:*"]
}]], live [[
[{"type": "aws:ec2:volume", "name": "fire", "body": {"VolumeId": "vol-1"}},
 {"type": "aws:backup:backup-selection", "name": "s", "body": {"Resources": ["arn:aws:ec2:eu-west-1:123456789012:volume/vol-2"]}}]
]] },
    pass = { [[
resource "aws_ebs_volume" "dont_fire" { availability_zone = "eu-west-1a" }
resource "aws_backup_selection" "s" {
  plan_id   = "p"
  resources = [aws_ebs_volume.dont_fire.arn]
}]], [[
resource "aws_ebs_volume" "dont_fire" {
  availability_zone = "eu-west-1a"
  tags              = { snapshot = "daily" }
}
resource "aws_dlm_lifecycle_policy" "p" {
  policy_details { target_tags = { snapshot = "daily" } }
}]], live [[
[{"type": "aws:ec2:volume", "name": "dont_fire", "body": {"VolumeId": "vol-1", "Tags": [{"Key": "backup", "Value": "daily"}]}},
 {"type": "aws:backup:backup-selection", "name": "s", "body": {
  "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}]}}]
]] },
    unknown = { [[resource "aws_ebs_volume" "a" { availability_zone = "eu-west-1a" }]], [[
variable "arns" { type = list(string) }
resource "aws_ebs_volume" "a" { availability_zone = "eu-west-1a" }
resource "aws_backup_selection" "s" {
  plan_id   = "p"
  resources = var.arns
}]] },
  },
}
