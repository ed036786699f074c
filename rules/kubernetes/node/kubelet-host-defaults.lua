local kubelet = lib "kubelet"

-- The chains are kept by default, so CKV_K8S_145, which demands the flag, is not followed. CKV_K8S_147 refuses rates
-- above 5, which record more, and is not followed either.
return rule {
  id = "K8S-KUBELET-004", title = "Kubelet leaves kernel or host defaults unprotected",
  severity = "low", category = "least-privilege",
  aliases = {
    CKV_K8S_144 = "kernel", CKV_K8S_145 = "iptables", CKV_K8S_146 = "hostname", CKV_K8S_147 = "events",
    ["AVD-KCV-0083"] = "kernel", ["AVD-KCV-0084"] = "iptables", ["AVD-KCV-0086"] = "hostname", ["AVD-KCV-0087"] = "events",
  },
  frameworks = {
    "CIS-K8S-1.9:4.2.6", "CIS-K8S-1.9:4.2.7", "CIS-K8S-1.9:4.2.8", "CIS-K8S-1.9:4.2.13", "NIST-800-53r5:CM-7",
    "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9"
  },
  for_each = { "k8s.workload", "kubeadm.configuration", "k8s.kubeletconfiguration", "k8s.nodeinfo" },
  where = kubelet.concerns,
  description = [[With protectKernelDefaults off the kubelet changes kernel settings that differ from its wishes instead of stopping. An
overridden host name breaks the tie between a node and its certificate. A low event rate loses the record of what
happened.]],
  remediation = [[Set `protectKernelDefaults: true`, leave `makeIPTablesUtilChains` on and `eventRecordQPS` at 0 (no limit) or at 5 or
more, and remove `--hostname-override`.]],
  references = { "https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/" },
  check = function(e)
    return kubelet.each(e, {
      function(s)
        local value = s:get("kernel_defaults")
        if value ~= "true" then
          return fail(s.label .. " changes kernel settings by itself (protectKernelDefaults is not true)", { case = "kernel", at = s.at })
        end
      end,
      function(s)
        if s:get("iptables") == "false" then
          return fail(s.label .. " does not keep its iptables chains (makeIPTablesUtilChains is false)", { case = "iptables", at = s.at })
        end
      end,
      function(s)
        local name = s:get("hostname")
        if name ~= nil then return fail(s.label .. " overrides its host name (" .. name .. ")", { case = "hostname", at = s.at }) end
      end,
      function(s)
        local rate = s:get("event_rate")
        local number = rate and tonumber(rate)
        if number and (number < 0 or (number > 0 and number < 5)) then
          return fail(s.label .. " records at most " .. rate .. " events a second", { case = "events", at = s.at })
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
protectKernelDefaults: false
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kubelet
      image: kubelet:v1.31.0
      command: [kubelet, "--protect-kernel-defaults=true", "--event-qps=1"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kubelet
      image: kubelet:v1.31.0
      command: [kubelet, "--protect-kernel-defaults=true"]
]], yaml [[
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
metadata: { name: dont-fire }
protectKernelDefaults: true
eventRecordQPS: 0
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
