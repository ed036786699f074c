-- luacheck: no max line length
-- Whether anything uses a resource: true, false (only live answers prove that), or nil and why it is not known.

local function referred(e, kind)
  return #e:referrers(kind) > 0
end

-- In code a consumer may stand in another stack.
local function of_code(used, what)
  if used then return true end
  return nil, "no " .. what .. " is in the scan, and no live data"
end

local function empty(value) return value == nil or value == "" or #list(value) == 0 end

local uses = {
  ["aws.ec2.eip"] = function(e)
    if e.origin == "live" then return not (empty(e.raw.AssociationId) and empty(e.raw.InstanceId) and empty(e.raw.NetworkInterfaceId)) end
    return of_code(not empty(e.raw.instance) or not empty(e.raw.network_interface) or #e:satellites("association") > 0
      or referred(e, "aws.vpc.nat_gateway") or #e:edges_to("references") > 0, "user of it")
  end,
  ["aws.ec2.volume"] = function(e)
    if e.origin == "live" then
      if e.raw.State == nil then return nil, "the state of the volume was not collected" end
      return e.raw.State ~= "available"
    end
    return of_code(#e:edges_to("mounts") > 0, "attachment")
  end,
  ["aws.vpc.nat_gateway"] = function(e)
    if e.origin ~= "live" then return of_code(#e:edges_to("references") > 0 or referred(e, "aws.vpc.route"), "route to it") end
    local tables = graph.all("aws.vpc.route_table")
    for _, one in ipairs(tables) do
      for _, route in ipairs(list(one.raw.Routes)) do
        if route.NatGatewayId == e.raw.NatGatewayId then return true end
      end
    end
    if #tables == 0 then return nil, "route tables were not collected" end
    return false
  end,
  ["aws.elb.load_balancer"] = function(e)
    if e.origin ~= "live" then return of_code(referred(e, "aws.elb.listener"), "listener") end
    local listeners = graph.all("aws.elb.listener")
    for _, one in ipairs(listeners) do
      if one.raw.LoadBalancerArn == e.raw.LoadBalancerArn then return true end
    end
    if #listeners == 0 then return nil, "listeners were not collected" end
    return false
  end,
  ["gcp.compute.address"] = function(e)
    if e.origin == "live" then return not empty(e.raw.users) end
    return of_code(#e:edges_to("references") > 0, "user of it")
  end,
  ["gcp.compute.disk"] = function(e)
    if e.origin == "live" then return not empty(e.raw.users) end
    return of_code(#e:edges_to("mounts") > 0 or #e:edges_to("references") > 0, "machine with it")
  end,
  ["k8s.service"] = function(e)
    local used = #e:edges_from("selects") > 0
    if not used and e.origin == "live" and #graph.all("k8s.workload") > 0 then return false end
    return of_code(used, "workload that it selects")
  end,
  ["k8s.persistentvolumeclaim"] = function(e)
    local used = #e:edges_to("mounts") > 0
    if not used and e.origin == "live" and #graph.all("k8s.workload") > 0 then return false end
    return of_code(used, "workload with it")
  end,
}

return rule {
  id = "GRAPH-030", title = "Resource is unused", severity = "info", category = "cost",
  for_each = { "aws.ec2.eip", "aws.ec2.volume", "aws.vpc.nat_gateway", "aws.elb.load_balancer", "gcp.compute.address", "gcp.compute.disk",
    "k8s.service", "k8s.persistentvolumeclaim" },
  where = function(e)
    return e.kind ~= "k8s.service" or known(e.raw.spec.selector) and e.raw.spec.selector ~= nil and e.raw.spec.type ~= "ExternalName"
  end,
  description = [[Addresses, disks, gateways and load balancers cost whether somebody uses them or not, and nobody looks after what nobody
uses. Of live resources the account says whether they are in use; in code the user may be declared elsewhere, so that the answer is unknown
where none is in the scan.]],
  remediation = [[Delete it, or attach it to what it is for.]],
  references = { "https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html" },
  check = function(e)
    local used, why = uses[e.kind](e)
    if used == nil then unknown(why) end
    -- A Service costs where a load balancer stands before it.
    local billed = e.kind ~= "k8s.service" or e.raw.spec.type == "LoadBalancer"
    if not used then return fail(e.name .. " is used by nothing" .. (billed and " and is billed" or "") .. "; delete it or attach it") end
  end,
  tests = {
    fail = {
      live [=[
[{"type": "aws:ec2:elastic-ip", "id": "eipalloc-1", "name": "fire", "body": {"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.7"}}]
]=],
      live [=[
[{"type": "aws:ec2:volume", "id": "vol-1", "name": "fire", "body": {"VolumeId": "vol-1", "State": "available", "Attachments": []}}]
]=],
    },
    pass = {
      live [=[
[{"type": "aws:ec2:volume", "id": "vol-1", "name": "dont_fire", "body": {"VolumeId": "vol-1", "State": "in-use",
  "Attachments": [{"InstanceId": "i-1"}]}}]
]=],
      [[
resource "aws_eip" "dont_fire" {}
resource "aws_nat_gateway" "dont_fire_either" {
  allocation_id = aws_eip.dont_fire.id
  subnet_id     = "subnet-1"
}
resource "aws_route" "out" {
  route_table_id         = "rtb-1"
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.dont_fire_either.id
}]],
      yaml [[
apiVersion: v1
kind: Service
metadata: { name: dont-fire }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: web, image: "web:1" }] }
]],
    },
    unknown = { [[resource "aws_ebs_volume" "v" { availability_zone = "eu-west-1a" }]] },
  },
}
