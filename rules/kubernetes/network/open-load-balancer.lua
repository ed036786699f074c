-- Annotations by which clouds keep a load balancer inside.
local internal = {
  ["service.beta.kubernetes.io/aws-load-balancer-internal"] = "^(?:true|0\\.0\\.0\\.0/0)$",
  ["service.beta.kubernetes.io/aws-load-balancer-scheme"] = "^internal$",
  ["networking.gke.io/load-balancer-type"] = "(?i)^internal$",
  ["cloud.google.com/load-balancer-type"] = "(?i)^internal$",
  ["service.beta.kubernetes.io/azure-load-balancer-internal"] = "^true$",
  ["service.beta.kubernetes.io/openstack-internal-load-balancer"] = "^true$",
  ["service.kubernetes.io/qcloud-loadbalancer-internal-subnetid"] = ".",
  ["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type"] = "^intranet$",
}

local ranges = { "service.beta.kubernetes.io/load-balancer-source-ranges" }

return rule {
  id = "K8S-NET-007", title = "Load balancer Service is open to every source",
  severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "k8s.service",
  where = function(e) return e.service_type == "LoadBalancer" end,
  description = [[A load balancer without source ranges accepts the whole internet, unless it is kept inside by the cloud's
annotation.]],
  remediation = [[Set `loadBalancerSourceRanges`, or the annotation that makes the load balancer internal.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer" },
  check = function(e)
    local annotations = e.raw.metadata.annotations or {}
    for name, wanted in pairs(internal) do
      local value = annotations[name]
      if value ~= nil and match(tostring(value), wanted) then return end
    end
    local sources = e.raw.spec.loadBalancerSourceRanges or e.raw.spec.load_balancer_source_ranges
    if sources == nil and annotations[ranges[1]] ~= nil then sources = split(annotations[ranges[1]], ",") end
    if sources == nil or #sources == 0 then
      return fail("load balancer of service " .. e.name .. " accepts every source (no loadBalancerSourceRanges)", { at = e.raw.spec })
    end
    return each(sources, function(source)
      if cidr.any(trim(source)) then
        return fail("load balancer of service " .. e.name .. " accepts " .. trim(source), { at = e.raw.spec })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire }
spec: { type: LoadBalancer, ports: [{ port: 80 }] }
]], yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire }
spec: { type: LoadBalancer, loadBalancerSourceRanges: [0.0.0.0/0], ports: [{ port: 80 }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: dont-fire }
spec: { type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24], ports: [{ port: 80 }] }
]], yaml [[
apiVersion: v1
kind: Service
metadata: { name: dont-fire, annotations: { networking.gke.io/load-balancer-type: Internal } }
spec: { type: LoadBalancer, ports: [{ port: 80 }] }
]] },
    unknown = { [[
variable "ranges" { type = list(string) }
resource "kubernetes_service" "a" {
  metadata { name = "a" }
  spec {
    type                        = "LoadBalancer"
    load_balancer_source_ranges = var.ranges
  }
}]] },
  },
}
