local candidate = lib "candidate"

-- The case of each detector.
local cases = {
  ["slack-access-token"] = "slack",
  ["slack-web-hook"] = "slack-hook",
  ["twilio-api-key"] = "twilio",
  ["mailchimp-api-key"] = "mailchimp",
  ["mailgun-token"] = "mailgun",
  ["sendgrid-api-token"] = "sendgrid",
}

return rule {
  id = "SEC-008", title = "Chat, alerting or telephony token",
  severity = "high", category = "secrets",
  aliases = {
    ["CKV_SECRET_11"] = "mailchimp",
    ["CKV_SECRET_14"] = { "slack", "slack-hook" },
    ["CKV_SECRET_18"] = "twilio",
    ["slack-access-token"] = "slack",
    ["slack-web-hook"] = "slack-hook",
    ["twilio-api-key"] = "twilio",
    ["mailchimp-api-key"] = "mailchimp",
    ["mailgun-token"] = "mailgun",
    ["sendgrid-api-token"] = "sendgrid",
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.messaging",
  description = [[Such a token sends messages in the company's name, and reads what was written.]],
  remediation = [[Revoke the token or webhook at its issuer; let the program read it from a secret store.]],
  references = { "https://docs.slack.dev/authentication/tokens/" },
  check = function(c)
    if candidate.allowed(c) then return end
    return candidate.report(c, { case = cases[c.detector] or "other" })
  end,
  tests = {
    fail = { files { ["notify.py"] = [[
client = WebClient("xoxb-704655721014-156183654610-teMXi6cMUXv5eBoaPzoxZCYC")
]] }, files { ["alert.yaml"] = [[
url: https://hooks.slack.com/services/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
]] } },
    pass = { files { ["notify.py"] = [[
# parameters: {"secret_allowed_paths": ["*.py"]}
key = "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"
]] } },
  },
}
