local function is_limited(e)
  if not known(e.networks) then return true end
  local networks = e.networks
  if networks == nil then return false end
  return #list(networks) > 0 or networks.prefixListIds ~= nil
end

local function group_admins(e)
  if e.origin == "live" then return {} end
  local found = {}
  for _, role in ipairs(e:satellites("roles")) do
    if role.role == "ADMIN" and role.groups ~= nil and #role.groups > 0 then found[#found + 1] = role end
  end
  return found
end

return rule {
  id = "AWS-AMG-001", title = "Managed Grafana workspace is reachable without single sign-on or from anywhere",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.grafana.workspace",
  description = [[Dashboards show what runs where, and data sources hold credentials. Sign-in belongs to the directory, the address to one's
own networks, and administration to named people.]],
  remediation = [[Set `authentication_providers` to AWS_SSO or SAML, add `network_access_control`, and give ADMIN to `user_ids`.]],
  references = { "https://docs.aws.amazon.com/grafana/latest/userguide/authentication-in-AMG.html",
    "https://docs.aws.amazon.com/grafana/latest/userguide/AMG-configure-nac.html" },
  check = function(e)
    local failures = {}
    local providers = list(e.providers)
    if not has(providers, "AWS_SSO") and not has(providers, "SAML") then
      failures[1] = fail("workspace " .. e.name .. " has no single sign-on", { case = "sign-on", at = "providers" })
    end
    if not is_limited(e) then
      failures[#failures + 1] = fail("workspace " .. e.name .. " is reachable from anywhere", { case = "network", at = "networks" })
    end
    for _, role in ipairs(group_admins(e)) do
      failures[#failures + 1] = fail("workspace " .. e.name .. " gives ADMIN to a whole group",
        { case = "admin", at = e, evidence = { { role, "the role" } } })
    end
    return failures
  end,
  tests = {
    fail = { [[
resource "aws_grafana_workspace" "fire" {
  name                     = "fire"
  authentication_providers = ["AWS_SSO"]
}]], [[
resource "aws_grafana_workspace" "fire" {
  name                     = "fire"
  authentication_providers = ["SAML"]
  network_access_control {
    prefix_list_ids = ["pl-1"]
    vpce_ids        = []
  }
}
resource "aws_grafana_role_association" "r" {
  workspace_id = aws_grafana_workspace.fire.id
  role         = "ADMIN"
  group_ids    = ["everyone"]
}]], live [[
[{"type": "aws:grafana:workspace", "name": "fire", "body": {"name": "w", "authentication": {"providers": ["AWS_SSO"]}}}]
]] },
    pass = { [[
resource "aws_grafana_workspace" "dont_fire" {
  name                     = "dont-fire"
  authentication_providers = ["AWS_SSO"]
  network_access_control {
    prefix_list_ids = ["pl-1"]
    vpce_ids        = []
  }
}
resource "aws_grafana_role_association" "r" {
  workspace_id = aws_grafana_workspace.dont_fire.id
  role         = "ADMIN"
  user_ids     = ["anna"]
}]], live [[
[{"type": "aws:grafana:workspace", "name": "dont_fire", "body": {"name": "w", "authentication": {"providers": ["AWS_SSO"]},
  "networkAccessControl": {"prefixListIds": ["pl-1"], "vpceIds": []}}}]
]] },
    unknown = { [[
variable "p" { type = list(string) }
resource "aws_grafana_workspace" "a" {
  authentication_providers = var.p
  network_access_control {
    prefix_list_ids = ["pl-1"]
    vpce_ids        = []
  }
}]] },
  },
}
