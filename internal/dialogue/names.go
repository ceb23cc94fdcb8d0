package dialogue

import "bytes"

// NextName cuts the first name off what one read returned and gives back the
// rest; name is nil once there is none.
//
// The names of the greeting carry no end mark of their own, so a read is split
// at CR, LF or CR LF; every piece that is not empty is a name, and a tail
// without an end mark is a name at once. An empty piece is no name and gets no
// answer. That also takes care of the LF of a CR LF, and of the LF that
// follows a name of exactly ReadSize bytes in the next read: nothing needs to
// be remembered from one read to the next.
//
// Two names sent without an end mark that arrive in one read are one name, and
// a name that arrives in two reads is two: TCP carries bytes and not messages
// (RFC 9293 §2.2), which is why real protocols frame theirs.
func NextName(read []byte) (name, rest []byte) {
	for len(read) > 0 {
		end := bytes.IndexAny(read, "\r\n")
		switch {
		case end < 0:
			return read, nil
		case end > 0:
			return read[:end], read[end+1:]
		}
		read = read[1:]
	}
	return nil, nil
}
