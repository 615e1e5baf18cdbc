"""The record of a resident assembly (주민총회): notice, running order, attendance, minutes."""
