output "v" { value = "named" }
