-- For `luacheck rules`: what a rule, a helper and a schema file find in their environment (see README.md).
std = "lua54"
max_line_length = 140
max_string_line_length = false -- examples in other languages
read_globals = {
  "rule", "fail", "known", "unknown", "each", "list", "items", "keys", "entries", "once", "memo", "dig", "json", "one_of", "has", "match", "glob", "cidr", "net",
  "b64decode", "secret_kind", "graph", "param", "lib", "set", "lower", "upper", "starts", "ends", "split", "trim",
  "files", "yaml", "plan", "state", "live", "assets", "file", "workflow", "gitlab", "ansible",
  "entity", "any", "bool", "number", "map",
}
