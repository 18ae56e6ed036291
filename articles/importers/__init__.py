"""Source texts in, articles out: `readers` (bytes to records) and `loader` (records to tables)."""
