local candidate = lib "candidate"

-- The case of each detector.
local cases = {
  ["stripe-secret-token"] = "stripe",
  ["stripe-test-token"] = "stripe",
  ["stripe-publishable-token"] = "stripe-publishable",
  ["square-token"] = "square",
}

return rule {
  id = "SEC-009", title = "Payment or market data key",
  severity = "critical", category = "secrets",
  aliases = {
    ["CKV_SECRET_16"] = "square",
    ["CKV_SECRET_17"] = { "stripe", "stripe-publishable" },
    ["stripe-secret-token"] = "stripe",
    ["stripe-publishable-token"] = "stripe-publishable",
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.payment",
  description = [[A live key moves money or orders. Test keys and publishable keys are lower risks, and still do not belong into code.]],
  remediation = [[Roll the key in the provider's dashboard and read the new one from a secret store.]],
  references = { "https://docs.stripe.com/keys" },
  check = function(c)
    if candidate.allowed(c) then return end
    local low = c.publishable or c.detector == "stripe-test-token"
    return candidate.report(c, { case = cases[c.detector] or "other", severity = low and "low" or nil })
  end,
  tests = {
    fail = { files { ["pay.rb"] = [[
Stripe.api_key = "sk_live_vi2xqwHx1SSRkRXQvQMcPLPP"
]] }, files { ["trade.env"] = [[
APCA_API_SECRET_KEY=JS46lMUEZQPghOpzGpdCGAe40O1c6XC4SOHDMm0l
]] } },
    pass = { files { ["pay.rb"] = [[
# parameters: {"secret_allowed_paths": ["*.rb"]}
Stripe.api_key = "sk_live_M7EXg3LcmQxxq8AGomtnWNCX"
]] } },
  },
}
