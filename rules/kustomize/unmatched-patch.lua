return rule {
  id = "KUST-004", title = "Patch or replacement matches nothing",
  severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "kustomize.kustomization",
  description = [[kustomize passes over a patch whose target selects nothing, and what it was to harden stays as it is.]],
  remediation = [[Correct the target's kind, name or labels, or remove the patch.]],
  references = { "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/" },
  check = function(e)
    local found = {}
    for i in ipairs(e.raw.unmatched or {}) do
      local name = e.name == "." and "kustomization.yaml" or e.name
      found[#found + 1] = fail("patch " .. i .. " of " .. name .. " selects no object", { at = "raw.unmatched[" .. (i - 1) .. "]" })
    end
    for _, text in ipairs(e.raw.refusals or {}) do
      if match(text, "(?i)no matches for|unable to find|no resource matches|nothing selected|failed to find unique target") then
        found[#found + 1] = fail("kustomization " .. e.name .. " does not build: " .. text)
      end
    end
    return found
  end,
  tests = {
    fail = { files { ["kustomization.yaml"] = [[
resources: [cm.yaml]
patches:
  - target: { kind: Deployment, name: api }
    patch: |
      - { op: add, path: /metadata/labels, value: { a: b } }
]], ["cm.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
]] } },
    pass = { files { ["kustomization.yaml"] = [[
resources: [cm.yaml]
patches:
  - target: { kind: ConfigMap, name: a }
    patch: |
      - { op: add, path: /metadata/labels, value: { a: b } }
]], ["cm.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
]] } },
  },
}
