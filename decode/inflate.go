package decode

// inflater unpacks DEFLATE (RFC 1951) under a budget. compress/flate cannot be
// held to one: eleven bytes of a block that holds nothing but its codes cost as
// much work there as tens of thousands of bytes that come out.
type inflater struct {
	in     []byte
	at     int
	buffer uint64 // bits read and not taken, the lowest first
	bits   uint
	out    []byte
	most   int // bytes that may come out
	work   int // that may be done: bytes that come out, and what blocks cost
	ended  inflateEnd
}

// inflateEnd says why nothing more comes out.
type inflateEnd uint8

const (
	inflateGoesOn inflateEnd = iota
	inflateDone              // behind the last block
	inflateFault             // the rest is missing, or is no DEFLATE
	inflateMost              // more would come out than may
	inflateWork              // the budget is used up
)

// What beginning a block costs, in bytes that come out: one with known codes, and
// one that brings its own.
const (
	blockWork = 16
	codesWork = 512
)

// Sizes of the alphabets (RFC 1951 §3.2.7).
const (
	maxCodeBits = 15
	maxLiterals = 286
	maxDistance = 30
)

// code is a canonical Huffman code (RFC 1951 §3.2.2): how many symbols have so
// many bits, and the symbols in order of their codes.
type code struct {
	count   [maxCodeBits + 1]uint16
	symbols [maxLiterals + 2]uint16
}

// run unpacks in behind what out holds already.
func (f *inflater) run() {
	for f.ended == inflateGoesOn {
		last, kind := f.take(1), f.take(2)
		cost := blockWork
		if kind == 2 {
			cost = codesWork
		}
		if cost > f.work {
			f.end(inflateWork)
		}
		if f.ended != inflateGoesOn {
			return
		}
		f.work -= cost
		switch kind {
		case 0:
			f.stored()
		case 1:
			f.block(&fixedLiterals, &fixedDistances)
		case 2:
			f.dynamic()
		default:
			f.end(inflateFault)
		}
		if last == 1 {
			f.end(inflateDone)
		}
	}
}

// end keeps the first reason.
func (f *inflater) end(why inflateEnd) {
	if f.ended == inflateGoesOn {
		f.ended = why
	}
}

// refill gets whole bytes, as many as there is room for.
func (f *inflater) refill() {
	for f.bits <= 56 && f.at < len(f.in) {
		f.buffer |= uint64(f.in[f.at]) << f.bits
		f.at++
		f.bits += 8
	}
}

// take returns the next n bits, at most 16; 0 and the end where they are missing.
func (f *inflater) take(n uint) int {
	if f.bits < n {
		if f.refill(); f.bits < n {
			f.end(inflateFault)
			return 0
		}
	}
	v := f.buffer & (1<<n - 1)
	f.buffer >>= n
	f.bits -= n
	return int(v)
}

// room reports whether n more bytes may come out, and counts them.
func (f *inflater) room(n int) bool {
	switch {
	case f.ended != inflateGoesOn:
	case len(f.out)+n > f.most:
		f.end(inflateMost)
	case n > f.work:
		f.end(inflateWork)
	default:
		f.work -= n
		return true
	}
	return false
}

// stored copies a block that is not packed (RFC 1951 §3.2.4).
func (f *inflater) stored() {
	f.take(f.bits & 7)
	size := f.take(16)
	if inverse := f.take(16); size^inverse != 0xffff {
		f.end(inflateFault)
	}
	f.at -= int(f.bits / 8) // whole bytes only are left
	f.buffer, f.bits = 0, 0
	there := min(size, len(f.in)-f.at)
	if !f.room(there) {
		return
	}
	f.out = append(f.out, f.in[f.at:f.at+there]...)
	if f.at += there; there < size {
		f.end(inflateFault)
	}
}

// symbol reads one symbol, bit by bit: the codes of a length follow one another.
func (f *inflater) symbol(c *code) int {
	if f.bits < maxCodeBits {
		f.refill()
	}
	value, first, index := 0, 0, 0
	for n := uint(1); n <= min(maxCodeBits, f.bits); n++ {
		value |= int(f.buffer>>(n-1)) & 1
		count := int(c.count[n])
		if value-count < first {
			f.buffer >>= n
			f.bits -= n
			return int(c.symbols[index+value-first])
		}
		index += count
		first = (first + count) << 1
		value <<= 1
	}
	f.end(inflateFault)
	return 0
}

