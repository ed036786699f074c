-- luacheck: no max line length
local network = [[
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_route_table" "a" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = %s
  route_table_id = aws_route_table.a.id
}
resource "aws_db_subnet_group" "main" {
  subnet_ids = [aws_subnet.a.id]
}
resource "aws_security_group" "db" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = %s
  }
}
resource "aws_db_instance" "%s" {
  engine                 = "postgres"
  publicly_accessible    = %s
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.db.id]
}
]]

local function example(name, public, cidrs, subnet)
  return string.format(network, subnet or "aws_subnet.a.id", cidrs, name, public)
end

-- Stores that the schema knows by their type alone.
local types = { "aws_redshift_cluster", "aws_redshiftserverless_workgroup", "aws_neptune_cluster", "aws_memorydb_cluster",
  "google_alloydb_cluster", "google_memcache_instance" }

return rule {
  id = "GRAPH-002", title = "Database is reachable from the internet", severity = "critical", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.rds.instance", "aws.rds.cluster", "aws.docdb.cluster", "aws.elasticache.cluster", "aws.elasticache.group",
    "aws.elasticache.serverless", "aws.dax.cluster", "gcp.sql.instance", "gcp.redis.instance", "gcp.filestore.instance",
    "terraform.resource" },
  where = function(e)
    if e.kind == "terraform.resource" then return has(types, e.type) end
    -- Answers about groups do not say where their members stand; those about clusters do.
    return not (e.origin == "live" and e.kind == "aws.elasticache.group")
  end,
  description = [[A public address, a route from an internet gateway, network ACLs and security groups together let anybody open
connections to the store's port. Passwords are then guessed from everywhere, and every flaw of the server is open to everybody. Each of
these alone may look harmless: what counts is what they make together.]],
  remediation = [[Take the public address away (`publicly_accessible = false`, `ipv4_enabled = false`), put the store in subnets without
a route to an internet gateway, and let in the security groups of its clients alone.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    "https://cloud.google.com/sql/docs/postgres/configure-ip" },
  check = function(store)
    local by, ports, how = net.exposed(store)
    if not by then return end
    local through = by ~= store and " through " .. by.name or ""
    return fail(store.name .. " is reached from the internet" .. through .. " on " .. ports
      .. "; take its public address away, or let in the groups of its clients alone", { evidence = how })
  end,
  tests = {
    fail = {
      example("fire", "true", '["0.0.0.0/0"]'),
      example("fire", "true", '["0.0.0.0/1", "128.0.0.0/1"]'),
      [[
resource "google_sql_database_instance" "fire" {
  database_version = "POSTGRES_15"
  settings {
    tier = "db-f1-micro"
    ip_configuration {
      authorized_networks {
        value = "0.0.0.0/0"
      }
    }
  }
}]],
      live [[
[{"type": "aws:ec2:vpc", "id": "vpc-1", "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}},
 {"type": "aws:ec2:subnet", "id": "subnet-1", "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}},
 {"type": "aws:ec2:route-table", "id": "rtb-1", "body": {"RouteTableId": "rtb-1", "VpcId": "vpc-1",
   "Associations": [{"Main": true}], "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}]}},
 {"type": "aws:ec2:security-group", "id": "sg-1", "body": {"GroupId": "sg-1", "VpcId": "vpc-1",
   "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}},
 {"type": "aws:rds:db", "name": "fire", "body": {"DBInstanceIdentifier": "fire", "Engine": "postgres", "PubliclyAccessible": true,
   "Endpoint": {"Port": 5432}, "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}],
   "DBSubnetGroup": {"Subnets": [{"SubnetIdentifier": "subnet-1"}]}}}]
]],
    },
    pass = {
      example("dont_fire", "false", '["0.0.0.0/0"]'),
      example("dont_fire", "true", '["203.0.113.0/24", "10.0.0.0/8"]'),
      example("dont_fire", "true", '["0.0.0.0/0"]', '"subnet-elsewhere"'),
      [[
resource "google_sql_database_instance" "dont_fire" {
  database_version = "POSTGRES_15"
  settings {
    tier = "db-f1-micro"
    ip_configuration {
      authorized_networks {
        value = "203.0.113.0/24"
      }
    }
  }
}]],
    },
    unknown = {
      "variable \"cidrs\" { type = list(string) }\n" .. example("a", "true", "var.cidrs"),
      "variable \"public\" { type = bool }\n" .. example("a", "var.public", '["0.0.0.0/0"]'),
    },
  },
}
