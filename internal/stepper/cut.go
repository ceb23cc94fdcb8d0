package stepper

// Cut is a line as far as so many columns. Colours take no column.
func Cut(line string, columns int) string { return cutLine(line, columns) }
