"""What an operator can try on a system that runs. Each goes through the public doors alone, and prints its check."""
