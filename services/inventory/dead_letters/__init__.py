"""Dead letters: messages that the consumer of inventory gave up; what an operator can do about them."""
