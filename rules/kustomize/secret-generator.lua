local secrets = lib "secrets"

local groups = { "aws", "gcp", "kubernetes", "private_key", "jwt", "source", "package", "messaging", "payment", "cloud", "tool",
  "connection", "named" }

-- Whether something that looks like a credential was found in the file.
local function holds_credential(path)
  local paths = once("files with credentials", function()
    local all = { "" }
    for _, group in ipairs(groups) do
      for _, c in ipairs(graph.everywhere("secret." .. group)) do all[#all + 1] = c.path end
    end
    return table.concat(all, "\n") .. "\n"
  end)
  return string.find(paths, "\n" .. path .. "\n", 1, true) ~= nil or string.find(paths, "/" .. path .. "\n", 1, true) ~= nil
end

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
    for g, generator in ipairs(e.raw.spec.secretGenerator or {}) do
      for l, literal in ipairs(list(generator.literals)) do
        local key, value = match(literal, "^([^=]*)=(.*)$")
        value = string.gsub(value or "", "^['\"](.*)['\"]$", "%1")
        if value ~= "" and not secrets.is_placeholder(value) then
          found[#found + 1] = fail("the literal " .. key .. " of Secret " .. (generator.name or "?") .. " is in the repository",
            { at = "raw.spec.secretGenerator[" .. (g - 1) .. "].literals[" .. (l - 1) .. "]" })
        end
      end
      for _, field in ipairs { "files", "envs", "env" } do
        for _, entry in ipairs(list(generator[field])) do
          local file = string.gsub(string.gsub(entry, "^[^=]*=", ""), "^%./", "")
          local path = e.raw.dir ~= "" and e.raw.dir .. "/" .. file or file
          if holds_credential(path) then
            found[#found + 1] = fail(file .. ", of which Secret " .. (generator.name or "?") .. " is made, holds a credential",
              { at = generator })
          end
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
]] }, files { ["kustomization.yaml"] = [[
secretGenerator:
  - name: db
    envs: [db.env]
]], ["db.env"] = "PASSWORD=Tr0ub4dor-9\n" } },
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
