return rule {
  id = "KUST-003", title = "Overlay weakens a security setting of its base",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "kustomize.weakening",
  description = [[The base is reviewed once; a patch in an overlay quietly takes a protection away. Everything that the base's
objects pass, of least privilege, network, encryption, secrets and logging, is compared.]],
  remediation = [[Take the change out of the patch, or make it in the base where it holds for all.]],
  references = { "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/" },
  check = function(e)
    local w = e.raw
    if not one_of(w.category, "least-privilege", "network", "encryption", "exposure", "secrets", "logging") then return end
    local low = one_of(w.severity, "medium", "low", "info") and w.severity or nil
    return fail(w.variant .. " weakens " .. w.resource .. " against its base: " .. w.message .. " (" .. w.rule .. ")",
      { at = "raw.rule", severity = low })
  end,
  tests = {
    fail = { files { ["base/kustomization.yaml"] = "resources: [a.yaml]\n", ["base/a.yaml"] = [[
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
          securityContext: { privileged: false }
]], ["overlays/prod/kustomization.yaml"] = [[
resources: [../../base]
namePrefix: prod-
namespace: shop
patches:
  - target: { kind: Deployment, name: shop }
    patch: |
      - { op: replace, path: /spec/template/spec/containers/0/securityContext/privileged, value: true }
]] } },
    pass = { files { ["base/kustomization.yaml"] = "resources: [a.yaml]\n", ["base/a.yaml"] = [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: registry.internal/shop:1.0.0
          securityContext: { privileged: false }
]], ["overlays/prod/kustomization.yaml"] = [[
resources: [../../base]
patches:
  - target: { kind: Deployment, name: shop }
    patch: |
      - { op: replace, path: /spec/replicas, value: 1 }
]] } },
  },
}
