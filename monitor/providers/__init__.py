"""What the channels of several providers share: one bounded call, signatures, callbacks."""
