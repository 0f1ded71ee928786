"""What every shop has, whatever it runs on: products, buyers, orders kept, deliveries sent until they are taken."""
