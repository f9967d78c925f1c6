"""Invented workbooks of eight municipalities, simulated case by case.

The rooms, in the order in which they are used:

* `profiles`  - what distinguishes one municipality from another;
* `catalogue` - what they have in common: services, functions, statements, dates;
* `draws`     - random draws that are the same everywhere;
* `amounts`   - what a service costs in a period;
* `providers` - who gives the services;
* `cases`     - citizens, their stays and what the stays cost;
* `ledger`    - accounts, budgets and forecasts that follow from the cases;
* `practice`  - the answers to the statements;
* `registers` - the smaller sheets;
* `workbook`  - a sheet, and the file that sheets are written to;
* `tables`    - all sheets of one municipality, in order;
* `checks`    - figures read back from the rows, and the stories they must tell.
"""
