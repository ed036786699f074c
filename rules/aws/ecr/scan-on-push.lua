-- Whether a rule of the registry scans the repository.
local function scanned(e)
  for _, registry in ipairs(graph.all("aws.ecr.scanning")) do
    for _, r in ipairs(list(registry.raw.rule)) do
      if r.scan_frequency ~= "MANUAL" then
        for _, filter in ipairs(list(r.repository_filter)) do
          if glob(e.name, "*" .. filter.filter .. "*") then return true end
        end
      end
    end
  end
  return false
end

return rule {
  id = "AWS-ECR-003", title = "Images are not scanned when pushed",
  severity = "medium", category = "supply-chain",
  aliases = { "CKV_AWS_163", "AVD-AWS-0030" },
  frameworks = { "NIST-800-53r5:RA-5", "PCI-DSS-4.0:6.3.1", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = "aws.ecr.repository",
  description = [[Images with known holes run until somebody looks.]],
  remediation = [[Set `scan_on_push = true` in `image_scanning_configuration`, or a rule in `aws_ecr_registry_scanning_configuration`.]],
  references = { "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html" },
  check = function(e)
    if e.scan or scanned(e) then return end
    return fail("images of repository " .. e.name .. " are not scanned when pushed", { at = "scan" })
  end,
  fix = set("scan", true),
  tests = {
    fail = { live [[
[{"type": "aws:ecr:repository", "name": "fire", "body": {"imageScanningConfiguration": {"scanOnPush": false}}}]
]], [[resource "aws_ecr_repository" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:ecr:repository", "name": "dont_fire", "body": {"imageScanningConfiguration": {"scanOnPush": true}}}]
]], [[
resource "aws_ecr_repository" "dont_fire" {
  name = "dont-fire"
  image_scanning_configuration { scan_on_push = true }
}]], [[
resource "aws_ecr_repository" "dont_fire" { name = "dont-fire" }
resource "aws_ecr_registry_scanning_configuration" "c" {
  scan_type = "ENHANCED"
  rule {
    scan_frequency = "CONTINUOUS_SCAN"
    repository_filter {
      filter      = "*"
      filter_type = "WILDCARD"
    }
  }
}]] },
    unknown = { [[
variable "s" { type = bool }
resource "aws_ecr_repository" "a" {
  name = "a"
  image_scanning_configuration { scan_on_push = var.s }
}]] },
  },
}
