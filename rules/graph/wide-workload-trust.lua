-- luacheck: no max line length
local federation = lib "federation"
local gcp = lib "gcp"
local rbac = lib "rbac"

-- Service accounts of the scan, by "namespace/name", and their namespaces.
local function accounts()
  return once("graph.accounts", function()
    local index = { all = {}, spaces = {} }
    for _, account in ipairs(graph.everywhere("k8s.serviceaccount")) do
      local space = rbac.namespace(account)
      index.all[space .. "/" .. account.name] = true
      index.spaces[space] = true
    end
    return index
  end)
end

-- What is wrong with a subject, or nil: a pattern over namespaces or names, or an account that its namespace does not have.
local function judge_subject(subject, like)
  local space, name = match(subject, "^system:serviceaccount:([^:]*):(.*)$")
  if space == nil then
    if like and match(subject, "^(?:\\*|system:serviceaccount:?\\*?)") then return "takes every service account" end
    return nil
  end
  if like and match(space, "[*?]") then return "takes service accounts of any namespace" end
  if like and match(name, "[*?]") then return "takes " .. (name == "*" and "every service account" or "service accounts " .. name) .. " of namespace " .. space end
  local known_accounts = accounts()
  if known_accounts.spaces[space] and not known_accounts.all[space .. "/" .. name] then
    return "names service account " .. name .. ", which namespace " .. space .. " does not have"
  end
end

local function judge_role(role)
  return each(federation.tokens(role), function(token)
    if not federation.is_cluster(token) then return end
    if token.subjects == nil then
      return fail("role " .. role.name .. " trusts every service account of the cluster; add a condition on :sub = system:serviceaccount:NAMESPACE:NAME",
        { at = token.at })
    end
    return each(token.subjects, function(subject)
      local why = judge_subject(subject, token.like)
      if why then
        return fail("role " .. role.name .. " trusts the subject " .. subject .. ", which " .. why
          .. "; name one service account: system:serviceaccount:NAMESPACE:NAME", { at = token.at })
      end
    end)
  end)
end

local wanted = { ["roles/iam.workloadIdentityUser"] = true, ["roles/iam.serviceAccountTokenCreator"] = true }

-- Members of pools: one account is "…svc.id.goog[ns/name]" or "…/subject/ns/NS/sa/NAME".
local function judge_binding(binding)
  return gcp.each_member(binding, function(member, bound)
    if member == nil or not wanted[bound.role] then return end
    if match(member, "^principalSet://.*\\.svc\\.id\\.goog/") then
      local space = match(member, "/namespace/([^/]*)$")
      return fail("the binding lets " .. (space and "every service account of namespace " .. space or "many service accounts of clusters")
        .. " use the account (" .. member .. "); name one: PROJECT.svc.id.goog[NAMESPACE/NAME]", { at = bound })
    end
    local space, name = match(member, "\\.svc\\.id\\.goog\\[([^/]*)/(.*)\\]$")
    if space and accounts().spaces[space] and not accounts().all[space .. "/" .. name] then
      return fail("the binding names service account " .. name .. ", which namespace " .. space .. " does not have", { at = bound })
    end
  end)
end

return rule {
  id = "GRAPH-008", title = "Service account of a pod trusts too wide a subject", severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.role", "gcp.iam.service_account_binding" },
  where = function(e)
    if e.kind ~= "aws.iam.role" then return true end
    for _, token in ipairs(federation.tokens(e)) do
      if federation.is_cluster(token) then return true end
    end
    return false
  end,
  description = [[A role that trusts the tokens of a cluster is for whoever has a token with the subject that its trust names. Where the
subject is a pattern over namespaces or names, any pod that somebody may create there has the role; where it names an account that does
not exist, whoever creates the account has it.]],
  remediation = [[Name one service account: `system:serviceaccount:NAMESPACE:NAME` with `StringEquals`, or
`serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME]`.]],
  references = {
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity",
  },
  check = function(e)
    if e.kind == "aws.iam.role" then return judge_role(e) end
    return judge_binding(e)
  end,
  tests = {
    fail = {
      [[
resource "aws_iam_role" "fire" {
  name = "fire"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC" },
    Condition = { StringLike = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub" = "system:serviceaccount:*:api" } } }] })
}]],
      [[
resource "aws_iam_role" "fire" {
  name = "fire"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC" },
    Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud" = "sts.amazonaws.com" } } }] })
}]],
      [[
resource "kubernetes_service_account" "api" {
  metadata {
    name      = "api"
    namespace = "shop"
  }
}
resource "aws_iam_role" "fire" {
  name = "fire"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC" },
    Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub" = "system:serviceaccount:default:other" } } }] })
}
resource "kubernetes_service_account" "d" {
  metadata {
    name      = "some"
    namespace = "default"
  }
}]],
      [[
resource "google_service_account_iam_member" "fire" {
  service_account_id = "projects/shop/serviceAccounts/api@shop.iam.gserviceaccount.com"
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/shop.svc.id.goog/namespace/shop"
}]],
      live [=[[
 {"type": "aws:iam:role", "name": "fire", "account": "111122223333", "body": {"RoleName": "fire", "Arn": "arn:aws:iam::111122223333:role/fire",
  "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
   "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"},
   "Condition": {"StringLike": {"oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:shop:*"}}}]}}}
]]=],
    },
    pass = {
      [[
resource "aws_iam_role" "dont_fire" {
  name = "dont-fire"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC" },
    Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub" = "system:serviceaccount:shop:api" } } }] })
}]],
      [[
resource "google_service_account_iam_member" "dont_fire" {
  service_account_id = "projects/shop/serviceAccounts/api@shop.iam.gserviceaccount.com"
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:shop.svc.id.goog[shop/api]"
}]],
    },
    unknown = {
      [[
variable "subject" {}
resource "aws_iam_role" "r" {
  name = "r"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC" },
    Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub" = var.subject } } }] })
}]],
    },
  },
}
