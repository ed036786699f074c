output "v" { value = "sub of 1.0.0" }
