output "v" { value = "1.1.5" }
