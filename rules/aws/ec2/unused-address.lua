local values = lib "values"

return rule {
  id = "AWS-EC2-013", title = "Elastic address is allocated but unused",
  severity = "low", category = "cost",
  aliases = { "CKV2_AWS_19" },
  for_each = "aws.ec2.eip",
  description = [[An address that is kept but not used costs money, and one that dangles in DNS can be taken over after release.]],
  remediation = [[Associate the address, or release it.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html" },
  check = function(e)
    if e.origin == "live" then
      if e.raw.AssociationId == nil then return fail("address " .. e.name .. " is associated with nothing") end
      return
    end
    for _, field in ipairs { "instance", "network_interface", "associate_with_private_ip" } do
      if values.set(e, e.raw, field) then return end
    end
    if #e:satellites("association") > 0 or #e:edges_to("references") > 0 then return end
    if e.space ~= "" then unknown("the address belongs to a module and may be used by its callers") end
    return fail("address " .. e.name .. " is associated with nothing")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:elastic-ip", "name": "fire", "body": {"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.7"}}]
]], [[resource "aws_eip" "fire" { domain = "vpc" }]] },
    pass = { live [[
[{"type": "aws:ec2:elastic-ip", "name": "dont_fire",
  "body": {"AllocationId": "eipalloc-1", "NetworkInterfaceId": "eni-1", "AssociationId": "eipassoc-1"}}]
]], [[
resource "aws_eip" "dont_fire" { domain = "vpc" }
resource "aws_nat_gateway" "n" {
  allocation_id = aws_eip.dont_fire.id
  subnet_id     = "subnet-1"
}]] },
    unknown = { [[
variable "eip" {}
resource "aws_eip" "a" { domain = "vpc" }
resource "aws_eip_association" "x" {
  allocation_id = var.eip
  instance_id   = "i-1"
}]] },
  },
}
