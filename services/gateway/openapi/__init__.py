"""The HTTP API described: OpenAPI 3.1 from the contract's descriptors, and a page of it for people."""
