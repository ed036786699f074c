return rule {
  id = "OWN-002", title = "Item", severity = "low", category = "hygiene", for_each = "aws.sqs.queue",
  check = function(q)
    return each({ "both", "encryption", "delay" }, function(what)
      local found = {}
      if what ~= "encryption" and q.raw.delay_seconds > 0 then found[1] = fail(what .. ": delayed") end
      if what ~= "delay" and q.raw.sqs_managed_sse_enabled == false then found[2] = fail(what .. ": not encrypted") end
      return found
    end)
  end,
}
