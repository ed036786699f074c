-- luacheck: no max line length
local trust = [[assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })]]

local function example(name, authorization, actions, resource)
  return string.format([[
variable "auth" {}
resource "aws_lambda_function" "%s" {
  function_name = "hook"
  role          = aws_iam_role.hook.arn
}
resource "aws_lambda_function_url" "hook" {
  function_name      = aws_lambda_function.%s.function_name
  authorization_type = %s
}
resource "aws_iam_role" "hook" {
  name = "hook"
  %s
}
resource "aws_iam_role_policy" "hook" {
  role   = aws_iam_role.hook.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = %s, Resource = "%s" }] })
}]], name, name, authorization, trust, actions, resource)
end

return rule {
  id = "GRAPH-004", title = "Public compute holds a privileged role", severity = "critical", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.ec2.instance", "aws.lambda.function", "aws.ecs.service", "gcp.compute.instance", "gcp.function", "k8s.workload" },
  description = [[What the internet reaches is what gets taken over first, and its role is taken with it: through the metadata
service, environment variables or the mounted token. A role that administers the account, leads to administrator or reads classified
data makes one flaw in the program a breach of all of that.]],
  remediation = [[Give the workload a role with the actions and resources that it needs, and let something that is not public do
the rest.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html" },
  check = function(workload)
    local entry = graph.paths("internet", workload, { direct = true })[1]
    if entry == nil then return end
    local open
    -- Data behind pods is what GRAPH-001 tells of.
    for _, goal in ipairs(workload.kind == "k8s.workload" and { "admin" } or { "admin", "data" }) do
      local path = graph.paths(workload, goal, { direct = true })[1]
      -- Data on the way of the network alone is another matter: here the role counts.
      local by_role = path ~= nil and one_of(path.steps[1].step, "run-as", "assume")
      if by_role and path.certain and entry.certain then
        local evidence = {}
        for _, one in ipairs(entry.evidence) do evidence[#evidence + 1] = one end
        for _, one in ipairs(path.evidence) do evidence[#evidence + 1] = one end
        local what = goal == "admin" and "leads to " .. path.to_name or "may read " .. path.classification .. " data of " .. path.to_name
        return fail(workload.name .. " is reached from the internet and its role " .. what .. ": " .. path.text
          .. "; give it a role with what it needs", { evidence = evidence })
      end
      if by_role then open = open or (entry.certain and path.reason or entry.reason) end
    end
    if open then unknown("whether a privileged role is exposed depends on what is not known: " .. open) end
  end,
  tests = {
    fail = {
      live [=[
[{"type": "aws:lambda:function", "name": "fire", "account": "111122223333", "region": "eu-west-1", "id": "arn:aws:lambda:eu-west-1:111122223333:function:fire",
  "body": {"FunctionName": "fire", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:fire", "Role": "arn:aws:iam::111122223333:role/hook"}},
 {"type": "aws:lambda:function-url", "name": "fire", "account": "111122223333", "region": "eu-west-1",
  "body": {"FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:fire", "AuthType": "NONE"}},
 {"type": "aws:iam:role", "name": "hook", "account": "111122223333", "body": {"RoleName": "hook", "Arn": "arn:aws:iam::111122223333:role/hook",
  "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]},
  "RolePolicyList": [{"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}}]
]=],
      example("fire", '"NONE"', '"*"', "*"),
      example("fire", '"NONE"', '["iam:PutRolePolicy"]', "*"),
      example("fire", '"NONE"', '["dynamodb:*"]', "*") .. '\nresource "aws_dynamodb_table" "cards" {\n  name = "cards"\n  tags = { classification = "confidential" }\n}',
    },
    pass = {
      live [=[
[{"type": "aws:lambda:function", "name": "dont_fire", "account": "111122223333", "region": "eu-west-1", "id": "arn:aws:lambda:eu-west-1:111122223333:function:dont_fire",
  "body": {"FunctionName": "dont_fire", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:dont_fire", "Role": "arn:aws:iam::111122223333:role/hook"}},
 {"type": "aws:lambda:function-url", "name": "dont_fire", "account": "111122223333", "region": "eu-west-1",
  "body": {"FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:dont_fire", "AuthType": "AWS_IAM"}},
 {"type": "aws:iam:role", "name": "hook", "account": "111122223333", "body": {"RoleName": "hook", "Arn": "arn:aws:iam::111122223333:role/hook",
  "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]},
  "RolePolicyList": [{"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}}]
]=],
      example("dont_fire", '"AWS_IAM"', '"*"', "*"),
      example("dont_fire", '"NONE"', '["logs:PutLogEvents"]', "*"),
    },
    unknown = { example("u", "var.auth", '"*"', "*") },
  },
}
