-- luacheck: no max line length
local gke = lib "gke"
local pod = lib "pod"

local kinds = { "aws.eks.node_group", "gcp.container.node_pool" }

local function collect(of)
  local found = {}
  for _, kind in ipairs(kinds) do
    for _, node in ipairs(of(kind)) do found[#found + 1] = node end
  end
  return found
end

-- The nodes of the same configuration; else all of the scan, where they are those of one cluster.
local function nodes_of()
  return once("graph.nodes", function()
    local own = collect(graph.all)
    return #own > 0 and own or collect(graph.everywhere)
  end)
end

local function one_cluster()
  return #graph.everywhere("aws.eks.cluster") + #graph.everywhere("gcp.container.cluster") <= 1
end

-- Whether a network policy stops the pods.
local function is_stopped(e)
  if not pod.is_terraform(e) then return not net.reaches(e, "169.254.169.254", 80) end
  if #graph.all("k8s.networkpolicy") > 0 then unknown("policies that Terraform declares are not followed") end
  return false
end

-- The launch template of a node group; nil: EKS makes one, with a hop limit of 2.
local function template_of(group)
  if group.raw.launch_template == nil or #list(group.raw.launch_template) == 0 then return nil end
  for _, block in ipairs(list(group.raw.launch_template)) do
    for _, target in ipairs(group:targets(block.id or block.name)) do
      if target.type == "aws_launch_template" then return target end
    end
  end
  unknown("the launch template of " .. group.name .. " is outside the scan")
end

-- Why pods on these nodes reach the node's credentials, and where it says so; nil where they do not.
local function open_node(node)
  if node.kind == "gcp.container.node_pool" then
    local mode = gke.read(node, gke.configs(node)[1].config, "workload_metadata_config", "mode")
    if mode == "GKE_METADATA" or mode == "GKE_METADATA_SERVER" or mode == "SECURE" then return nil end
    local cluster = gke.cluster(node)
    if mode == nil and cluster == nil then unknown("the cluster of " .. node.name .. " is outside the scan") end
    if mode == nil and known(cluster.workload.pool) and cluster.workload.pool ~= nil then return nil end
    return "pool " .. node.name .. " shows pods the metadata of the machine; set workload_metadata_config.mode to GKE_METADATA", node
  end
  local template = template_of(node)
  if template == nil then
    return "EKS lets the metadata of group " .. node.name .. " answer two hops away; give it a launch template with http_put_response_hop_limit = 1", node
  end
  local options = list(template.raw.metadata_options)[1]
  if options == nil then unknown("EKS decides the metadata options of " .. template.name) end
  if options.http_endpoint == "disabled" then return nil end
  if options.http_tokens ~= "required" then
    return "template " .. template.name .. " lets the metadata answer without a token, at any distance; set http_tokens = \"required\"", template
  end
  if options.http_put_response_hop_limit ~= nil and options.http_put_response_hop_limit > 1 then
    return "template " .. template.name .. " lets the metadata answer " .. math.tointeger(options.http_put_response_hop_limit)
      .. " hops away; set http_put_response_hop_limit = 1", template
  end
end

return rule {
  id = "GRAPH-005", title = "Pod can take the credentials of its node", severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "k8s.workload",
  where = function() return #nodes_of() > 0 end,
  description = [[The metadata service of a machine gives the credentials of its role or service account to whoever asks from it. Pods ask
from one hop further away. Where neither the hop limit, a metadata server for workloads nor a network policy stops them, every pod has
the rights of the node beside its own. Pods are judged with the nodes that the
same configuration declares, else with those of the one cluster of the scan.]],
  remediation = [[On AWS set `http_tokens = "required"` and `http_put_response_hop_limit = 1` in the launch template; on Google Cloud set
`workload_metadata_config { mode = "GKE_METADATA" }`. Or deny egress to 169.254.169.254 by a network policy.]],
  references = {
    "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html#_restrict_access_to_the_instance_profile_assigned_to_the_worker_node",
    "https://cloud.google.com/kubernetes-engine/docs/how-to/protecting-cluster-metadata",
  },
  check = function(e)
    local why, at
    local closed = 0
    for _, node in ipairs(nodes_of()) do
      local reason, where = open_node(node)
      if reason then
        why, at = reason, where
      else
        closed = closed + 1
      end
    end
    if not why then return end
    if #collect(graph.all) == 0 and (closed > 0 or not one_cluster()) then
      unknown("on which of the nodes its pods run is not known")
    end
    if not is_stopped(e) then
      return fail("pods of " .. e.name .. " reach the credentials of their node: " .. why, { evidence = { { at, "the node" } } })
    end
  end,
  tests = {
    fail = {
      files {
        ["nodes/main.tf"] = [[
resource "aws_eks_node_group" "n" {
  cluster_name    = "c"
  node_group_name = "n"
  node_role_arn   = "arn:aws:iam::111122223333:role/n"
}]],
        ["pods.yaml"] = [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: shop }
spec:
  containers: [{ name: a, image: example.org/a }]
]],
      },
      [[
resource "aws_eks_node_group" "n" {
  cluster_name    = "c"
  node_group_name = "n"
  node_role_arn   = "arn:aws:iam::111122223333:role/n"
  launch_template {
    id      = aws_launch_template.n.id
    version = 1
  }
}
resource "aws_launch_template" "n" {
  name = "n"
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
}
resource "kubernetes_deployment" "fire" {
  metadata {
    name      = "fire"
    namespace = "shop"
  }
  spec {
    template {
      metadata { labels = { app = "fire" } }
      spec {
        container {
          name  = "a"
          image = "example.org/a"
        }
      }
    }
  }
}]],
      [[
resource "google_container_cluster" "c" {
  name = "c"
}
resource "google_container_node_pool" "n" {
  name    = "n"
  cluster = google_container_cluster.c.name
  node_config {
    workload_metadata_config {
      mode = "GCE_METADATA"
    }
  }
}
resource "kubernetes_pod" "fire" {
  metadata { name = "fire" }
  spec {
    container {
      name  = "a"
      image = "example.org/a"
    }
  }
}]],
    },
    pass = {
      files {
        ["nodes/main.tf"] = [[
resource "aws_eks_node_group" "n" {
  cluster_name    = "c"
  node_group_name = "n"
  node_role_arn   = "arn:aws:iam::111122223333:role/n"
}]],
        ["pods.yaml"] = [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: shop }
spec:
  containers: [{ name: a, image: example.org/a }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: inside, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }]
]],
      },
      [[
resource "aws_eks_node_group" "n" {
  cluster_name    = "c"
  node_group_name = "n"
  node_role_arn   = "arn:aws:iam::111122223333:role/n"
  launch_template {
    id      = aws_launch_template.n.id
    version = 1
  }
}
resource "aws_launch_template" "n" {
  name = "n"
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}
resource "kubernetes_pod" "dont_fire" {
  metadata { name = "dont-fire" }
  spec {
    container {
      name  = "a"
      image = "example.org/a"
    }
  }
}]],
      [[
resource "google_container_cluster" "c" {
  name = "c"
  workload_identity_config {
    workload_pool = "shop.svc.id.goog"
  }
}
resource "google_container_node_pool" "n" {
  name    = "n"
  cluster = google_container_cluster.c.name
  node_config {
    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }
}
resource "kubernetes_pod" "dont_fire" {
  metadata { name = "dont-fire" }
  spec {
    container {
      name  = "a"
      image = "example.org/a"
    }
  }
}]],
    },
    unknown = {
      [[
resource "aws_eks_node_group" "n" {
  cluster_name    = "c"
  node_group_name = "n"
  node_role_arn   = "arn:aws:iam::111122223333:role/n"
  launch_template {
    id      = "lt-0123456789abcdef0"
    version = 1
  }
}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "a"
      image = "example.org/a"
    }
  }
}]],
    },
  },
}
