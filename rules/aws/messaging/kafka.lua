local values = lib "values"

return rule {
  id = "AWS-MSG-007", title = "Kafka brokers accept clear text, are public, unlogged or unencrypted",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_81 = "transit", ["AVD-AWS-0073"] = "transit", ["AVD-AWS-0179"] = "key", CKV_AWS_80 = "logs",
    CKV_AWS_291 = "public", ["AVD-AWS-0074"] = "logs" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.msk.cluster",
  where = function(e) return e.origin ~= "live" end,
  description = [[Clear text between clients and brokers can be read on its way, a public broker can be tried by everyone, and without
logs nobody notices.]],
  remediation = [[Set `client_broker = "TLS"`, `encryption_at_rest_kms_key_arn`, and a target in `broker_logs`; leave public access disabled.]],
  references = { "https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html" },
  -- Without encryption_info MSK encrypts all the same, with TLS and the account's key, although CKV_AWS_81 fails on it.
  check = function(e)
    return each({ "transit", "key", "logs", "public" }, function(place)
      if place == "transit" then
        if e.transit.clients ~= "TLS" then
          return fail("brokers of cluster " .. e.name .. " accept clear text", { case = place, at = "transit.clients" })
        elseif not e.transit.brokers then
          return fail("brokers of cluster " .. e.name .. " speak clear text to each other", { case = place, at = "transit.brokers" })
        end
      elseif place == "key" then
        if not values.set(e, e.raw.encryption_info, "encryption_at_rest_kms_key_arn") then
          return fail("cluster " .. e.name .. " has no key of its own", { case = place, at = e, severity = "low" })
        end
      elseif place == "logs" then
        if not (e.logs.cloudwatch or e.logs.firehose or e.logs.s3) then
          return fail("brokers of cluster " .. e.name .. " write no logs", { case = place, at = e, severity = "medium" })
        end
      elseif e.public ~= "DISABLED" then
        return fail("brokers of cluster " .. e.name .. " are public", { case = place, at = "public", severity = "critical" })
      end
    end)
  end,
  tests = {
    fail = { [[
resource "aws_msk_cluster" "fire" {
  cluster_name = "fire"
  encryption_info {
    encryption_in_transit { client_broker = "TLS_PLAINTEXT" }
  }
}]], [[resource "aws_msk_cluster" "fire" { cluster_name = "fire" }]] },
    pass = { [[
resource "aws_msk_cluster" "dont_fire" {
  cluster_name = "dont-fire"
  encryption_info { encryption_at_rest_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/k" }
  logging_info {
    broker_logs {
      s3 {
        enabled = true
        bucket  = "logs"
      }
    }
  }
}]] },
    unknown = { [[
variable "c" {}
resource "aws_msk_cluster" "a" {
  cluster_name = "a"
  encryption_info {
    encryption_at_rest_kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/k"
    encryption_in_transit { client_broker = var.c }
  }
  logging_info {
    broker_logs {
      s3 { enabled = true }
    }
  }
}]] },
  },
}
