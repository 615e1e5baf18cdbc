"""마당 (Madang): a neighbourhood proposes, deliberates, decides and keeps its promises."""
