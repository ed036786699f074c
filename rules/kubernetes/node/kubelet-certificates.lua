local kubelet = lib "kubelet"
local component = lib "component"

-- A kubelet that asks the API server for its serving certificate needs no files (AVD-KCV-0088 and 0089 ask for them anyway).
return rule {
  id = "K8S-KUBELET-003", title = "Kubelet certificates are missing, never rotated or use weak ciphers",
  severity = "medium", category = "encryption",
  aliases = {
    CKV_K8S_148 = { "certificate", "key" }, CKV_K8S_149 = "rotation", CKV_K8S_151 = "ciphers",
    ["AVD-KCV-0088"] = "certificate", ["AVD-KCV-0089"] = "key", ["AVD-KCV-0090"] = "rotation",
    ["AVD-KCV-0091"] = "server-rotation", ["AVD-KCV-0092"] = "ciphers", CKV_K8S_112 = "server-rotation",
  },
  frameworks = {
    "CIS-K8S-1.9:4.2.9", "CIS-K8S-1.9:4.2.10", "CIS-K8S-1.9:4.2.11", "CIS-K8S-1.9:4.2.12", "NIST-800-53r5:SC-8",
    "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24"
  },
  for_each = { "k8s.workload", "kubeadm.configuration", "k8s.kubeletconfiguration", "k8s.nodeinfo" },
  where = kubelet.concerns,
  description = [[Without a certificate of its own a kubelet signs one itself, which the API server cannot check; certificates that
never rotate end the node when they expire.]],
  remediation = [[Set `serverTLSBootstrap: true` (or `tlsCertFile` and `tlsPrivateKeyFile`) and `rotateCertificates: true`; list only
strong suites in `tlsCipherSuites`.]],
  references = { "https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/" },
  check = function(e)
    return kubelet.each(e, {
      function(s)
        if s:get("server_bootstrap") == "true" then return end
        local found = {}
        for setting, case in pairs { certificate = "certificate", key = "key" } do
          if s:get(setting) == nil or s:get(setting) == "" then
            found[#found + 1] = fail(s.label .. " has no serving " .. setting
              .. ": it signs its own certificate (tlsCertFile, tlsPrivateKeyFile, serverTLSBootstrap)", { case = case, at = s.at })
          end
        end
        return found
      end,
      function(s)
        local rotate = s:get("rotate")
        if rotate == "false" or (rotate == nil and s.source == "node") then
          return fail(s.label .. " does not renew its client certificate (rotateCertificates)", { case = "rotation", at = s.at })
        end
      end,
      function(s)
        local own = s:get("server_bootstrap")
        if s:gate("RotateKubeletServerCertificate") == false or (s.source == "node" and own ~= "true") then
          return fail(s.label .. " does not renew its serving certificate (RotateKubeletServerCertificate)",
            { case = "server-rotation", at = s.at })
        end
      end,
      function(s)
        local weak = component.weak_suite(s:suites())
        if weak then return fail(s.label .. " offers the weak suite " .. weak, { case = "ciphers", at = s.at }) end
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
serverTLSBootstrap: true
]], yaml [[
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
metadata: { name: fire }
serverTLSBootstrap: true
rotateCertificates: true
tlsCipherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kubelet
      image: kubelet:v1.31.0
      command: [kubelet, "--tls-cert-file=/a", "--tls-private-key-file=/b"]
]], yaml [[
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
metadata: { name: dont-fire }
serverTLSBootstrap: true
rotateCertificates: true
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
