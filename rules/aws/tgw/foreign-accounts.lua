-- Shares that hold the gateway.
local function shares_of(e)
  local found = {}
  for _, share in ipairs(graph.all("aws.ram.share")) do
    if e.origin == "live" then
      if share.origin == "live" and has(list(share.resources), e.raw.TransitGatewayArn) then found[#found + 1] = share end
    else
      for _, resource in ipairs(share:satellites("resource")) do
        for _, target in ipairs(resource:targets(resource.raw.resource_arn)) do
          if target.address == e.address then found[#found + 1] = share end
        end
      end
    end
  end
  return found
end

return rule {
  id = "AWS-TGW-001", title = "Gateway accepts or is shared with foreign accounts",
  severity = "high", category = "network",
  aliases = { CKV_AWS_331 = "accept" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.tgw.gateway",
  description = [[Whoever attaches a network to the gateway reaches the others. Attachments of other accounts should be accepted one by one,
and a share that allows principals outside the organisation can be widened by mistake.]],
  remediation = [[Set `auto_accept_shared_attachments = "disable"`, and `allow_external_principals = false` on the resource share.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html",
    "https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-create.html" },
  check = function(e)
    if e.auto_accept then
      return fail("gateway " .. e.name .. " accepts attachments of other accounts by itself", { case = "accept", at = "auto_accept" })
    end
    return each(shares_of(e), function(share)
      -- The provider's default is false, the API's is true.
      local external = share.external
      if external == nil then external = share.origin == "live" end
      if external then
        return fail("gateway " .. e.name .. " is in share " .. share.name .. ", which allows accounts outside the organisation",
          { case = "share", at = e, evidence = { { share, "the share" } } })
      end
    end)
  end,
  fix = set("raw.auto_accept_shared_attachments", "disable", "accept"),
  tests = {
    fail = { [[resource "aws_ec2_transit_gateway" "fire" { auto_accept_shared_attachments = "enable" }]], [[
resource "aws_ec2_transit_gateway" "fire" {}
resource "aws_ram_resource_share" "s" {
  name                      = "s"
  allow_external_principals = true
}
resource "aws_ram_resource_association" "a" {
  resource_arn       = aws_ec2_transit_gateway.fire.arn
  resource_share_arn = aws_ram_resource_share.s.arn
}]], live [[
[{"type": "aws:ec2:transit-gateway", "name": "fire", "body": {"Options": {"AutoAcceptSharedAttachments": "enable"}}}]
]] },
    pass = { [[
resource "aws_ec2_transit_gateway" "dont_fire" {}
resource "aws_ram_resource_share" "s" { name = "s" }
resource "aws_ram_resource_association" "a" {
  resource_arn       = aws_ec2_transit_gateway.dont_fire.arn
  resource_share_arn = aws_ram_resource_share.s.arn
}]], live [[
[{"type": "aws:ec2:transit-gateway", "name": "dont_fire", "body": {"Options": {"AutoAcceptSharedAttachments": "disable"}}}]
]] },
    unknown = { [[
variable "a" {}
resource "aws_ec2_transit_gateway" "a" { auto_accept_shared_attachments = var.a }]] },
  },
}
