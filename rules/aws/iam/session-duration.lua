local tags = lib "tags"

local function hours(text)
  local h, m = match(text, "^PT(?:([0-9]+)H)?(?:([0-9]+)M)?")
  return (tonumber(h) or 0) + (tonumber(m) or 0) / 60
end

return rule {
  id = "AWS-IAM-027", title = "Role session may last longer than allowed",
  severity = "low", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.role", "aws.sso.permission_set" },
  description = [[A stolen session works until it ends. The limit stands in the parameter `session_hours`, default four in production
and twelve elsewhere.]],
  remediation = [[Lower `max_session_duration` (seconds) or `session_duration` (`PT4H`).]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html" },
  check = function(e)
    -- The answer with the policies of an account's roles does not say it: iam:ListRoles does.
    if e.kind == "aws.iam.role" and e.origin == "live" and e.raw.MaxSessionDuration == nil then
      unknown("the answer does not say how long sessions may last")
    end
    local limit = param("session_hours", tags.production(e) and 4 or 12)
    local is = e.kind == "aws.iam.role" and e.session / 3600 or hours(e.session)
    if is > limit then
      return fail("sessions of " .. e.name .. string.format(" last %.3g hours, allowed are %.3g", is, limit), { at = "session" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:role", "name": "fire", "body": {"RoleName": "fire", "MaxSessionDuration": 43200,
  "Tags": [{"Key": "Environment", "Value": "prod"}]}}]
]], live [[
# parameters: {"session_hours": 4}
[{"type": "aws:sso:permissionSet", "name": "fire", "body": {"Name": "fire", "SessionDuration": "PT8H"}}]
]], [[
resource "aws_iam_role" "fire" {
  assume_role_policy   = "{}"
  max_session_duration = 43200
  tags                 = { Environment = "prod" }
}]], [[
# parameters: {"session_hours": 4}
resource "aws_ssoadmin_permission_set" "fire" { session_duration = "PT8H" }]] },
    pass = { live [[
[{"type": "aws:iam:role", "name": "dont_fire", "body": {"RoleName": "dont_fire", "MaxSessionDuration": 3600}}]
]], live [[
[{"type": "aws:sso:permissionSet", "name": "dont_fire", "body": {"Name": "dont_fire", "SessionDuration": "PT4H"}}]
]], [[resource "aws_iam_role" "dont_fire" { assume_role_policy = "{}" }]] },
    unknown = { live [[
[{"type": "aws:iam:role", "name": "a", "body": {"RoleName": "a", "Path": "/", "Tags": [{"Key": "Environment", "Value": "prod"}]}}]
]], [[
variable "n" { type = number }
resource "aws_iam_role" "a" {
  assume_role_policy   = "{}"
  max_session_duration = var.n
}]] },
  },
}
