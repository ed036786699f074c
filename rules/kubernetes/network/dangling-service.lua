local pod = lib "pod"
local operators = lib "operators"

local function opens(workload, name)
  for _, c in ipairs(pod.containers(workload)) do
    for _, port in ipairs(pod.get(workload, c.at, "ports") or {}) do
      if port.name == name then return true end
    end
  end
  return false
end

return rule {
  id = "K8S-NET-009", title = "Service selects no pod or a port no container opens",
  severity = "medium", category = "hygiene",
  aliases = { ["dangling-service"] = "selector", ["invalid-target-ports"] = "port" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "k8s.service",
  where = function(e) return e.service_type ~= "ExternalName" and e.raw.spec.selector ~= nil end,
  description = [[A Service that selects no pod answers nothing, and a port name that no container has leads nowhere.]],
  remediation = [[Correct the selector or the name of the port.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/service/" },
  -- A number in targetPort needs no declaration by the container, so only names are judged.
  check = function(e)
    if pod.first_key(e.raw.spec.selector) == nil then return end
    if not pod.any_selected(e) then
      if #pod.neighbours(e, "k8s.workload") == 0 then
        unknown("no workload of namespace " .. pod.namespace(e) .. " is in the scan")
      end
      local custom = operators.any(pod.namespace(e))
      if custom then unknown("an operator makes pods of " .. custom.address .. ", whose labels are not known") end
      return fail("service " .. e.name .. " selects no pod of namespace " .. pod.namespace(e),
        { case = "selector", at = e.raw.spec.selector })
    end
    return each(e.raw.spec.ports or e.raw.spec.port or {}, function(port)
      local target = pod.get(e, port, "targetPort")
      if target == nil or tonumber(target) then return end
      if pod.any_selected(e, function(workload) return opens(workload, target) end) then return end
      return fail("service " .. e.name .. " leads to port " .. target .. ", which no container of its pods has",
        { case = "port", at = port })
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire }
spec: { selector: { app: a }, ports: [{ port: 80, targetPort: web }] }
---
apiVersion: v1
kind: Pod
metadata: { name: app, labels: { app: a } }
spec: { containers: [{ name: app, image: "app:1", ports: [{ name: http, containerPort: 80 }] }] }
]], yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire }
spec: { selector: { app: b }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: app, labels: { app: a } }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: dont-fire }
spec: { selector: { app: a }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: v1
kind: Pod
metadata: { name: app, labels: { app: a } }
spec: { containers: [{ name: app, image: "app:1", ports: [{ name: http, containerPort: 80 }] }] }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: a }
spec: { selector: { app: a }, ports: [{ port: 80 }] }
]] },
  },
}
