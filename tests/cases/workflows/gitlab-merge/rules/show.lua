local function text(value)
  local words = {}
  for _, word in ipairs(list(value)) do words[#words + 1] = tostring(word) end
  return table.concat(words, "+")
end

return rule {
  id = "T-100", title = "Shows what became of a job", severity = "low", category = "hygiene",
  for_each = "ci.job",
  check = function(job)
    local variables = {}
    for _, name in ipairs(keys(job.raw.variables)) do variables[#variables + 1] = name .. "=" .. job.raw.variables[name] end
    return fail(job.name .. ": " .. tostring(job.raw.image) .. " | " .. text(job.raw.tags) .. " | " .. text(job.raw.before_script) ..
      " | " .. text(job.raw.script) .. " | " .. table.concat(variables, "+"))
  end,
  tests = { fail = {}, pass = {} },
}
