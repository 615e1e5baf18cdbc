"""The home page, the desk, and the pages that belong to no domain."""
