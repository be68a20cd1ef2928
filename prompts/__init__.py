"""What is said to the model: files with a name, a version and a digest."""
