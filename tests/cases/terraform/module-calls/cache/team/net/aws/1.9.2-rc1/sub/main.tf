output "v" { value = "sub of 1.9.2-rc1" }
