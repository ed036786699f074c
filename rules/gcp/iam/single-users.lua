local gcp = lib "gcp"

-- Domains of mail that anyone can register at.
local private = "@(?:gmail|googlemail|yahoo|hotmail|outlook|live|aol|icloud|me|protonmail|proton|mail|gmx|web|zoho)\\."
  .. "(?:com|de|net|me|ch|at|co\\.uk|fr|it|es)$"

-- Whether an address is outside of the company's domains, which are a parameter.
local function foreign(address)
  local domains = param("company_domains", {})
  if #domains == 0 then return false end
  for _, domain in ipairs(domains) do
    if ends(lower(address), "@" .. lower(domain)) then return false end
  end
  return true
end

return rule {
  id = "GCP-IAM-006", title = "Role is granted to single users or private mail accounts",
  severity = "low", category = "least-privilege",
  aliases = { ["AVD-GCP-0003"] = { "user", "private" }, ["AVD-GCP-0069"] = "private" },
  frameworks = { "CIS-GCP-3.0:1.1", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.iam.binding",
  description = [[Roles of single people stay when these leave; a private account is outside of the company's sign-in and its second factor.]],
  remediation = [[Grant the role to a group, and people a place in it.]],
  references = { "https://cloud.google.com/iam/docs/using-iam-securely" },
  check = function(e)
    return gcp.each_member(e, function(member, binding)
      if member == nil or not starts(member, "user:") then return end
      if match(lower(member), private) or foreign(member) then
        return fail(member .. " is an account outside of the company and has " .. (known(binding.role) and binding.role or "a role"),
          { case = "private", severity = "high" })
      end
      return fail("a role is granted to the single user " .. member, { case = "user" })
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/storage.admin", "members": ["user:a@gmail.com"]}]}}]
]], [[
resource "google_project_iam_member" "fire" {
  project = "p"
  role    = "roles/viewer"
  member  = "user:a@example.com"
}]], [[
resource "google_project_iam_binding" "fire" {
  project = "p"
  role    = "roles/viewer"
  members = ["group:g@example.com", "user:someone@gmail.com"]
}]], [[
# parameters: {"company_domains": ["example.com"]}
resource "google_project_iam_member" "fire" {
  project = "p"
  role    = "roles/viewer"
  member  = "user:someone@partner.example"
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/storage.admin", "members": ["group:storage@example.com"]}]}}]
]], [[
resource "google_project_iam_member" "dont_fire" {
  project = "p"
  role    = "roles/viewer"
  member  = "group:g@example.com"
}]] },
    unknown = { [[
variable "who" {}
resource "google_project_iam_member" "a" {
  project = "p"
  role    = "roles/viewer"
  member  = var.who
}]] },
  },
}
