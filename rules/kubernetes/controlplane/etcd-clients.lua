local component = lib "component"

return rule {
  id = "K8S-ETCD-001", title = "Clients of etcd are not authenticated by certificate",
  severity = "critical", category = "encryption",
  aliases = {
    CKV_K8S_116 = "certificate", CKV_K8S_117 = "authentication", CKV_K8S_118 = "automatic",
    ["AVD-KCV-0042"] = "certificate", ["AVD-KCV-0043"] = "authentication", ["AVD-KCV-0044"] = "automatic",
  },
  frameworks = {
    "CIS-K8S-1.9:2.1", "CIS-K8S-1.9:2.2", "CIS-K8S-1.9:2.3", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7",
    "ISO27001-2022:A.8.24",
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "etcd") end,
  description = [[Whoever may talk to etcd holds every Secret of the cluster. Clients must prove themselves by a certificate of the
cluster's authority; self-made certificates prove nothing.]],
  remediation = [[Set `--cert-file`, `--key-file` and `--client-cert-auth=true`; remove `--auto-tls`.]],
  references = { "https://etcd.io/docs/latest/op-guide/security/" },
  check = function(e)
    return component.each(e, "etcd", function(f)
      if f:has("config-file") then unknown("etcd reads its settings from --config-file, which is not read here") end
      local found = {}
      found[1] = component.missing(f, { "cert-file", "key-file" }, "certificate", "it serves its clients without TLS")
      if not f:bool("client-cert-auth", false) then
        found[#found + 1] = fail(f.label .. " does not ask its clients for certificates (--client-cert-auth is not true)",
          { case = "authentication", at = f.at })
      end
      if f:bool("auto-tls", false) then
        found[#found + 1] = fail(f.label .. " makes its own certificates (--auto-tls)", { case = "automatic", at = f.at })
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
    - name: etcd
      image: registry.k8s.io/etcd:3.5.15-0
      command: [etcd]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: etcd
      image: registry.k8s.io/etcd:3.5.15-0
      command: [etcd, "--cert-file=/pki/s.crt", "--key-file=/pki/s.key", "--client-cert-auth=true", "--auto-tls=true"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: etcd
      image: registry.k8s.io/etcd:3.5.15-0
      command: [etcd, "--cert-file=/pki/s.crt", "--key-file=/pki/s.key", "--client-cert-auth=true"]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: etcd
      image: registry.k8s.io/etcd:3.5.15-0
      command: [etcd, "--config-file=/etc/etcd.yaml"]
]] },
  },
}
