"""The demo: two organisations, made through the public doors alone, and simulated stores that sell their stock."""
