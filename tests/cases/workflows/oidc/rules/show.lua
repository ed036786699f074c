return rule {
  id = "T-101", title = "Shows whose rights a job has", severity = "low", category = "hygiene",
  for_each = "ci.job",
  check = function(job)
    for _, identity in ipairs(job:edges_from("assumes")) do return fail(job.address .. " assumes " .. identity.address) end
  end,
  tests = { fail = {}, pass = {} },
}
