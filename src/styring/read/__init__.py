"""The door to foreign ground: a workbook in, tables and notes out.

container    → what kind of file it is, and whether it is safe to open
parts        → the parts of a workbook's archive, by the names they point at each other with
scan         → what the cell reader would not tell: errors, formulas without a value, hidden rows
grid         → the cells of each sheet, from a workbook or a folder of CSV files
parse        → one cell's text as a number, date, paragraph …
columns      → a column of cells as a typed series, with every doubt noted
headers      → what headers and titles say of amounts: version, year, month, unit
layout       → which sheet is what, where its header is, which columns hold amounts
taken        → what is said of how a sheet was taken
account      → what became of a sheet's rows and of the sum of its main column
doubts       → what is said of doubtful cells
wide         → wide ledgers made long, printed totals and deviations checked
sheets       → one laid-out sheet as a frame
municipality → whose workbook it is, and as of when
workbook     → all of it in order
"""
