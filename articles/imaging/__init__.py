"""Pure functions on pictures: bytes in, bytes out."""
