return rule {
  id = "AWS-DOCDB-002", title = "TLS is switched off in the parameter group",
  severity = "high", category = "encryption",
  aliases = { "CKV_AWS_90" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.docdb.parameter_group", -- code only: values of parameters are not collected
  description = [[Without TLS everyone on the network path reads queries, answers and passwords.]],
  remediation = [[Remove the parameter `tls`, or set it to `enabled`.]],
  references = { "https://docs.aws.amazon.com/documentdb/latest/developerguide/security.encryption.ssl.html" },
  check = function(e)
    return each(list(e.raw.parameter), function(p)
      if p.name == "tls" and p.value == "disabled" then
        return fail("parameter group " .. e.name .. " switches TLS off", { at = p, within = p })
      end
    end)
  end,
  fix = set("within.value", "enabled"),
  tests = {
    fail = { [[
resource "aws_docdb_cluster_parameter_group" "fire" {
  family = "docdb5.0"
  parameter {
    name  = "tls"
    value = "disabled"
  }
}]] },
    pass = { [[
resource "aws_docdb_cluster_parameter_group" "dont_fire" {
  family = "docdb5.0"
  parameter {
    name  = "tls"
    value = "enabled"
  }
}]] },
    unknown = { [[
variable "t" {}
resource "aws_docdb_cluster_parameter_group" "a" {
  family = "docdb5.0"
  parameter {
    name  = "tls"
    value = var.t
  }
}]] },
  },
}
