"""WooCommerce as it is met from outside: orders whose status changes, and webhooks that are sent once."""
