-- A source may carry a password.
local function shown(source) return (string.gsub(source, "//[^/@]*@", "//…@")) end

return rule {
  id = "TF-010", title = "Git or archive module is not pinned",
  severity = "medium", category = "supply-chain",
  aliases = { ["CKV_TF_1"] = "pin", ["CKV_TF_2"] = "pin" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "terraform.module_call",
  where = function(e)
    return e.raw.first and match(e.raw.source or "",
      "^(?:git::|hg::|s3::|gcs::|https?://|git@|ssh://|git://|github\\.com/|bitbucket\\.org/)") ~= nil
  end,
  description = [[A branch moves: what was reviewed is not what runs. Over plain HTTP or the git protocol anybody on the way
decides what runs. A version tag counts as a pin here, as for CKV_TF_2; CKV_TF_1 wants a commit hash, which the parameter
`module_commit_required` asks for.]],
  remediation = [[End the source in `?ref=` with a commit hash or a version tag; use https or ssh.]],
  references = { "https://developer.hashicorp.com/terraform/language/modules/sources" },
  check = function(e)
    local source = e.raw.source
    if match(source, "^(?:git::)?(?:http|git)://") then
      return fail("module " .. e.name .. " is fetched without encryption: " .. shown(source), { at = "raw.source", case = "transport" })
    end
    local ref = match(source, "[?&](?:ref|rev|checksum)=([^&]+)")
    local archive = match(source, "^(?:https|s3::|gcs::)") and match(source, "\\.(?:zip|tgz|tar|txz|tbz2)") ~= nil and match(source, "^git::") == nil
    if archive and (ref ~= nil or match(source, "[0-9]+\\.[0-9]+")) then return end
    if ref == nil then
      return fail("module " .. e.name .. " takes whatever its source has: " .. shown(source) .. " names no ref", { at = "raw.source", case = "pin" })
    end
    if match(ref, "^(?:[0-9a-f]{7,64}|(?:md5|sha1|sha256|sha512):[0-9a-f]+)$") then return end
    if param("module_commit_required", false) or not match(ref, "[0-9]+\\.[0-9]+|^v[0-9]+$") then
      return fail("module " .. e.name .. " follows " .. ref .. ", which is neither a commit nor a version tag", { at = "raw.source", case = "pin" })
    end
  end,
  tests = {
    fail = { [[module "fire" { source = "git::https://git.internal/vpc.git" }]], [[module "fire" { source = "github.com/acme/vpc?ref=main" }]],
      [[module "fire" { source = "http://files.internal/vpc-1.2.zip" }]] },
    pass = { [[module "dont_fire" { source = "git::https://git.internal/vpc.git?ref=v1.2.0" }]],
      [[module "dont_fire" { source = "git::ssh://git@git.internal/vpc.git//net?ref=51d462976d84fdea54b47d80dcabbf680badcdb8" }]] },
  },
}
