output "v" { value = "1.9.2-rc1" }
