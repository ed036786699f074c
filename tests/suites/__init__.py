"""A suite is a module with jobs(options) → [(name, function)]; the function yields
(name of the test, True | False | None for skipped, detail)."""
