-- What a credential looks like, by its value or by the name it is given. Messages never carry the value.

local secrets = {}

-- Formats with a fixed prefix or frame: { pattern, what it is }.
local formats = {
  { "\\b(?:AKIA|ASIA)[A-Z2-7]{16}\\b", "an AWS access key id" },
  { "(?i)aws.{0,20}?(?:secret|key).{0,20}?['\"= :][A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])", "an AWS secret key" },
  { "-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----", "a private key" },
  { "\\bgh[pousr]_[A-Za-z0-9]{36,}\\b", "a GitHub token" },
  { "\\bgithub_pat_[A-Za-z0-9_]{50,}\\b", "a GitHub token" },
  { "\\bglpat-[A-Za-z0-9_-]{20,}", "a GitLab token" },
  { "\\bxox[abprs]-[A-Za-z0-9-]{10,}", "a Slack token" },
  { "https://hooks\\.slack\\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20,}", "a Slack webhook" },
  { "\\bAIza[0-9A-Za-z_-]{35}\\b", "a Google API key" },
  { "\"type\"\\s*:\\s*\"service_account\"[\\s\\S]{0,400}\"private_key\"", "a Google service account key" },
  { "\\bsk_live_[0-9a-zA-Z]{20,}", "a Stripe key" },
  { "\\bSG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}\\b", "a SendGrid key" },
  { "\\bnpm_[A-Za-z0-9]{36}\\b", "an npm token" },
  { "\\bhvs\\.[A-Za-z0-9_-]{24,}", "a Vault token" },
  { "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}", "a signed token" },
  { "(?i)\\b[a-z][a-z0-9+.-]*://[^\\s:/@$'\"<>{}]+:[^\\s:/@$'\"<>{}%*]{3,}@[^\\s/]", "a password in an address" },
}

-- The example key of AWS's documentation and texts that stand for a value.
local example = "(?i)EXAMPLE|^x{3,}$|^\\*+$|changeme|change-me|change_me|placeholder|^<.*>$|"
  .. "^\\$\\(.*\\)$|^\\$\\{.*\\}$|^\\{\\{.*\\}\\}$|redacted"

function secrets.is_placeholder(text)
  return text == "" or match(text, example) ~= nil
end

-- What kind of credential a text holds, or nil.
function secrets.kind(text)
  for _, format in ipairs(formats) do
    local hit = match(text, format[1])
    if hit then
      return format[2]
    end
  end
end

local named = "(?i)(?:^|[_.-])(?:pass(?:word|wd|phrase)?|pwd|secret(?:s)?|token|api_?key|private_?key|secret_?key|access_?key|"
  .. "encryption_?key|auth_?key|credential(?:s)?)(?:$|[_.-])|(?:password|passwd|secret|apikey|privatekey)$"

-- Names that speak about a secret without holding it.
local about = "(?i)(?:file|path|dir|name|url|uri|endpoint|host|enabled?|disabled?|ttl|expir\\w*|length|header|type|id|ref|policy|"
  .. "provider|arn|version|age|interval|timeout|count|size|limit|backend|store|manager|rotation|issuer|audience|public_?key|key_?id|"
  .. "namespace|mount|status|method|algorithm|format|field|prefix|suffix|secs?|seconds|minutes|hours|days)$"

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
