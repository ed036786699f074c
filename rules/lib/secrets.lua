-- What a credential looks like, by its value or by the name it is given. Messages never carry the value.

local secrets = {}

-- The example key of AWS's documentation and texts that stand for a value.
local example = "(?i)EXAMPLE|^x{3,}$|^\\*+$|changeme|change-me|change_me|placeholder|^<.*>$|"
  .. "^\\$\\(.*\\)$|^\\$\\{.*\\}$|^\\{\\{.*\\}\\}$|redacted"

function secrets.is_placeholder(text)
  return text == "" or match(text, example) ~= nil
end

-- What kind of credential a text holds by its form, or nil.
function secrets.kind(text)
  return secret_kind(text)
end

-- The same, and the key that AWS's documentation shows, as in CKV_AWS_45 and CKV_AWS_46: whoever has it in user data or an
-- environment hands keys over this way.
function secrets.handed_over(text)
  return secret_kind(text) or match(text, "\\b(?:AKIA|ASIA)[A-Z2-7]{16}\\b") and "an AWS access key id" or nil
end

local named = "(?i)(?:^|[_.-])(?:pass(?:word|wd|phrase)?|pwd|secret(?:s)?|token|api_?key|private_?key|secret_?key|access_?key|"
  .. "encryption_?key|auth_?key|credential(?:s)?)(?:$|[_.-])|(?:password|passwd|secret|apikey|privatekey)$"

-- Names that speak about a secret without holding it.
local about = "(?i)(?:file|path|dir|name|url|uri|endpoint|host|enabled?|disabled?|ttl|expir\\w*|length|header|type|id|ref|policy|"
  .. "provider|arn|version|age|interval|timeout|count|size|limit|backend|store|manager|rotation|issuer|audience|public_?key|key_?id|"
  .. "namespace|mount|status|method|algorithm|format|field|prefix|suffix|secs?|seconds|minutes|hours|days|"
  .. "life_?times?|life|lifespan|duration|validity|max_?age|period|window|scopes?|users?|usernames?|regexp?|pattern)$"

-- Whether a variable of this name would hold a credential.
function secrets.named(name)
  return match(name, named) ~= nil and match(name, about) == nil
end

-- Whether the text is what a secret is called where it is kept: app_secret = "shop-app-secret".
function secrets.is_its_name(key, text)
  return match(key, "(?i)secrets?$") ~= nil and match(text, "^[a-z0-9]+(?:[-_.][a-z0-9]+)+$") ~= nil
    and match(text, "(?:^|[-_.])secrets?(?:$|[-_.])") ~= nil
end

-- Whether a literal under such a name is a credential: not a flag, number word, path, address, or reference.
function secrets.literal(text)
  if secrets.is_placeholder(text) then return false end
  if match(text, "(?i)^(?:true|false|yes|no|on|off|none|null|nil|enabled|disabled|required|optional|default|auto|vault|env)$") then
    return false
  end
  return match(text, "^(?:/|\\./|[a-z]+://[^@]*$|arn:|\\$)") == nil
end

-- Whether a credential stands in clear under that name.
function secrets.holds(name, text)
  return secrets.named(name) and secrets.literal(text) and not secrets.is_its_name(name, text)
end

return secrets
