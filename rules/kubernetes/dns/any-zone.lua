local kube = lib "kube"
local iam = lib "iam"

local image = "(?:^|/)external-dns$"

local function any_zone(e, s)
  if iam.any_resource(e, s) then return true end
  for _, resource in ipairs(s.resources) do
    if match(resource, "^arn:aws[a-z-]*:route53:::hostedzone/\\*$") then return true end
  end
  return false
end

return rule {
  id = "K8S-DNS-001", title = "External DNS may change any zone",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "k8s.workload", "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document" },
  where = function(e)
    if e.kind == "k8s.workload" then return kube.container(e, image) ~= nil end
    return kube.called(e, "(?i)external.?dns") and iam.is_judged(e)
  end,
  description = [[Whoever may write an Ingress or a Service can have records made by it; without a filter or a narrow role that is every
zone of the account, mail and login pages included.]],
  remediation = [[Set `--domain-filter` or `--zone-id-filter`, and name the hosted zones in the role.]],
  references = { "https://kubernetes-sigs.github.io/external-dns/latest/docs/flags/" },
  check = function(e)
    if e.kind ~= "k8s.workload" then
      return each(iam.identity(e), function(s)
        if iam.allows(s) and iam.takes(s, "route53:ChangeResourceRecordSets") and #s.conditions == 0 and any_zone(e, s) then
          return fail("policy " .. e.name .. " may change the records of every hosted zone", { at = s.at })
        end
      end)
    end
    local c = kube.container(e, image)
    for _, name in ipairs { "domain-filter", "zone-id-filter", "zone-name-filter", "regex-domain-filter" } do
      local variable = "EXTERNAL_DNS_" .. string.gsub(upper(name), "-", "_")
      for _, value in ipairs(kube.flag(c, name, true)) do
        if value ~= "" then return end
      end
      if kube.variable(c, variable) then return end
    end
    return fail(e.name .. " changes records in every zone that it may write (no --domain-filter or --zone-id-filter)", { at = c.at })
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
        - { name: app, image: "registry.k8s.io/external-dns/external-dns:v0.15.0", args: ["--source=ingress", "--provider=aws"] }
]], [[
resource "aws_iam_policy" "fire" {
  name   = "external-dns"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "route53:ChangeResourceRecordSets", Resource = "arn:aws:route53:::hostedzone/*" }] })
}
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
        - { name: app, image: "registry.k8s.io/external-dns/external-dns:v0.15.0", args: ["--source=ingress", "--domain-filter=shop.example.com"] }
]], [[
resource "aws_iam_policy" "dont_fire" {
  name   = "external-dns"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "route53:ChangeResourceRecordSets", Resource = "arn:aws:route53:::hostedzone/Z123" }] })
}
]] },
    unknown = { [[
variable "zone" {}
resource "aws_iam_policy" "external_dns" {
  name   = "external-dns"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "route53:ChangeResourceRecordSets", Resource = var.zone }] })
}
]] },
  },
}
