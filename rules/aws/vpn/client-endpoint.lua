local function everyone_everywhere(e)
  local found = {}
  if e.origin == "live" then
    for _, one in ipairs(list(e.rules)) do
      if one.AccessAll == true and cidr.any(one.DestinationCidr) then found[#found + 1] = one end
    end
    return found
  end
  for _, one in ipairs(e:satellites("rule")) do
    if one.everyone and cidr.any(one.cidr) then found[#found + 1] = one end
  end
  return found
end

local function has_directory(kinds)
  for _, kind in ipairs(kinds) do
    if one_of(kind, "federated-authentication", "directory-service-authentication") then return true end
  end
  return false
end

return rule {
  id = "AWS-VPN-003", title = "Client VPN relies on certificates alone or opens every network",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1", "ISO27001-2022:A.8.5" },
  for_each = "aws.vpn.client_endpoint",
  description = [[A certificate stays valid on a stolen laptop; a directory asks for a second factor and forgets who left. A rule for everyone
to everywhere opens each network that the VPN reaches.]],
  remediation = [[Add `authentication_options` of type federated-authentication, set `enabled = true` in `connection_log_options`, and name
networks and groups in the authorization rules.]],
  references = { "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/client-authentication.html",
    "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/connection-logging.html" },
  check = function(e)
    local failures = {}
    if not has_directory(list(e.authentication)) then
      failures[1] = fail("VPN " .. e.name .. " asks for a certificate alone", { case = "certificate", at = "authentication" })
    end
    if not e.log.enabled then
      failures[#failures + 1] = fail("VPN " .. e.name .. " does not log connections", { case = "log", at = "log.enabled" })
    end
    if #everyone_everywhere(e) > 0 then
      failures[#failures + 1] = fail("VPN " .. e.name .. " opens every network to everyone", { case = "open", at = e })
    end
    return failures
  end,
  tests = {
    fail = { [[
resource "aws_ec2_client_vpn_endpoint" "fire" {
  authentication_options { type = "certificate-authentication" }
  connection_log_options { enabled = true }
}]], [[
resource "aws_ec2_client_vpn_endpoint" "fire" {
  authentication_options { type = "federated-authentication" }
  connection_log_options { enabled = false }
}]], [[
resource "aws_ec2_client_vpn_endpoint" "fire" {
  authentication_options { type = "federated-authentication" }
  connection_log_options { enabled = true }
}
resource "aws_ec2_client_vpn_authorization_rule" "r" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.fire.id
  target_network_cidr    = "0.0.0.0/0"
  authorize_all_groups   = true
}]], live [[
[{"type": "aws:ec2:client-vpn-endpoint", "name": "fire", "body": {
  "AuthenticationOptions": [{"Type": "certificate-authentication"}], "ConnectionLogOptions": {"Enabled": true}}}]
]] },
    pass = { [[
resource "aws_ec2_client_vpn_endpoint" "dont_fire" {
  authentication_options { type = "federated-authentication" }
  connection_log_options { enabled = true }
}
resource "aws_ec2_client_vpn_authorization_rule" "r" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.dont_fire.id
  target_network_cidr    = "10.0.0.0/16"
  authorize_all_groups   = true
}]], live [[
[{"type": "aws:ec2:client-vpn-endpoint", "name": "dont_fire", "body": {
  "AuthenticationOptions": [{"Type": "federated-authentication"}], "ConnectionLogOptions": {"Enabled": true},
  "AuthorizationRules": [{"DestinationCidr": "10.0.0.0/16", "AccessAll": true}]}}]
]] },
    unknown = { [[
variable "on" { type = bool }
resource "aws_ec2_client_vpn_endpoint" "a" {
  authentication_options { type = "federated-authentication" }
  connection_log_options { enabled = var.on }
}]] },
  },
}
