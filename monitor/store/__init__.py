"""All SQL. Below the line: what was decided is kept here, and nothing is decided."""
