"""The pages and doors of live events, for viewers, hosts and staff."""
