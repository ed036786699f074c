output "v" { value = "early" }
