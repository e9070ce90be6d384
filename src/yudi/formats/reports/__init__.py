"""How is a verdict put on paper? One content, written as PDF, DOCX, XLSX and GeoJSON that all say the same."""
