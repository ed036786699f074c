db_password = "An0therS3cretPassw0rd"
