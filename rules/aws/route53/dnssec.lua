return rule {
  id = "AWS-R53-001", title = "Public zone is not signed",
  severity = "low", category = "encryption",
  aliases = { "CKV2_AWS_38" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.route53.zone",
  where = function(e) return not known(e.private) or not e.private end,
  description = [[Without signatures, whoever stands between a resolver and the zone can answer in its name.]],
  remediation = [[Add an `aws_route53_key_signing_key` and an `aws_route53_hosted_zone_dnssec` for the zone, and the DS record at the parent.]],
  references = { "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec.html" },
  -- CKV2_AWS_38 is content with a signing key alone, which signs nothing; a zone that gets its network from an
  -- aws_route53_zone_association is private to it as well.
  check = function(e)
    if e.private then return end
    if e.origin ~= "live" then
      for _, dnssec in ipairs(e:satellites("dnssec")) do
        if dnssec.status == "SIGNING" then return end
      end
      if #e:satellites("association") > 0 then return end
    elseif e.signing == "SIGNING" then
      return
    elseif e.signing == nil then
      unknown("whether the zone is signed was not collected")
    end
    return fail("zone " .. e.name .. " is not signed", { at = e })
  end,
  tests = {
    fail = { [[resource "aws_route53_zone" "fire" { name = "example.com" }]], live [[
[{"type": "aws:route53:hostedzone", "name": "fire", "body": {"Name": "example.com.", "Config": {"PrivateZone": false},
  "DNSSEC": {"Status": {"ServeSignature": "NOT_SIGNING"}}}}]
]] },
    pass = { [[
resource "aws_route53_zone" "dont_fire" { name = "example.com" }
resource "aws_route53_hosted_zone_dnssec" "d" { hosted_zone_id = aws_route53_zone.dont_fire.id }]], live [[
[{"type": "aws:route53:hostedzone", "name": "dont_fire", "body": {"Name": "example.com.", "Config": {"PrivateZone": false},
  "DNSSEC": {"Status": {"ServeSignature": "SIGNING"}}}}]
]] },
    unknown = { [[
variable "z" {}
resource "aws_route53_zone" "a" { name = "example.com" }
resource "aws_route53_hosted_zone_dnssec" "d" { hosted_zone_id = var.z }]], live [[
[{"type": "aws:route53:hostedzone", "name": "a", "body": {"Name": "example.com."}, "unknown": {"DNSSEC": "AccessDenied"}}]
]] },
  },
}
