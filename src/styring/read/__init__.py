"""The door to foreign ground: a workbook in, tables and notes out.

container → what kind of file it is, and whether it is safe to open
scan      → what the cell reader would not tell: error cells, formulas without a value, hidden rows
grid      → the cells of each sheet, from a workbook or a folder of CSV files
parse     → one cell's text as a number, date, paragraph …
columns   → a column of cells as a typed series, with every doubt noted
layout    → which sheet is what, where its header is, which columns hold amounts
account   → what became of a sheet's rows and of the sum of its main column
doubts    → what is said of doubtful cells
wide      → wide ledgers made long, printed totals and deviations checked
sheets    → one laid-out sheet as a frame
workbook  → all of it in order
"""
