-- luacheck: no max line length
local tags = lib "tags"

local network = [[
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "a" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}
resource "aws_network_acl" "a" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.a.id]
  ingress {
    rule_no    = 90
    action     = "%s"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = %s
    to_port     = %s
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "%s" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.web.id]
}
]]

local function example(name, action, port)
  return string.format(network, action, port, port, name)
end

local services = {
  { "22", "SSH" }, { "23", "Telnet" }, { "2375", "the Docker daemon" }, { "2376", "the Docker daemon" }, { "3389", "RDP" },
  { "5900", "VNC" }, { "5985", "WinRM" }, { "5986", "WinRM" }, { "9090", "Cockpit" }, { "10000", "Webmin" }, { "10250", "the kubelet" },
}

return rule {
  id = "GRAPH-003", title = "Host is reachable from the internet on an administrative port", severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.ec2.instance", "aws.eks.node_group", "aws.autoscaling.group", "gcp.compute.instance", "gcp.container.node_pool" },
  where = function(e)
    local template = one_of(e.type, "google_compute_instance_template", "google_compute_region_instance_template",
      "gcp:compute:instancetemplate")
    return not template and not tags.mention(e, "(?i)bastion|jump[-_ ]?(?:host|box|server)")
  end,
  description = [[The address, the routes, the network ACLs and the security groups or firewall rules together let anybody reach a port by
which the host is administered. A host that is there for that (its name or a tag says bastion or jump host) is not judged.]],
  remediation = [[Close the port to the internet: use Session Manager, Identity-Aware Proxy or a bastion, or name the networks that need
it.]],
  references = { "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
    "https://cloud.google.com/iap/docs/using-tcp-forwarding" },
  check = function(host)
    if not net.exposed(host) then return end
    local open, through, evidence = {}, "", nil
    local all = each(param("admin_ports", services), function(service)
      local way, _, how = net.exposed(host, service[1])
      if not way then return end
      open[#open + 1] = service[2] .. " (" .. service[1] .. ")"
      if way ~= host then through = " through " .. way.name end
      evidence = evidence or how
      return fail(service[2])
    end)
    if #open == 0 then return all end
    return fail(table.concat(open, ", ") .. " of " .. host.name .. (#open > 1 and " are" or " is") .. " reached from the internet" .. through
      .. "; close the port, or name the networks that need it", { evidence = evidence })
  end,
  tests = {
    fail = {
      example("fire", "allow", "22"),
      example("fire", "deny", "3389"),
      [[
resource "google_compute_network" "main" {
  name                    = "main"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "main" {
  name          = "main"
  network       = google_compute_network.main.id
  ip_cidr_range = "10.0.0.0/24"
}
resource "google_compute_firewall" "ssh" {
  name    = "ssh"
  network = google_compute_network.main.id
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}
resource "google_compute_instance" "fire" {
  name         = "web"
  machine_type = "e2-micro"
  network_interface {
    subnetwork = google_compute_subnetwork.main.id
    access_config {}
  }
}]],
    },
    pass = {
      example("dont_fire", "deny", "22"),
      example("dont_fire", "allow", "443"),
      example("dont_fire", "allow", "443") .. [[
resource "aws_security_group" "bastion" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "bastion" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.bastion.id]
}]],
    },
    unknown = { "variable \"port\" { type = number }\n" .. example("a", "allow", "var.port") },
  },
}
