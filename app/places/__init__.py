"""The district, its dongs with dated populations, and the departments that must answer."""
