acl = "public"
