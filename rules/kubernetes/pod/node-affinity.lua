local pod = lib "pod"

local device = "^(?:nvidia\\.com|amd\\.com|gpu\\.intel\\.com|aws\\.amazon\\.com|google\\.com)/"

-- What asks for special nodes: a device request, or a label of the pod.
local function special(e)
  for _, c in ipairs(pod.containers(e)) do
    for name in pairs(pod.get(e, c.at, "resources", "limits") or {}) do
      if match(name, device) then return name end
    end
  end
  for key, value in pairs(pod.labels(e)) do
    if match(key, "(?:^|[./-])(?:node-?type|workload-?type|node-?pool|hardware)$")
        and match(value, "(?i)gpu|memory|compute|highmem|highcpu") then
      return key .. "=" .. value
    end
  end
end

return rule {
  id = "K8S-POD-040", title = "Specialised workload has no node affinity",
  severity = "low", category = "resilience",
  aliases = { "no-node-affinity" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = "k8s.workload",
  where = function(e) return special(e) ~= nil end,
  description = [[A workload for special hardware that may be placed anywhere either waits for ever or takes the place of
others.]],
  remediation = [[Add a `nodeSelector`, a node affinity or a toleration for the nodes in question.]],
  references = { "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/" },
  check = function(e)
    for _, field in ipairs { "nodeSelector", "tolerations", "nodeName" } do
      if pod.get(e, e.pod, field) ~= nil then return end
    end
    if pod.get(e, e.pod, "affinity", "nodeAffinity") ~= nil then return end
    return fail(e.name .. " is made for special nodes (" .. special(e) .. ") but may be placed on any", { at = e.pod })
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", resources: { limits: { nvidia.com/gpu: 1 } } }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  nodeSelector: { accelerator: a100 }
  containers: [{ name: app, image: "app:1", resources: { limits: { nvidia.com/gpu: 1 } } }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      resources {
        limits = { cpu = var.v }
      }
    }
  }
}]] },
  },
}
