"""The demo: a campaign, last year, museums and plausible figures, all drawn from data files (demo/<questionnaire>/)."""
