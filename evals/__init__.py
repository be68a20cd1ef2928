"""Measures everything below: quality on cases nobody tuned on, speed and memory against something named."""
