"""Looking into uploaded files before they are kept: pure Python, nothing of a member is ever written to disk."""
