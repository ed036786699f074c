local pod = lib "pod"

return rule {
  id = "K8S-POD-026", title = "Image comes from a registry outside the allowed list",
  severity = "high", category = "supply-chain",
  aliases = { "AVD-KSV-0125", "AVD-KSV-0032", "AVD-KSV-0033", "AVD-KSV-0034", "AVD-KSV-0035" },
  frameworks = { "CIS-K8S-1.9:5.5.1", "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1",
    "ISO27001-2022:A.5.21" },
  for_each = "k8s.workload",
  description = [[Images from anywhere run code of anyone. The allowed registries stand in the parameter `image_registries`
(hosts, or `host/path` prefixes, with `*`).]],
  remediation = [[Copy the image to an allowed registry and name it from there, or add the registry to `image_registries`.]],
  references = { "https://kubernetes.io/docs/concepts/containers/images/" },
  check = function(e)
    local allowed = param("image_registries", {})
    if #allowed == 0 then unknown("no list of allowed registries is configured (parameter image_registries)") end
    return pod.each(e, function(c)
      local image = c.at.image
      if image == nil then return end
      local parts = pod.image(image)
      for _, registry in ipairs(allowed) do
        if glob(parts.registry, registry) or glob(parts.registry .. "/" .. parts.repository, registry .. "/*") then return end
      end
      return fail("image " .. image .. " of " .. c.label .. " comes from " .. parts.registry .. ", which is not an allowed registry",
        { at = c.at })
    end)
  end,
  tests = {
    fail = { yaml [[
# parameters: {"image_registries": ["registry.example.com"]}
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    pass = { yaml [[
# parameters: {"image_registries": ["registry.example.com", "*.dkr.ecr.eu-west-1.amazonaws.com"]}
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { containers: [{ name: app, image: "registry.example.com/team/app:1" }] }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { containers: [{ name: app, image: "docker.io/app:1" }] }
]] },
  },
}
