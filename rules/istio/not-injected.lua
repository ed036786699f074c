local pod = lib "pod"
local kube = lib "kube"
local mesh = lib "mesh"

return rule {
  id = "ISTIO-007", title = "Namespace with workloads is not injected",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "k8s.namespace", "k8s.workload" },
  where = function(e)
    if not mesh.present() then return false end
    if e.kind == "k8s.namespace" then
      return not match(e.name, "^(?:kube-|istio-|gke-|cert-manager$|calico-|tigera-)") and e.name ~= mesh.root()
        and #pod.inside("k8s.workload", e.name) > 0
    end
    -- Gateways and waypoints are proxies themselves.
    if kube.container(e, "(?:^|/)proxyv2$") then return false end
    local namespace = known(pod.namespace(e)) and mesh.namespace_object(pod.namespace(e))
    return namespace and mesh.labelled(namespace) == true
  end,
  description = [[A pod without a proxy talks in clear text, follows no policy of the mesh, and keeps the others from being strict.]],
  remediation = [[Label the namespace `istio-injection: enabled` (or `istio.io/rev`, or ambient); remove `sidecar.istio.io/inject:
"false"` from the pod.]],
  references = { "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/" },
  check = function(e)
    if e.kind == "k8s.namespace" then
      if mesh.labelled(e) ~= nil then return end
      if not known(e.tags) then unknown("the labels of namespace " .. e.name .. " are not known") end
      for _, workload in ipairs(pod.inside("k8s.workload", e.name)) do
        if mesh.injected(workload) == true then return end
      end
      return fail("namespace " .. e.name .. " has workloads and no label that takes them into the mesh", { at = e.raw.metadata })
    end
    if mesh.injected(e) == false then
      return fail(e.name .. " opts out of the mesh (sidecar.istio.io/inject is false)",
        { at = e.template, severity = (pod.is_job(e) or kube.container(e, "(?:^|/)(?:prometheus|node-exporter|fluent-bit|promtail)$"))
          and "low" or nil })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: fire }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: fire }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:1" }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
]], yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire, namespace: shop }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire, sidecar.istio.io/inject: "false" } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: dont-fire, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire, namespace: dont-fire }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "v1"
    kind       = "Namespace"
    metadata   = { name = "a", labels = var.v }
  }
}
resource "kubernetes_manifest" "b" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "b", namespace = "a" }
    spec       = { containers = [] }
  }
}
resource "kubernetes_manifest" "c" {
  manifest = {
    apiVersion = "security.istio.io/v1"
    kind       = "PeerAuthentication"
    metadata   = { name = "c", namespace = "a" }
    spec       = { mtls = { mode = "STRICT" } }
  }
}]] },
  },
}
