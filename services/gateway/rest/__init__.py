"""The REST API: every RPC with google.api.http, transcoded from the descriptors alone."""
