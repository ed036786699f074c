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
  return match(path, "(?:^|/)testdata/") ~= nil
    or match(path, "(?i)(?:^|/)(?:__tests__|tests?|specs?|mocks?|__mocks__)/.*"
      .. "\\.(?:py|js|ts|jsx|tsx|go|java|rb|kt|cs|php|rs|scala|groovy|c|cpp)$") ~= nil
    or match(path, "(?i)(?:_test\\.go|(?:^|/)test_[^/]*\\.py|_test\\.py|[._]spec\\.[jt]sx?|\\.test\\.[jt]sx?|_spec\\.rb"
      .. "|Tests?\\.(?:java|kt|cs))$")
    ~= nil
end

-- Keys made for tests lie in folders of that name.
function candidate.is_test_key(path)
  return match(path, "(?i)(?:^|/)(?:fixtures?|testdata|test-?fixtures|test-?certs?|test-?keys|__fixtures__"
    .. "|tests?/(?:.*/)?(?:certs?|keys|ssl|tls|pki))/") ~= nil
end

-- Kinds that people make up for their tests: keys, tokens and addresses that open nothing but what the test starts. Tokens
-- that an issuer has handed out are as real in a test as anywhere.
local made_for_tests = {
  ["secret.private_key"] = true, ["secret.jwt"] = true, ["secret.connection"] = true, ["secret.kubernetes"] = true,
}

-- Whether what was found may be a test's own. It is still told, as a note: nothing in it says that it opens no real door.
local function may_be_made_for_a_test(c)
  return made_for_tests[c.kind] and (candidate.in_test_code(c.path)
    or c.kind == "secret.private_key" and candidate.is_test_key(c.path))
end

function candidate.report(c, options)
  options = options or {}
  local what = options.what or c.what
  local subject = c.key ~= nil and c.key .. " holds " .. what or what .. " stands"
  local where = c.resource ~= nil and " as " .. c.resource .. " gets it" or ""
  local todo = "; revoke it and take it from a secret store"
  options.what = nil
  if may_be_made_for_a_test(c) then
    options.severity = "info"
    todo = ", among tests; if anything but the test trusts it, revoke it"
  end
  return fail(subject .. " in plain text (" .. c.shown .. ")" .. where .. todo, options)
end

return candidate
