locals {
  user = "x"
}
resource "null_resource" "a" {
  count = 1
  triggers = {
    user = "y"
  }
  connection {
    host = local.user
  }
  provisioner "local-exec" {
    when    = destroy
    command = "echo ${self.triggers.user} ${count.index} ${path.module} ${terraform.workspace}"
  }
  provisioner "local-exec" {
    when    = destroy
    command = "echo ${local.user}"
    connection {
      host = local.user
    }
  }
  provisioner "local-exec" {
    when       = "destroy"
    on_failure = "continue"
  }
  provisioner "local-exec" {
    when       = never
    on_failure = perhaps
  }
  provisioner "chef" {
  }
  provisioner "local-exec" {
    connection {
      host = "a"
    }
    connection {
      host = "b"
    }
    _ {
      when = "tomorrow"
    }
    _ {
    }
    lifecycle {
    }
  }
}
