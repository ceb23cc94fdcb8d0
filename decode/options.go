package decode

// Block is one SACK block (RFC 2018 §3): left edge, right edge, absolute.
type Block struct{ Left, Right uint32 }

// Options are the options of a TCP header that the program uses, read in one
// pass. Raw keeps the list for those who show it.
type Options struct {
	Raw           []byte // from bit 160 on, as far as captured
	MSS           uint16 // bytes
	HasMSS        bool
	HasScale      bool
	Scale         uint8 // shift count as sent
	SACKPermitted bool
	HasTimestamps bool
	TSVal, TSEcr  uint32
	FastOpen      bool
	MPTCP         bool
	SACKCount     uint8 // blocks in SACK
	SACK          [4]Block
}
