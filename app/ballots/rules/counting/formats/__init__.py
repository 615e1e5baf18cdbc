"""Files in and out: each format reads text into an `Election` and writes one, or says why not."""
