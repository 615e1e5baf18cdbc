"""The live assembly: stages, discussion, questions, the floor, and the numbered feed of it all."""
