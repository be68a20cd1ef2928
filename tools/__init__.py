"""What the model may call. Each tool returns citable things or asks the model to try again."""
