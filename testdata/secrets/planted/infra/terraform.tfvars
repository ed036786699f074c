db_password = "Curlew-wLZNuLEz"
