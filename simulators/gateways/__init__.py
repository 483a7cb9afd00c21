"""Stand-ins for the SMS, voice and WeChat providers, on loopback."""
