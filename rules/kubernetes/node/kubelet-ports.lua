local kubelet = lib "kubelet"
local component = lib "component"

return rule {
  id = "K8S-KUBELET-002", title = "Kubelet serves its read-only port or keeps idle streams",
  severity = "medium", category = "network",
  aliases = { CKV_K8S_141 = "port", CKV_K8S_143 = "timeout", ["AVD-KCV-0082"] = "port", ["AVD-KCV-0085"] = "timeout" },
  frameworks = {
    "CIS-K8S-1.9:4.2.5", "CIS-K8S-1.9:4.2.4", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20"
  },
  for_each = { "k8s.workload", "kubeadm.configuration", "k8s.kubeletconfiguration", "k8s.nodeinfo" },
  where = kubelet.concerns,
  description = [[The read-only port shows pods and their environment to everyone who reaches the node; the flag's default opens it.
Streams that never time out keep sessions of exec and attach open.]],
  remediation = [[Set `readOnlyPort: 0` and leave `streamingConnectionIdleTimeout` above 0.]],
  references = { "https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/" },
  check = function(e)
    return kubelet.each(e, {
      function(s)
        local port = s:get("read_only_port")
        if port ~= nil and port ~= "0" then
          return fail(s.label .. " serves its read-only port " .. port, { case = "port", at = s.at })
        end
      end,
      function(s)
        local timeout = s:get("idle_timeout")
        if timeout ~= nil and component.seconds(timeout) == 0 then
          return fail(s.label .. " never ends idle streams (streamingConnectionIdleTimeout is " .. timeout .. ")",
            { case = "timeout", at = s.at })
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
readOnlyPort: 10255
]], yaml [[
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
metadata: { name: fire }
streamingConnectionIdleTimeout: 0s
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kubelet
      image: kubelet:v1.31.0
      command: [kubelet, "--read-only-port=0"]
]], yaml [[
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
metadata: { name: dont-fire }
readOnlyPort: 0
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
