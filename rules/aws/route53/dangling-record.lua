-- What a live name stands for: a pattern, the kind of the thing, and the attribute that holds its name.
local targets = {
  { "^(?:dualstack\\.)?(.+\\.elb\\.[a-z0-9-]+\\.amazonaws\\.com)$", "aws.elb.load_balancer", "DNSName", "load balancer" },
  { "^(?:dualstack\\.)?(.+\\.elb\\.amazonaws\\.com)$", "aws.elb.load_balancer", "DNSName", "load balancer" },
  { "^(.+\\.cloudfront\\.net)$", "aws.cloudfront.distribution", "DomainName", "distribution" },
  { "^s3-website[.-][a-z0-9-]+\\.amazonaws\\.com$", "aws.s3.bucket", "Name", "bucket", own_name = true },
  { "^(.+)\\.s3-website[.-][a-z0-9-]+\\.amazonaws\\.com$", "aws.s3.bucket", "Name", "bucket" },
  { "^(.+\\.awsglobalaccelerator\\.com)$", "aws.globalaccelerator.accelerator", "DnsName", "accelerator" },
}

local function bare(name)
  return (string.gsub(lower(name), "%.$", ""))
end

-- Whether something of the kind has the name; nil where nothing of that kind was collected.
local function exists(kind, attribute, name)
  local all = once("live " .. kind, function()
    local found = {}
    for _, e in ipairs(graph.all(kind)) do
      if e.origin == "live" and e.raw[attribute] ~= nil then found[bare(e.raw[attribute])] = true end
    end
    if kind == "aws.elb.load_balancer" then
      for _, e in ipairs(graph.all("aws.elb.classic")) do
        if e.origin == "live" and e.raw.DNSName ~= nil then found[bare(e.raw.DNSName)] = true end
      end
    end
    return found
  end)
  if next(all) == nil then return nil end
  return all[name] == true
end

local function judge_live(e)
  local names = {}
  if e.alias.name ~= nil then names[1] = e.alias.name end
  if e.sort == "CNAME" then
    for _, value in ipairs(list(e.values)) do names[#names + 1] = value end
  end
  return each(names, function(name)
    for _, row in ipairs(targets) do
      local found = match(bare(name), row[1])
      if found then
        local wanted = row.own_name and bare(e.name) or (type(found) == "table" and found[1] or found)
        local there = exists(row[2], row[3], wanted)
        if there == nil then unknown("no " .. row[4] .. " was collected to compare with") end
        if not there then
          return fail("record " .. e.name .. " points to " .. wanted .. ", a " .. row[4] .. " that does not exist", { at = e })
        end
      end
    end
  end)
end

return rule {
  id = "AWS-R53-003", title = "Record points to a resource that does not exist",
  severity = "high", category = "network",
  aliases = { "CKV2_AWS_23" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.route53.record",
  where = function(e)
    if e.origin == "live" then return e.alias.name ~= nil or one_of(e.sort, "A", "AAAA", "CNAME") end
    return not known(e.sort) or one_of(e.sort, "A", "AAAA")
  end,
  description = [[When what a name points to is gone, somebody else can make a bucket, a distribution or an address of that name, and answer
for you.]],
  remediation = [[Delete the record, or point it to the resource that is there, by reference.]],
  references = { "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/protection-from-dangling-dns.html" },
  -- CKV2_AWS_23 fails each record that refers to no resource of the same code. Whether a literal address is still
  -- owned cannot be told from code: that is unknown here, and told from live answers. An alias into the same account's
  -- Terraform is proven by its reference.
  check = function(e)
    if e.origin == "live" then return judge_live(e) end
    local seen
    for _, target in ipairs(e:edges_from("references")) do
      if target.kind ~= "aws.route53.zone" and target.kind ~= "aws.route53.health_check" and not starts(target.kind, "terraform.variable")
        and not starts(target.kind, "terraform.local") then
        seen = target
      end
    end
    if seen then return end
    unknown("what record " .. e.name .. " points to is not in the scan")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:route53:record", "name": "fire", "body": {"Name": "files.example.com.", "Type": "A",
  "AliasTarget": {"DNSName": "s3-website-eu-west-1.amazonaws.com."}}},
 {"type": "aws:s3:bucket", "name": "b", "body": {"Name": "another.example.com"}}]
]], live [[
[{"type": "aws:route53:record", "name": "fire", "body": {"Name": "www.example.com.", "Type": "CNAME",
  "ResourceRecords": [{"Value": "d111.cloudfront.net"}]}},
 {"type": "aws:cloudfront:distribution", "name": "d", "body": {"DomainName": "d222.cloudfront.net"}}]
]] },
    pass = { live [[
[{"type": "aws:route53:record", "name": "dont_fire", "body": {"Name": "www.example.com.", "Type": "A",
  "AliasTarget": {"DNSName": "dualstack.web-1.eu-west-1.elb.amazonaws.com."}}},
 {"type": "aws:elasticloadbalancing:loadbalancer", "name": "web", "body": {"DNSName": "web-1.eu-west-1.elb.amazonaws.com"}}]
]], [[
resource "aws_lb" "l" { name = "l" }
resource "aws_route53_zone" "z" { name = "example.com" }
resource "aws_route53_record" "dont_fire" {
  zone_id = aws_route53_zone.z.id
  name    = "www"
  type    = "A"
  alias {
    name                   = aws_lb.l.dns_name
    zone_id                = aws_lb.l.zone_id
    evaluate_target_health = true
  }
}]] },
    unknown = { [[
resource "aws_route53_record" "a" {
  zone_id = "Z1"
  name    = "www"
  type    = "A"
  ttl     = 300
  records = ["203.0.113.7"]
}]], live [[
[{"type": "aws:route53:record", "name": "a", "body": {"Name": "www.example.com.", "Type": "CNAME",
  "ResourceRecords": [{"Value": "d111.cloudfront.net"}]}}]
]] },
  },
}
