local tags = lib "tags"

-- A listener has no tags: its accelerator's count.
local function production(e)
  if tags.production(e) then return true end
  for _, accelerator in ipairs(e:edges_from("references")) do
    if accelerator.kind == "aws.globalaccelerator.accelerator" and tags.production(accelerator) then return true end
  end
  if e.origin == "live" then
    for _, accelerator in ipairs(graph.all("aws.globalaccelerator.accelerator")) do
      if accelerator.raw.AcceleratorArn == e.raw.AcceleratorArn and tags.production(accelerator) then return true end
    end
  end
  return false
end

-- Regions of the endpoint groups; without one of its own, a group is in the provider's region.
local function regions(e)
  local found, n = {}, 0
  local function add(region)
    if not found[region] then found[region], n = true, n + 1 end
  end
  if e.origin == "live" then
    for _, group in ipairs(list(e.groups)) do add(group.EndpointGroupRegion) end
  else
    for _, group in ipairs(e:satellites("endpoints")) do
      local place = group.place
      if place == nil then place = group.region ~= "" and group.region or "the provider's region" end
      add(place)
    end
  end
  return n
end

return rule {
  id = "AWS-GA-002", title = "Accelerator fronts one region only",
  severity = "low", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.globalaccelerator.listener",
  where = production,
  description = [[An accelerator moves clients to another region when one fails, if there is another one.]],
  remediation = [[Add an `aws_globalaccelerator_endpoint_group` in a second region.]],
  references = { "https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups.html" },
  check = function(e)
    if e.origin == "live" and e.groups == nil then unknown("the endpoint groups were not collected") end
    local n = regions(e)
    if n < 2 then
      return fail("production listener " .. e.name .. " has endpoints in " .. (n == 0 and "no region" or "one region only"), { at = e })
    end
  end,
  tests = {
    fail = { [[
resource "aws_globalaccelerator_accelerator" "a" { tags = { environment = "prod" } }
resource "aws_globalaccelerator_listener" "fire" { accelerator_arn = aws_globalaccelerator_accelerator.a.id }
resource "aws_globalaccelerator_endpoint_group" "g" {
  listener_arn          = aws_globalaccelerator_listener.fire.id
  endpoint_group_region = "eu-west-1"
}]], live [[
[{"type": "aws:globalaccelerator:accelerator", "name": "a", "body": {"AcceleratorArn": "arn:a", "Tags": [{"Key": "env", "Value": "prod"}]}},
 {"type": "aws:globalaccelerator:listener", "name": "fire", "body": {"AcceleratorArn": "arn:a",
  "EndpointGroups": [{"EndpointGroupRegion": "eu-west-1"}]}}]
]] },
    pass = { [[
resource "aws_globalaccelerator_accelerator" "a" { tags = { environment = "prod" } }
resource "aws_globalaccelerator_listener" "dont_fire" { accelerator_arn = aws_globalaccelerator_accelerator.a.id }
resource "aws_globalaccelerator_endpoint_group" "g" {
  for_each              = toset(["eu-west-1", "eu-central-1"])
  listener_arn          = aws_globalaccelerator_listener.dont_fire.id
  endpoint_group_region = each.key
}]], live [[
[{"type": "aws:globalaccelerator:accelerator", "name": "a", "body": {"AcceleratorArn": "arn:a", "Tags": [{"Key": "env", "Value": "prod"}]}},
 {"type": "aws:globalaccelerator:listener", "name": "dont_fire", "body": {"AcceleratorArn": "arn:a",
  "EndpointGroups": [{"EndpointGroupRegion": "eu-west-1"}, {"EndpointGroupRegion": "us-east-1"}]}}]
]] },
    unknown = { [[
variable "r" {}
resource "aws_globalaccelerator_accelerator" "a" { tags = { environment = "prod" } }
resource "aws_globalaccelerator_listener" "a" { accelerator_arn = aws_globalaccelerator_accelerator.a.id }
resource "aws_globalaccelerator_endpoint_group" "g" {
  listener_arn          = aws_globalaccelerator_listener.a.id
  endpoint_group_region = var.r
}]] },
  },
}
