local iam = lib "iam"

-- What a policy should keep accounts from, and how it is recognised.
local guards = {
  { "leaving the organisation", "organizations:LeaveOrganization" },
  { "stopping the trail", "cloudtrail:StopLogging" },
}

local function denies_regions(s)
  if s.effect ~= "Deny" then return false end
  for _, c in ipairs(s.conditions) do
    if c.key == "aws:requestedregion" then return true end
  end
  return false
end

local function is_full_access(e, statements)
  for _, s in ipairs(statements) do
    if not (iam.allows(s) and iam.takes(s, "iam:CreateUser") and iam.takes(s, "s3:GetObject") and iam.any_resource(e, s)) then return false end
  end
  return true
end

-- Which guards the policies lack; nil, "…" where they are no limit at all.
local function judge(e, policies)
  local limited, seen, regions = false, {}, false
  for _, statements in ipairs(policies) do
    limited = limited or not is_full_access(e, statements)
    for _, s in ipairs(statements) do
      regions = regions or denies_regions(s)
      for _, guard in ipairs(guards) do
        if s.effect == "Deny" and iam.takes(s, guard[2]) then seen[guard[1]] = true end
      end
    end
  end
  if not limited then return { "anything" } end
  local missing = {}
  for _, guard in ipairs(guards) do
    if not seen[guard[1]] then missing[#missing + 1] = guard[1] end
  end
  if not regions then missing[#missing + 1] = "using other regions" end
  return missing
end

-- The account, its units and the root, as far as they are in the scan; true when something above is not.
local function above(e)
  local found, at = { [e.address] = true }, e
  for _ = 1, 10 do
    local parent
    for _, other in ipairs(at:targets(at.raw.parent_id)) do
      if one_of(other.kind, "aws.organizations.unit", "aws.organizations.organization") then parent = other end
    end
    if parent == nil then break end
    found[parent.address] = true
    at = parent
    if parent.kind == "aws.organizations.organization" then return found, false end
  end
  -- Without a parent of its own, an account is below the root.
  if at.kind ~= "aws.organizations.organization" and known(at.raw.parent_id) and at.raw.parent_id == nil then
    local organization = graph.all("aws.organizations.organization")[1]
    if organization ~= nil then
      found[organization.address] = true
      return found, false
    end
  end
  return found, true
end

local function of_code(e)
  local holders, open = above(e)
  local policies = {}
  for _, attachment in ipairs(graph.all("aws.organizations.attachment")) do
    local hit, told = false, false
    for _, target in ipairs(attachment:targets(attachment.raw.target_id)) do
      told = true
      hit = hit or holders[target.address] == true
    end
    if not told then open = true end
    if hit then
      local found = false
      for _, policy in ipairs(attachment:targets(attachment.raw.policy_id)) do
        if policy.kind == "aws.organizations.policy" and policy.sort == "SERVICE_CONTROL_POLICY" then
          found = true
          policies[#policies + 1] = iam.statements(json(policy.raw.content))
        end
      end
      if not found and not (known(attachment.policy) and attachment.policy == "p-FullAWSAccess") then open = true end
    end
  end
  return policies, open
end

local function of_answer(e)
  if e.policies == nil then unknown("the policies of the account were not collected") end
  local found = {}
  for i, policy in ipairs(e.policies) do found[i] = iam.statements(json(policy.Content)) end
  return found, false
end

local function organization(e)
  if e.features ~= "ALL" then
    return fail("the organisation " .. e.name .. " has not all features, so no policy limits its accounts", { at = "features" })
  end
  if e.origin == "live" then
    if e.policy_types == nil then unknown("the policy types were not collected") end
    for _, one in ipairs(e.policy_types) do
      if (one.Type or one) == "SERVICE_CONTROL_POLICY" then return end
    end
  elseif has(list(e.policy_types), "SERVICE_CONTROL_POLICY") then
    return
  end
  return fail("service control policies are not enabled in the organisation", { at = "policy_types" })
end

return rule {
  id = "AWS-ORG-001", title = "Account is not governed by effective service control policies",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.organizations.account", "aws.organizations.organization" },
  description = [[A service control policy binds even the administrators of an account: they cannot leave, switch the trail off, or work in
regions that nobody watches.]],
  remediation = [[Enable SERVICE_CONTROL_POLICY, and attach policies to the root or the units that deny
`organizations:LeaveOrganization`, `cloudtrail:StopLogging`, and everything where `aws:RequestedRegion` is not approved.]],
  references = { "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html" },
  check = function(e)
    if e.kind == "aws.organizations.organization" then return organization(e) end
    local policies, open
    if e.origin == "live" then policies, open = of_answer(e) else policies, open = of_code(e) end
    local missing = judge(e, policies)
    if #missing == 0 then return end
    if open then unknown("not all policies that reach the account are in the scan") end
    return fail("no service control policy keeps account " .. e.name .. " from " .. table.concat(missing, ", "), { at = e })
  end,
  tests = {
    fail = { [[resource "aws_organizations_organization" "fire" { feature_set = "CONSOLIDATED_BILLING" }]], [[
resource "aws_organizations_organization" "fire" {}]], [[
resource "aws_organizations_organization" "o" { enabled_policy_types = ["SERVICE_CONTROL_POLICY"] }
resource "aws_organizations_account" "fire" {
  name  = "prod"
  email = "a@example.com"
}]], live [[
[{"type": "aws:organizations:account", "name": "fire", "body": {"Id": "1", "Name": "prod", "ServiceControlPolicies": [
  {"Name": "FullAWSAccess", "Content": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}]}}]
]] },
    pass = { [[
resource "aws_organizations_organization" "dont_fire" { enabled_policy_types = ["SERVICE_CONTROL_POLICY"] }
resource "aws_organizations_organizational_unit" "w" {
  name      = "workloads"
  parent_id = aws_organizations_organization.dont_fire.roots[0].id
}
resource "aws_organizations_account" "dont_fire" {
  name      = "prod"
  parent_id = aws_organizations_organizational_unit.w.id
}
resource "aws_organizations_policy" "p" {
  name = "p"
  content = jsonencode({ Statement = [
    { Effect = "Deny", Action = ["organizations:LeaveOrganization", "cloudtrail:StopLogging"], Resource = "*" },
    { Effect = "Deny", NotAction = "iam:*", Resource = "*",
      Condition = { StringNotEquals = { "aws:RequestedRegion" = ["eu-west-1"] } } }
  ] })
}
resource "aws_organizations_policy_attachment" "a" {
  policy_id = aws_organizations_policy.p.id
  target_id = aws_organizations_organizational_unit.w.id
}]], live [[
[{"type": "aws:organizations:organization", "name": "dont_fire", "body": {"Id": "o", "FeatureSet": "ALL",
  "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]}}]
]] },
    unknown = { [[
variable "parent" {}
resource "aws_organizations_account" "a" {
  name      = "prod"
  parent_id = var.parent
}]], live [[
[{"type": "aws:organizations:account", "name": "a", "body": {"Id": "1", "Name": "prod"}, "unknown": {"ServiceControlPolicies": "AccessDenied"}}]
]] },
  },
}
