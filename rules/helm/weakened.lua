return rule {
  id = "HELM-006", title = "Overrides weaken the chart's security settings",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "helm.weakening",
  description = [[The chart is reviewed with its defaults; an environment's values quietly switch a protection off. Everything
that the chart's objects pass with default values, of least privilege, network, encryption, secrets and logging, is compared.]],
  remediation = [[Take the override out of the values file, or change the chart's default where it is wrong for all.]],
  references = { "https://helm.sh/docs/chart_template_guide/values_files/" },
  check = function(e)
    local w = e.raw
    if not one_of(w.category, "least-privilege", "network", "encryption", "exposure", "secrets", "logging") then return end
    local low = one_of(w.severity, "medium", "low", "info") and w.severity or nil
    return fail(w.variant .. " weakens " .. w.resource .. " against the chart's defaults: " .. w.message .. " (" .. w.rule .. ")",
      { at = "raw.rule", severity = low })
  end,
  tests = {
    fail = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["values.yaml"] = [[
privileged: false
replicas: 3
]], ["templates/a.yaml"] = [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: registry.internal/shop:1.0.0
          securityContext: { privileged: {{ .Values.privileged }} }
]], ["values-prod.yaml"] = "privileged: true\n" } },
    pass = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["values.yaml"] = [[
privileged: false
tag: 1.0.0
]], ["templates/a.yaml"] = [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: registry.internal/shop:{{ .Values.tag }}
          securityContext: { privileged: false }
]], ["values-prod.yaml"] = "tag: latest\n" } },
  },
}
