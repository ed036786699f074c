local playbook = lib "ansible"

-- { module, argument, value that is wrong, case }
local ARGUMENTS = { { "apt", "allow_unauthenticated", true, "apt-unauthenticated" }, { "apt", "force", true, "apt-force" },
  { "dnf", "disable_gpg_check", true, "dnf-gpg" }, { "yum", "disable_gpg_check", true }, { "zypper", "disable_gpg_check", true },
  { "dnf5", "disable_gpg_check", true }, { "yum_repository", "gpgcheck", false }, { "zypper_repository", "disable_gpg_check", true } }
local COMMAND = "--allow-unauthenticated\\b|--nogpgcheck\\b|--no-gpg-checks\\b|\\brpm\\b[^|;&\\n]*--nosignature"
return rule {
  id = "ANS-003", title = "Packages are installed without signature checks",
  severity = "high", category = "supply-chain",
  aliases = { CKV_ANSIBLE_5 = "apt-unauthenticated", CKV_ANSIBLE_6 = "apt-force", CKV2_ANSIBLE_4 = "dnf-gpg" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "ansible.task",
  description = [[The signature is what says that a package comes from those who made it, whatever mirror it was fetched from.]],
  remediation = [[Import the key of the repository (`rpm_key`, a keyring for apt) and remove the argument.]],
  references = { "https://docs.ansible.com/ansible/latest/collections/ansible/builtin/dnf_module.html#parameter-disable_gpg_check" },
  check = function(task)
    local module = playbook.module(task)
    local failures = each(ARGUMENTS, function(entry)
      if entry[1] == module and playbook.flag(playbook.argument(task, entry[2])) == entry[3] then
        return fail("the task '" .. task.name .. "' installs packages without checking signatures: " .. entry[2] .. " is " .. tostring(entry[3]),
          { at = playbook.place(task, entry[2]), case = entry[4] })
      end
    end)
    local command = playbook.command(task)
    if command ~= nil and match(command, COMMAND) then
      failures[#failures + 1] = fail("the command of the task '" .. task.name .. "' installs packages without checking signatures")
    end
    return failures
  end,
  tests = {
    fail = { ansible [[
- hosts: all
  tasks:
    - name: fire
      dnf: { name: nginx, disable_gpg_check: true }
    - name: fire_apt
      ansible.builtin.apt: name=nginx force=yes
]] },
    pass = { ansible [[
- hosts: all
  tasks:
    - apt: { name: nginx, allow_unauthenticated: no }
]] },
    unknown = { ansible [[
- hosts: all
  tasks:
    - dnf: { name: nginx, disable_gpg_check: "{{ skip }}" }
]] },
  },
}
