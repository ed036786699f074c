return rule {
  id = "LOCAL-001", title = "Machines are not exposed", severity = "high", category = "network",
  for_each = { "aws.ec2.instance", "aws.rds.instance" },
  check = function(e)
    local by, ports = net.exposed(e)
    if by then return fail(e.address .. " is exposed on " .. ports) end
  end,
  tests = { fail = {}, pass = {}, unknown = {} },
}
