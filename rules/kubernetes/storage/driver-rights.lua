local pod = lib "pod"
local kube = lib "kube"
local iam = lib "iam"

local drivers = "aws-(?:ebs|efs|fsx)-csi-driver$|gcp-compute-persistent-disk-csi-driver$|secrets-store-csi-driver"

-- Whether a controller without a role annotation uses the node's role is not told: EKS Pod Identity binds roles
-- outside the cluster's objects.
return rule {
  id = "K8S-STOR-005", title = "CSI driver runs outside its namespace or with node-wide cloud rights",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "k8s.workload", "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document" },
  where = function(e)
    if e.kind == "k8s.workload" then return kube.container(e, drivers) ~= nil end
    return kube.called(e, "(?i)\\bcsi\\b|_csi|csi_|ebs.?csi") and iam.is_judged(e)
  end,
  description = [[The controller of a storage driver may delete volumes. In a namespace of applications it can be taken over by them;
with a role that knows no tags it may delete the volumes of every cluster and machine of the account.]],
  remediation = [[Run the driver in kube-system or a namespace of its own, with a role of its own that is limited by tags (as
AmazonEBSCSIDriverPolicy is).]],
  references = { "https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/install.md" },
  check = function(e)
    if e.kind ~= "k8s.workload" then
      local statements = iam.identity(e)
      return each(statements, function(s)
        if not iam.allows(s) or #s.conditions > 0 or not iam.any_resource(e, s) then return end
        for _, action in ipairs { "ec2:DeleteVolume", "ec2:DeleteSnapshot", "elasticfilesystem:DeleteAccessPoint" } do
          if iam.takes(s, action) and not iam.denied(statements, action) then
            return fail("policy " .. e.name .. " of a storage driver may use " .. action .. " on everything without a condition",
              { at = s.at })
          end
        end
      end)
    end
    local c, found = kube.container(e, drivers), {}
    local space = pod.namespace(e)
    if space == "default" then
      found[1] = fail(e.name .. " runs a storage driver in the namespace default", { at = e.raw.metadata })
    end
    if kube.variable(c, "AWS_SECRET_ACCESS_KEY") then
      found[#found + 1] = fail(e.name .. " logs in to the cloud with a static key (AWS_SECRET_ACCESS_KEY)", { at = c.at })
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
        - { name: app, image: "public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver:v1.38.1" }
]], [[
resource "aws_iam_policy" "fire" {
  name   = "ebs-csi"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["ec2:CreateVolume", "ec2:DeleteVolume"], Resource = "*" }] })
}
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire, namespace: kube-system }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver:v1.38.1" }
]], [[
resource "aws_iam_policy" "dont_fire" {
  name = "ebs-csi"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:DeleteVolume", Resource = "*",
    Condition = { StringLike = { "ec2:ResourceTag/ebs.csi.aws.com/cluster" = "true" } } }] })
}
]] },
    unknown = { [[
variable "volumes" {}
resource "aws_iam_policy" "csi" {
  name   = "ebs-csi"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:DeleteVolume", Resource = var.volumes }] })
}
]] },
  },
}
