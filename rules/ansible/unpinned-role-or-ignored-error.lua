local playbook = lib "ansible"

local function judge_requirement(e)
  if e.raw.version ~= nil then
    local version = tostring(e.raw.version)
    if match(version, "^(?:main|master|devel|develop|HEAD|latest|\\*)$") then
      return fail(e.sort .. " " .. e.name .. " follows the branch or range '" .. version .. "'", { at = "version" })
    end
    return
  end
  local src = e.src
  if src ~= nil and match(src, "^[./]|^file:|[-_v]\\d+\\.\\d+[^/]*\\.(?:tar\\.gz|tgz|zip)$|@v?\\d|,v?\\d") then return end
  return fail(e.sort .. " " .. e.name .. " has no version, so every installation may bring another one", { at = e })
end
return rule {
  id = "ANS-005", title = "Role or collection is not pinned, or a task fails silently",
  severity = "low", category = "supply-chain",
  aliases = { CKV2_ANSIBLE_3 = "block" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "ansible.requirement", "ansible.task", "ansible.block" },
  description = [[A role without version is whatever its author last published. An error that is ignored leaves a host half configured, and the
play says that all is well. CKV2_ANSIBLE_3 wants a `rescue` in every block; but a block without one just fails, as it should, so those count
that ignore errors. A task that registers its result can look at it, and passes; `fail` that is ignored is a
warning.]],
  remediation = [[Write `version:` with a tag or commit. Replace `ignore_errors` by `failed_when` with the condition that is meant, or handle the
error in `rescue`.]],
  references = { "https://docs.ansible.com/ansible/latest/galaxy/user_guide.html#installing-multiple-roles-from-a-file",
    "https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_blocks.html#handling-errors-with-blocks" },
  check = function(e)
    if e.kind == "ansible.requirement" then return judge_requirement(e) end
    if e.kind == "ansible.block" then
      if e.raw.ignore_errors ~= nil and playbook.flag(e.raw.ignore_errors) and e.rescue == nil then
        return fail("the block '" .. e.name .. "' ignores errors and has no rescue", { at = "ignore_errors", case = "block" })
      end
      return
    end
    if e.raw.ignore_errors == nil or e.raw.register ~= nil or e.rescued then return end
    if one_of(e.module, "fail", "assert", "debug") then return end -- a warning
    if playbook.flag(e.raw.ignore_errors) then
      return fail("the task '" .. e.name .. "' ignores errors, and nobody sees them", { at = "ignore_errors" })
    end
  end,
  tests = {
    fail = { files { ["requirements.yml"] = [[
roles:
  - name: geerlingguy.docker
  - src: https://github.com/acme/role
    name: acme
    version: main
]] }, ansible [[
- hosts: all
  tasks:
    - name: fire
      command: migrate
      ignore_errors: yes
    - name: fire_block
      ignore_errors: true
      block:
        - command: a
]] },
    pass = { files { ["requirements.yml"] = [[
roles: [{ name: geerlingguy.docker, version: 7.1.0 }]
collections: [{ name: community.general, version: ">=8.0.0,<9" }]
]] }, ansible [[
- hosts: all
  tasks:
    - command: migrate
      register: migrated
      ignore_errors: yes
    - block: [{ command: a }]
      rescue: [{ command: b }]
]] },
    unknown = { ansible [[
- hosts: all
  tasks:
    - command: migrate
      ignore_errors: "{{ ansible_check_mode }}"
]] },
  },
}
