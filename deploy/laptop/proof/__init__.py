"""What makes an operator believe the rest: figures read from the databases each second, 0 while all is well."""
