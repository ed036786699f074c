-- What the engine offers to rules; nothing else is global.
std = "lua54"
max_line_length = 120
read_globals = {
   "rule", "schema", "service", "fail", "pass", "unknown", "known", "set", "file", "param", "graph",
   "net", "iam", "text", "json", "list", "map", "cidr", "semver", "re", "lib", "data", "log",
}
-- Checks often take an entity that they do not need.
unused_args = false
