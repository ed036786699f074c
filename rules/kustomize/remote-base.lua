local remote = "^(?:https?://|git::|git@|ssh://|(?:[\\w-]+\\.)+[a-z]{2,}/[^/]+/[^/]+)"

local function judge(url)
  if match(url, "^http://") then return url .. " is fetched over plain HTTP" end
  local ref = match(url, "[?&](?:ref|version)=([^&]+)")
  -- A file of a release or of a commit is as good as a tag.
  if ref == nil and match(url, "/(?:releases/download/)?v?[0-9]+\\.[0-9]+(?:\\.[0-9]+)?[^/]*/|/[0-9a-f]{40}/") then return end
  if ref == nil then return url .. " names no ref" end
  if match(ref, "^(?:[0-9a-f]{7,64}|.*[0-9]+\\.[0-9]+.*|v[0-9]+)$") then return end
  return url .. " follows " .. ref .. ", which is neither a commit nor a version tag"
end

return rule {
  id = "KUST-001", title = "Remote base or component is not pinned",
  severity = "high", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "kustomize.kustomization",
  description = [[A branch moves: what was reviewed is not what is built. Over plain HTTP anybody on the way decides.]],
  remediation = [[End the address in `?ref=` with a commit hash or a version tag; give charts an exact version.]],
  references = { "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/" },
  check = function(e)
    local found = {}
    for _, field in ipairs { "resources", "bases", "components", "crds" } do
      for i, entry in ipairs(e.raw.spec[field] or {}) do
        if type(entry) == "string" and match(entry, remote) then
          local problem = judge(entry)
          if problem then found[#found + 1] = fail(problem, { at = "raw.spec." .. field .. "[" .. (i - 1) .. "]" }) end
        end
      end
    end
    for _, chart in ipairs(e.raw.spec.helmCharts or {}) do
      if chart.repo ~= nil and match(chart.repo, "^http://") then
        found[#found + 1] = fail("chart " .. chart.name .. " is fetched over plain HTTP", { at = chart })
      elseif chart.repo ~= nil and not match(tostring(chart.version or ""), "^v?[0-9]+\\.[0-9]+\\.[0-9]+") then
        found[#found + 1] = fail("chart " .. chart.name .. " names no exact version", { at = chart })
      end
    end
    return found
  end,
  tests = {
    fail = { files { ["kustomization.yaml"] = [[
resources: [github.com/acme/base]
]] }, files { ["kustomization.yaml"] = [[
resources:
  - "https://github.com/acme/base//deploy?ref=main"
]] } },
    pass = { files { ["kustomization.yaml"] = [[
resources: [cm.yaml]
]], ["cm.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
]] }, files { ["kustomization.yaml"] = [[
resources:
  - "https://github.com/acme/base//deploy?ref=v1.2.0"
]] } },
  },
}
