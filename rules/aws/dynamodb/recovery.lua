return rule {
  id = "AWS-DDB-001", title = "Table has no point-in-time recovery",
  severity = "medium", category = "resilience",
  aliases = { CKV_AWS_28 = "table", CKV_AWS_165 = "global", ["AVD-AWS-0024"] = "table" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "aws.dynamodb.table", "aws.dynamodb.replica" },
  description = [[Without point-in-time recovery there is no way back from a mistaken write or delete.]],
  remediation = [[Set `enabled = true` in `point_in_time_recovery`.]],
  references = { "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html" },
  -- The old global table has no such setting of its own: its tables are judged.
  check = function(e)
    if e.kind == "aws.dynamodb.replica" then
      if not e.recovery then return fail("replica " .. e.name .. " has no point-in-time recovery", { case = "replica", at = "recovery" }) end
      return
    end
    if not e.recovery then return fail("table " .. e.name .. " has no point-in-time recovery", { case = "table", at = "recovery" }) end
    return each(list(e.raw.replica), function(replica)
      if replica.point_in_time_recovery ~= true and replica.point_in_time_recovery ~= "true" then
        return fail("a replica of table " .. e.name .. " has no point-in-time recovery", { case = "replica", at = replica })
      end
    end)
  end,
  fix = set("recovery", true, "table"),
  tests = {
    fail = { live [[
[{"type": "aws:dynamodb:table", "name": "fire",
  "body": {"TableName": "t",
    "ContinuousBackups": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}}}}]
]], [[resource "aws_dynamodb_table" "fire" { name = "fire" }]], [[
resource "aws_dynamodb_table" "fire" {
  name = "fire"
  point_in_time_recovery { enabled = true }
  replica { region_name = "eu-central-1" }
}]] },
    pass = { live [[
[{"type": "aws:dynamodb:table", "name": "dont_fire",
  "body": {"TableName": "t",
    "ContinuousBackups": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}}}]
]], [[
resource "aws_dynamodb_table" "dont_fire" {
  name = "dont-fire"
  point_in_time_recovery { enabled = true }
}]] },
    unknown = { [[
variable "r" { type = bool }
resource "aws_dynamodb_table" "a" {
  name = "a"
  point_in_time_recovery { enabled = var.r }
}]] },
  },
}
