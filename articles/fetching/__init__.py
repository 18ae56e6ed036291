"""Pages of other sites, read for editors: never anything that only this machine can reach."""
