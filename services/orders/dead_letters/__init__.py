"""Dead letters: messages that a consumer of orders gave up; what an operator can do about them."""
