local pod = lib "pod"
local tags = lib "tags"

local function critical(e)
  for _, key in ipairs { "criticality", "priority", "tier", "app.kubernetes.io/criticality" } do
    local value = tags.find(e, key)
    if value and match(value, "(?i)^(?:critical|tier-?[01]|high)$") then return true end
  end
  return false
end

return rule {
  id = "K8S-POD-041", title = "Workload names no priority class",
  severity = "low", category = "resilience",
  version = 2, changes = { "what was not asked of a live cluster is unknown" },
  aliases = { "priority-class-name" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "k8s.workload",
  where = function(e) return critical(e) or pod.get(e, e.pod, "priorityClassName") ~= nil end,
  description = [[When nodes run short, pods of low priority are evicted first. A workload that is marked critical without a
class is evicted with the rest; one that names a class which does not exist is not created.]],
  remediation = [[Name a PriorityClass that exists in `priorityClassName`.]],
  references = { "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/" },
  check = function(e)
    local class = pod.get(e, e.pod, "priorityClassName")
    if class == nil or class == "" then
      return fail(e.name .. " is marked critical but names no priority class", { at = e.pod })
    end
    if one_of(class, "system-cluster-critical", "system-node-critical") then return end
    local all = graph.all("k8s.priorityclass")
    for _, other in ipairs(all) do
      if other.name == class then return end
    end
    if #all == 0 then unknown("priority class " .. class .. " may exist in the cluster") end
    return fail(e.name .. " names the priority class " .. class .. ", which is not declared", { at = e.pod })
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, labels: { criticality: critical } }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, labels: { criticality: critical } }
spec: { priorityClassName: gold, containers: [{ name: app, image: "app:1" }] }
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: gold }
value: 1000
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { priorityClassName: gold, containers: [{ name: app, image: "app:1" }] }
]] },
  },
}
