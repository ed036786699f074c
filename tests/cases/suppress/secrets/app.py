one = connect(password="Tr0ub4dor-1")
two = connect(password="Tr0ub4dor-2")  # gitleaks:allow
three = connect(password="Tr0ub4dor-3")  # pragma: allowlist secret
# pragma: allowlist nextline secret
four = connect(password="Tr0ub4dor-4")
five = connect(password="Tr0ub4dor-5")  # assay:ignore SEC-013 reason="a test account"
six = connect(password="Tr0ub4dor-6")  # trufflehog:ignore
