-- luacheck: no max line length
local files_of = [[
resource "aws_iam_role" "web" {
  name = "web"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRoleWithWebIdentity"
    Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A" }
    Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/A:sub" = "system:serviceaccount:shop:web" } }
  }] })
}
resource "aws_iam_role_policy" "web" {
  role   = aws_iam_role.web.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "RESOURCE" }] })
}
variable "objects" {}
resource "aws_s3_bucket" "NAME" {
  bucket = "acme-orders"
  tags   = { classification = "regulated" }
}
]]

local web = [[
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
  annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::123456789012:role/web" }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: web
      containers: [{ name: web, image: "web:1.0.0" }]
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  defaultBackend: { service: { name: web, port: { number: 80 } } }
]]

local function example(name, resource, manifest)
  return files { ["infra/main.tf"] = (string.gsub(string.gsub(files_of, "NAME", name), "RESOURCE", resource)),
    ["deploy/web.yaml"] = manifest or web }
end

return rule {
  id = "GRAPH-001", title = "Path from the internet to a sensitive bucket through ingress, pod and role", severity = "critical",
  category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.s3.bucket", "aws.dynamodb.table", "gcp.storage.bucket" },
  where = function(store) return one_of(store.classification, "confidential", "regulated") end,
  description = [[Each link of such a chain is ordinary by itself: an entry without authentication, a workload behind it, the identity
of the workload, and its right to read the data. Together they mean that whoever takes over the workload has the data. The finding shows the
shortest chain, link by link; `assay paths` shows which change breaks most of them.]],
  remediation = [[Break one link: give the workload an identity that may not read this store, let a service behind the entry read
it, or ask callers for authentication at the entry.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html",
    "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/permissions-management.html" },
  check = function(store)
    local path = graph.paths("internet", store, { direct = true })[1]
    if path == nil or #path.steps < 2 then return end
    if not path.certain then unknown("a path from the internet depends on what is not known: " .. path.reason) end
    local more = path.ways_in > 1 and " (" .. path.ways_in .. " ways in)" or ""
    return fail(path.classification .. " data of " .. store.name .. " can be reached from the internet" .. more .. ": " .. path.text
      .. "; take the right to read it from " .. path.steps[#path.steps].from.name .. " or close the entry", { evidence = path.evidence })
  end,
  tests = {
    fail = { example("fire", "${aws_s3_bucket.fire.arn}/*") },
    pass = {
      example("dont_fire", "arn:aws:s3:::acme-assets/*"),
      example("dont_fire", "${aws_s3_bucket.dont_fire.arn}/*", (string.gsub(web, "name: web, namespace: shop }\nspec:\n  defaultBackend",
        "name: web, namespace: shop, annotations: { nginx.ingress.kubernetes.io/auth-url: \"https://login.example.com\" } }\nspec:\n  defaultBackend"))),
    },
    unknown = { example("b", "${var.objects}/*") },
  },
}
