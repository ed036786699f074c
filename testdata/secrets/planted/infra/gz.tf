resource "aws_launch_template" "api" {
  user_data = "H4sIAAAAAAACA1NW1E/KzNMvzuBKrSjILypRcHTx9fSLD3AMDg73D3KxDcjJL0st0g0LSXV3NAnP5wIAB0Xn5jAAAAA="
}
