"""What other programs' files say: tables, what each column is, and what each cell means.

`tables.open_table` opens a file, `columns.match` says what each column was taken for, `values`
reads the cells of one, `people` puts a patient together from the parts that other systems keep
apart. Nothing is written here, and nobody's record is read.
"""
