import os

DATABASE_URL = "postgres://{}:{}@db.internal/orders".format(os.environ["DB_USER"], os.environ["DB_PASSWORD"])
CACHE_URL = "redis://:${REDIS_PASSWORD}@cache:6379/0"
PASSWORD_FIELD = "password"
SECRET_NAME = "orders/database"
TOKEN_URL = "https://auth.internal/oauth/token"
password = os.getenv("DB_PASSWORD")
api_key = "your-api-key"
secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf"
token_ttl = "3600"
password_hash = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPga31lW"
ASSET_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
REQUEST_ID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
password_error = "The password must have twelve characters"
AWS_ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
next_token = "eyJleGFtcGxl"
