"""The proposal board: writing, endorsing, reviewing, answering."""
