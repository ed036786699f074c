local ingress = lib "ingress"

local injectable = {
  ["nginx.ingress.kubernetes.io/auth-url"] = true, ["nginx.ingress.kubernetes.io/auth-tls-match-cn"] = true,
  ["nginx.ingress.kubernetes.io/mirror-target"] = true, ["nginx.ingress.kubernetes.io/mirror-host"] = true,
}

return rule {
  id = "K8S-ING-002", title = "Ingress carries configuration snippets",
  severity = "high", category = "network",
  aliases = { CKV_K8S_152 = "lua", CKV_K8S_153 = "any", CKV_K8S_154 = "alias", ["AVD-KCV-0093"] = "injection" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "k8s.ingress", "k8s.configmap" },
  where = function(e)
    if e.kind == "k8s.ingress" then return true end
    return known(e.raw.data) and e.raw.data ~= nil and known(e.raw.data["allow-snippet-annotations"])
      and tostring(e.raw.data["allow-snippet-annotations"]) == "true"
  end,
  description = [[Snippets are copied into the configuration of nginx: whoever may write an Ingress reads the controller's files and the
Secrets of every namespace with them (CVE-2021-25742). Values of other annotations that hold line breaks or braces
leave their place in the same way (CVE-2025-1097, CVE-2025-24514).]],
  remediation = [[Remove the snippet, use the annotation that says the same, and leave `allow-snippet-annotations` off.]],
  references = {
    "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations",
    "https://kubernetes.io/blog/2025/03/24/ingress-nginx-cve-2025-1974/",
  },
  check = function(e)
    if e.kind == "k8s.configmap" then
      return fail("the controller takes snippets from every Ingress (allow-snippet-annotations in ConfigMap " .. e.name .. ")",
        { case = "controller", at = e.raw.data })
    end
    local annotations = e.raw.metadata.annotations or {}
    local nginx = ingress.class(e)
    return each(keys(annotations), function(key)
      local found = {}
      if string.find(key, "snippet", 1, true) then
        found[1] = fail("ingress " .. e.name .. " puts a snippet into the configuration of nginx (" .. key .. ")",
          { case = "any", at = annotations })
        local value = tostring(annotations[key])
        if match(value, "\\blua_|_lua\\b|_lua_|\\bkubernetes\\.io\\b") then
          found[#found + 1] = fail("the snippet " .. key .. " of ingress " .. e.name .. " runs Lua code or reads the controller's token",
            { case = "lua", at = annotations, severity = "critical" })
        end
        if match(value, "alias") then
          found[#found + 1] = fail("the snippet " .. key .. " of ingress " .. e.name .. " serves files of the controller (alias)",
            { case = "alias", at = annotations, severity = "critical" })
        end
      elseif injectable[key] and nginx ~= nil and lower(nginx) == "nginx" then
        local value = tostring(annotations[key])
        if match(value, "https?://[^\\s<>\"{}|^`\\\\]*[\\r\\n<>\"{}|^`\\\\]\\S*|CN=.*[\\r\\n#{};|]") then
          found[1] = fail("the value of " .. key .. " of ingress " .. e.name .. " leaves its place in the configuration of nginx",
            { case = "injection", at = annotations, severity = "critical" })
        end
      end
      return found
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire, annotations: { nginx.ingress.kubernetes.io/server-snippet: "location /x { return 200; }" } }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: fire }
data: { allow-snippet-annotations: "true" }
]], yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire, annotations: { nginx.ingress.kubernetes.io/auth-url: "http://a.example.com/#;}}}\nssl_engine x" } }
spec: { ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]] },
    pass = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire, annotations: { nginx.ingress.kubernetes.io/auth-url: "https://auth.example.com/check" } }
spec: { ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]] },
    unknown = { [[
variable "snippet" {}
resource "kubernetes_ingress_v1" "a" {
  metadata {
    name        = "a"
    annotations = { "nginx.ingress.kubernetes.io/mirror-host" = var.snippet }
  }
  spec {
    ingress_class_name = "nginx"
  }
}
]] },
  },
}
