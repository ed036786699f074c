local kube = lib "kube"

return rule {
  id = "K8S-ING-006", title = "Ingress controller is outdated or admits weak TLS",
  severity = "high", category = "hygiene",
  frameworks = { "NIST-800-53r5:SI-2", "PCI-DSS-4.0:6.3.3", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = { "k8s.workload", "k8s.configmap" },
  where = function(e)
    if e.kind == "k8s.workload" then return kube.container(e, "ingress-nginx/controller$|nginx-ingress-controller$") ~= nil end
    return known(e.raw.data) and e.raw.data ~= nil and e.raw.data["ssl-protocols"] ~= nil
  end,
  description = [[Controllers of ingress-nginx before 1.11.5 and 1.12.1 let whoever reaches their admission webhook run code with the
Secrets of the cluster in reach (CVE-2025-1974). TLS 1.0 and 1.1 are broken and retired (RFC 8996).]],
  remediation = [[Update the controller; set `ssl-protocols: "TLSv1.2 TLSv1.3"`.]],
  references = {
    "https://kubernetes.io/blog/2025/03/24/ingress-nginx-cve-2025-1974/",
    "https://kubernetes.github.io/ingress-nginx/user-guide/tls/",
  },
  check = function(e)
    if e.kind == "k8s.configmap" then
      local protocols = e.raw.data["ssl-protocols"]
      for _, protocol in ipairs(split(protocols, " ")) do
        if one_of(trim(protocol), "SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1") then
          return fail("the controller admits " .. trim(protocol) .. " (ssl-protocols in ConfigMap " .. e.name .. ")", { at = e.raw.data })
        end
      end
      return
    end
    local container, image = kube.container(e, "ingress-nginx/controller$|nginx-ingress-controller$")
    local version = kube.version(image.tag)
    if version == nil then unknown("the tag of " .. container.at.image .. " names no version") end
    local safe = version >= 1012001 or (version >= 1011005 and version < 1012000)
    if not safe then
      return fail("the ingress controller " .. image.tag .. " is older than 1.11.5 and 1.12.1, the first without CVE-2025-1974",
        { at = container.at })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: controller, image: "registry.k8s.io/ingress-nginx/controller:v1.9.4" }] } }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: fire }
data: { ssl-protocols: "TLSv1 TLSv1.2" }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: controller, image: "registry.k8s.io/ingress-nginx/controller:v1.12.1" }] } }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: dont-fire }
data: { ssl-protocols: "TLSv1.2 TLSv1.3" }
]] },
    unknown = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: a }
spec:
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: controller, image: "registry.k8s.io/ingress-nginx/controller:main" }] } }
]] },
  },
}
