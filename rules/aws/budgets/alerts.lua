local function has_alert(budget)
  return one_of(budget.sort, "COST", nil) and budget.notifications ~= nil and #budget.notifications > 0
end

-- Code that has one of them is where the others belong: there absence is judged.
local function account(e)
  local failures = {}
  local alerting = false
  for _, budget in ipairs(list(e.budgets)) do
    if budget.BudgetType == "COST" and #list(budget.Notifications) > 0 then alerting = true end
  end
  for _, budget in ipairs(graph.all("aws.budgets.budget")) do
    if budget.origin == "live" and budget.account == e.account and has_alert(budget) then alerting = true end
  end
  if not alerting then failures[1] = fail("account " .. e.name .. " has no cost budget that notifies", { case = "budget", at = "budgets" }) end
  if #list(e.monitors) == 0 or #list(e.subscriptions) == 0 then
    failures[#failures + 1] = fail("account " .. e.name .. " has no cost anomaly monitor that notifies", { case = "anomaly", at = "monitors" })
  end
  return failures
end

local function is_subscribed(monitor)
  local open = false
  for _, subscription in ipairs(graph.all("aws.ce.subscription")) do
    if monitor.origin == "live" then
      if has(list(subscription.monitors), monitor.raw.MonitorArn) then return true end
    else
      local told = false
      for _, target in ipairs(subscription:targets(subscription.raw.monitor_arn_list)) do
        told = true
        if target.address == monitor.address then return true end
      end
      if not told then open = true end
    end
  end
  if open then unknown("what a subscription is for is not known") end
  return false
end

return rule {
  id = "AWS-COST-001", title = "Account has no budget alert or cost anomaly monitor",
  severity = "low", category = "cost",
  version = 2, changes = { "budgets of the account that were collected apart count" },
  for_each = { "aws.account", "aws.budgets.budget", "aws.ce.monitor" },
  where = function(e) return e.kind ~= "aws.budgets.budget" or not known(e.sort) or e.sort == "COST" end,
  description = [[A forgotten cluster, or somebody else's miners, first show in the bill: at the end of the month, unless somebody is told.]],
  remediation = [[Add a `notification` to the `aws_budgets_budget`, and an `aws_ce_anomaly_subscription` to the monitor.]],
  references = { "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html",
    "https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html" },
  check = function(e)
    if e.kind == "aws.account" then return account(e) end
    if e.kind == "aws.budgets.budget" then
      if has_alert(e) then return end
      return fail("budget " .. e.name .. " tells nobody", { case = "budget", at = e })
    end
    if is_subscribed(e) then return end
    return fail("monitor " .. e.name .. " tells nobody", { case = "anomaly", at = e })
  end,
  tests = {
    fail = { [[
resource "aws_budgets_budget" "fire" {
  name        = "monthly"
  budget_type = "COST"
}]], [[resource "aws_ce_anomaly_monitor" "fire" { name = "m" }]], live [[
[{"type": "aws:account:account", "name": "fire", "body": {"Budgets": [], "AnomalyMonitors": [], "AnomalySubscriptions": []}}]
]] },
    pass = { [[
resource "aws_budgets_budget" "dont_fire" {
  name        = "monthly"
  budget_type = "COST"
  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = ["costs@example.com"]
  }
}
resource "aws_ce_anomaly_monitor" "dont_fire" { name = "m" }
resource "aws_ce_anomaly_subscription" "s" {
  name             = "s"
  monitor_arn_list = [aws_ce_anomaly_monitor.dont_fire.arn]
}]], live [[
[{"type": "aws:account:account", "name": "dont_fire", "body": {
  "Budgets": [{"BudgetName": "b", "BudgetType": "COST", "Notifications": [{"Threshold": 80}]}],
  "AnomalyMonitors": [{"MonitorArn": "arn:m"}], "AnomalySubscriptions": [{"MonitorArnList": ["arn:m"]}]}}]
]] },
    unknown = { [[
variable "monitors" { type = list(string) }
resource "aws_ce_anomaly_monitor" "a" { name = "m" }
resource "aws_ce_anomaly_subscription" "s" {
  name             = "s"
  monitor_arn_list = var.monitors
}]], live [[
[{"type": "aws:account:account", "name": "a", "body": {"AnomalyMonitors": [], "AnomalySubscriptions": []}, "unknown": {"Budgets": "AccessDenied"}}]
]] },
  },
}
