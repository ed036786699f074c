-- Stages and the settings of their methods.

local apigateway = {}

local function apis(e)
  local found = {}
  for _, api in ipairs(e:targets(e.raw.rest_api_id)) do
    if api.kind == "aws.apigateway.rest_api" then found[#found + 1] = api.address end
  end
  return found
end

-- Settings of a stage. Stages of several APIs often have the same name: where both name their API, it decides.
function apigateway.settings(stage)
  local own, found = apis(stage), {}
  for _, settings in ipairs(stage:satellites("settings")) do
    local theirs, same = apis(settings), false
    for _, api in ipairs(theirs) do same = same or has(own, api) end
    if same or #own == 0 or #theirs == 0 then found[#found + 1] = settings end
  end
  return found
end

return apigateway
