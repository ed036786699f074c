output "v" { value = "1.0.0" }
