local pod = lib "pod"
local kube = lib "kube"
local iam = lib "iam"

local function every_bucket(e, s)
  if iam.any_resource(e, s) then return true end
  for _, resource in ipairs(s.resources) do
    if match(resource, "^arn:aws[a-z-]*:s3:::\\*") then return true end
  end
  return false
end

-- That the server is bound to cluster-admin is how it is meant to be installed; the rules of RBAC report the binding.
return rule {
  id = "K8S-BKP-003", title = "Velero holds cluster-admin or broad bucket rights",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "k8s.workload", "velero.storagelocation", "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document" },
  where = function(e)
    if e.kind == "velero.storagelocation" then return true end
    if e.kind == "k8s.workload" then return kube.container(e, "(?:^|/)velero$") ~= nil end
    return kube.called(e, "(?i)velero") and iam.is_judged(e)
  end,
  description = [[Velero reads everything of the cluster; a static key in a Secret is one more way to the backups, and a role beyond its
bucket lets a broken Velero delete others.]],
  remediation = [[Use the workload's identity (IRSA, Pod Identity, Workload Identity) with a role for the one bucket and the cluster's
volumes.]],
  references = { "https://github.com/vmware-tanzu/velero-plugin-for-aws/blob/main/README.md" },
  check = function(e)
    if e.kind == "velero.storagelocation" then
      if e.raw.spec.credential ~= nil then
        return fail("location " .. e.name .. " is written with static credentials (Secret " .. tostring(e.raw.spec.credential.name)
          .. ")", { at = e.raw.spec })
      end
      return
    end
    if e.kind == "k8s.workload" then
      return pod.each(e, function(c)
        for _, name in ipairs { "AWS_SHARED_CREDENTIALS_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "AWS_SECRET_ACCESS_KEY" } do
          if kube.variable(c, name) then
            return fail(c.label .. " logs in to the cloud with static credentials (" .. name .. ")", { at = c.at })
          end
        end
      end)
    end
    return each(iam.identity(e), function(s)
      if not iam.allows(s) then return end
      for _, action in ipairs { "s3:DeleteObject", "s3:PutObject", "s3:GetObject" } do
        if iam.takes(s, action) and every_bucket(e, s) then
          return fail("policy " .. e.name .. " of Velero may use " .. action .. " on every bucket", { at = s.at })
        end
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire, namespace: velero }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "velero/velero:v1.15.0", env: [{ name: AWS_SHARED_CREDENTIALS_FILE, value: /credentials/cloud }] }
]], [[
resource "aws_iam_policy" "fire" {
  name   = "velero"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire, namespace: velero }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "velero/velero:v1.15.0" }
]], [[
resource "aws_iam_policy" "dont_fire" {
  name   = "velero"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::backups/*" }] })
}
]] },
    unknown = { [[
variable "bucket" {}
resource "aws_iam_policy" "a" {
  name   = "velero"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = var.bucket }] })
}
]] },
  },
}
