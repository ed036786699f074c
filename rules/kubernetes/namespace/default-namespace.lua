return rule {
  id = "K8S-NS-001", title = "Object is placed in the default or system namespace",
  severity = "low", category = "hygiene",
  aliases = {
    CKV_K8S_21 = "default", ["AVD-KSV-0110"] = "default", ["use-namespace"] = "default", ["AVD-KSV-0037"] = "system",
  },
  frameworks = { "CIS-K8S-1.9:5.7.4", "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.service", "k8s.secret", "k8s.serviceaccount", "k8s.role", "k8s.rolebinding", "k8s.configmap",
    "k8s.ingress" },
  where = function(e)
    if match(e.type, "/Cluster[A-Za-z]*$|^kubernetes_cluster_") then return false end
    if e.kind == "k8s.serviceaccount" and e.name == "default" then return false end
    return not (e.kind == "k8s.service" and e.name == "kubernetes")
  end,
  description = [[In the default namespace everything mixes: policies, quotas and rights cannot tell one application from
another. System namespaces are for the cluster's own components.]],
  remediation = [[Give the object a `namespace` of its own.]],
  references = { "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/" },
  -- Charts and overlays that leave the namespace to whoever installs them are judged by the namespace that they get.
  check = function(e)
    local namespace = e.raw.metadata and e.raw.metadata.namespace
    if namespace == nil and one_of(e.origin, "helm", "kustomize") and e.space ~= "" then namespace = e.space end
    if e.origin == "helm" and (namespace == nil or namespace == "default") then
      unknown("the namespace is chosen when the chart is installed")
    end
    if namespace == nil or namespace == "default" then
      local what = namespace == nil and " names no namespace and lands in default" or " is in the namespace default"
      return fail(e.name .. what, { case = "default", at = e.raw.metadata })
    end
    if match(namespace, "^kube-") then
      if match(e.address .. " " .. e.type, "(?i)kube|coredns|dns|cni|csi|proxy|metrics|aws-|gke-|calico|cilium|cluster-autoscaler") then
        return
      end
      local labels = e.tags
      if labels["k8s-app"] ~= nil or labels["kubernetes.io/cluster-service"] ~= nil or labels["addonmanager.kubernetes.io/mode"] ~= nil then
        return
      end
      return fail(e.name .. " is in the system namespace " .. namespace, { case = "system", at = e.raw.metadata })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire }
spec: { ports: [{ port: 80 }] }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: fire, namespace: default }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: dont-fire, namespace: shop }
spec: { ports: [{ port: 80 }] }
]] },
    unknown = { [[
variable "ns" {}
resource "kubernetes_service" "a" {
  metadata {
    name      = "a"
    namespace = var.ns
  }
}]] },
  },
}
