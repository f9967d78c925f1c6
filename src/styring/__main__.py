"""`python -m styring`."""

from styring.cli import main

main()
