local playbook = lib "ansible"

-- Arguments that are addresses: { module, argument, case }.
local ADDRESSES = { { "uri", "url", "uri" }, { "get_url", "url", "get-url" }, { "unarchive", "src" }, { "apt_key", "url" }, { "rpm_key", "key" },
  { "apt", "deb" }, { "win_get_url", "url" }, { "maven_artifact", "repository_url" }, { "git", "repo" } }
local LOOPBACK = "^[a-z]+://(?:localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\])(?:[:/]|$)"

local function judge(task, name, url, case)
  if type(url) ~= "string" then return end
  if match(url, "^\\{\\{") then
    if case == nil then return end -- a path as well as an address
    unknown("the address is decided by the template " .. url)
  end
  if not match(url, "^(?:http|ftp)://") or match(url, LOOPBACK) then return end
  local checked = playbook.argument(task, "checksum") ~= nil
  return fail("the task '" .. task.name .. "' fetches " .. string.gsub(url, "://[^/@]*@", "://…@") .. " in clear" .. (checked and
    "; the checksum guards what it gets, not what it asks" or ""),
    { at = playbook.place(task, name), case = case, severity = checked and "low" or nil })
end
return rule {
  id = "ANS-002", title = "Task fetches over plain HTTP",
  severity = "medium", category = "encryption",
  aliases = { CKV2_ANSIBLE_1 = "uri", CKV2_ANSIBLE_2 = "get-url" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "ansible.task",
  description = [[What comes over plain HTTP can be read and replaced on the way. Loopback is no way, so `http://localhost` passes, which
CKV2_ANSIBLE_1 reports; repositories of packages that check signatures pass too.]],
  remediation = [[Use the https address, or give a `checksum` with sha256.]],
  references = { "https://docs.ansible.com/ansible/latest/collections/ansible/builtin/get_url_module.html" },
  check = function(task)
    local module = playbook.module(task)
    local failures = each(ADDRESSES, function(entry)
      if entry[1] == module then return judge(task, entry[2], playbook.argument(task, entry[2]), entry[3]) end
    end)
    if one_of(module, "yum", "dnf", "package") then
      for _, name in ipairs(list(playbook.argument(task, "name"))) do
        failures[#failures + 1] = not playbook.templated(name) and judge(task, "name", name) or nil
      end
    end
    if module == "yum_repository" and playbook.flag(playbook.argument(task, "gpgcheck")) == false then
      for _, url in ipairs(list(playbook.argument(task, "baseurl"))) do failures[#failures + 1] = judge(task, "baseurl", url) end
    end
    local repo = module == "apt_repository" and playbook.argument(task, "repo") or nil
    if type(repo) == "string" and match(repo, "trusted=yes[^\\]]*\\]\\s+http://") then
      failures[#failures + 1] = fail("the task '" .. task.name .. "' trusts packages that come in clear and unsigned",
        { at = playbook.place(task, "repo") })
    end
    return failures
  end,
  tests = {
    fail = { ansible [[
- hosts: all
  tasks:
    - name: fire
      get_url: { url: "http://example.com/x.tgz", dest: /tmp/x }
    - name: fire_uri
      ansible.builtin.uri: { url: "http://{{ host }}/x" }
    - name: dont_fire
      uri: { url: "http://localhost:8080/health" }
]] },
    pass = { ansible [[
- hosts: all
  tasks:
    - get_url: { url: "https://example.com/x.tgz", dest: /tmp/x }
    - yum_repository: { name: epel, description: x, baseurl: "http://mirror/epel", gpgcheck: yes }
]] },
    unknown = { ansible [[
- hosts: all
  tasks:
    - get_url: { url: "{{ download_url }}", dest: /tmp/x }
]] },
  },
}
