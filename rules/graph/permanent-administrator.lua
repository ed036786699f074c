-- luacheck: no max line length
local gcp = lib "gcp"
local rbac = lib "rbac"

local production = { prod = true, production = true, prd = true, live = true }

-- Whether it is known to belong to another environment than production.
local function elsewhere(e)
  local name = known(e.environment) and e.environment or ""
  if name == nil or name == "" then
    local tags = e.tags or {}
    name = tags.environment or tags.Environment or tags.env or tags.Env or ""
  end
  return name ~= "" and not production[lower(name)]
end

-- People and groups, not what runs: "user:jane@…", "Group/admins".
local function is_person(name)
  return match(name, "^(?:user|group|domain):|^User/(?!system:)|^Group/(?!system:)") ~= nil
end

local function judge(e, what)
  return each(iam.granted(e), function(member)
    if member.admin and is_person(member.name) then
      return fail(member.name .. " is " .. what .. " without a time limit or an approval; give the right for a while, when it is needed", { at = e })
    end
  end)
end

-- A condition limits the time, or whatever else; each binding of a policy is read by itself.
local function owners(e)
  local found
  for _, binding in ipairs(gcp.bindings(e)) do
    local none = binding.condition == nil or (known(binding.condition) and #list(binding.condition) == 0)
    if binding.role == "roles/owner" and none then found = true end
  end
  return found and judge(e, "Owner of " .. gcp.level_text(gcp.level(e)))
end

local function cluster_admins(e)
  if rbac.is_cluster(e) and e.role_name == "cluster-admin" then return judge(e, "administrator of the cluster") end
end

return rule {
  id = "GRAPH-029", title = "Privileged access is permanent", severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.user", "aws.iam.group", "gcp.iam.binding", "k8s.rolebinding" },
  where = function(e) return not elsewhere(e) end,
  description = [[A person or group that is administrator all the time, without a condition of time, approval or second factor, is one stolen
key away from everything. Rights that are asked for when they are needed, and end by themselves, are not.]],
  remediation = [[Take the rights away and give them through a role that is assumed for a while: with a second factor, a time limit or an
approval in its trust policy, or by IAM Identity Center.]],
  references = { "https://cloud.google.com/iam/docs/pam-overview",
    "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_emergency_process.html" },
  check = function(e)
    if e.kind == "gcp.iam.binding" then return owners(e) end
    if e.kind == "k8s.rolebinding" then return cluster_admins(e) end
    if iam.is_admin(e) then
      return fail(e.name .. " is administrator without a time limit, an approval or another condition; give the rights by a role that is assumed for a while")
    end
    local _, doubt = iam.escalations(e)
    if doubt then unknown(doubt) end
  end,
  tests = {
    fail = {
      [[
resource "google_project_iam_binding" "fire" {
  project = "shop"
  role    = "roles/owner"
  members = ["user:jane@example.com"]
}]],
      yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: fire }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: Group, name: developers }]
]],
      [[
resource "aws_iam_user" "fire" { name = "fire" }
resource "aws_iam_user_policy_attachment" "fire" {
  user       = aws_iam_user.fire.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]],
      [[
resource "aws_iam_group" "fire" { name = "fire" }
resource "aws_iam_group_policy_attachment" "fire" {
  group      = aws_iam_group.fire.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]],
    },
    pass = {
      [[
resource "google_project_iam_member" "dont_fire" {
  project = "shop"
  role    = "roles/owner"
  member  = "user:jane@example.com"
  condition {
    title      = "for a while"
    expression = "request.time < timestamp(\"2030-01-01T00:00:00Z\")"
  }
}
resource "google_service_account" "dont_fire" { account_id = "terraform" }
resource "google_project_iam_member" "terraform" {
  project = "shop"
  role    = "roles/owner"
  member  = google_service_account.dont_fire.member
}]],
      yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: dont-fire }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: Group, name: developers }]
]],
      [[
resource "aws_iam_user" "dont_fire" { name = "break-glass" }
resource "aws_iam_user_policy" "p" {
  user = aws_iam_user.dont_fire.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*",
    Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } }] })
}]],
      [[
resource "aws_iam_user" "dont_fire" { name = "reader" }
resource "aws_iam_user_policy_attachment" "p" {
  user       = aws_iam_user.dont_fire.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}]],
    },
    unknown = {
      [[
variable "policy" {}
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_user_policy" "p" {
  user   = aws_iam_user.u.name
  policy = var.policy
}]],
    },
  },
}
