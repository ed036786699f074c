local secrets = lib "secrets"

-- A collector keeps of each value only whether it looked like a credential.
local function of_redacted(e, name, value)
  if value.class ~= "none" then
    return fail("the environment of function " .. e.name .. " holds a credential in " .. name, { at = "variables" })
  end
end

return rule {
  id = "AWS-LAMBDA-001", title = "Function environment carries a secret",
  severity = "critical", category = "secrets",
  version = 2, changes = { "what is a credential is decided as by SEC-001 to SEC-012" },
  aliases = { "CKV_AWS_45" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "aws.lambda.function",
  description = [[Environment variables can be read by everyone who may describe the function, and stand in the state.]],
  remediation = [[Put the secret into Secrets Manager or Parameter Store, and let the function fetch it with its role.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html" },
  check = function(e)
    local variables = e.variables
    if variables == nil then return end
    return each(keys(variables), function(name)
      -- What is computed from another resource is no literal credential.
      if not known(variables[name]) and #e:targets(variables[name]) > 0 then return end
      if type(variables[name]) ~= "string" and e.origin == "live" then return of_redacted(e, name, variables[name]) end
      local value = tostring(variables[name] or "")
      local kind = secrets.handed_over(value) or secrets.kind(name .. "=" .. value)
      if kind then return fail("the environment of function " .. e.name .. " holds " .. kind .. " in " .. name, { at = "variables" }) end
      if secrets.holds(name, value) then
        return fail("the environment of function " .. e.name .. " sets " .. name .. " to a literal", { at = "variables" })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:lambda:function", "name": "fire",
  "body": {"FunctionName": "f", "Environment": {"Variables": {"DB_PASSWORD": {"redacted": true, "sha256": "ab", "class": "password"}}}}}]
]], live [[
[{"type": "aws:lambda:function", "name": "fire",
  "body": {"FunctionName": "f", "Environment": {"Variables": {"access_key": "AKIAQWERTYUIOPASDFGH"}}}}]
]], [[
resource "aws_lambda_function" "fire" {
  function_name = "fire"
  environment { variables = { AWS_ACCESS_KEY_ID = "AKIAQWERTYUIOPASDFGH" } }
}]], [[
resource "aws_lambda_function" "fire" {
  function_name = "fire"
  environment { variables = { DB_PASSWORD = "hunter2!" } }
}]] },
    pass = { live [[
[{"type": "aws:lambda:function", "name": "dont_fire",
  "body": {"FunctionName": "f", "Environment": {"Variables": {"REGION": {"redacted": true, "sha256": "ab", "class": "none"}}}}}]
]], live [[
[{"type": "aws:lambda:function", "name": "dont_fire",
  "body": {"FunctionName": "f", "Environment": {"Variables": {"REGION": "eu-west-1"}}}}]
]], [[
resource "aws_lambda_function" "dont_fire" {
  function_name = "dont_fire"
  environment { variables = { LOG_LEVEL = "info", DB_PASSWORD_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db" } }
}
resource "aws_lambda_function" "dont_fire_either" { function_name = "dont_fire_either" }]] },
    unknown = { [[
variable "x" {}
resource "aws_lambda_function" "a" {
  function_name = "a"
  environment { variables = { X = var.x } }
}]] },
  },
}
