local pod = lib "pod"

local function has_key(object, key)
  for _, field in ipairs { "data", "stringData", "binaryData", "string_data", "binary_data" } do
    local map = object.raw[field]
    if map ~= nil and map[key] ~= nil then return true end
  end
  return false
end

return rule {
  id = "K8S-POD-036", title = "Environment or settings refer to missing keys, or repeat a name",
  severity = "medium", category = "hygiene",
  aliases = { ["env-value-from"] = "missing-key", ["duplicate-env-var"] = "duplicate" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[A container whose required ConfigMap or Secret key does not exist never starts. Of two variables with one name
the last wins, which is seldom what was meant.]],
  remediation = [[Correct the key, or mark the reference `optional: true`; remove the repeated variable.]],
  references = { "https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/" },
  check = function(e)
    return pod.each(e, function(c)
      local seen = {}
      return each(pod.get(e, c.at, "env") or {}, function(variable)
        local name = variable.name
        if name ~= nil and seen[name] then
          return fail("variable " .. name .. " of " .. c.label .. " is set twice", { case = "duplicate", at = variable })
        end
        if name ~= nil then seen[name] = true end
        for _, way in ipairs { { "configMapKeyRef", "k8s.configmap", "ConfigMap" }, { "secretKeyRef", "k8s.secret", "Secret" } } do
          local ref = pod.get(e, variable, "valueFrom", way[1])
          if ref ~= nil and pod.get(e, ref, "optional") ~= true and ref.name ~= nil and ref.key ~= nil then
            local object = pod.find(e, way[2], ref.name)
            if not object then
              unknown(way[3] .. " " .. ref.name .. " is not in the scan; it may be made in the cluster")
            end
            if not has_key(object, ref.key) then
              return fail("variable " .. (name or "") .. " of " .. c.label .. " needs key " .. ref.key .. ", which " .. way[3] .. " "
                .. ref.name .. " lacks", { case = "missing-key", at = variable, evidence = { { object, "this has no such key" } } })
            end
          end
        end
      end)
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", env: [{ name: A, value: a }, { name: A, value: b }] }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", env: [{ name: A, valueFrom: { configMapKeyRef: { name: cfg, key: b } } }] }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: cfg }
data: { a: x }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers: [{ name: app, image: "app:1", env: [{ name: A, valueFrom: { configMapKeyRef: { name: cfg, key: a } } }] }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: cfg }
data: { a: x }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  containers: [{ name: app, image: "app:1", env: [{ name: A, valueFrom: { secretKeyRef: { name: cfg, key: a } } }] }]
]] },
  },
}
