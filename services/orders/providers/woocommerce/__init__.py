"""WooCommerce: the body of an order, and its topics. Pure."""
