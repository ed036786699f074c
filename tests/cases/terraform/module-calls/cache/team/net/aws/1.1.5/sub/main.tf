output "v" { value = "sub of 1.1.5" }
