package decode

// Keep makes the segment independent of the packet's data: it copies header
// and payload into buf, from its beginning, and returns the buffer, grown
// where it had to be. The segment is then valid as long as the buffer is.
func (s *Segment) Keep(buf []byte) []byte {
	header, all := len(s.Header), len(s.Header)+len(s.Payload)
	buf = append(append(buf[:0], s.Header...), s.Payload...)
	s.Header, s.Payload = buf[:header:header], buf[header:all:all]
	if n := len(s.Options.Raw); n > 0 {
		s.Options.Raw = s.Header[header-n:]
	}
	return buf
}
