local tags = lib "tags"

-- An overlay builds upon a folder beside it; what Argo CD deploys as it is gets its namespace from there.
local function is_overlay(e)
  for _, field in ipairs { "resources", "bases" } do
    for _, entry in ipairs(e.raw.spec[field] or {}) do
      if type(entry) == "string" and starts(entry, "../") then return true end
    end
  end
  return false
end

return rule {
  id = "KUST-005", title = "Production overlay sets no namespace, labels or image pin",
  severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "kustomize.kustomization",
  where = function(e) return e.raw.target and tags.normal(e.environment) == "prod" and is_overlay(e) end,
  description = [[Without a namespace the overlay lands wherever the context of kubectl points to; without labels nobody knows
whose it is; without a pinned image its content changes by itself. Labels that must be there: parameter `overlay_labels`.]],
  remediation = [[Set `namespace`, `labels` and an `images` entry with `digest` or an exact `newTag`.]],
  references = { "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/" },
  check = function(e)
    local spec, found = e.raw.spec, {}
    if spec.namespace == nil then found[1] = fail("the production overlay " .. e.name .. " sets no namespace") end
    if spec.commonLabels == nil and spec.labels == nil then
      found[#found + 1] = fail("the production overlay " .. e.name .. " sets no labels")
    end
    local labels = {}
    for key in pairs(spec.commonLabels or {}) do labels[key] = true end
    for _, entry in ipairs(spec.labels or {}) do
      for key in pairs(entry.pairs or {}) do labels[key] = true end
    end
    for _, key in ipairs(param("overlay_labels", {})) do
      if not labels[key] then found[#found + 1] = fail("the production overlay " .. e.name .. " does not set the label " .. key) end
    end
    for _, image in ipairs(spec.images or {}) do
      local tag = image.newTag ~= nil and tostring(image.newTag) or nil
      if image.digest == nil and (tag == nil or match(tag, "^(?:latest|stable|main|master|edge|dev|prod|production)$")) and image.newName == nil then
        found[#found + 1] = fail("image " .. (image.name or "?") .. " of " .. e.name .. " has neither digest nor exact tag", { at = image })
      end
    end
    if spec.images == nil then found[#found + 1] = fail("the production overlay " .. e.name .. " pins no image") end
    return found
  end,
  tests = {
    fail = { files { ["overlays/prod/kustomization.yaml"] = [[
resources: [../../base]
]], ["base/kustomization.yaml"] = "resources: [cm.yaml]\n", ["base/cm.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
]] } },
    pass = { files { ["overlays/prod/kustomization.yaml"] = [[
resources: [../../base]
namespace: shop
labels: [{ pairs: { team: shop } }]
images: [{ name: shop, newTag: 1.2.3 }]
]], ["base/kustomization.yaml"] = "resources: [cm.yaml]\n", ["base/cm.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
]] } },
  },
}
