-- Probes and the ports they ask.

local pod = lib "pod"
local probes = {}

-- The port that a probe asks although the container declares others and not this one, as text. A number
-- is only held against a container that declares ports at all: declaring them is optional.
function probes.closed(c, probe)
  local port = pod.get(c.e, probe, "httpGet", "port") or pod.get(c.e, probe, "tcpSocket", "port")
    or pod.get(c.e, probe, "grpc", "port")
  if port == nil then return nil end
  local declared = pod.get(c.e, c.at, "ports") or {}
  local number = tonumber(port)
  for _, entry in ipairs(declared) do
    if number and tonumber(pod.get(c.e, entry, "containerPort")) == number then return nil end
    if not number and entry.name == port then return nil end
  end
  if number and #declared == 0 then return nil end
  return number and tostring(math.tointeger(number)) or port
end

return probes
