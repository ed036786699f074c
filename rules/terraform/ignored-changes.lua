local guarded = "^(?:(?:[a-z_]*_)?policy|policies|assume_role_policy|ingress|egress|tags|tags_all|labels"
  .. "|(?:[a-z_]*_)?encryption[a-z_]*|(?:[a-z_]*_)?encrypted|kms_key[a-z_]*|kms_master_key_id"
  .. "|server_side_encryption_configuration|acl|versioning|logging|publicly_accessible|cidr_blocks|security_group_ids"
  .. "|vpc_security_group_ids|deletion_protection|bindings?|members?|master_authorized_networks_config)(?:$|[\\[.])"

return rule {
  id = "TF-014", title = "Drift is hidden by lifecycle rules",
  severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "terraform.lifecycle",
  where = function(e) return e.raw.first end,
  description = [[What ignore_changes names is never compared again: somebody opens a port by hand, and every plan is clean.]],
  remediation = [[Name only what another system is meant to change (`desired_count`, `tags["LastScan"]`).]],
  references = { "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes" },
  check = function(e)
    if e.raw.ignore_all then return fail("all changes of " .. e.name .. " are ignored") end
    for _, name in ipairs(e.raw.ignore_changes or {}) do
      if match(name, guarded) and not match(name, "^tags(?:_all)?\\[|^tags(?:_all)?\\.") then
        return fail("changes of " .. name .. " of " .. e.name .. " are ignored", { at = "raw.ignore_changes" })
      end
    end
  end,
  tests = {
    fail = { [[
resource "aws_security_group" "fire" {
  lifecycle { ignore_changes = [ingress] }
}]], [[
resource "aws_instance" "fire" {
  lifecycle { ignore_changes = all }
}]] },
    pass = { [[
resource "aws_ecs_service" "dont_fire" {
  lifecycle { ignore_changes = [desired_count, tags["LastScan"] ] }
}]] },
  },
}
