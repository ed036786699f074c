return rule {
  id = "AWS-VPN-002", title = "Tunnel secret is written in code",
  severity = "high", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "aws.vpn.connection",
  where = function(e) return e.origin ~= "live" end,
  description = [[Who has the key that both ends share can pass as one of them. In code, everyone who reads the repository has it.]],
  remediation = [[Leave `tunnel1_preshared_key` and `tunnel2_preshared_key` out, so that AWS makes them up, or read them from Secrets
Manager; better, use certificates.]],
  references = { "https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-tunnel-authentication-options.html" },
  check = function(e)
    local failures = {}
    for n = 1, 2 do
      local field = "tunnel" .. n .. "_preshared_key"
      -- What comes from a resource, a data source or a variable is not written here.
      if known(e.raw[field]) and e.raw[field] ~= nil and #e:targets(e.raw[field]) == 0 then
        failures[#failures + 1] = fail("the shared key of tunnel " .. n .. " of connection " .. e.name .. " is written in code",
          { at = e.raw[field] })
      end
    end
    if #failures > 0 then return failures end
    for n = 1, 2 do
      local field = "tunnel" .. n .. "_preshared_key"
      if not known(e.raw[field]) and #e:targets(e.raw[field]) == 0 then return e.raw[field] end -- ends the check
    end
  end,
  tests = {
    fail = { [[
resource "aws_vpn_connection" "fire" {
  customer_gateway_id   = "cgw-1"
  tunnel1_preshared_key = "not.a.real.key.1234"
}]] },
    pass = { [[
resource "aws_vpn_connection" "dont_fire" { customer_gateway_id = "cgw-1" }]], [[
resource "random_password" "k" { length = 32 }
resource "aws_vpn_connection" "dont_fire" { tunnel1_preshared_key = random_password.k.result }]] },
    unknown = { [[
variable "k" {}
resource "aws_vpn_connection" "a" { tunnel2_preshared_key = var.k }]] },
  },
}
