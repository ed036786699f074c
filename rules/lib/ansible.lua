-- Tasks of Ansible: flags and names of modules.

local ansible = {}

-- A member of an object; nil when the value is none.
function ansible.get(value, ...)
  for _, key in ipairs { ... } do
    if value == nil or type(value) ~= "userdata" and type(value) ~= "table" then return nil end
    value = value[key]
  end
  return value
end

function ansible.templated(value)
  return type(value) == "string" and string.find(value, "{{", 1, true) ~= nil
end

-- A boolean as Ansible reads it, nil when it is not set; a template ends the check as unknown.
function ansible.flag(value)
  if value == nil or type(value) == "boolean" then return value end
  if ansible.templated(value) then unknown("it is decided by the template " .. value) end
  local text = lower(tostring(value))
  if one_of(text, "yes", "true", "on", "y", "t", "1") then return true end
  if one_of(text, "no", "false", "off", "n", "f", "0") then return false end
end

-- An argument of a task's module.
function ansible.argument(task, name) return ansible.get(task.args, name) end

-- "uri" for uri, ansible.builtin.uri and community.x.uri.
function ansible.module(task)
  return match(task.module or "", "[^.]+$") or ""
end

-- The command line that a task runs, or nil.
function ansible.command(task)
  if not one_of(ansible.module(task), "command", "shell", "raw", "script", "win_shell", "win_command") then return nil end
  local text = ansible.argument(task, "_raw") or ansible.argument(task, "cmd")
  if text == nil and ansible.argument(task, "argv") ~= nil then
    local words = {}
    for _, word in ipairs(list(ansible.argument(task, "argv"))) do words[#words + 1] = tostring(word) end
    text = table.concat(words, " ")
  end
  return type(text) == "string" and text or nil
end

-- Where an argument stands, for fail.
function ansible.place(task, name)
  return ansible.argument(task, name) ~= nil and "extra.args." .. name or nil
end

return ansible
