"""`make demo`: one storm over the example township, in four acts, on the real service."""

from simulators.demo.command import main

__all__ = ["main"]
