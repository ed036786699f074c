-- Resource ids ("table/orders") that have a target, and those that have a policy, where they are written as text; and
-- whether some target is for nobody knows what.
local function written()
  return once("written scaling targets", function()
    local found = { targets = {}, policies = {}, n = 0, open = false }
    for _, target in ipairs(graph.all("aws.appautoscaling.target")) do
      found.n = found.n + 1
      if known(target.resource) then
        if target.resource ~= nil then found.targets[target.resource] = true end
      elseif #target:edges_from("references") == 0 then
        found.open = true
      end
    end
    for _, policy in ipairs(graph.all("aws.appautoscaling.policy")) do
      if known(policy.resource) and policy.resource ~= nil then found.policies[policy.resource] = true end
    end
    return found
  end)
end

-- Whether a target is for the table, and has a policy.
local function scales(e)
  local all = written()
  if e.origin ~= "live" then
    local referred = e:referrers("aws.appautoscaling.target")
    for _, target in ipairs(referred) do
      if #target:referrers("aws.appautoscaling.policy") > 0 then return true end
    end
    if #referred > 0 then return false end
  end
  local name = e.origin == "live" and e.name or known(e.raw.name) and e.raw.name or nil
  local id = name ~= nil and "table/" .. name or nil
  if id ~= nil and all.targets[id] and all.policies[id] then return true end
  if all.open then unknown("what a scaling target is for is not known") end
  return false
end

return rule {
  id = "AWS-DDB-004", title = "Provisioned table does not scale",
  severity = "low", category = "resilience",
  aliases = { "CKV2_AWS_16" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = "aws.dynamodb.table",
  description = [[A table with a fixed capacity turns requests away when more come, and is paid for when none come.]],
  remediation = [[Set `billing_mode = "PAY_PER_REQUEST"`, or add an `aws_appautoscaling_target` and an `aws_appautoscaling_policy`.]],
  references = { "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html" },
  check = function(e)
    if e.billing == "PAY_PER_REQUEST" then return end
    if scales(e) then return end
    if e.origin == "live" and written().n == 0 then unknown("scaling targets were not collected") end
    return fail("table " .. e.name .. " has a fixed capacity and does not scale", { at = "billing" })
  end,
  tests = {
    fail = { [[resource "aws_dynamodb_table" "fire" { name = "fire" }]], [[
resource "aws_dynamodb_table" "fire" { name = "fire" }
resource "aws_appautoscaling_target" "t" {
  resource_id        = "table/${aws_dynamodb_table.fire.name}"
  service_namespace  = "dynamodb"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
}]], live [[
[{"type": "aws:dynamodb:table", "name": "fire", "body": {"TableName": "t"}},
 {"type": "aws:application-autoscaling:scalable-target", "name": "o", "body": {"ResourceId": "table/other"}}]
]] },
    pass = { [[
resource "aws_dynamodb_table" "dont_fire" { billing_mode = "PAY_PER_REQUEST" }]], [[
resource "aws_dynamodb_table" "dont_fire" { name = "dont-fire" }
resource "aws_appautoscaling_target" "t" {
  resource_id        = "table/${aws_dynamodb_table.dont_fire.name}"
  service_namespace  = "dynamodb"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
}
resource "aws_appautoscaling_policy" "p" {
  name        = "p"
  resource_id = aws_appautoscaling_target.t.resource_id
}]], live [[
[{"type": "aws:dynamodb:table", "name": "dont_fire", "body": {"TableName": "t", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}}]
]] },
    unknown = { [[
variable "mode" {}
resource "aws_dynamodb_table" "a" { billing_mode = var.mode }]], live [[
[{"type": "aws:dynamodb:table", "name": "a", "body": {"TableName": "t"}}]
]] },
  },
}
