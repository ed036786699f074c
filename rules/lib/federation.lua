-- Which tokens of clusters and pipelines roles of clouds take.

local iam = lib "iam"
local trust = lib "trust"
local federation = {}

-- Statements of a role's trust that let tokens in, as { at, issuer, subjects, like }: `issuer` is the provider, `subjects` the
-- patterns of the condition on "sub" (nil: there is none), `like` whether their stars count.
function federation.tokens(role)
  local found = {}
  for _, s in ipairs(trust.statements(role)) do
    if iam.allows(s) then
      local issuer
      for _, p in ipairs(s.principals or {}) do
        if p.type == "Federated" then
          local ids = known(p.holder[p.field]) and iam.values(p) or {}
          for i = 1, #ids do
            if known(ids[i]) then issuer = issuer or match(ids[i], "oidc-provider/(.*)$") or ids[i] end
          end
          issuer = issuer or ""
        end
      end
      local subjects, like
      for _, c in ipairs(s.conditions) do
        local key = match(c.key, "^(.*):sub$")
        if key then
          subjects = iam.values(c)
          like = match(lower(c.operator or ""), "like") ~= nil
          if issuer == "" or issuer == nil then issuer = key end
        end
      end
      if issuer then found[#found + 1] = { at = s.at, issuer = issuer, subjects = subjects, like = like } end
    end
  end
  return found
end

-- Whether an issuer is a cluster: of EKS, or whose subjects are service accounts.
function federation.is_cluster(token)
  if match(token.issuer, "oidc\\.eks\\.|/eks/|kubernetes|cluster") then return true end
  for _, subject in ipairs(token.subjects or {}) do
    if known(subject) and starts(subject, "system:serviceaccount:") then return true end
  end
  return false
end

return federation
