local pod = lib "pod"

return rule {
  id = "K8S-POD-024", title = "Image tag is missing or latest",
  severity = "medium", category = "supply-chain",
  aliases = { "CKV_K8S_14", "AVD-KSV-0013", "latest-tag" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "k8s.workload",
  description = [[A moving tag means that two pods of one workload may run different programs, and that nobody can say which
one ran yesterday.]],
  remediation = [[Name a version: `image: registry/app:1.4.2`, better with its digest.]],
  references = { "https://kubernetes.io/docs/concepts/containers/images/#image-names" },
  check = function(e)
    return pod.each(e, function(c)
      local image = c.at.image
      if image == nil or image == "" then return fail(c.label .. " names no image", { at = c.at }) end
      local parts = pod.image(image)
      if parts.digest then return end
      if not parts.tag then return fail("image " .. image .. " of " .. c.label .. " has no tag, so latest is used", { at = c.at }) end
      if parts.tag == "latest" then return fail("image " .. image .. " of " .. c.label .. " has the tag latest", { at = c.at }) end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "registry.example.com:5000/app" }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:latest" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers:
    - { name: app, image: "registry.example.com:5000/app:1.4" }
    - { name: side, image: "side@sha256:9b2a9a1f6ea8f5e4a1f9b2a9a1f6ea8f5e4a1f9b2a9a1f6ea8f5e4a1f9b2a9a1" }
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
