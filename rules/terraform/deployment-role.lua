local iam = lib "iam"

local function role_of(provider)
  local block = provider.raw.values.assume_role
  return block ~= nil and block.role_arn or provider.raw.values.impersonate_service_account
end

local admin_policy = "^arn:aws[a-z-]*:iam::aws:policy/(?:AdministratorAccess|IAMFullAccess|PowerUserAccess)$"

-- Whether a role of the scan may do everything: by a managed policy or by a statement of its own.
local function is_admin(role)
  for _, arn in ipairs(items(role.raw.managed_policy_arns)) do
    if known(arn) and type(arn) == "string" and match(arn, admin_policy) then return true end
  end
  for _, kind in ipairs { "aws.iam.policy_attachment", "aws.iam.inline_policy" } do
    for _, part in ipairs(role:referrers(kind)) do
      local arn = part.raw.policy_arn
      if type(arn) == "string" and match(arn, admin_policy) then return true end
      if kind == "aws.iam.inline_policy" then
        for _, s in ipairs(iam.statements(json(part.raw.policy)) or {}) do
          if iam.allows(s) and has(list(s.actions), "*") and has(list(s.resources), "*") then return true end
        end
      end
    end
  end
  return false
end

return rule {
  id = "TF-016", title = "Deployment role of the code is not least-privilege",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "terraform.provider",
  where = function(e) return e.raw.first and one_of(e.name, "aws", "google", "google-beta") and role_of(e) ~= nil end,
  description = [[Whoever changes the code or its pipeline acts with the role that the provider assumes. One role for all
environments lets a change for dev reach prod.]],
  remediation = [[Give each environment a role of its own, with the permissions that its resources need.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege" },
  check = function(e)
    local arn = role_of(e)
    if type(arn) == "string" then
      if match(arn, "(?i)[:/](?:[a-z0-9_-]*-)?(?:administrator(?:access)?|admin)$|OrganizationAccountAccessRole$") then
        return fail("the " .. e.name .. " provider assumes an administrator: " .. arn, { at = "raw.values" })
      end
      for _, other in ipairs(graph.everywhere("terraform.provider")) do
        if e.environment ~= "" and other.environment ~= "" and other.environment ~= e.environment and known(role_of(other)) and
            role_of(other) == arn then
          return fail("one role serves " .. e.environment .. " and " .. other.environment .. ": " .. arn,
            { at = "raw.values", evidence = { { other, "assumes it too" } } })
        end
      end
      for _, role in ipairs(graph.everywhere("aws.iam.role")) do
        if known(role.raw.name) and role.raw.name ~= nil and ends(arn, "/" .. role.raw.name) then
          if is_admin(role) then
            return fail("the " .. e.name .. " provider assumes " .. role.name .. ", which may do everything", { at = "raw.values",
              evidence = { { role, "the role" } } })
          end
          return
        end
      end
    end
    unknown("the role that the provider assumes is not in the scan")
  end,
  tests = {
    fail = { [[
provider "aws" {
  assume_role { role_arn = "arn:aws:iam::123456789012:role/OrganizationAccountAccessRole" }
}]], [[
provider "aws" {
  assume_role { role_arn = "arn:aws:iam::123456789012:role/deploy" }
}
resource "aws_iam_role" "deploy" {
  name                = "deploy"
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}]], files { ["prod/main.tf"] = [[
provider "aws" {
  assume_role { role_arn = "arn:aws:iam::123456789012:role/deploy" }
}
]], ["dev/main.tf"] = [[
provider "aws" {
  assume_role { role_arn = "arn:aws:iam::123456789012:role/deploy" }
}
]] } },
    pass = { [[
provider "aws" {
  assume_role { role_arn = "arn:aws:iam::123456789012:role/deploy" }
}
resource "aws_iam_role" "deploy" {
  name                = "deploy"
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
}]] },
    unknown = { [[
provider "aws" {
  assume_role { role_arn = "arn:aws:iam::123456789012:role/deploy" }
}]] },
  },
}
