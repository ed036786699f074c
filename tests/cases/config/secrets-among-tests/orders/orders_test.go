package orders

const dsn = "postgres://orders:Tr0ub4dor-9@db.internal:5432/orders"
