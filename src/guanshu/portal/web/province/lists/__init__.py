"""报送材料: the province's lists, typed with the same machinery as a museum's tables."""
