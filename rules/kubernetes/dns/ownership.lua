local kube = lib "kube"

local image = "(?:^|/)external-dns$"

return rule {
  id = "K8S-DNS-002", title = "External DNS keeps no ownership records",
  severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  where = function(e) return kube.container(e, image) ~= nil end,
  description = [[Without ownership records two controllers overwrite each other, and with the policy `sync` one deletes what people
made by hand. With the same owner id two clusters take each other's records for their own; the default id is
`default`.]],
  remediation = [[Use `--registry=txt` (or dynamodb) with a `--txt-owner-id` of the cluster, and `--policy=upsert-only` or a domain
filter.]],
  references = { "https://kubernetes-sigs.github.io/external-dns/latest/docs/flags/" },
  check = function(e)
    local c = kube.container(e, image)
    local function setting(name, default)
      local value = kube.flag(c, name)
      if value == nil then value = kube.variable(c, "EXTERNAL_DNS_" .. string.gsub(upper(name), "-", "_")) end
      if value == nil then return default end
      return value
    end
    local registry, found = setting("registry", "txt"), {}
    if registry == "noop" then
      found[1] = fail(e.name .. " keeps no ownership records (--registry=noop)", { at = c.at })
    elseif registry == "txt" and setting("txt-owner-id", "default") == "default" then
      found[1] = fail(e.name .. " marks its records with the default owner (no --txt-owner-id)", { at = c.at })
    end
    if setting("policy", "sync") == "sync" and setting("domain-filter") == nil and setting("zone-id-filter") == nil
        and setting("regex-domain-filter") == nil and setting("zone-name-filter") == nil then
      found[#found + 1] = fail(e.name .. " deletes records in every zone (--policy=sync without a filter)", { at = c.at })
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "registry.k8s.io/external-dns/external-dns:v0.15.0", args: ["--registry=noop", "--domain-filter=a.example.com"] }
]], yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "registry.k8s.io/external-dns/external-dns:v0.15.0", args: ["--txt-owner-id=shop"] }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "registry.k8s.io/external-dns/external-dns:v0.15.0", args: ["--txt-owner-id=shop", "--policy=upsert-only"] }
]], yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "registry.k8s.io/external-dns/external-dns:v0.15.0", args: ["--txt-owner-id", "shop", "--domain-filter=a.example.com"] }
]] },
    unknown = { [[
variable "args" { type = list(string) }
resource "kubernetes_deployment" "a" {
  metadata { name = "a" }
  spec {
    template {
      metadata { labels = { app = "a" } }
      spec {
        container {
          name  = "app"
          image = "registry.k8s.io/external-dns/external-dns:v0.15.0"
          args  = var.args
        }
      }
    }
  }
}
]] },
  },
}
