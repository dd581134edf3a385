"""The disk at both ends: reads inputs, writes outputs whole or not at all, keeps what somebody edited."""
