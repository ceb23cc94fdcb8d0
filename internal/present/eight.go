package present

// Most text is printable ASCII, which is seen eight bytes at a time.

const (
	ones   = 0x0101010101010101
	spaces = ' ' * ones
	highs  = 0x80 * ones
)

// eightOf returns the first eight bytes of text in one word.
func eightOf[T texts](text T) uint64 {
	t := text[:8]
	return uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
		uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
}

// isOdd tells that one of eight bytes is below a space or above a tilde. A byte
// that is below another borrows its highest bit.
func isOdd(eight uint64) bool {
	deletes := eight ^ 0x7f*ones
	return (eight|(eight-spaces)|(deletes-ones))&highs != 0
}

// harms tells that one of them is odd, a quote or a backslash.
func harms(eight uint64) bool {
	quotes, backslashes := eight^'"'*ones, eight^'\\'*ones
	return isOdd(eight) || ((quotes-ones)|(backslashes-ones))&highs != 0
}

// isPlain tells that text is printable ASCII as it stands.
func isPlain[T texts](text T) bool {
	if len(text) < 8 {
		for i := range len(text) {
			if text[i] < ' ' || text[i] > 0x7e {
				return false
			}
		}
		return true
	}
	last := len(text) - 8
	for at := 0; at < last; at += 8 {
		if isOdd(eightOf(text[at:])) {
			return false
		}
	}
	return !isOdd(eightOf(text[last:]))
}

// isHarmless tells that text is the same in a JSON string: plain, without
// quotes and backslashes.
func isHarmless(text []byte) bool {
	for ; len(text) >= 8; text = text[8:] {
		if harms(eightOf(text)) {
			return false
		}
	}
	for _, c := range text {
		if harms(uint64(c) | spaces&^0xff) {
			return false
		}
	}
	return true
}
