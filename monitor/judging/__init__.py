"""What readings, orders and the passing of time mean: decided on a memory, and laid over it."""
