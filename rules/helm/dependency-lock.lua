return rule {
  id = "HELM-001", title = "Chart dependency is not pinned or locked",
  severity = "medium", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "helm.chart",
  description = [[`helm dependency build` takes exactly what Chart.lock says; without it, or with one that is older than
Chart.yaml, the next build may take another chart.]],
  remediation = [[Name an exact version and commit the `Chart.lock` that `helm dependency update` writes. A range is fine as long
as the lock is in step, and so is a chart that lies in `charts/`.]],
  references = { "https://helm.sh/docs/helm/helm_dependency/" },
  check = function(e)
    return each(e.raw.dependencies or {}, function(d)
      if d.vendored or d.repository == nil or match(d.repository, "^file://") then return end
      local locked
      for _, entry in ipairs(e.raw.lock ~= nil and e.raw.lock.dependencies or {}) do
        if entry.name == d.name then locked = entry end
      end
      if locked == nil then
        return fail("dependency " .. d.name .. " of chart " .. e.name .. " is not in " ..
          (e.raw.lock == nil and "a Chart.lock: there is none" or "Chart.lock: it is out of step"), { at = d })
      end
      local exact = match(tostring(d.version or ""), "^=?\\s*v?([0-9]+\\.[0-9]+\\.[0-9]+[0-9A-Za-z.+-]*)$")
      if exact and exact ~= string.gsub(tostring(locked.version), "^v", "") then
        return fail("Chart.lock has " .. d.name .. " " .. locked.version .. ", Chart.yaml " .. d.version .. ": they are out of step", { at = d })
      end
    end)
  end,
  tests = {
    fail = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
dependencies:
  - name: redis
    version: ^18.0.0
    repository: https://charts.internal/stable
]] }, files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
dependencies:
  - name: redis
    version: 18.1.0
    repository: https://charts.internal/stable
]], ["Chart.lock"] = [[
dependencies:
- name: redis
  repository: https://charts.internal/stable
  version: 17.0.0
]] } },
    pass = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
dependencies:
  - name: redis
    version: ^18.0.0
    repository: https://charts.internal/stable
]], ["Chart.lock"] = [[
dependencies:
- name: redis
  repository: https://charts.internal/stable
  version: 18.1.0
]] } },
  },
}
