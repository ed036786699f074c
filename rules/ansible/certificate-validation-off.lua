local playbook = lib "ansible"

local NAMES = { "validate_certs", "sslverify", "verify_ssl", "ssl_verify", "validate_certificate", "validate_ssl", "tls_verify" }
local CASES = { ["uri validate_certs"] = "uri", ["get_url validate_certs"] = "get-url", ["yum validate_certs"] = "yum-certs",
  ["yum sslverify"] = "yum-ssl", ["dnf sslverify"] = "dnf-ssl", ["dnf validate_certs"] = "dnf-certs" }
local COMMAND = "\\bcurl\\b[^|;&\\n]*\\s(?:-[a-zA-Z]*k[a-zA-Z]*|--insecure)(?:\\s|$)|\\bwget\\b[^|" ..
  ";&\\n]*--no-check-certificate|http\\.sslVerify[ =]+false"
local LOOPBACK = "^https?://(?:localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\])(?:[:/]|$)"
return rule {
  id = "ANS-001", title = "Task switches certificate validation off",
  severity = "high", category = "encryption",
  aliases = { CKV_ANSIBLE_1 = "uri", CKV_ANSIBLE_2 = "get-url", CKV_ANSIBLE_3 = "yum-certs", CKV_ANSIBLE_4 = "yum-ssl",
    CKV2_ANSIBLE_5 = "dnf-ssl", CKV2_ANSIBLE_6 = "dnf-certs" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "ansible.task",
  description = [[Without the check of certificates whoever sits between host and server decides what is downloaded or who gets the password.]],
  remediation = [[Remove `validate_certs: false`; for an authority of one's own give `ca_path`, or install it on the host.]],
  references = { "https://docs.ansible.com/ansible/latest/collections/ansible/builtin/uri_module.html#parameter-validate_certs" },
  check = function(task)
    local url = playbook.argument(task, "url")
    local near = type(url) == "string" and match(url, LOOPBACK) ~= nil
    local failures = each(NAMES, function(name)
      if playbook.flag(playbook.argument(task, name)) == false then
        return fail("the task '" .. task.name .. "' does not check certificates: " .. name .. " is false",
          { at = playbook.place(task, name), case = CASES[playbook.module(task) .. " " .. name], severity = near and "low" or nil })
      end
    end)
    local command = playbook.command(task)
    if command ~= nil and match(command, COMMAND) and not match(command, "https?://(?:localhost|127\\.)") then
      failures[#failures + 1] = fail("the command of the task '" .. task.name .. "' does not check certificates")
    end
    return failures
  end,
  tests = {
    fail = { ansible [[
- hosts: all
  tasks:
    - name: fire
      ansible.builtin.uri: { url: https://example.com, validate_certs: false }
    - name: fire_yum
      yum: name=nginx sslverify=no
    - name: fire_shell
      shell: curl -sk https://example.com/install.sh -o /tmp/x
    - name: dont_fire
      get_url: { url: https://example.com, dest: /tmp/x }
    - name: dont_fire_either
      shell: curl -s -o /k https://example.com/k
]] },
    pass = { ansible [[
- hosts: all
  tasks:
    - uri: { url: https://example.com, validate_certs: yes }
]] },
    unknown = { ansible [[
- hosts: all
  tasks:
    - uri: { url: https://example.com, validate_certs: "{{ check_certs }}" }
]] },
  },
}
