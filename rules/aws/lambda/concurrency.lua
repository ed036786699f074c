local values = lib "values"

return rule {
  id = "AWS-LAMBDA-009", title = "Function has no concurrency limit or failure queue",
  severity = "low", category = "resilience",
  version = 3, changes = { "judged on live answers too", "destinations of failed events are asked for" },
  aliases = { CKV_AWS_115 = "concurrency", CKV_AWS_116 = "queue" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.lambda.function",
  description = [[Without a limit one function can use up the concurrency of the whole account; without a target for failures,
events that cannot be handled are lost.]],
  remediation = [[Set `reserved_concurrent_executions`, and `dead_letter_config` or a failure destination.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html" },
  check = function(e)
    return each({ "concurrency", "queue" }, function(place)
      if place == "concurrency" then
        if e.concurrency < 0 then
          return fail("function " .. e.name .. " has no concurrency limit", { case = place, at = "concurrency" })
        end
        return
      end
      if e.origin == "live" then
        if e.dead_letters ~= nil and e.dead_letters ~= "" then return end
        for _, config in ipairs(list(e.raw.EventInvokeConfigs)) do
          local to = config.DestinationConfig
          if to ~= nil and to.OnFailure ~= nil and (to.OnFailure.Destination or "") ~= "" then return end
        end
        return fail("failed events of function " .. e.name .. " are lost", { case = place, at = "dead_letters" })
      end
      if values.set(e, e.raw.dead_letter_config, "target_arn") then return end
      for _, config in ipairs(e:satellites("destination")) do
        if #list(config.raw.destination_config.on_failure) > 0 then return end
      end
      return fail("failed events of function " .. e.name .. " are lost", { case = place, at = "dead_letters" })
    end)
  end,
  tests = {
    fail = { [[resource "aws_lambda_function" "fire" { function_name = "fire" }]], [[
resource "aws_lambda_function" "fire" {
  function_name                  = "fire"
  reserved_concurrent_executions = 10
}]], live [[
[{"type": "aws:lambda:function", "name": "fire", "body": {"FunctionName": "fire", "ReservedConcurrentExecutions": 10, "EventInvokeConfigs": []}}]
]], live [[
[{"type": "aws:lambda:function", "name": "fire", "body": {"FunctionName": "fire", "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:eu-west-1:1:q"}}}]
]] },
    pass = { [[
resource "aws_sqs_queue" "q" {}
resource "aws_lambda_function" "dont_fire" {
  function_name                  = "dont_fire"
  reserved_concurrent_executions = 10
  dead_letter_config { target_arn = aws_sqs_queue.q.arn }
}
resource "aws_lambda_function" "dont_fire_with_destination" {
  function_name                  = "b"
  reserved_concurrent_executions = 10
}
resource "aws_lambda_function_event_invoke_config" "c" {
  function_name = aws_lambda_function.dont_fire_with_destination.function_name
  destination_config {
    on_failure { destination = aws_sqs_queue.q.arn }
  }
}]], live [[
[{"type": "aws:lambda:function", "name": "dont_fire", "body": {"FunctionName": "dont_fire", "ReservedConcurrentExecutions": 10, "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:eu-west-1:1:q"}}},
 {"type": "aws:lambda:function", "name": "destination", "body": {"FunctionName": "destination", "ReservedConcurrentExecutions": 10,
  "EventInvokeConfigs": [{"DestinationConfig": {"OnSuccess": {}, "OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:1:q"}}}]}}]
]] },
    unknown = { [[
variable "n" { type = number }
resource "aws_lambda_function" "a" {
  function_name                  = "a"
  reserved_concurrent_executions = var.n
  dead_letter_config { target_arn = "arn:aws:sqs:eu-west-1:123456789012:q" }
}]], live [[
[{"type": "aws:lambda:function", "name": "a", "body": {"FunctionName": "a", "ReservedConcurrentExecutions": 10},
  "unknown": {"EventInvokeConfigs": "AccessDeniedException"}}]
]] },
  },
}
