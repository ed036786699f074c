local secrets = lib "secrets"

local function judge(e, text, at)
  local kind = secrets.handed_over(text)
  if kind then return fail("the user data of " .. e.name .. " holds " .. kind, { at = at }) end
  for _, line in ipairs(split(text, "\n")) do
    local name, value = match(line, "^\\s*(?:export\\s+)?(\\w+)\\s*=\\s*[\"']?([^\\s\"']+)")
    if name and secrets.holds(name, value) and not match(value, "[$`(]") then
      return fail("the user data of " .. e.name .. " sets " .. name .. " to a literal", { at = at })
    end
  end
end

return rule {
  id = "AWS-EC2-004", title = "User data carries credentials",
  severity = "critical", category = "secrets",
  version = 2, changes = { "what is a credential is decided as by SEC-001 to SEC-012" },
  aliases = { "CKV_AWS_46", "AVD-AWS-0029", "AVD-AWS-0129" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = { "aws.ec2.instance", "aws.ec2.launch_template", "aws.ec2.launch_configuration" },
  where = function(e) return e.origin ~= "live" end,
  description = [[User data can be read by every program on the instance and by everyone who may describe it.]],
  remediation = [[Give the instance a role, and let it fetch secrets from Secrets Manager or Parameter Store.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html" },
  check = function(e)
    if e.type ~= "aws_launch_template" and e.user_data ~= nil then return judge(e, e.user_data, "user_data") end
    local encoded = e.user_data_base64
    if encoded == nil then return end
    return judge(e, b64decode(encoded) or encoded, "user_data_base64")
  end,
  tests = {
    fail = { [[
resource "aws_launch_configuration" "fire" {
  user_data = "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nexport AWS_DEFAULT_REGION=us-west-2"
}]], [[
resource "aws_instance" "fire" {
  user_data = "export AWS_ACCESS_KEY_ID=AKIAQWERTYUIOPASDFGH\necho ok"
}]], [[
resource "aws_launch_template" "fire" {
  user_data = base64encode("export DB_PASSWORD=hunter2")
}]] },
    pass = { [[
resource "aws_instance" "dont_fire" {
  user_data = "#!/bin/sh\napt-get install -y nginx\nDB_PASSWORD=$(aws ssm get-parameter --name db)"
}]] },
    unknown = { [[
variable "d" {}
resource "aws_instance" "a" { user_data = var.d }]] },
  },
}
