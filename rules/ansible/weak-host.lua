local playbook = lib "ansible"

local SSHD = "^\\s*(?:PermitRootLogin\\s+yes|PasswordAuthentication\\s+yes|PermitEmptyPasswords\\s+yes|" ..
  "HostbasedAuthentication\\s+yes|Protocol\\s+1\\b)"

-- Whether a mode lets everybody write: "0777", 777, "u=rwx,o+w". A sticky folder (1777) does not.
local function world_writable(mode)
  local text = tostring(mode)
  if match(text, "^[0-9]+$") then
    return match(text, "^0?[0-7]?[0-7][0-7][2367]$") ~= nil and not match(text, "^0?[1357][0-7]{3}$")
  end
  return match(text, "(?:^|,)[ug]*[oa]+[ugoa]*[+=][rxX]*w") ~= nil and not match(text, "\\+t|[ao]=[rwx]*t")
end

local function judge_mode(task)
  local mode = playbook.argument(task, "mode")
  if mode == nil or not one_of(playbook.module(task), "file", "copy", "template", "get_url", "unarchive", "lineinfile", "blockinfile", "assemble",
    "synchronize", "archive") then return end
  if playbook.templated(mode) then unknown("the mode is decided by the template " .. mode) end
  if world_writable(mode) and playbook.argument(task, "state") ~= "link" then
    return fail("the task '" .. task.name .. "' lets everybody on the host write: mode " .. tostring(mode), { at = playbook.place(task, "mode") })
  end
end

local function judge_sshd(task)
  local path = playbook.argument(task, "path") or playbook.argument(task, "dest") or playbook.argument(task, "name")
  if type(path) ~= "string" or not match(path, "sshd_config") then return end
  for _, name in ipairs { "line", "replace", "block", "content" } do
    local text = playbook.argument(task, name)
    for _, line in ipairs(type(text) == "string" and playbook.argument(task, "state") ~= "absent" and split(text, "\n") or {}) do
      local found = match(line, SSHD)
      if found ~= nil then return fail("the task '" .. task.name .. "' weakens sshd: " .. trim(found), { at = playbook.place(task, name) }) end
    end
  end
end

local function judge_defences(task)
  local module = playbook.module(task)
  local state = playbook.argument(task, "state")
  if module == "selinux" and one_of(state, "disabled", "permissive") then
    return fail("the task '" .. task.name .. "' sets SELinux to " .. state, { at = playbook.place(task, "state") })
  end
  if module == "ufw" and (state == "disabled" or state == "reset") then
    return fail("the task '" .. task.name .. "' switches the firewall off", { at = playbook.place(task, "state") })
  end
  if one_of(module, "service", "systemd", "systemd_service", "sysvinit") then
    local name = tostring(playbook.argument(task, "name") or "")
    if match(name, "^(?:firewalld|ufw|nftables|apparmor)(?:\\.service)?$") and (state == "stopped" or playbook.flag(playbook.argument(task,
      "enabled")) == false) then
      return fail("the task '" .. task.name .. "' stops " .. name, { at = playbook.place(task, "name") })
    end
  end
  local command = playbook.command(task)
  local found = command ~= nil and match(command, "\\bsetenforce 0\\b|\\bufw (?:--force )?disable\\b|\\biptables -F\\b|\\bchmod (?:-R )?(?:0?777|" ..
    "a\\+rwx|o\\+w)\\b|\\bsystemctl (?:stop|disable)(?: --now)? (?:firewalld|ufw)\\b") or nil
  if found then return fail("the task '" .. task.name .. "' runs '" .. found .. "'") end
end
return rule {
  id = "ANS-006", title = "Host is left with weak SSH or world-writable files",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "ansible.task",
  description = [[Root logins and passwords over SSH are tried all day long by strangers; a file that everybody may write belongs to whoever comes
first; SELinux and the firewall contain what gets in.]],
  remediation = [[`PermitRootLogin no` or `prohibit-password`, `PasswordAuthentication no`; give the owner the right to write and no one else; leave
SELinux enforcing and open single ports of the firewall.]],
  references = { "https://docs.ansible.com/ansible/latest/collections/ansible/posix/selinux_module.html", "https://man.openbsd.org/sshd_config" },
  check = function(task)
    local failures = {}
    failures[#failures + 1] = judge_sshd(task)
    failures[#failures + 1] = judge_defences(task)
    failures[#failures + 1] = judge_mode(task)
    return failures
  end,
  tests = {
    fail = { ansible [[
- hosts: all
  tasks:
    - name: fire
      lineinfile: { path: /etc/ssh/sshd_config, regexp: "^#?PermitRootLogin", line: PermitRootLogin yes }
    - name: fire_mode
      file: path=/srv/app state=directory mode=0777
    - name: fire_selinux
      ansible.posix.selinux: { state: disabled }
    - name: fire_firewall
      service: { name: firewalld, state: stopped, enabled: no }
    - name: dont_fire
      file: { path: /tmp/x, state: directory, mode: "1777" }
    - name: dont_fire_either
      copy: { dest: /x, content: "", mode: u=rw,g=r,o=r }
]] },
    pass = { ansible [[
- hosts: all
  tasks:
    - lineinfile: { path: /etc/ssh/sshd_config, line: PasswordAuthentication no }
    - file: { path: /srv/app, state: directory, mode: "0750" }
    - selinux: { policy: targeted, state: enforcing }
]] },
    unknown = { ansible [[
- hosts: all
  tasks:
    - file: { path: /srv/app, mode: "{{ mode }}" }
]] },
  },
}
