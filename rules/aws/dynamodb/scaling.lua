-- Targets of a table, with a policy of their own.
local function scales(e)
  local open = false
  for _, target in ipairs(graph.all("aws.appautoscaling.target")) do
    if target.origin ~= e.origin then goto continue end
    local own = false
    if e.origin == "live" then
      own = target.resource == "table/" .. e.name
    else
      local told = false
      for _, other in ipairs(target:edges_from("references")) do
        told = told or other.kind == "aws.dynamodb.table"
        own = own or other.address == e.address
      end
      if not told and known(target.resource) and known(e.raw.name) then own = target.resource == "table/" .. tostring(e.raw.name) end
      if not own and not known(target.resource) and #target:edges_from("references") == 0 then open = true end
    end
    if own then
      if e.origin == "live" then
        for _, policy in ipairs(graph.all("aws.appautoscaling.policy")) do
          if policy.resource == target.resource then return true end
        end
      elseif #target:referrers("aws.appautoscaling.policy") > 0 then
        return true
      end
      for _, policy in ipairs(graph.all("aws.appautoscaling.policy")) do
        local apart = #policy:edges_from("references") == 0 and known(policy.resource) and known(target.resource)
        if apart and policy.resource == target.resource then return true end
      end
    end
    ::continue::
  end
  if open then unknown("what a scaling target is for is not known") end
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
    if e.origin == "live" and #graph.all("aws.appautoscaling.target") == 0 then unknown("scaling targets were not collected") end
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
