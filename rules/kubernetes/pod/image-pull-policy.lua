local pod = lib "pod"

return rule {
  id = "K8S-POD-027", title = "Cached images are used without checking access",
  severity = "low", category = "supply-chain",
  aliases = { "CKV_K8S_15" },
  frameworks = { "CIS-K8S-1.9:1.2.11", "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "k8s.workload",
  description = [[With another policy than Always, a pod may use an image that someone else's pod has pulled to the node, without
its own right to the registry being asked, and may keep an outdated one. Images with a digest cannot change.]],
  remediation = [[Set `imagePullPolicy: Always`, or pin the image by digest.]],
  references = { "https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy" },
  check = function(e)
    return pod.each(e, function(c)
      local image = c.at.image
      if image == nil then return end
      local parts, policy = pod.image(image), pod.get(e, c.at, "imagePullPolicy")
      if parts.digest or policy == "Always" then return end
      if policy == nil and (not parts.tag or parts.tag == "latest") then return end
      return fail(c.label .. " pulls " .. image .. " with the policy " .. (policy or "IfNotPresent (the default)"), { at = c.at, within = c.at })
    end)
  end,
  fix = set("within.imagePullPolicy", "Always"),
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
spec:
  containers:
    - { name: app, image: "app:1.4", imagePullPolicy: Always }
    - { name: side, image: "side" }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      image_pull_policy = var.v
    }
  }
}]] },
  },
}
