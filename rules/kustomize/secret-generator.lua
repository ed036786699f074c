local secrets = lib "secrets"

return rule {
  id = "KUST-002", title = "Generator puts literal secrets into the repository",
  severity = "critical", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "kustomize.kustomization",
  description = [[Literals of a secretGenerator are in the repository and its history.]],
  remediation = [[Let an ExternalSecret or SOPS make the Secret; change the value.]],
  references = { "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/secretgenerator/" },
  check = function(e)
    local found = {}
    for _, generator in ipairs(e.raw.spec.secretGenerator or {}) do
      for _, literal in ipairs(list(generator.literals)) do
        local key, value = match(literal, "^([^=]*)=(.*)$")
        value = string.gsub(value or "", "^['\"](.*)['\"]$", "%1")
        if value ~= "" and not secrets.is_placeholder(value) then
          found[#found + 1] = fail("the literal " .. key .. " of Secret " .. (generator.name or "?") .. " is in the repository",
            { at = generator })
        end
      end
    end
    return found
  end,
  tests = {
    fail = { files { ["kustomization.yaml"] = [[
secretGenerator:
  - name: db
    literals: [password=Tr0ub4dor-9]
]] } },
    pass = { files { ["kustomization.yaml"] = [[
secretGenerator:
  - name: db
    literals: [password=changeme]
configMapGenerator:
  - name: c
    literals: [a=b]
]] } },
  },
}
