"""The door to foreign ground: a workbook in, tables and notes out.

container    → what kind of file it is, and whether it is safe to open
parts        → the parts of a workbook's archive, by the names they point at each other with
scan         → what the cell reader would not tell: errors, formulas without a value, hidden rows
opendocument → the same of an .ods workbook
biff         → the same of an .xls workbook
grid         → the cells of each sheet, from a workbook or a folder of CSV files
parse        → one cell's text as a number, date, paragraph …
columns      → a column of cells as a typed series, with every doubt noted
headers      → what headers and titles say of amounts: version, year, month, unit
mapping      → what a mapping file says of sheets and columns, and which names are alike
layout       → which sheet is what, where its header is, which columns hold amounts
profiles     → the extracts of known systems, by their headers
guess        → what a workbook is taken for, written as a mapping file
corrections  → cells read otherwise than they stand, each with a reason and a source
taken        → what is said of how a sheet was taken
account      → what became of a sheet's rows and of the sum of its main column
doubts       → what is said of doubtful cells
wide         → wide ledgers made long, printed totals and deviations checked
sheets       → one laid-out sheet as a frame
municipality → whose workbook it is, and as of when
workbook     → all of it in order
"""
