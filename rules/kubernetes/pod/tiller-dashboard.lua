local pod = lib "pod"

local function is_tiller(e, c)
  local image, labels = c.at.image, pod.labels(e)
  return (image ~= nil and match(image, "tiller") ~= nil) or labels.app == "helm" or labels.name == "tiller"
end

return rule {
  id = "K8S-POD-046", title = "Tiller or the dashboard of old is deployed",
  severity = "high", category = "least-privilege",
  aliases = {
    CKV_K8S_34 = "tiller", ["AVD-KSV-0102"] = "tiller", CKV_K8S_44 = "tiller-service", CKV_K8S_45 = "tiller-listens",
    CKV_K8S_33 = "dashboard",
  },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.service" },
  description = [[Tiller, the server half of Helm 2, obeys everyone who can reach it and holds the rights of an administrator. The
old Kubernetes dashboard was broken into for the same reason.]],
  remediation = [[Remove Tiller and use Helm 3 or later; remove the dashboard, or put it behind a login of your own.]],
  references = { "https://helm.sh/docs/faq/changes_since_helm2/" },
  check = function(e)
    if e.kind == "k8s.service" then
      local texts = { e.name }
      for _, value in pairs(e.tags) do texts[#texts + 1] = value end
      for _, value in pairs(e.raw.spec.selector or {}) do texts[#texts + 1] = value end
      for _, text in ipairs(texts) do
        if match(text, "(?i)tiller") then
          return fail("service " .. e.name .. " leads to Tiller", { case = "tiller-service" })
        end
      end
      return
    end
    local labels = pod.labels(e)
    local labelled = labels.app or labels["k8s-app"]
    return pod.each(e, function(c)
      local found, image = {}, c.at.image
      if is_tiller(e, c) then
        found[1] = fail(c.label .. " is Tiller", { case = "tiller", at = c.at })
        local inside = false
        for _, arg in ipairs(pod.get(e, c.at, "args") or {}) do
          if match(arg, "--listen") and match(arg, "localhost|127\\.0\\.0\\.1") then inside = true end
        end
        if not inside then
          found[2] = fail("Tiller in " .. c.label .. " listens to the whole cluster", { case = "tiller-listens", at = c.at })
        end
      end
      if (image ~= nil and match(image, "kubernetes-dashboard|kubernetesui")) or labelled == "kubernetes-dashboard" then
        found[#found + 1] = fail(c.label .. " is the Kubernetes dashboard", { case = "dashboard", at = c.at })
      end
      return found
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: tiller, image: "gcr.io/kubernetes-helm/tiller:v2.16.1" }] }
]], yaml [[
apiVersion: v1
kind: Service
metadata: { name: tiller-deploy-fire }
spec: { selector: { app: helm }, ports: [{ port: 44134 }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = var.v
    }
  }
}]] },
  },
}
