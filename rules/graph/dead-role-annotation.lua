-- luacheck: no max line length
local environment = lib "environment"
local federation = lib "federation"
local gcp = lib "gcp"
local rbac = lib "rbac"

local eks, gke = "eks.amazonaws.com/role-arn", "iam.gke.io/gcp-service-account"

-- The annotations that name an identity of a cloud; their values may not be known.
local function annotations(e)
  local all = e.raw.metadata and e.raw.metadata.annotations
  if not known(all) or all == nil then return {} end
  local found = {}
  for _, key in ipairs(keys(all)) do
    if key == eks or key == gke then found[key] = true end
  end
  return found
end

-- The declared thing that an annotation names: by reference, else by the last part of its name.
local function named(account, key, kinds, name_of)
  for _, target in ipairs(account:targets(account.raw.metadata.annotations[key])) do
    if kinds[target.kind] then return target end
  end
  for kind in pairs(kinds) do
    for _, e in ipairs(graph.everywhere(kind)) do
      if name_of(e) then return e end
    end
  end
end

local function wrong_environment(account, target)
  local own, its = environment.of(account), environment.of(target)
  if own and its and own ~= its then return "which belongs to " .. its .. " and not to " .. own end
end

local function trusts(role, subject)
  for _, token in ipairs(federation.tokens(role)) do
    if token.subjects == nil then return true end
    for _, pattern in ipairs(token.subjects) do
      if pattern == subject or (token.like and glob(subject, pattern)) then return true end
    end
  end
  return false
end

local function judge_aws(account)
  local arn = known(account.raw.metadata.annotations[eks]) and account.raw.metadata.annotations[eks] or nil
  local name = arn and match(arn, ":role/(?:.*/)?([^/]+)$")
  if arn and not name then
    return fail("service account " .. account.name .. " names " .. arn .. ", which is no ARN of a role; write arn:aws:iam::ACCOUNT:role/NAME")
  end
  local role = named(account, eks, { ["aws.iam.role"] = true },
    function(e) return name and known(e.name) and (e.raw.name == name or e.raw.RoleName == name) end)
  if role == nil then unknown("the role " .. (arn or "of the annotation") .. " is outside the scan") end
  local why = wrong_environment(account, role)
  local subject = "system:serviceaccount:" .. rbac.namespace(account) .. ":" .. account.name
  if not why and not trusts(role, subject) then why = "whose trust does not take " .. subject end
  if why then
    return fail("service account " .. account.name .. " names role " .. role.name .. ", " .. why .. "; name a role that trusts it",
      { evidence = { { role, "the role" } } })
  end
end

local function judge_gcp(account)
  local email = known(account.raw.metadata.annotations[gke]) and account.raw.metadata.annotations[gke] or nil
  local id, project = match(email or "", "^([^@]+)@([^.]+)\\.iam\\.gserviceaccount\\.com$")
  local target = named(account, gke, { ["gcp.iam.service_account"] = true },
    function(e) return id and e.raw.account_id == id and (e.raw.project == nil or not known(e.raw.project) or e.raw.project == project) end)
  if target == nil then unknown("the service account " .. (email or "of the annotation") .. " is outside the scan") end
  local why = wrong_environment(account, target)
  if why then
    return fail("service account " .. account.name .. " names " .. target.name .. ", " .. why, { evidence = { { target, "the account" } } })
  end
  local wanted = "[" .. rbac.namespace(account) .. "/" .. account.name .. "]"
  local others, found
  for _, binding in ipairs(target:edges_to("grants")) do
    if binding.kind == "gcp.iam.service_account_binding" then
      gcp.each_member(binding, function(member, bound)
        if member and bound.role == "roles/iam.workloadIdentityUser" then
          if ends(member, wanted) or match(member, "^principal") then found = true end
          others = others or binding
        end
      end)
    end
  end
  if found then return end
  if not others then unknown("no binding of " .. target.name .. " is in the scan") end
  return fail("service account " .. account.name .. " names " .. target.name .. ", which lets in others only; bind roles/iam.workloadIdentityUser to PROJECT.svc.id.goog"
    .. wanted, { evidence = { { others, "this binding" } } })
end

return rule {
  id = "GRAPH-009", title = "Role annotation of a service account leads nowhere", severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "k8s.serviceaccount",
  where = function(e)
    return next(annotations(e)) ~= nil
  end,
  description = [[The annotation says whose rights in the cloud the pods of a service account have. When the role does not trust the
account, or is that of another environment, the pods fail, and somebody soon gives them the rights of their node instead.]],
  remediation = [[Let the role's trust, or the binding of `roles/iam.workloadIdentityUser`, name the namespace and the service account.]],
  references = {
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity",
  },
  check = function(e)
    if annotations(e)[eks] then return judge_aws(e) end
    return judge_gcp(e)
  end,
  tests = {
    fail = {
      [[
resource "aws_iam_role" "api" {
  name = "api"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC" },
    Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub" = "system:serviceaccount:shop:web" } } }] })
}
resource "kubernetes_service_account" "fire" {
  metadata {
    name        = "api"
    namespace   = "shop"
    annotations = { "eks.amazonaws.com/role-arn" = "arn:aws:iam::111122223333:role/api" }
  }
}]],
      [[
resource "google_service_account" "api" { account_id = "api" }
resource "google_service_account_iam_member" "api" {
  service_account_id = google_service_account.api.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:shop.svc.id.goog[shop/web]"
}
resource "kubernetes_service_account" "fire" {
  metadata {
    name        = "api"
    namespace   = "shop"
    annotations = { "iam.gke.io/gcp-service-account" = "api@shop.iam.gserviceaccount.com" }
  }
}]],
    },
    pass = {
      [[
resource "aws_iam_role" "api" {
  name = "api"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC" },
    Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub" = "system:serviceaccount:shop:api" } } }] })
}
resource "kubernetes_service_account" "dont_fire" {
  metadata {
    name        = "api"
    namespace   = "shop"
    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.api.arn }
  }
}]],
      [[
resource "google_service_account" "api" { account_id = "api" }
resource "google_service_account_iam_member" "api" {
  service_account_id = google_service_account.api.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:shop.svc.id.goog[shop/api]"
}
resource "kubernetes_service_account" "dont_fire" {
  metadata {
    name        = "api"
    namespace   = "shop"
    annotations = { "iam.gke.io/gcp-service-account" = "api@shop.iam.gserviceaccount.com" }
  }
}]],
    },
    unknown = {
      yaml [[
apiVersion: v1
kind: ServiceAccount
metadata:
  name: api
  namespace: shop
  annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/api" }
]],
    },
  },
}
