# planted: the override that nobody remembers
encrypt_storage = false
log_bucket_acl  = "public-read"
