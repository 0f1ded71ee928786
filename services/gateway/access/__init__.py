"""Who calls: a person's access token is exchanged for a token of the service called."""
