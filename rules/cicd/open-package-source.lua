local PUBLIC = "^(?:registry\\.npmjs\\.org|registry\\.yarnpkg\\.com|npm\\.pkg\\.github\\.com|pypi\\.org|" ..
  "files\\.pythonhosted\\.org|repo\\.maven\\.apache\\.org|repo1\\.maven\\.org|" ..
  "maven\\.pkg\\.github\\.com|maven\\.google\\.com|plugins\\.gradle\\.org)$"

local function judge_source(entry, e)
  if entry.flag ~= nil then
    return fail(e.name .. " " .. entry.flag, { at = entry })
  end
  local host = match(entry.url, "^[a-z+]+://(?:[^/@]*@)?\\[?([A-Za-z0-9.:-]+?)\\]?(?::\\d+)?(?:/|$)")
  if host == nil then
    if match(entry.url, "[$]") then unknown("the address '" .. entry.url .. "' depends on a variable") end
    return
  end
  host = lower(host)
  if match(entry.url, "^http://") and not match(host, "^(?:localhost|127\\.|0\\.0\\.0\\.0$|::1$)") then
    return fail(e.name .. " fetches packages from " .. host .. " in clear", { at = entry })
  end
  local allowed = param("package_hosts")
  if allowed == nil or match(host, PUBLIC) then return end
  for _, name in ipairs(list(allowed)) do
    if host == name or ends(host, "." .. name) then return end
  end
  return fail(e.name .. " fetches packages from " .. host .. ", which is not among the allowed hosts", { at = entry })
end

local function nexus(e)
  local found = {}
  for _, container in ipairs(e.pod ~= nil and items(e.pod.containers) or {}) do
    if container.image ~= nil and match(container.image, "sonatype/nexus3?(?:[:@]|$)") then found[#found + 1] = container end
  end
  return found
end
return rule {
  id = "CICD-021", title = "Package repository is anonymous or reached in clear text",
  severity = "medium", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "ci.package_source", "k8s.workload" },
  where = function(e) return e.kind == "ci.package_source" or #nexus(e) > 0 end,
  description = [[Whoever answers instead of the registry decides what is built in. Besides the public registries the parameter `package_hosts`
names the hosts that may be used. The first Nexus without a random password can be entered by anybody as admin.]],
  remediation = [[Use https, keep `strict-ssl`, remove `trusted-host`; leave `NEXUS_SECURITY_RANDOMPASSWORD` at true and anonymous access off.]],
  references = { "https://docs.npmjs.com/cli/configuring-npm/npmrc", "https://maven.apache.org/docs/3.8.1/release-notes.html#cve-2021-26291",
    "https://github.com/sonatype/docker-nexus3#notes" },
  check = function(e)
    if e.kind == "ci.package_source" then
      return each(e.entries, function(entry) return judge_source(entry, e) end)
    end
    return each(nexus(e), function(container)
      return each(container.env, function(variable)
        if variable.name == "NEXUS_SECURITY_RANDOMPASSWORD" and lower(tostring(variable.value)) == "false" then
          return fail("the Nexus in " .. e.name .. " starts with the well-known password of its administrator", { at = variable, severity = "high" })
        end
      end)
    end)
  end,
  tests = {
    fail = { files { [".npmrc"] = [[
registry=http://npm.example.com/
strict-ssl=false
]] }, files { ["pip.conf"] = [[
[global]
index-url = http://pypi.example.com/simple
trusted-host = pypi.example.com
]] }, files { ["settings.xml"] = [[
<settings><mirrors><mirror><id>x</id><url>http://maven.example.com/repo</url></mirror></mirrors></settings>
]] }, yaml [[
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: fire }
spec:
  template:
    spec:
      containers:
        - { name: nexus, image: "sonatype/nexus3:3.70.0", env: [{ name: NEXUS_SECURITY_RANDOMPASSWORD, value: "false" }] }
]] },
    pass = { files { [".npmrc"] = [[
# http://old.example.com
registry=https://registry.npmjs.org/
]], ["pip.conf"] = [[
[global]
index-url = https://pypi.org/simple
]], ["settings.xml"] = [[
<settings><!-- <url>http://old.example.com</url> --><mirrors><mirror><url>https://repo.maven.apache.org/maven2</url></mirror></mirrors></settings>
]] } },
    unknown = { files { [".npmrc"] = [[
registry=${NPM_REGISTRY}
]] } },
  },
}
