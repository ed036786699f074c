local playbook = lib "ansible"
local secrets = lib "secrets"

-- Names that the module itself keeps out of logs, as arguments.
local function literal(value)
  if type(value) == "number" then value = tostring(value) end
  return type(value) == "string" and #value >= 3 and not playbook.templated(value) and secrets.literal(value)
end

local function judge_vars(e)
  return each(e.entries, function(entry)
    if not known(entry.value) then return end
    local kind = type(entry.value) == "string" and secrets.kind(entry.value) or nil
    if kind ~= nil and not secrets.is_placeholder(entry.value) then
      return fail(entry.path .. " holds " .. kind .. " in clear", { at = entry })
    end
    if secrets.named(entry.name) and literal(entry.value) then
      return fail(entry.path .. " is a secret in clear: encrypt it with ansible-vault, or look it up in a store", { at = entry })
    end
  end)
end

local SHOWN = { debug = { "msg", "var" }, fail = { "msg" }, command = { "_raw", "cmd" }, shell = { "_raw", "cmd" }, raw = { "_raw" } }

local function shown_secret(task)
  for _, name in ipairs(SHOWN[playbook.module(task)] or {}) do
    local value = playbook.argument(task, name)
    if type(value) == "string" then
      local text = (name == "var" and "{{ " or "") .. value
      for i, part in ipairs(split(string.gsub(text, "{{", "\1"), "\1")) do
        local variable = match(part, "^-?\\s*([A-Za-z_][A-Za-z0-9_.]*)")
        if i > 1 and variable ~= nil and secrets.named(variable) and
          not match(part, "is (?:not )?defined|\\| *(?:length|bool|ternary|password_hash|hash)") then
          return variable
        end
      end
    end
  end
end

local function judge_task(task)
  local failures = {}
  for _, name in ipairs(keys(task.args)) do
    local value = task.args[name]
    if secrets.named(name) and literal(value) and not one_of(name, "update_password", "_raw") then
      failures[#failures + 1] = fail("the task '" .. task.name .. "' gives " .. name .. " in clear", { at = playbook.place(task, name) })
    end
  end
  local variable = shown_secret(task)
  if variable ~= nil and playbook.flag(task.no_log) ~= true then
    failures[#failures + 1] = fail("the task '" .. task.name .. "' shows " .. variable .. " in its output: set no_log", { severity = "medium" })
  end
  return failures
end
return rule {
  id = "ANS-004", title = "Secret is written in clear in variables or shown by a task",
  severity = "critical", category = "secrets",
  version = 2, changes = { "silent where a rule about the form of the secret says more" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = { "ansible.vars", "ansible.task" },
  yields_to = {
    "SEC-001", "SEC-002", "SEC-003", "SEC-004", "SEC-005", "SEC-006", "SEC-007", "SEC-008", "SEC-009", "SEC-010", "SEC-011",
    "SEC-012"
  },
  description = [[Whoever can read the repository has the secret, and it stays in its history. A task without `no_log` writes its arguments to the
terminal, to the logs of the controller and to syslog of the host.]],
  remediation = [[Encrypt the value with `ansible-vault encrypt_string`, or look it up in a store; set `no_log: true` on tasks that handle it.]],
  references = { "https://docs.ansible.com/ansible/latest/vault_guide/index.html",
    "https://docs.ansible.com/ansible/latest/reference_appendices/logging.html#protecting-sensitive-data-with-no-log" },
  check = function(e)
    if e.kind == "ansible.vars" then return judge_vars(e) end
    if playbook.get(e.args) == nil or type(e.args) ~= "userdata" then return end
    return judge_task(e)
  end,
  tests = {
    fail = { ansible [[
- name: fire
  hosts: db
  vars:
    db_password: hunter2hunter2
    db_password_file: /run/secrets/db
  tasks:
    - name: fire
      debug: { msg: "connecting with {{ db_password }}" }
    - name: fire_user
      mysql_user: { name: app, password: Sup3rSecret }
    - name: dont_fire
      mysql_user: { name: app, password: "{{ db_password }}" }
]], files { ["group_vars/all.yml"] = [[
api_token: q8Zk2LmP0vTr
]], ["site.yml"] = [[
- hosts: all
  tasks: []
]], ["inventory"] = [[
[db]
db1 ansible_host=10.0.0.1 ansible_password=Winter2024x
]] } },
    pass = { ansible [[
- hosts: db
  vars:
    db_password: !vault |
      $ANSIBLE_VAULT;1.1;AES256
      6131
    token: "{{ lookup('community.hashi_vault.hashi_vault', 'secret=x') }}"
  tasks:
    - name: dont_fire
      no_log: true
      shell: login --password {{ db_password }}
]], files { ["group_vars/all.yml"] = [[
$ANSIBLE_VAULT;1.1;AES256
6131
]], ["site.yml"] = [[
- hosts: all
  tasks: []
]] } },
    unknown = { ansible [[
- hosts: db
  tasks:
    - shell: login --password {{ db_password }}
      no_log: "{{ hide }}"
]] },
  },
}
