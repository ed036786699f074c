-- luacheck: no max line length
local function step_text(step)
  local by = step.method .. " on " .. step.resource
  return (step.from and step.from.name or step.from_name) .. " → " .. (step.to and step.to.name or step.to_name) .. " by " .. by
end

-- The shortest path that is certain, and the first that is not.
local function choose(paths)
  local certain, possible
  for _, path in ipairs(paths) do
    if path.certain and (not certain or #path.steps < #certain.steps) then certain = path end
    if not path.certain then possible = possible or path end
  end
  return certain, possible
end

local function caveat_of(path)
  for _, step in ipairs(path.steps) do
    if step.caveat then return step.caveat end
  end
  return "something that is not known"
end

local function judge(name, paths, doubt)
  local path, possible = choose(paths)
  if path then
    local texts, evidence = {}, {}
    for i, step in ipairs(path.steps) do
      texts[i] = step_text(step)
      local at = step.workload or step.from
      if at then evidence[#evidence + 1] = { at, texts[i] } end
    end
    return fail(name .. " can become administrator: " .. table.concat(texts, ", then ")
      .. "; limit what it may do there to named resources", { evidence = evidence })
  end
  if possible then unknown("it may become administrator by " .. possible.method .. ", provided that " .. caveat_of(possible)) end
  if doubt then unknown(doubt) end
end

return rule {
  id = "GRAPH-007", title = "Principal can become administrator in several steps", severity = "critical",
  category = "least-privilege",
  version = 2, changes = { "Google's own service agents pass; an account that is not known is unknown" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.role", "aws.iam.user", "gcp.iam.service_account", "gcp.iam.binding", "gcp.iam.service_account_binding" },
  description = [[A principal that passes roles, assumes them, changes policies, makes credentials or runs code under another role
has the rights of what it can become, whatever its own policies say. Every published method is tried, one after the other, until
nothing new is reached.]],
  remediation = [[Cut the cheapest step: name the roles that may be passed or assumed, name the policies that may be changed, or take
the action away. `assay iam escalate` shows every path.]],
  references = {
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    "https://pathfinding.cloud/",
    "https://cloud.google.com/iam/docs/service-account-impersonation",
  },
  check = function(principal)
    if not starts(principal.kind, "gcp.iam") or principal.kind == "gcp.iam.service_account" then
      if iam.is_admin(principal) then return end
      local paths, doubt = iam.escalations(principal)
      return judge(principal.name, paths, doubt)
    end
    -- Accounts that are declared are judged by themselves; those that are only named, where they are named.
    local members = {}
    for _, member in ipairs(iam.granted(principal)) do
      if not member.admin and member.entity == nil then members[#members + 1] = member end
    end
    return each(members, function(member)
      -- Google's own agents, which nobody else can be: https://cloud.google.com/iam/docs/service-agents
      if match(member.name, "^serviceAccount:service-[^@]*@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com$") then return end
      if member.name == "serviceAccount:…" then unknown("which service account the binding names is not known") end
      return judge(member.name, member.paths, member.doubt)
    end)
  end,
  tests = {
    fail = {
      [[
resource "aws_iam_user" "fire" { name = "fire" }
resource "aws_iam_user_policy" "p" {
  user = aws_iam_user.fire.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["iam:PassRole", "ec2:RunInstances"], Resource = "*" }] })
}
resource "aws_iam_role" "host" {
  name = "host"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy_attachment" "host" {
  role       = aws_iam_role.host.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]],
      [[
resource "google_service_account" "boss" {
  account_id = "boss"
  project    = "shop"
}
resource "google_project_iam_member" "boss" {
  project = "shop"
  role    = "roles/owner"
  member  = google_service_account.boss.member
}
resource "google_service_account_iam_member" "fire" {
  service_account_id = google_service_account.boss.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = "group:developers@example.com"
}]],
      [[
resource "google_service_account" "fire" {
  account_id = "ci"
  project    = "shop"
}
resource "google_project_iam_member" "ci" {
  project = "shop"
  role    = "roles/resourcemanager.projectIamAdmin"
  member  = google_service_account.fire.member
}]],
      live [=[[
 {"type": "aws:iam:user", "name": "fire", "account": "111122223333", "body": {"UserName": "fire", "Arn": "arn:aws:iam::111122223333:user/fire",
  "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PutUserPolicy", "Resource": "*"}]}}]}}
]]=],
    },
    pass = {
      [[
resource "google_service_account" "boss" {
  account_id = "boss"
  project    = "shop"
}
resource "google_organization_iam_member" "boss" {
  org_id = "1"
  role   = "roles/owner"
  member = google_service_account.boss.member
}
resource "google_project_iam_member" "dont_fire" {
  project = "shop"
  role    = "roles/cloudbuild.serviceAgent"
  member  = "serviceAccount:service-123456@gcp-sa-cloudbuild.iam.gserviceaccount.com"
}]],
      [[
resource "aws_iam_user" "dont_fire" { name = "reader" }
resource "aws_iam_user_policy" "p" {
  user = aws_iam_user.dont_fire.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["iam:Get*", "s3:GetObject"], Resource = "*" }] })
}]],
      [[
resource "aws_iam_role" "dont_fire" {
  name = "host"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy_attachment" "host" {
  role       = aws_iam_role.dont_fire.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]],
      [[
resource "google_service_account" "dont_fire" {
  account_id = "reader"
  project    = "shop"
}
resource "google_project_iam_member" "dont_fire" {
  project = "shop"
  role    = "roles/viewer"
  member  = google_service_account.dont_fire.member
}
resource "google_project_iam_member" "people" {
  project = "shop"
  role    = "roles/owner"
  member  = "group:owners@example.com"
}]],
      live [=[[
 {"type": "aws:iam:user", "name": "dont_fire", "account": "111122223333", "body": {"UserName": "dont_fire", "Arn": "arn:aws:iam::111122223333:user/dont_fire",
  "AttachedManagedPolicies": [{"PolicyName": "SecurityAudit", "PolicyArn": "arn:aws:iam::aws:policy/SecurityAudit"}]}}
]]=],
    },
    unknown = {
      [[
variable "role" {}
resource "google_project_iam_member" "m" {
  project = "shop"
  role    = var.role
  member  = "user:jane@example.com"
}]],
      [[
variable "policy" {}
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_user_policy" "p" {
  user   = aws_iam_user.u.name
  policy = var.policy
}]],
      [[
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_user_policy" "p" {
  user = aws_iam_user.u.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:PutUserPolicy", Resource = "*",
    Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } }] })
}]],
    },
  },
}
