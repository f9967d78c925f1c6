"""The shelf: what styring knows besides the workbook, as data."""
