return rule {
  id = "HELM-007", title = "Value override names a key the chart never reads",
  severity = "low", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "helm.values",
  where = function(e) return e.raw.override end,
  description = [[A key that no template reads changes nothing: mostly a misspelled one, or one of an older chart.]],
  remediation = [[Correct the key or remove it.]],
  references = { "https://helm.sh/docs/chart_template_guide/values_files/" },
  check = function(e)
    if #e.raw.unread > 0 and not e.raw.unsure then
      return each(e.raw.unread, function(key)
        return fail(key .. " in " .. e.raw.path .. " is read by no template", { at = "raw.unread" })
      end)
    end
    if e.raw.unsure then unknown("the chart hands on all its values, or has a schema or missing dependencies that may speak of more") end
  end,
  tests = {
    fail = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["values.yaml"] = "replicas: 1\n", ["values-prod.yaml"] = "replicaCount: 3\n", ["templates/a.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: { n: "{{ .Values.replicas }}" }
]] } },
    pass = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["values.yaml"] = "replicas: 1\n", ["values-prod.yaml"] = "replicas: 3\n", ["templates/a.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: { n: "{{ .Values.replicas }}" }
]] } },
    unknown = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
]], ["values.yaml"] = "replicas: 1\n", ["values-prod.yaml"] = "extra: 3\n", ["templates/a.yaml"] = [[
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: { all: {{ .Values | toJson | quote }} }
]] } },
  },
}
