"""What can be taken away: files made on request from the same numbers."""
