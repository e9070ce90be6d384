"""Many sites at once: files read, screened and written batch by batch, on one machine or several."""
