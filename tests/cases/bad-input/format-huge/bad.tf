output "x" {
  value = format("%1000000000d", 1)
}
