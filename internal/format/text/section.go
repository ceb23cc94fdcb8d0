package text

// appendSection appends the title that a view stands under, if it has one.
func appendSection(dst []byte, title string, markdown bool) []byte {
	if title == "" {
		return dst
	}
	dst = append(dst, '\n')
	if markdown {
		dst = append(dst, "## "...)
	}
	return append(append(dst, title...), "\n\n"...)
}
