-- What the rules about secrets share. A candidate (secret.*) knows what was found and where, never the secret itself.

local candidate = {}

-- Paths that the parameter `secret_allowed_paths` names, as patterns with * and ?.
function candidate.allowed(c)
  for _, pattern in ipairs(param("secret_allowed_paths", {})) do
    if glob(c.path, pattern) then return true end
  end
  return false
end

-- Code of tests, and what it reads: files and folders by the conventions of the languages.
function candidate.in_test_code(path)
  return match(path, "(?:^|/)testdata/") ~= nil or match(path, "(?i)(?:^|/)(?:__tests__|tests?|specs?|mocks?|__mocks__)/.*\\.(?:py|js|ts|jsx|tsx|go|java|rb|kt|cs|php|rs|scala|groovy|c|cpp)$")
    ~= nil or match(path, "(?i)(?:_test\\.go|(?:^|/)test_[^/]*\\.py|_test\\.py|[._]spec\\.[jt]sx?|\\.test\\.[jt]sx?|_spec\\.rb"
      .. "|Tests?\\.(?:java|kt|cs))$")
    ~= nil
end

-- Keys made for tests lie in folders of that name.
function candidate.is_test_key(path)
  return match(path, "(?i)(?:^|/)(?:fixtures?|testdata|test-?fixtures|test-?certs?|test-?keys|__fixtures__"
    .. "|tests?/(?:.*/)?(?:certs?|keys|ssl|tls|pki))/") ~= nil
end

function candidate.report(c, options)
  options = options or {}
  local what = options.what or c.what
  local subject = c.key ~= nil and c.key .. " holds " .. what or what .. " stands"
  local where = c.resource ~= nil and " as " .. c.resource .. " gets it" or ""
  options.what = nil
  local shown = c.shown
  return fail(subject .. " in plain text (" .. shown .. ")" .. where .. "; revoke it and take it from a secret store", options)
end

return candidate
