"""What several tests build from: small schemes made in memory."""
