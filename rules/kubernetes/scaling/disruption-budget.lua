local pod = lib "pod"
local kube = lib "kube"

local function autoscaler(e)
  for _, scaler in ipairs(pod.reaching(e, "attached_to", "k8s.horizontalpodautoscaler")) do
    local target = pod.get(scaler, scaler.raw.spec, "scaleTargetRef")
    if target ~= nil and target.kind == pod.controller(e) and target.name == e.name then return scaler end
  end
end

-- The fewest replicas that the workload runs with.
local function replicas(e)
  local scaler = autoscaler(e)
  if scaler then return scaler.minimum end
  return tonumber(e.raw.spec.replicas or 1)
end

local function selects(policy, e)
  local selector = pod.get(policy, policy.raw.spec, "selector")
  return selector ~= nil and pod.selects(policy, selector, pod.labels(e))
end

local function budgets(e)
  local found = {}
  for _, policy in ipairs(pod.reaching(e, "selects", "k8s.poddisruptionbudget")) do
    if selects(policy, e) then found[#found + 1] = policy end
  end
  return found
end

local function percent(value)
  local number = string.match(tostring(value), "^(%d+)%%$")
  return number and tonumber(number)
end

local function budget(policy)
  local spec, found = policy.raw.spec, {}
  local away, there = pod.get(policy, spec, "maxUnavailable"), pod.get(policy, spec, "minAvailable")
  if away ~= nil and (percent(away) or tonumber(away)) == 0 then
    found[1] = fail("budget " .. policy.name .. " lets no pod go (maxUnavailable is " .. tostring(away) .. "): nodes cannot be drained",
      { case = "none-away", at = spec })
  end
  if there ~= nil then
    if percent(there) == 100 then
      found[#found + 1] = fail("budget " .. policy.name .. " lets no pod go (minAvailable is 100%): nodes cannot be drained",
        { case = "all-there", at = spec })
    elseif tonumber(there) then
      for _, workload in ipairs(pod.reached(policy, "selects", "k8s.workload")) do
        if one_of(pod.controller(workload), "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
          and selects(policy, workload) then
          local least = replicas(workload)
          if least and tonumber(there) >= least and tonumber(there) > 0 then
            found[#found + 1] = fail("budget " .. policy.name .. " keeps " .. tostring(there) .. " pods of " .. workload.name
              .. ", which has "
              .. math.tointeger(least) .. ": nodes cannot be drained", { case = "all-there", at = spec })
            break
          end
        end
      end
    end
  end
  local unhealthy = pod.get(policy, spec, "unhealthyPodEvictionPolicy")
  if unhealthy == nil and not pod.is_terraform(policy) then
    found[#found + 1] = fail("budget " .. policy.name
      .. " keeps pods that never became healthy from being evicted (no unhealthyPodEvictionPolicy)",
      { case = "unhealthy", at = spec, severity = "low" })
  end
  return found
end

-- Terraform's provider has no field for the eviction policy, so it is not asked for there. IfHealthyBudget, where it
-- is written, is a decision.
return rule {
  id = "K8S-SCALE-001", title = "Replicated workload has no usable disruption budget",
  severity = "medium", category = "resilience",
  aliases = {
    ["pdb-max-unavailable"] = "none-away", ["pdb-min-available"] = "all-there",
    ["pdb-unhealthy-pod-eviction-policy"] = "unhealthy",
  },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "k8s.workload", "k8s.poddisruptionbudget" },
  where = function(e)
    return e.kind == "k8s.poddisruptionbudget" or one_of(pod.controller(e), "Deployment", "StatefulSet")
  end,
  description = [[Draining nodes takes all pods at once where no budget holds some back; a budget that allows no disruption stops every
drain instead. Without the policy AlwaysAllow pods that never became healthy block it too.]],
  remediation = [[Add a PodDisruptionBudget with `maxUnavailable: 1` and `unhealthyPodEvictionPolicy: AlwaysAllow`.]],
  references = { "https://kubernetes.io/docs/tasks/run-application/configure-pdb/" },
  check = function(e)
    if e.kind == "k8s.poddisruptionbudget" then return budget(e) end
    local least = replicas(e)
    if least == nil or least < 2 then return end
    if #budgets(e) == 0 then
      return fail("no disruption budget holds pods of " .. e.name .. " back",
        { at = e.raw.spec, case = "missing", severity = kube.severity(e) })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  replicas: 3
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]], yaml [[
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: fire }
spec: { unhealthyPodEvictionPolicy: AlwaysAllow, maxUnavailable: 0, selector: { matchLabels: { app: web } } }
]], yaml [[
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: fire }
spec: { unhealthyPodEvictionPolicy: AlwaysAllow, minAvailable: 2, selector: { matchLabels: { app: web } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]], yaml [[
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: fire }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  replicas: 1
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]], yaml [[
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: dont-fire }
spec: { unhealthyPodEvictionPolicy: AlwaysAllow, maxUnavailable: 1, selector: { matchLabels: { app: dont-fire } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  replicas: 3
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]] },
    unknown = { [[
variable "replicas" { type = number }
resource "kubernetes_deployment" "a" {
  metadata { name = "a" }
  spec {
    replicas = var.replicas
    selector { match_labels = { app = "a" } }
    template {
      metadata { labels = { app = "a" } }
      spec {
        container {
          name  = "a"
          image = "a:1.2.3"
        }
      }
    }
  }
}]] },
  },
}
