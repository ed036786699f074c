local component = lib "component"

return rule {
  id = "K8S-ETCD-002", title = "Peers of etcd are not authenticated by certificate",
  severity = "critical", category = "encryption",
  aliases = {
    CKV_K8S_119 = "certificate", CKV_K8S_121 = "authentication", ["AVD-KCV-0045"] = "certificate",
    ["AVD-KCV-0046"] = "authentication", ["AVD-KCV-0047"] = "automatic",
  },
  frameworks = {
    "CIS-K8S-1.9:2.4", "CIS-K8S-1.9:2.5", "CIS-K8S-1.9:2.6", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7",
    "ISO27001-2022:A.8.24",
  },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "etcd") end,
  description = [[Whoever may talk to etcd holds every Secret of the cluster. Peers must prove themselves by a certificate of the
cluster's authority; self-made certificates prove nothing.]],
  remediation = [[Set `--peer-cert-file`, `--peer-key-file` and `--peer-client-cert-auth=true`; remove `--peer-auto-tls`.]],
  references = { "https://etcd.io/docs/latest/op-guide/security/" },
  check = function(e)
    return component.each(e, "etcd", function(f)
      if f:has("config-file") then unknown("etcd reads its settings from --config-file, which is not read here") end
      local found = {}
      found[1] = component.missing(f, { "peer-cert-file", "peer-key-file" }, "certificate", "it serves its peers without TLS")
      if not f:bool("peer-client-cert-auth", false) then
        found[#found + 1] = fail(f.label .. " does not ask its peers for certificates (--peer-client-cert-auth is not true)",
          { case = "authentication", at = f.at })
      end
      if f:bool("peer-auto-tls", false) then
        found[#found + 1] = fail(f.label .. " makes its own certificates (--peer-auto-tls)", { case = "automatic", at = f.at })
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
      command: [etcd, "--peer-cert-file=/pki/p.crt", "--peer-key-file=/pki/p.key", "--peer-client-cert-auth=true", "--peer-auto-tls=true"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: etcd
      image: registry.k8s.io/etcd:3.5.15-0
      command: [etcd, "--peer-cert-file=/pki/p.crt", "--peer-key-file=/pki/p.key", "--peer-client-cert-auth=true"]
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
