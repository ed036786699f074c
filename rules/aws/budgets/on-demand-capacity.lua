return rule {
  id = "AWS-COST-002", title = "Steady production capacity is bought on demand",
  severity = "info", category = "cost",
  -- Only the account's usage tells what is steady: code shows what may run, not how long it did.
  for_each = "aws.savingsplans.coverage",
  description = [[What runs day and night costs up to two thirds less when it is bought in advance. The share that may be bought on demand is
the parameter `on_demand_share`, in percent of the hours.]],
  remediation = [[Buy a savings plan or reservations for what runs all the time.]],
  references = { "https://docs.aws.amazon.com/savingsplans/latest/userguide/ce-sp-usingPR.html" },
  check = function(e)
    if e.on_demand == nil or e.covered == nil then unknown("the hours were not collected") end
    local all = e.on_demand + e.covered
    if all == 0 then return end
    local share = math.floor(100 * e.on_demand / all + 0.5)
    if share > param("on_demand_share", 30) then
      return fail(share .. "% of the hours of " .. (e.service or e.name) .. " are bought on demand", { at = "on_demand" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:savingsplans:coverage", "name": "fire", "body": {"Service": "EC2", "OnDemandHours": 720, "CoveredHours": 100}}]
]] },
    pass = { live [[
[{"type": "aws:savingsplans:coverage", "name": "dont_fire", "body": {"Service": "EC2", "OnDemandHours": 100, "CoveredHours": 720}}]
]] },
    unknown = { live [[
[{"type": "aws:savingsplans:coverage", "name": "a", "body": {"Service": "EC2", "CoveredHours": 720}}]
]] },
  },
}
