"""What won becomes a commitment: department, milestones, progress, results."""
