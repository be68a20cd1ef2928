"""The caseworker's and the supervisor's screens, in Gradio behind our guard."""
