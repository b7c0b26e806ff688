"""What happened: records, their lifecycle, and the one database that keeps them."""
