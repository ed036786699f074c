-- What rules on volumes share.

local ebs = {}

-- Whether the same code makes the region encrypt every new volume.
function ebs.encrypted_by_default()
  for _, setting in ipairs(graph.all("aws.ec2.encryption_by_default")) do
    if setting.enabled then return true end
  end
  return false
end

return ebs
