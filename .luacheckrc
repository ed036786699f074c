-- What the engine offers to rules (rules/README.md); nothing else is global.
std = {
   globals = {},
   read_globals = {
      "ipairs", "math", "next", "pairs", "select", "string", "table", "tonumber", "tostring", "type", "utf8", "assert", "error",
      -- a rule
      "rule", "set", "file", "yaml", "json", "plan", "state", "live", "assets", "text", "workflow", "gitlab", "ansible", "files",
      -- a check
      "fail", "known", "unknown", "each", "param", "lib", "graph", "net", "iam", "cidr",
      "b64decode", "secret_kind", "ends", "glob", "has", "items", "keys", "entries", "list", "lower", "match", "once", "memo", "dig", "one_of", "split", "starts", "trim", "upper",
   },
}
max_line_length = 150
unused_args = false -- checks often take an entity that they do not need

files["rules/schema"] = {
   read_globals = { "entity", "any", "bool", "list", "map", "number", "string" },
}
max_string_line_length = false

-- Tables that a compiler reads: what they assign is what they say.
files["rules/data"] = { max_line_length = false, allow_defined_top = true, unused = false, ignore = { "131" } }
