"""What every HTTP request passes, whatever it asks for: limits, ids, headers, the access log."""
