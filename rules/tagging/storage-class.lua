local tags = lib "tags"

local tier_keys = { "storage-tier", "temperature", "tier" }
-- "tier: frontend" is about something else: that key counts where its value is a temperature.
local temperature = "(?i)^(?:hot|warm|cold|archive)$"
local backup_keys = { "backup-class", "backup" }

local function tiers_in_use(e)
  if tags.in_use(e, { "storage-tier", "temperature" }, "storage_tags_required") then return true end
  return once("tier tags in use", function()
    for _, kind in ipairs { "aws.s3.bucket", "aws.rds.instance", "aws.rds.cluster", "aws.ec2.volume", "k8s.persistentvolumeclaim" } do
      for _, other in ipairs(graph.all(kind)) do
        for _, tag in ipairs(tags.known(other)) do
          if tags.fold(tag[1]) == "tier" and match(tag[2], temperature) then return true end
        end
      end
    end
    return false
  end)
end

return rule {
  id = "TAG-007", title = "Storage temperature or backup class tag is missing on a store",
  severity = "low", category = "tagging",
  version = 2, changes = { "a tag tier counts where its value is a temperature" },
  frameworks = { "NIST-800-53r5:RA-2", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.12" },
  for_each = { "aws.s3.bucket", "aws.rds.instance", "aws.rds.cluster", "aws.ec2.volume", "k8s.persistentvolumeclaim" },
  where = function(e)
    return tiers_in_use(e) or tags.in_use(e, backup_keys, "storage_tags_required")
  end,
  description = [[The temperature of data decides where it should lie, the backup class how it is kept. Judged where one of the keys is
in use in the same code, or the parameter `storage_tags_required` is true.]],
  remediation = [[Add the tags `tier` (hot, warm, cold, archive) and `backup-class`.]],
  references = { "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html" },
  check = function(e)
    local found = {}
    if tiers_in_use(e) then
      local tier = tags.first(e, tier_keys)
      if tier == nil then
        found[1] = fail("store " .. e.name .. " has no storage tier")
      elseif not match(tier, temperature) then
        found[1] = fail("the storage tier " .. tier .. " of " .. e.name .. " is none of hot, warm, cold, archive", { at = "tags" })
      end
    end
    if tags.in_use(e, backup_keys, "storage_tags_required") and tags.first(e, backup_keys) == nil then
      found[#found + 1] = fail("store " .. e.name .. " has no backup class")
    end
    return found
  end,
  tests = {
    fail = { [[
resource "aws_s3_bucket" "fire" {}
resource "aws_s3_bucket" "other" { tags = { tier = "hot" } }]] },
    pass = { [[
resource "aws_s3_bucket" "dont_fire" { tags = { tier = "frontend", backup-class = "gold" } }
resource "aws_s3_bucket" "other" { tags = { backup-class = "gold" } }]], [[resource "aws_s3_bucket" "dont_fire" { tags = { tier = "cold" } }]] },
    unknown = { [[
variable "t" {}
resource "aws_s3_bucket" "a" { tags = { storage-tier = var.t } }]] },
  },
}
