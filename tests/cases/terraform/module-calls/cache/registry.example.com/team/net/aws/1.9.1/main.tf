output "v" { value = "1.9.1" }
