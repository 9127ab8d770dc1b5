"""The core: questionnaires, values, edit checks. Pure Python, knows nothing of Django or of any one form."""
