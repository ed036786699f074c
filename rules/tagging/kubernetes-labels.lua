local recommended = { "name", "part-of", "version", "managed-by" }

-- Whether most objects of the code have one of the labels: the few that do not are mistakes, and not the habit.
local function in_use()
  return param("labels_required", false) or once("labels in use", function()
    local all, labelled = 0, 0
    for _, kind in ipairs { "k8s.workload", "k8s.service", "k8s.namespace" } do
      for _, other in ipairs(graph.all(kind)) do
        local found = false
        for _, key in ipairs(known(other.tags) and keys(other.tags) or {}) do found = found or starts(key, "app.kubernetes.io/") end
        all, labelled = all + 1, labelled + (found and 1 or 0)
      end
    end
    return labelled > 0 and labelled * 2 > all
  end)
end

return rule {
  id = "TAG-009", title = "Recommended Kubernetes labels are missing",
  severity = "low", category = "tagging",
  version = 2, changes = { "judged where most objects have one of the labels, not some" },
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = { "k8s.namespace", "k8s.workload", "k8s.service" },
  where = in_use,
  description = [[Tools find what belongs together by the recommended labels. Judged where most objects of the same code have one of them, or the
parameter `labels_required` is true.]],
  remediation = [[Add `app.kubernetes.io/name`, `part-of`, `version` and `managed-by`.]],
  references = { "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/" },
  check = function(e)
    local missing = {}
    for _, name in ipairs(recommended) do
      local skip = e.kind == "k8s.namespace" and one_of(name, "version", "managed-by")
      if not skip and e.tags["app.kubernetes.io/" .. name] == nil then missing[#missing + 1] = name end
    end
    if #missing > 0 then
      return fail(e.name .. " lacks the labels app.kubernetes.io/" .. table.concat(missing, ", "), { at = "metadata.labels" })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire, labels: { app.kubernetes.io/name: shop } }
spec: { ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: fire-too, labels: { app.kubernetes.io/name: shop } }
spec: { ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: fire-bare }
spec: { ports: [{ port: 80 }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Service
metadata:
  name: dont-fire
  labels:
    app.kubernetes.io/name: shop
    app.kubernetes.io/part-of: shop
    app.kubernetes.io/version: "1"
    app.kubernetes.io/managed-by: helm
spec: { ports: [{ port: 80 }] }
]] },
    unknown = { [[
# parameters: {"labels_required": true}
variable "labels" { type = map(string) }
resource "kubernetes_namespace" "a" {
  metadata {
    name   = "a"
    labels = merge(var.labels, { "app.kubernetes.io/name" = "a" })
  }
}]] },
  },
}
