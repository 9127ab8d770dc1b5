"""Entry of a questionnaire's tables: what the museum's pages and the province's pages have in common."""
