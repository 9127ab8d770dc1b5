"""guanshu (馆数): official annual data collection."""
