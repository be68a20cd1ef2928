"""Processes, ports, people, storage and assembly: where Handenhet meets the world."""
