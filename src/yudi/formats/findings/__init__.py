"""What a check of an edition found, as files to mend from: a workbook and a map."""
