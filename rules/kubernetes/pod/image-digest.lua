local pod = lib "pod"

return rule {
  id = "K8S-POD-025", title = "Image is not pinned by digest",
  severity = "low", category = "supply-chain",
  version = 2, changes = { "a container without an image is left to K8S-POD-024" },
  aliases = { "CKV_K8S_43" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "k8s.workload",
  description = [[A tag can be moved to another image; a digest names exactly one.]],
  remediation = [[Add the digest: `image: registry/app:1.4.2@sha256:…`.]],
  references = { "https://kubernetes.io/docs/concepts/containers/images/#image-names" },
  check = function(e)
    return pod.each(e, function(c)
      local image = c.at.image
      if image == nil then return end -- K8S-POD-024 tells that
      if not pod.image(image).digest then
        return fail("image " .. image .. " of " .. c.label .. " is not pinned by digest", { at = c.at })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1.4" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { containers: [{ name: app }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers:
    - { name: app, image: "app:1.4@sha256:9b2a9a1f6ea8f5e4a1f9b2a9a1f6ea8f5e4a1f9b2a9a1f6ea8f5e4a1f9b2a9a1" }
]] },
    unknown = { [[
variable "image" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = var.image
    }
  }
}]] },
  },
}
