-- What a tunnel proposes: lists of texts by name, as both sources spell them.
local weak = {
  { "phase1_integrity_algorithms", "Phase1IntegrityAlgorithms", "SHA1", "SHA-1 in phase 1" },
  { "phase2_integrity_algorithms", "Phase2IntegrityAlgorithms", "SHA1", "SHA-1 in phase 2" },
  { "phase1_dh_group_numbers", "Phase1DHGroupNumbers", "2", "Diffie-Hellman group 2 in phase 1" },
  { "phase2_dh_group_numbers", "Phase2DHGroupNumbers", "2", "Diffie-Hellman group 2 in phase 2" },
  { "ike_versions", "IKEVersions", "ikev1", "IKEv1" },
}

local function holds(proposals, word)
  for i = 1, #proposals do
    local one = proposals[i]
    if type(one) ~= "string" and type(one) ~= "number" and one.Value ~= nil then one = one.Value end
    if lower(tostring(one)) == lower(word) then return true end
  end
  return false
end

-- Names of what is weak; what is not written is AWS's default, which takes all that it knows.
local function weaknesses(read)
  local found = {}
  for _, row in ipairs(weak) do
    local proposals = read(row)
    if #proposals == 0 or holds(proposals, row[3]) then found[#found + 1] = row[4] end
  end
  return found
end

local function judge(e, label, read, logs)
  local failures = {}
  local found = weaknesses(read)
  if #found > 0 then
    failures[1] = fail(label .. " of connection " .. e.name .. " accepts " .. table.concat(found, ", "), { case = "cryptography", at = e })
  end
  if not logs() then failures[#failures + 1] = fail(label .. " of connection " .. e.name .. " keeps no log", { case = "log", at = e }) end
  return failures
end

local function of_code(e, n)
  local prefix = "tunnel" .. n .. "_"
  return judge(e, "tunnel " .. n, function(row) return list(e.raw[prefix .. row[1]]) end, function()
    return e.raw[prefix .. "log_options"].cloudwatch_log_options.log_enabled == true
  end)
end

local function of_answer(e)
  local n = 0
  return each(list(e.tunnels), function(tunnel)
    n = n + 1
    return judge(e, "tunnel " .. n, function(row)
      local proposals = tunnel[row[2]]
      if proposals == nil and row[2] == "IKEVersions" then proposals = tunnel.IkeVersions end
      return list(proposals)
    end, function() return tunnel.LogOptions.CloudWatchLogOptions.LogEnabled == true end)
  end)
end

return rule {
  id = "AWS-VPN-001", title = "Tunnel proposals allow weak cryptography or leave no log",
  severity = "medium", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.vpn.connection",
  description = [[A tunnel is as strong as the weakest proposal that both ends accept. AWS offers SHA-1, group 2 and IKEv1 unless told not to.
Without its log nobody sees why a tunnel fell, or who tried to open one.]],
  remediation = [[For each tunnel set `phase1_integrity_algorithms` and `phase2_integrity_algorithms` to SHA2-256 or better, the
`dh_group_numbers` to 14 and above, `ike_versions = ["ikev2"]`, and `log_enabled = true` in `tunnelN_log_options`.]],
  references = { "https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html",
    "https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-logs.html" },
  check = function(e)
    if e.origin == "live" then return of_answer(e) end
    local failures = {}
    for n = 1, 2 do
      for _, failure in ipairs(of_code(e, n)) do failures[#failures + 1] = failure end
    end
    return failures
  end,
  tests = {
    fail = { [[resource "aws_vpn_connection" "fire" { customer_gateway_id = "cgw-1" }]], live [[
[{"type": "aws:ec2:vpn-connection", "name": "fire", "body": {"Options": {"TunnelOptions": [
  {"Phase1IntegrityAlgorithms": [{"Value": "SHA1"}], "Phase2IntegrityAlgorithms": [{"Value": "SHA2-256"}],
   "Phase1DHGroupNumbers": [{"Value": 14}], "Phase2DHGroupNumbers": [{"Value": 14}], "IkeVersions": [{"Value": "ikev2"}],
   "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": true}}}]}}}]
]] },
    pass = { [[
resource "aws_vpn_connection" "dont_fire" {
  customer_gateway_id                  = "cgw-1"
  tunnel1_ike_versions                 = ["ikev2"]
  tunnel1_phase1_integrity_algorithms  = ["SHA2-256"]
  tunnel1_phase2_integrity_algorithms  = ["SHA2-256"]
  tunnel1_phase1_dh_group_numbers      = [20]
  tunnel1_phase2_dh_group_numbers      = [20]
  tunnel2_ike_versions                 = ["ikev2"]
  tunnel2_phase1_integrity_algorithms  = ["SHA2-256"]
  tunnel2_phase2_integrity_algorithms  = ["SHA2-256"]
  tunnel2_phase1_dh_group_numbers      = [20]
  tunnel2_phase2_dh_group_numbers      = [20]
  tunnel1_log_options {
    cloudwatch_log_options { log_enabled = true }
  }
  tunnel2_log_options {
    cloudwatch_log_options { log_enabled = true }
  }
}]], live [[
[{"type": "aws:ec2:vpn-connection", "name": "dont_fire", "body": {"Options": {"TunnelOptions": [
  {"Phase1IntegrityAlgorithms": [{"Value": "SHA2-512"}], "Phase2IntegrityAlgorithms": [{"Value": "SHA2-256"}],
   "Phase1DHGroupNumbers": [{"Value": 14}], "Phase2DHGroupNumbers": [{"Value": 14}], "IkeVersions": [{"Value": "ikev2"}],
   "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": true}}}]}}}]
]] },
    unknown = { [[
variable "v" { type = list(string) }
resource "aws_vpn_connection" "a" {
  tunnel1_ike_versions = var.v
}]] },
  },
}
