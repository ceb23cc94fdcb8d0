package view

import (
	"net/netip"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// Manner is how readers are told numbers and addresses. Programs are told both kinds
// of numbers, and addresses as they are. The nil Manner is that of the header.
type Manner struct {
	Relative bool                  // sequence and acknowledgment numbers count from the SYN, which is 0, as Wireshark shows them
	Raw      bool                  // … and stand beside those of the header
	Stable   bool                  // numbers that hosts choose are told as what they are: x, y + 1 + 9, p1
	Twins    *Twins                // which segments a filter cannot tell apart; nil: not known
	Names    map[netip.Addr]string // labels in the place of addresses; they may hold anything
}

// SymbolicPort is the port of the first client, where ports stand for those that were
// chosen.
const SymbolicPort = 50001

// isRelative reports whether numbers are told relative, and not as the header has
// them.
func (m *Manner) isRelative() bool { return m != nil && m.Relative && !m.Raw }

// isBoth reports whether they are told in both ways.
func (m *Manner) isBoth() bool { return m != nil && m.Relative && m.Raw }

// AppendSocket appends an address, or its label, and a port.
func (m *Manner) AppendSocket(dst []byte, socket netip.AddrPort) []byte {
	if m != nil {
		port := int64(socket.Port()) - SymbolicPort + 1
		isSymbol := m.Stable && port > 0 && port <= 10_000
		if name, ok := m.Names[socket.Addr().Unmap()]; ok {
			dst = append(append(dst, name...), ':')
		} else if isSymbol {
			dst = append(socket.Addr().AppendTo(dst), ':')
		} else {
			return socket.AppendTo(dst)
		}
		if isSymbol {
			return decimal.AppendInt(append(dst, 'p'), port)
		}
		return decimal.AppendInt(dst, int64(socket.Port()))
	}
	return socket.AppendTo(dst)
}

// appendAddr appends an address or its label.
func (m *Manner) appendAddr(dst []byte, a netip.Addr) []byte {
	if m != nil {
		if name, ok := m.Names[a.Unmap()]; ok {
			return append(dst, name...)
		}
	}
	return appendAddr(dst, a)
}

// appendNumber appends a sequence or acknowledgment number.
func (m *Manner) appendNumber(dst []byte, raw, relative uint32) []byte {
	switch {
	case m.isRelative():
		return decimal.Append(dst, uint64(relative))
	case m.isBoth():
		dst = append(decimal.Append(dst, uint64(raw)), " ("...)
		return append(decimal.Append(dst, uint64(relative)), ')')
	}
	return decimal.Append(dst, uint64(raw))
}

// isSymbolic reports whether a number is told as what it is counted from.
func (m *Manner) isSymbolic(rule *conversation.Rule) bool {
	return m != nil && m.Stable && rule.Base != conversation.NoBase && rule.Base != conversation.Zero
}

// appendSeq appends the sequence number of a row's segment.
func appendSeq(dst []byte, r *Row) []byte {
	if r.Has&isFollowed == 0 {
		return dst
	}
	if r.Manner.isSymbolic(&r.Event.SeqRule) {
		return r.Event.SeqRule.AppendShort(dst)
	}
	return r.Manner.appendNumber(dst, r.Segment.Seq, r.Event.Seq)
}

// appendAck appends its acknowledgment number.
func appendAck(dst []byte, r *Row) []byte {
	if !r.whole() {
		return dst
	}
	if r.Manner.isSymbolic(&r.Event.AckRule) {
		return r.Event.AckRule.AppendShort(dst)
	}
	return r.Manner.appendNumber(dst, r.Segment.Ack, r.Event.Ack)
}

// InManner is the view with columns that fit a manner.
func (v *View) InManner(m *Manner) *View {
	if v.IsStory() || m == nil || !m.Relative {
		return v
	}
	cells, other := v.Cells, *v
	other.Cells = func(room int) []ReaderColumn {
		list := append([]ReaderColumn(nil), cells(room)...)
		for i := range list {
			name, bits, ok := strings.Cut(list[i].Title, " ")
			switch {
			case !ok || name != "seq" && name != "ack" || bits != "32-63" && bits != "64-95":
			case m.Raw:
				list[i].Size += len(" (123)")
			default:
				list[i].Title = "relative " + name
				list[i].Size = max(list[i].Size, len(list[i].Title))
			}
		}
		return list
	}
	return &other
}

// ClientName is the client's socket of a connection that an entry opens.
func (e *Entry) ClientName() string { return string(e.manner.AppendSocket(nil, e.Opens.Client)) }

// ServerName is the server's.
func (e *Entry) ServerName() string { return string(e.manner.AppendSocket(nil, e.Opens.Server)) }
