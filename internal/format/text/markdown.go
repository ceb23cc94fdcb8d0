package text

// appendMarkdown appends visible text so that Markdown takes none of it for
// its own signs, in a table's cell too.
func appendMarkdown(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case '\\', '`', '*', '_', '[', ']', '|', '~', '$':
			dst = append(dst, '\\', c)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '&':
			dst = append(dst, "&amp;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
