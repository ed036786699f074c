local component = lib "component"

-- CKV_K8S_88 demands --insecure-port=0 of every release. From 1.20 on the port cannot be opened, and from 1.24 on the
-- flag keeps the server from starting; so its absence counts only where the image names an older release.
return rule {
  id = "K8S-API-005", title = "Insecure port is open or the secure port is closed",
  severity = "high", category = "encryption",
  aliases = { CKV_K8S_86 = "address", CKV_K8S_88 = "port", CKV_K8S_89 = "secure", ["AVD-KCV-0017"] = "secure" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "kube-apiserver") end,
  description = [[The insecure port serves without TLS, authentication and authorisation. Releases before 1.20 open it on 8080 unless
told otherwise; 1.24 no longer knows the flag.]],
  remediation = [[Remove `--insecure-bind-address`; before 1.20 set `--insecure-port=0`. Leave `--secure-port` at 6443.]],
  references = { "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/" },
  check = function(e)
    return component.each(e, "kube-apiserver", function(f)
      local found = {}
      if f:has("insecure-bind-address") then
        found[1] = fail(f.label .. " serves without TLS on " .. f:get("insecure-bind-address") .. " (--insecure-bind-address)",
          { case = "address", at = f.at })
      end
      local port = f:get("insecure-port")
      if port ~= nil and port ~= "0" then
        found[#found + 1] = fail(f.label .. " serves without TLS on port " .. port .. " (--insecure-port)", { case = "port", at = f.at })
      elseif port == nil and f.release and f.release < 20 then
        found[#found + 1] = fail(f.label .. " serves without TLS on port 8080, the default of release 1."
          .. math.tointeger(f.release) .. " (no --insecure-port=0)", { case = "port", at = f.at })
      end
      if f:get("secure-port") == "0" then
        found[#found + 1] = fail(f.label .. " does not serve TLS (--secure-port=0)", { case = "secure", at = f.at })
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
      command: [kube-apiserver, "--insecure-port=8080"]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: k8s.gcr.io/kube-apiserver:v1.18.2
      command: [kube-apiserver]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--secure-port=0"]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: k8s.gcr.io/kube-apiserver:v1.18.2
      command: [kube-apiserver, "--insecure-port=0"]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: kube-apiserver
      image: registry.k8s.io/kube-apiserver:v1.31.0
      command: [kube-apiserver, "--insecure-port=$(PORT)"]
]] },
  },
}
