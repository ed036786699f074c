local function allowed(e)
  for _, pattern in ipairs(param("service_users", {})) do
    if e.kind == "aws.iam.user" and not known(e.raw.name) then unknown("the name of the user is not known") end
    if glob(e.name, pattern) then return true end
  end
  return false
end

return rule {
  id = "AWS-IAM-018", title = "People have IAM users or console passwords instead of federated identities",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_AWS_273 = "user", CKV2_AWS_22 = "console" },
  frameworks = { "CIS-AWS-3.0:1.21", "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.5" },
  for_each = { "aws.iam.user", "aws.iam.login_profile" },
  description = [[People should sign in through the company's identity provider, where they are known, have a second factor and leave
with their contract. Users for services stand in the parameter `service_users` (names, with `*`).]],
  remediation = [[Use IAM Identity Center or another federation; give programs roles.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp" },
  -- A login profile is judged with its user where that is in the scan.
  check = function(e)
    if allowed(e) then return end
    if e.kind == "aws.iam.login_profile" then
      if #e:targets(e.raw.user) > 0 then return end
      return fail("login profile " .. e.name .. " gives a user a console password", { case = "console" })
    end
    local found = { fail("IAM user " .. e.name .. " exists outside the identity provider", { case = "user" }) }
    if e.origin ~= "live" then
      local logins = e:satellites("login")
      if #logins > 0 then
        found[2] = fail("IAM user " .. e.name .. " has a console password",
          { case = "console", evidence = { { logins[1], "its login profile" } } })
      end
    end
    return found
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:user", "name": "fire", "body": {"UserName": "alice", "Arn": "arn:aws:iam::123456789012:user/alice"}}]
]], [[resource "aws_iam_user" "fire" { name = "alice" }]] },
    pass = { live [[
# parameters: {"service_users": ["svc-*"]}
[{"type": "aws:iam:user", "name": "dont_fire", "body": {"UserName": "svc-mail", "Arn": "arn:aws:iam::123456789012:user/svc-mail"}}]
]], [[
# parameters: {"service_users": ["svc-*"]}
resource "aws_iam_user" "dont_fire" { name = "svc-mail" }]] },
    unknown = { [[
# parameters: {"service_users": ["svc-*"]}
variable "name" {}
resource "aws_iam_user" "unsure" { name = var.name }]] },
  },
}
