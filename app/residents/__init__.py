"""People: who they are, how they sign in, where they belong, what they may be trusted with."""
