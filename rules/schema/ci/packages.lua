-- Where package managers fetch from.

entity "ci.package_source" {
  doc = "A .npmrc, pip.conf or settings.xml.",
  files = { "package.source" },
  fields = { entries = { list, "entries", doc = "Addresses (url) and settings that trust too much (flag)." } },
}
