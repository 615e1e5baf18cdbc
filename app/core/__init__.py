"""What every domain stands on; knows neither Flask nor any domain."""
