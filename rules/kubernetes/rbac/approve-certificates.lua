local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-008", title = "Role can approve certificates or issue tokens",
  severity = "high", category = "least-privilege",
  aliases = { CKV_K8S_156 = "certificates" },
  frameworks = { "CIS-K8S-1.9:5.1.11", "CIS-K8S-1.9:5.1.13", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2",
    "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "k8s.role",
  where = function(e) return rbac.is_cluster(e) and not rbac.is_system(e) end,
  description = [[Who approves signing requests can have a certificate for any user issued; who creates tokens for a service
account is that account.]],
  remediation = [[Leave approval to the certificate controller; remove `serviceaccounts/token`.]],
  references = { "https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#authorization" },
  -- Approving takes both rights: the request's approval and the signer's.
  check = function(e)
    local group, update, approve, token = { "certificates.k8s.io" }, nil, nil, nil
    for _, rule in ipairs(rbac.rules(e)) do
      if rbac.allows(rule, group, { "certificatesigningrequests/approval" }, { "update", "patch" }) then update = rule end
      if rbac.allows(rule, group, { "signers" }, { "approve" }) then approve = rule end
      if #rule.names == 0 and rbac.allows(rule, { "" }, { "serviceaccounts/token" }, { "create" }) then token = rule end
    end
    local found = {}
    if update and approve then
      found[1] = fail("role " .. e.name .. " may approve certificate signing requests", { case = "certificates", at = update.at })
    end
    if token then
      found[#found + 1] = fail("role " .. e.name .. " may issue tokens of service accounts", { case = "tokens", at = token.at })
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: fire }
rules:
  - { apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update] }
  - { apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve] }
]], yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: fire }
rules: [{ apiGroups: [""], resources: [serviceaccounts/token], verbs: [create] }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: dont-fire }
rules: [{ apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create, get] }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_cluster_role" "a" {
  metadata { name = "a" }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = var.v
  }
}]] },
  },
}
