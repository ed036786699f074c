local tags = lib "tags"

local function bastion(e)
  return tags.mention(e, "(?i)bastion|jump")
end

return rule {
  id = "AWS-EC2-005", title = "Instance has a public address",
  severity = "high", category = "network",
  aliases = { CKV_AWS_88 = "instance", ["AVD-AWS-0009"] = { "instance", "configuration" }, CKV_AWS_389 = "configuration" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.ec2.instance", "aws.ec2.launch_template", "aws.ec2.launch_configuration" },
  description = [[A machine with a public address is one security group rule away from the internet.]],
  remediation = [[Set `associate_public_ip_address = false` and put a load balancer in front.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html" },
  check = function(e)
    local severity = (bastion(e) or tags.class(e) == "public") and "info" or nil
    local case = e.kind == "aws.ec2.launch_configuration" and "configuration" or "instance"
    if e.origin == "live" and e.kind == "aws.ec2.instance" then
      if e.raw.PublicIpAddress ~= nil then
        return fail("instance " .. e.name .. " has the public address " .. e.raw.PublicIpAddress, { case = case, severity = severity })
      end
      return
    end
    local public = e.public_address
    if public then
      return fail(e.name .. " gets a public address", { case = case, at = "public_address", severity = severity })
    end
    if public == nil and e.kind == "aws.ec2.instance" then
      for _, subnet in ipairs(e:targets(e.raw.subnet_id)) do
        if subnet.kind == "aws.vpc.subnet" and subnet.public_addresses then
          return fail(e.name .. " gets a public address from its subnet",
            { case = case, at = "subnet", severity = severity, evidence = { { subnet, "map_public_ip_on_launch is true" } } })
        end
      end
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:launch-template", "name": "fire",
  "body": {"LaunchTemplateData": {"InstanceType": "m7g.large", "MetadataOptions": {"HttpTokens": "required",
    "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}, "Monitoring": {"Enabled": true},
    "NetworkInterfaces": [{"AssociatePublicIpAddress": true}]}}}]
]], [[resource "aws_instance" "fire" { associate_public_ip_address = true }]], [[
resource "aws_subnet" "s" {
  vpc_id                  = "vpc-1"
  map_public_ip_on_launch = true
}
resource "aws_instance" "fire" { subnet_id = aws_subnet.s.id }]] },
    pass = { live [[
[{"type": "aws:ec2:launch-template", "name": "dont_fire",
  "body": {"LaunchTemplateData": {"InstanceType": "m7g.large", "MetadataOptions": {"HttpTokens": "required",
    "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}, "Monitoring": {"Enabled": true},
    "NetworkInterfaces": [{"AssociatePublicIpAddress": false}]}}}]
]], [[resource "aws_instance" "dont_fire" { associate_public_ip_address = false }]] },
    unknown = { [[
variable "p" { type = bool }
resource "aws_instance" "a" { associate_public_ip_address = var.p }]] },
  },
}
