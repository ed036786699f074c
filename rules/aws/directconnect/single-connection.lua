local tags = lib "tags"

-- How many places are known, and whether that of some line is not.
local function locations()
  local found, n, unsure = {}, 0, false
  for _, kind in ipairs { "aws.dx.connection", "aws.dx.lag" } do
    for _, line in ipairs(graph.all(kind)) do
      if not known(line.location) then
        unsure = true
      elseif not found[line.location or line.address] then
        found[line.location or line.address], n = true, n + 1
      end
    end
  end
  return n, unsure
end

return rule {
  id = "AWS-DX-002", title = "On-premises link has a single connection",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.dx.connection", "aws.dx.lag" },
  where = function(e) return tags.production(e) end,
  description = [[A single line is cut by one excavator. The second way needs another location, or a VPN over the internet.]],
  remediation = [[Order a second connection in another location, or add an `aws_vpn_connection` to the same gateway.]],
  references = { "https://docs.aws.amazon.com/directconnect/latest/UserGuide/resiliency_toolkit.html" },
  check = function(e)
    if #graph.all("aws.vpn.connection") > 0 then return end
    local n, unsure = locations()
    if n > 1 then return end
    if unsure then unknown("the location of another line is not known") end
    return fail("production depends on " .. e.name .. " alone, in one location and without a VPN as a second way", { at = e })
  end,
  tests = {
    fail = { [[
resource "aws_dx_connection" "fire" {
  name      = "line"
  bandwidth = "10Gbps"
  location  = "EqDC2"
  tags      = { environment = "prod" }
}]], live [[
[{"type": "aws:directconnect:dxcon", "name": "fire", "body": {"location": "EqDC2", "tags": [{"key": "environment", "value": "prod"}]}}]
]] },
    pass = { [[
resource "aws_dx_connection" "dont_fire" {
  name      = "line"
  location  = "EqDC2"
  tags      = { environment = "prod" }
}
resource "aws_dx_connection" "second" {
  name     = "line2"
  location = "EqLD5"
}]], live [[
[{"type": "aws:directconnect:dxcon", "name": "dont_fire", "body": {"location": "EqDC2", "tags": [{"key": "environment", "value": "prod"}]}},
 {"type": "aws:ec2:vpn-connection", "name": "v", "body": {"VpnConnectionId": "vpn-1"}}]
]] },
    unknown = { [[
variable "place" {}
resource "aws_dx_connection" "unsure" {
  name      = "line"
  location  = "EqDC2"
  tags      = { environment = "prod" }
}
resource "aws_dx_connection" "second" {
  name     = "line2"
  location = var.place
}]] },
  },
}
