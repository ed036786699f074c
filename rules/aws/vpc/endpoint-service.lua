return rule {
  id = "AWS-VPC-006", title = "Endpoint service accepts every consumer",
  severity = "medium", category = "network",
  aliases = { "CKV_AWS_123" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.vpc.endpoint_service",
  description = [[Without acceptance every allowed account connects by itself; with `*` among the principals every account of AWS
is allowed.]],
  remediation = [[Set `acceptance_required = true` and name the principals.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html" },
  check = function(e)
    local found = {}
    if e.acceptance ~= true then
      found[1] = fail("endpoint service " .. e.name .. " accepts connections without asking", { at = "acceptance" })
    end
    if #found == 0 and e.origin == "live" then unknown("who may connect is not collected") end
    local principals = e.raw.allowed_principals
    if principals ~= nil and has(principals, "*") then
      found[#found + 1] = fail("endpoint service " .. e.name .. " is open to every account", { at = principals })
    end
    for _, allowed in ipairs(e:satellites("allowed")) do
      if allowed.raw.principal_arn == "*" then
        found[#found + 1] = fail("endpoint service " .. e.name .. " is open to every account", { at = allowed })
      end
    end
    return found
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:vpc-endpoint-service", "name": "fire", "body": {"ServiceId": "vpce-svc-1", "AcceptanceRequired": false}}]
]], [[resource "aws_vpc_endpoint_service" "fire" { acceptance_required = false }]] },
    pass = { [[resource "aws_vpc_endpoint_service" "dont_fire" { acceptance_required = true }]] },
    unknown = { live [[
[{"type": "aws:ec2:vpc-endpoint-service", "name": "a", "body": {"ServiceId": "vpce-svc-1", "AcceptanceRequired": true}}]
]], [[
variable "a" { type = bool }
resource "aws_vpc_endpoint_service" "a" { acceptance_required = var.a }]] },
  },
}
