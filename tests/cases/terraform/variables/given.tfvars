quoted           = "a"
quoted_list      = ["a"]
quoted_other     = 1
not_null         = null
not_null_default = null
object           = { a = "x" }
nobody           = 1
