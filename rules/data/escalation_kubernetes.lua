-- How rights in a Kubernetes cluster lead to more rights: every method that has been published.
--
-- Sources: Kubernetes, "Role Based Access Control Good Practices" (privilege escalation risks); controlplane and Palo Alto
-- (rbac-police), CyberArk (KubiScan, kubernetes-rbac-audit), BishopFox (badPods), Aqua on nodes/proxy; each method read
-- against the documentation of the API.
--
-- A method is { needs, gives = …, … }; its name is its needs joined by "+". A need is "verbs resource", of verbs between "|"
-- any one will do, and stands in the name with the first; a third word is the name that the object must have, a fourth the
-- namespace.
--
-- gives    admin      everything in the cluster
--          account    any service account of the namespace
--          running    the service accounts that pods of the namespace run as
--          node       a node of the cluster: its credentials and all pods on it
--          anyone     any user or group but system:masters
--          user       any user
-- api      true: the caller speaks to the API server as the account, but gets no token that a cloud would take
-- cluster  true: counts in the whole cluster only; otherwise in the namespace in which the needs are granted
-- assumes  what must be the case besides; the way is then possible, not certain

methods = {
  -- Changes of what is granted. Roles hold no more than their author has, unless for "escalate" and "bind".
  { { "update|patch clusterroles", "escalate clusterroles" }, gives = "admin", cluster = true },
  { { "create clusterrolebindings", "bind clusterroles cluster-admin" }, gives = "admin", cluster = true },
  { { "update|patch roles", "escalate roles" }, gives = "account" },
  { { "create rolebindings", "bind clusterroles cluster-admin" }, gives = "account" },

  -- The identity of others.
  { { "impersonate users", "impersonate groups system:masters" }, gives = "admin", cluster = true },
  { { "impersonate users" }, gives = "user", cluster = true },
  { { "impersonate serviceaccounts" }, gives = "account", api = true },
  { { "create serviceaccounts/token" }, gives = "account" },
  { { "get|list|watch secrets" }, gives = "account", api = true, assumes = "the account has a token in a Secret" },
  { { "create secrets", "get|list|watch secrets" }, gives = "account", api = true },
  { { "create certificatesigningrequests", "update|patch certificatesigningrequests/approval",
      "approve signers kubernetes.io/kube-apiserver-client" }, gives = "anyone", cluster = true },

  -- New pods run as any account of their namespace.
  { { "create pods" }, gives = "account" },
  { { "create deployments.apps" }, gives = "account" },
  { { "create daemonsets.apps" }, gives = "account" },
  { { "create statefulsets.apps" }, gives = "account" },
  { { "create replicasets.apps" }, gives = "account" },
  { { "create replicationcontrollers" }, gives = "account" },
  { { "create jobs.batch" }, gives = "account" },
  { { "create cronjobs.batch" }, gives = "account" },
  { { "patch|update deployments.apps" }, gives = "account", assumes = "there is a Deployment to change" },
  { { "patch|update daemonsets.apps" }, gives = "account", assumes = "there is a DaemonSet to change" },
  { { "patch|update statefulsets.apps" }, gives = "account", assumes = "there is a StatefulSet to change" },
  { { "patch|update replicasets.apps" }, gives = "account", assumes = "there is a ReplicaSet to change" },
  { { "patch|update replicationcontrollers" }, gives = "account", assumes = "there is a ReplicationController to change" },
  { { "patch|update cronjobs.batch" }, gives = "account", assumes = "there is a CronJob to change" },
  { { "create|patch|update mutatingwebhookconfigurations" }, gives = "account", cluster = true,
    assumes = "pods are made after it" },

  -- Pods that run already.
  { { "create|get pods/exec" }, gives = "running" },
  { { "create|get pods/attach" }, gives = "running", assumes = "the container reads what is typed" },
  { { "patch|update pods/ephemeralcontainers" }, gives = "running" },
  { { "patch|update pods" }, gives = "running" },
  { { "create|get nodes/proxy" }, gives = "running", cluster = true },

  -- Nodes.
  { { "create pods" }, gives = "node" },
  { { "create deployments.apps" }, gives = "node" },
  { { "create daemonsets.apps" }, gives = "node" },
  { { "create statefulsets.apps" }, gives = "node" },
  { { "create jobs.batch" }, gives = "node" },
  { { "create cronjobs.batch" }, gives = "node" },
  { { "create persistentvolumes", "create persistentvolumeclaims", "create pods" }, gives = "node", cluster = true },

  -- Who is who, where a ConfigMap says so.
  { { "patch|update configmaps aws-auth kube-system" }, gives = "admin", assumes = "the cluster is one of EKS that reads aws-auth" },
}
