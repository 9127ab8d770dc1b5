"""What all our Word documents share: Chinese fonts by name, tables, page numbers, the same bytes every time."""
