local pod = lib "pod"
local tags = lib "tags"

-- Names of the Secrets that a workload reads, with where.
local function used(e)
  local names = {}
  local function add(name, at) if name ~= nil then names[#names + 1] = { name, at } end end
  for _, volume in ipairs(pod.get(e, e.pod, "volumes") or {}) do
    add(pod.get(e, volume, "secret", "secretName"), volume)
  end
  for _, c in ipairs(pod.containers(e)) do
    for _, variable in ipairs(pod.get(e, c.at, "env") or {}) do
      add(pod.get(e, variable, "valueFrom", "secretKeyRef", "name"), variable)
    end
    for _, source in ipairs(pod.get(e, c.at, "envFrom") or {}) do add(pod.get(e, source, "secretRef", "name"), source) end
  end
  return names
end

-- "namespace name" → true for every Secret that an operator fills.
local function filled()
  return once("external-secret.filled", function()
    local names = {}
    for _, object in ipairs(graph.all("externalsecrets.secret")) do
      local spec, space = object.raw.spec, pod.namespace(object)
      local function add(name)
        if name ~= nil and known(name) then names[space .. " " .. name] = true end
      end
      add(object.name)
      if known(spec.target) and spec.target ~= nil and known(spec.target.name) then add(spec.target.name) end
      for _, secret in ipairs(known(spec.secretObjects) and spec.secretObjects or {}) do
        if known(secret.secretName) then add(secret.secretName) end
      end
    end
    return names
  end)
end

local function made_by_operator(e, name)
  return filled()[pod.namespace(e) .. " " .. name] == true
end

return rule {
  id = "K8S-CFG-003", title = "Secret is not taken from an external store",
  severity = "low", category = "secrets",
  frameworks = { "CIS-K8S-1.9:5.4.2", "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "k8s.workload",
  where = tags.production,
  description = [[A Secret from an external store is rotated and audited there and never stands in code.]],
  remediation = [[Declare an ExternalSecret or SecretProviderClass that makes the Secret.]],
  references = { "https://external-secrets.io/latest/" },
  check = function(e)
    return each(used(e), function(use)
      if made_by_operator(e, use[1]) then return end
      local secret = pod.find(e, "k8s.secret", use[1])
      if secret then
        return fail(e.name .. " uses Secret " .. use[1] .. ", which is declared here and not taken from a store",
          { at = use[2], evidence = { { secret, "declared here" } } })
      end
      unknown("Secret " .. use[1] .. " is not in the scan; what makes it is not known")
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, labels: { environment: prod } }
spec: { containers: [{ name: app, image: "app:1", envFrom: [{ secretRef: { name: db } }] }] }
---
apiVersion: v1
kind: Secret
metadata: { name: db }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, labels: { environment: prod } }
spec: { containers: [{ name: app, image: "app:1", envFrom: [{ secretRef: { name: db } }] }] }
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: { name: db }
spec: { secretStoreRef: { name: vault }, target: { name: db } }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, labels: { environment: prod } }
spec: { containers: [{ name: app, image: "app:1", envFrom: [{ secretRef: { name: db } }] }] }
]] },
  },
}
