"""What several tests lean on: throwaway services, page navigators, made-up people and places."""
