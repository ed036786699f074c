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
    if e.origin == "live" then
      if #found == 0 and e.raw.AllowedPrincipals == nil then unknown("who may connect was not collected") end
      for _, allowed in ipairs(known(e.raw.AllowedPrincipals) and list(e.raw.AllowedPrincipals) or {}) do
        if allowed.Principal == "*" then
          found[#found + 1] = fail("endpoint service " .. e.name .. " is open to every account", { at = e })
        end
      end
      return found
    end
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
[{"type": "aws:ec2:vpc-endpoint-service", "name": "fire", "body": {"ServiceId": "vpce-svc-1", "AcceptanceRequired": true,
  "AllowedPrincipals": [{"PrincipalType": "All", "Principal": "*"}]}}]
]], live [[
[{"type": "aws:ec2:vpc-endpoint-service", "name": "fire", "body": {"ServiceId": "vpce-svc-1", "AcceptanceRequired": false}}]
]], [[resource "aws_vpc_endpoint_service" "fire" { acceptance_required = false }]] },
    pass = { live [[
[{"type": "aws:ec2:vpc-endpoint-service", "name": "dont_fire", "body": {"ServiceId": "vpce-svc-1", "AcceptanceRequired": true,
  "AllowedPrincipals": [{"PrincipalType": "Account", "Principal": "arn:aws:iam::123456789012:root"}]}}]
]], [[resource "aws_vpc_endpoint_service" "dont_fire" { acceptance_required = true }]] },
    unknown = { live [[
[{"type": "aws:ec2:vpc-endpoint-service", "name": "a", "body": {"ServiceId": "vpce-svc-1", "AcceptanceRequired": true}}]
]], [[
variable "a" { type = bool }
resource "aws_vpc_endpoint_service" "a" { acceptance_required = var.a }]] },
  },
}
