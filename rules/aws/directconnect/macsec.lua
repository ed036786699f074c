-- Whether a VPN in the scan runs over a transit gateway or a private address, as one over a line does.
local function has_private_vpn()
  for _, vpn in ipairs(graph.all("aws.vpn.connection")) do
    if vpn.raw.outside_ip_address_type == "PrivateIpv4" or vpn.raw.transport_transit_gateway_attachment_id ~= nil then return true end
    if vpn.origin == "live" and vpn.raw.Options.OutsideIpAddressType == "PrivateIpv4" then return true end
  end
  return false
end

return rule {
  id = "AWS-DX-001", title = "Dedicated connection is not encrypted",
  severity = "medium", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.dx.connection",
  description = [[A line of one's own passes through equipment of others. MACsec encrypts the link, a VPN over it the traffic.]],
  remediation = [[Set `request_macsec = true` and `encryption_mode = "must_encrypt"`, or run a private IP VPN over the virtual interface.]],
  references = { "https://docs.aws.amazon.com/directconnect/latest/UserGuide/MACsec.html",
    "https://docs.aws.amazon.com/vpn/latest/s2svpn/private-ip-dx.html" },
  check = function(e)
    if e.macsec then return end
    if e.origin ~= "live" and #e:satellites("macsec_key") > 0 then return end
    if has_private_vpn() then return end
    -- MACsec is for 10 Gbit/s and more, at some locations.
    if e.bandwidth ~= nil and match(e.bandwidth, "^(?:\\d+Mbps|[1-5]Gbps)$") then
      unknown("MACsec is not offered for " .. e.bandwidth .. "; a VPN over the line may be made elsewhere")
    end
    if e.capable == false then unknown("the location does not offer MACsec; a VPN may be made elsewhere") end
    return fail("connection " .. e.name .. " is not encrypted", { at = "macsec" })
  end,
  tests = {
    fail = { [[
resource "aws_dx_connection" "fire" {
  name      = "line"
  bandwidth = "10Gbps"
  location  = "EqDC2"
}]], live [[
[{"type": "aws:directconnect:dxcon", "name": "fire",
  "body": {"connectionName": "line", "bandwidth": "10Gbps", "macSecCapable": true, "encryptionMode": "no_encrypt"}}]
]] },
    pass = { [[
resource "aws_dx_connection" "dont_fire" {
  name           = "line"
  bandwidth      = "10Gbps"
  location       = "EqDC2"
  request_macsec = true
}]], live [[
[{"type": "aws:directconnect:dxcon", "name": "dont_fire", "body": {"connectionName": "line", "encryptionMode": "must_encrypt"}}]
]] },
    unknown = { [[
resource "aws_dx_connection" "a" {
  name      = "line"
  bandwidth = "1Gbps"
  location  = "EqDC2"
}]] },
  },
}
