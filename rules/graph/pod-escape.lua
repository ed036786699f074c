-- luacheck: no max line length
local pod = lib "pod"

-- Paths of the host that give the host away: the root, the runtime's socket, credentials of the kubelet, scheduled jobs.
local host = "^/(?:$|etc(?:/(?:kubernetes.*|cron.*)?)?$|root/?$|proc/?$|sys/?$|var/?$|var/lib/?$|var/lib/(?:kubelet|docker|containerd)(?:/pki.*)?/?$"
  .. "|var/run/?$|run/?$|(?:var/)?run/(?:docker\\.sock|containerd.*|crio.*)$)"

-- By what the pods get out of their container; nil when by nothing that is known.
local function way_out(e)
  for _, c in ipairs(pod.containers(e)) do
    if pod.own(c, "privileged") == true then return "container " .. c.name .. " is privileged" end
  end
  for _, volume in ipairs(list(pod.get(e, e.pod, "volumes"))) do
    local mount = pod.get(e, volume, "hostPath")
    local path = mount and mount.path
    if path ~= nil and match(path, host) then return "it mounts " .. path .. " of its node" end
  end
  if pod.get(e, e.pod, "hostPID") == true and pod.get(e, e.pod, "hostNetwork") == true then return "it shares the processes of its node" end
end

local function account_of(e)
  for _, target in ipairs(e:edges_from("runs_as")) do
    if target.kind == "k8s.serviceaccount" then return target end
  end
  return graph.find("k8s.serviceaccount", pod.namespace(e), pod.account(e))
end

return rule {
  id = "GRAPH-006", title = "Pod escape leads to cluster or cloud administration", severity = "critical", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "k8s.workload",
  where = function(e) return memo(e, "graph.way_out", way_out) ~= nil end,
  description = [[Whoever breaks into a privileged pod, or one that mounts its node's file system, is root on the node. There lie the
tokens of all pods that run on it and the credentials of the node. With an administrator among them the whole cluster, or the cloud
account, is one bug away.]],
  remediation = [[Take `privileged` and the host path away; give what needs them a service account without rights, on nodes of its own; and let
nothing that administers the cluster run on every node. `assay iam escalate` shows where accounts lead.]],
  references = {
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  },
  check = function(e)
    local out = memo(e, "graph.way_out", way_out)
    local account = account_of(e)
    if account then
      if iam.is_admin(account) then
        return fail(e.name .. ": " .. out .. ", and its service account " .. account.name .. " is administrator of the cluster; take away one of both",
          { evidence = { { account, "administrator" } } })
      end
      for _, path in ipairs(iam.escalations(account)) do
        if path.certain then
          local last = path.steps[#path.steps]
          return fail(e.name .. ": " .. out .. ", and its service account " .. account.name .. " can become administrator by " .. path.method
            .. "; take away one of both", { evidence = { { account, "leads to " .. last.to_name } } })
        end
      end
    end
    local verdict, through = iam.node(e)
    if verdict == "certain" then
      return fail(e.name .. ": " .. out .. ", and every node has what makes " .. through .. ", which is administrator or can become it; take away one of both")
    end
    if verdict == "possible" then unknown("it may be on a node with " .. through .. ", which is administrator or can become it") end
    if not account and pod.account(e) ~= "default" then unknown("service account " .. pod.account(e) .. " is not declared in the scan") end
    if account then
      local _, doubt = iam.escalations(account)
      if doubt then unknown(doubt) end
    end
  end,
  tests = {
    fail = {
      yaml [[
apiVersion: v1
kind: ServiceAccount
metadata: { name: agent, namespace: agents }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: agent }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: agent, namespace: agents }]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: fire, namespace: agents }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec:
      serviceAccountName: agent
      containers: [{ name: a, image: example.org/a, securityContext: { privileged: true } }]
]],
      yaml [[
apiVersion: v1
kind: ServiceAccount
metadata: { name: agent, namespace: agents }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: agent }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: agent, namespace: agents }]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: agents }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec:
      serviceAccountName: agent
      containers: [{ name: a, image: example.org/a }]
---
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: shop }
spec:
  containers: [{ name: a, image: example.org/a }]
  volumes: [{ name: host, hostPath: { path: / } }]
]],
    },
    pass = {
      yaml [[
apiVersion: v1
kind: ServiceAccount
metadata: { name: logs, namespace: agents }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: logs }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: logs, namespace: agents }]
---
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: agents }
spec:
  serviceAccountName: logs
  containers: [{ name: a, image: example.org/a, securityContext: { privileged: true } }]
]],
    },
    unknown = {
      yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: agents }
spec:
  serviceAccountName: elsewhere
  containers: [{ name: a, image: example.org/a, securityContext: { privileged: true } }]
]],
    },
  },
}
