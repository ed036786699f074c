return rule {
  id = "AWS-CW-003", title = "Alarm never notifies",
  severity = "low", category = "logging",
  aliases = { CKV_AWS_319 = "disabled" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudwatch.alarm",
  description = [[An alarm that tells nobody and starts nothing is not noticed.]],
  remediation = [[Set `alarm_actions`, and leave `actions_enabled` on.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html" },
  check = function(e)
    if not e.enabled then return fail("actions of alarm " .. e.name .. " are switched off", { case = "disabled", at = "enabled" }) end
    if not known(e.actions) then
      if #e:targets(e.raw.alarm_actions) > 0 then return end
    end
    if e.actions == nil or #e.actions == 0 then
      return fail("alarm " .. e.name .. " has no action", { case = "silent", at = "actions" })
    end
  end,
  fix = set("enabled", true, "disabled"),
  tests = {
    fail = { live [[
[{"type": "aws:cloudwatch:alarm", "name": "fire", "body": {"ActionsEnabled": false, "AlarmActions": ["arn:t"]}}]
]], [[
resource "aws_cloudwatch_metric_alarm" "fire" {
  alarm_actions   = ["arn:aws:sns:eu-west-1:123456789012:t"]
  actions_enabled = false
}]], [[resource "aws_cloudwatch_metric_alarm" "fire" { alarm_name = "fire" }]] },
    pass = { live [[
[{"type": "aws:cloudwatch:alarm", "name": "dont_fire", "body": {"ActionsEnabled": true, "AlarmActions": ["arn:t"]}}]
]], [[
resource "aws_sns_topic" "t" {}
resource "aws_cloudwatch_metric_alarm" "dont_fire" { alarm_actions = [aws_sns_topic.t.arn] }]] },
    unknown = { [[
variable "a" { type = list(string) }
resource "aws_cloudwatch_metric_alarm" "a" { alarm_actions = var.a }]] },
  },
}
