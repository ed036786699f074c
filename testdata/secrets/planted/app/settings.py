DEBUG = False
DATABASE = "postgres://orders:Wren-uTUIEEc@db.internal:5432/orders"
SLACK = "https://hooks.slack.com/services/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"
STRIPE = "sk_live_FhwgBTmFeBO9sHfxnq6fQ5AX"
signing_key: str = "TJrnMhKw5Vq7cf5PUZqQMobz"
MAPS = "AIzazw6M4NYOl6UNIIfW152CtE8R0KHceR7N1aY"
