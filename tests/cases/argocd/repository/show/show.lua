return rule {
  id = "SHOW-1", title = "What is deployed", severity = "info", category = "hygiene", for_each = "k8s.workload",
  check = function(e)
    local metadata = e.raw.metadata
    return fail(e.address .. " " .. tostring(metadata.labels or "") .. tostring(metadata.annotations or "") .. " replicas "
      .. tostring(e.raw.spec.replicas) .. " " .. e.raw.spec.template.spec.containers[1].image, { at = e.raw.metadata.name })
  end,
}
