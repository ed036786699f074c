local component = lib "component"

-- Where this differs from the checks it names: plug-ins that are on by default need no mention (CKV_K8S_82 and 83
-- demand it); PodSecurityPolicy and SecurityContextDeny are asked only of releases that have them; a server without
-- the flag has none of the others (Checkov passes it); AVD-KCV-0003 fails the server that has DenyServiceExternalIPs,
-- which is upside down.
return rule {
  id = "K8S-API-011", title = "Needed admission plug-ins are off",
  severity = "medium", category = "least-privilege",
  aliases = {
    CKV_K8S_78 = "rate-limit-file", CKV_K8S_80 = "pull-images", CKV_K8S_81 = "context-deny", CKV_K8S_82 = "service-account",
    CKV_K8S_83 = "namespace-lifecycle", CKV_K8S_84 = "pod-security-policy", CKV_K8S_85 = "node-restriction",
    ["AVD-KCV-0003"] = "external-ips", ["AVD-KCV-0010"] = "rate-limit", ["AVD-KCV-0012"] = "pull-images",
    ["AVD-KCV-0013"] = "context-deny", ["AVD-KCV-0014"] = "service-account", ["AVD-KCV-0015"] = "namespace-lifecycle",
    ["AVD-KCV-0016"] = "node-restriction",
  },
  frameworks = {
    "CIS-K8S-1.9:1.2.3", "CIS-K8S-1.9:1.2.9", "CIS-K8S-1.9:1.2.11", "CIS-K8S-1.9:1.2.12", "CIS-K8S-1.9:1.2.13",
    "CIS-K8S-1.9:1.2.14", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9"
  },
  for_each = { "k8s.workload", "kubeadm.configuration", "k8s.admissionconfiguration" },
  where = function(e)
    return e.kind == "k8s.admissionconfiguration" or component.concerns(e, "kube-apiserver")
  end,
  description = [[Each of these plug-ins closes a hole: NodeRestriction keeps a kubelet to its own node, AlwaysPullImages keeps pods
from using images that others pulled with credentials, EventRateLimit bounds floods of events, DenyServiceExternalIPs
closes CVE-2020-8554. ServiceAccount, NamespaceLifecycle and PodSecurity are on unless they are switched off.]],
  remediation = [[List NodeRestriction, AlwaysPullImages, EventRateLimit and DenyServiceExternalIPs in `--enable-admission-plugins`;
take the default ones out of `--disable-admission-plugins`.]],
  references = { "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/" },
  check = function(e)
    if e.kind == "k8s.admissionconfiguration" then
      for _, plugin in ipairs(e.raw.plugins or {}) do
        if plugin.name == "EventRateLimit" then return end
      end
      return fail("the admission configuration sets no limits for EventRateLimit", { case = "rate-limit-file", at = e.raw })
    end
    return component.each(e, "kube-apiserver", function(f)
      local legacy = f:list("admission-control")
      local on, off = legacy or f:list("enable-admission-plugins") or {}, f:list("disable-admission-plugins") or {}
      local found = {}
      local function lacks(name, case, why)
        if not on[name] or off[name] then
          found[#found + 1] = fail(f.label .. " runs without the admission plug-in " .. name .. ": " .. why, { case = case, at = f.at })
        end
      end
      lacks("NodeRestriction", "node-restriction", "a kubelet may change objects of other nodes")
      lacks("AlwaysPullImages", "pull-images", "pods may use images that others pulled with credentials")
      lacks("EventRateLimit", "rate-limit", "events may flood it")
      lacks("DenyServiceExternalIPs", "external-ips", "a Service may take over any address (CVE-2020-8554)")
      local release = f.release
      if release and release < 25 and (release < 22 or on.PodSecurityPolicy) then
        lacks("PodSecurityPolicy", "pod-security-policy", "no policy limits pods")
      end
      if release and release < 25 and not on.PodSecurityPolicy and not (release >= 23 and not off.PodSecurity) then
        lacks("SecurityContextDeny", "context-deny", "nothing limits what pods ask for")
      end
      for _, default in ipairs { { "ServiceAccount", "service-account" }, { "NamespaceLifecycle", "namespace-lifecycle" },
        { "PodSecurity", "pod-security" } } do
        if off[default[1]] or (legacy and default[1] ~= "PodSecurity" and not legacy[default[1]]) then
          found[#found + 1] = fail(f.label .. " has switched the admission plug-in " .. default[1] .. " off",
            { case = default[2], at = f.at })
        end
      end
      return found
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--enable-admission-plugins=NodeRestriction"]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--disable-admission-plugins=ServiceAccount"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--enable-admission-plugins=NodeRestriction,AlwaysPullImages,EventRateLimit,DenyServiceExternalIPs"]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--enable-admission-plugins=$(PLUGINS)"]
]] },
  },
}
