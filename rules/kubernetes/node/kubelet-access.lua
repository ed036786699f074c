local kubelet = lib "kubelet"

-- The flag's default mode is AlwaysAllow, so a kubelet without flag and configuration file fails; CKV_K8S_139 passes
-- it.
return rule {
  id = "K8S-KUBELET-001", title = "Kubelet accepts anonymous or unauthorised requests",
  severity = "critical", category = "least-privilege",
  aliases = {
    CKV_K8S_138 = "anonymous", CKV_K8S_139 = "mode", CKV_K8S_140 = "authority", ["AVD-KCV-0079"] = "anonymous",
    ["AVD-KCV-0080"] = "mode", ["AVD-KCV-0081"] = "authority",
  },
  frameworks = {
    "CIS-K8S-1.9:4.2.1", "CIS-K8S-1.9:4.2.2", "CIS-K8S-1.9:4.2.3", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15",
  },
  for_each = { "k8s.workload", "kubeadm.configuration", "k8s.kubeletconfiguration", "k8s.nodeinfo" },
  where = kubelet.concerns,
  description = [[Whoever reaches a kubelet's port without credentials, or with any, may run commands in every pod of the node. As flags
anonymous requests and AlwaysAllow are the defaults; in a configuration file they are not.]],
  remediation = [[Set `authentication.anonymous.enabled: false`, `authorization.mode: Webhook` and `authentication.x509.clientCAFile`.]],
  references = { "https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/" },
  check = function(e)
    return kubelet.each(e, {
      function(s)
        if s:get("anonymous") == "true" then
          return fail(s.label .. " accepts anonymous requests (authentication.anonymous.enabled is not false)", { case = "anonymous", at = s.at })
        end
      end,
      function(s)
        local mode = s:get("mode")
        if mode == "AlwaysAllow" or mode == nil then
          return fail(s.label .. " lets every request pass (authorisation mode AlwaysAllow)", { case = "mode", at = s.at })
        end
      end,
      function(s)
        local authority = s:get("authority")
        if authority == nil or authority == "" then
          return fail(s.label .. " has no authority to check client certificates with", { case = "authority", at = s.at })
        end
      end,
    })
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kubelet
      image: kubelet:v1.31.0
      command: [kubelet]
]], yaml [[
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
metadata: { name: fire }
authentication: { anonymous: { enabled: true }, x509: { clientCAFile: /pki/ca.crt } }
]], yaml [[
apiVersion: v1
kind: NodeInfo
metadata: { name: fire }
type: worker
info:
  kubeletAnonymousAuthArgumentSet: { values: ["true"] }
  kubeletAuthorizationModeArgumentSet: { values: [Webhook] }
  kubeletClientCaFileArgumentSet: { values: [/pki/ca.crt] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kubelet
      image: kubelet:v1.31.0
      command: [kubelet, "--anonymous-auth=false", "--authorization-mode=Webhook", "--client-ca-file=/pki/ca.crt"]
]], yaml [[
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
metadata: { name: dont-fire }
authentication: { x509: { clientCAFile: /pki/ca.crt } }
]], yaml [[
apiVersion: v1
kind: NodeInfo
metadata: { name: dont-fire }
type: worker
info:
  kubeletAnonymousAuthArgumentSet: { values: ["false"] }
  kubeletAuthorizationModeArgumentSet: { values: [Webhook] }
  kubeletClientCaFileArgumentSet: { values: [/pki/ca.crt] }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kubelet
      image: kubelet:v1.31.0
      command: [kubelet, "--config=/etc/kubelet.yaml"]
]] },
  },
}