// The lengths and distances that symbols stand for (RFC 1951 §3.2.5).
var (
	lengthBase = [...]int{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31,
		35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthBits   = [...]uint{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distanceBase = [...]int{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769,
		1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distanceBits = [...]uint{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
)

// block unpacks up to the end of a block.
func (f *inflater) block(literals, distances *code) {
	const endOfBlock = 256
	for f.ended == inflateGoesOn {
		symbol := f.symbol(literals)
		switch {
		case f.ended != inflateGoesOn || symbol == endOfBlock:
			return
		case symbol < endOfBlock:
			if f.room(1) {
				f.out = append(f.out, byte(symbol))
			}
		case symbol-257 >= len(lengthBase):
			f.end(inflateFault)
		default:
			f.again(symbol-257, distances)
		}
	}
}

// again copies what came out before, which may reach into what it makes.
func (f *inflater) again(symbol int, distances *code) {
	length := lengthBase[symbol] + f.take(lengthBits[symbol])
	symbol = f.symbol(distances)
	if symbol >= len(distanceBase) {
		f.end(inflateFault)
		return
	}
	distance := distanceBase[symbol] + f.take(distanceBits[symbol])
	if distance > len(f.out) {
		f.end(inflateFault)
	}
	if !f.room(length) {
		return
	}
	for length > 0 {
		from := len(f.out) - distance
		part := f.out[from:min(from+length, len(f.out))]
		f.out = append(f.out, part...)
		length -= len(part)
	}
}

// codeOrder is the order in which the lengths of the code for code lengths come.
var codeOrder = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic reads a block's own codes (RFC 1951 §3.2.7) and unpacks it.
func (f *inflater) dynamic() {
	nLiterals, nDistances, nCodes := f.take(5)+257, f.take(5)+1, f.take(4)+4
	if nLiterals > maxLiterals || nDistances > maxDistance {
		f.end(inflateFault)
		return
	}
	var lengths [maxLiterals + maxDistance]uint8
	for _, at := range codeOrder[:nCodes] {
		lengths[at] = uint8(f.take(3))
	}
	var literals, distances code
	if !literals.set(lengths[:len(codeOrder)], false) {
		f.end(inflateFault)
		return
	}
	lengths = [len(lengths)]uint8{}
	for n := 0; n < nLiterals+nDistances && f.ended == inflateGoesOn; {
		symbol, repeat := f.symbol(&literals), 1
		length := uint8(symbol)
		switch symbol {
		case 16:
			if n == 0 {
				f.end(inflateFault)
				return
			}
			length, repeat = lengths[n-1], 3+f.take(2)
		case 17:
			length, repeat = 0, 3+f.take(3)
		case 18:
			length, repeat = 0, 11+f.take(7)
		}
		if n+repeat > nLiterals+nDistances {
			f.end(inflateFault)
			return
		}
		for ; repeat > 0; repeat-- {
			lengths[n] = length
			n++
		}
	}
	const endOfBlock = 256
	if f.ended != inflateGoesOn || lengths[endOfBlock] == 0 ||
		!literals.set(lengths[:nLiterals], true) || !distances.set(lengths[nLiterals:nLiterals+nDistances], true) {
		f.end(inflateFault)
		return
	}
	f.block(&literals, &distances)
}

// set makes the code of these lengths; false where there is none. A code that
// leaves room is none either, but where it has a single symbol, or no symbol.
func (c *code) set(lengths []uint8, mayBeSingle bool) bool {
	c.count = [len(c.count)]uint16{}
	for _, n := range lengths {
		c.count[n]++
	}
	left, used := 1, len(lengths)-int(c.count[0])
	var next [maxCodeBits + 1]uint16
	for n := 1; n <= maxCodeBits; n++ {
		if left = left<<1 - int(c.count[n]); left < 0 {
			return false
		}
		if n < maxCodeBits {
			next[n+1] = next[n] + c.count[n]
		}
	}
	for symbol, n := range lengths {
		if n > 0 {
			c.symbols[next[n]] = uint16(symbol)
			next[n]++
		}
	}
	c.count[0] = 0
	return left == 0 || mayBeSingle && (used == 0 || used == 1 && c.count[1] == 1)
}

// The codes of blocks that bring none (RFC 1951 §3.2.6).
var fixedLiterals, fixedDistances = fixedCodes()

func fixedCodes() (literals, distances code) {
	var lengths [maxLiterals + 2]uint8
	for symbol := range lengths {
		switch {
		case symbol < 144:
			lengths[symbol] = 8
		case symbol < 256:
			lengths[symbol] = 9
		case symbol < 280:
			lengths[symbol] = 7
		default:
			lengths[symbol] = 8
		}
	}
	literals.set(lengths[:], false)
	for symbol := range maxDistance {
		lengths[symbol] = 5
	}
	distances.set(lengths[:maxDistance], false) // 32 codes of five bits, two of which mean nothing
	return literals, distances
}
