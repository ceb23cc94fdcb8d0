package explain

import (
	"bytes"
	"encoding/binary"
	"os/exec"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// tcpdump reads packets, raw IP, and returns what it prints of those that the
// filter takes, a line each.
func tcpdump(t *testing.T, packets [][]byte, filter string) []string {
	t.Helper()
	file := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	for _, v := range []uint32{2 | 4<<16, 0, 0, 1 << 16, 101} { // version, zone, accuracy, snaplen, LINKTYPE_RAW
		file = binary.LittleEndian.AppendUint32(file, v)
	}
	for i, p := range packets {
		for _, v := range []int{i, 0, len(p), len(p)} {
			file = binary.LittleEndian.AppendUint32(file, uint32(v))
		}
		file = append(file, p...)
	}
	command := exec.CommandContext(t.Context(), "tcpdump", "-n", "-t", "-S", "-r", "-", filter)
	command.Stdin = bytes.NewReader(file)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("tcpdump %s: %v", filter, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// needTcpdump skips where there is none, and reports whether it is the version
// whose spelling the reference shows.
func needTcpdump(t *testing.T) (known bool) {
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("needs tcpdump")
	}
	out, _ := exec.Command("tcpdump", "--version").CombinedOutput()
	return strings.Contains(string(out), "4.99.3")
}

// packet is a TCP segment in IPv4 or IPv6, from port 1 to a port of its own.
func packet(v6 bool, flags decode.Flags, port int, options string) []byte {
	for len(options)%4 != 0 {
		options += "\x00"
	}
	tcp := make([]byte, 20, 60)
	for _, f := range decode.Fields {
		switch f.Key {
		case "tcp.srcport":
			f.Set(tcp, 1)
		case "tcp.dstport":
			f.Set(tcp, uint32(port))
		case "tcp.hdr_len":
			f.Set(tcp, uint32(5+len(options)/4))
		}
	}
	tcp[12] |= byte(flags >> 8)
	tcp[13] = byte(flags)
	tcp = append(tcp, options...)
	if v6 {
		ip := make([]byte, ip6Header)
		ip[0], ip[5], ip[6], ip[7] = 0x60, byte(len(tcp)), 6, 64
		return append(ip, tcp...)
	}
	ip := []byte{0x45, 0, 0, byte(20 + len(tcp)), 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2}
	return append(ip, tcp...)
}

// What the pages show as tcpdump's spelling is what tcpdump prints, and so is
// the text of each option, but where decode says that it differs.
func TestOptionsAsTcpdumpPrintsThem(t *testing.T) {
	known := needTcpdump(t)
	samples := map[uint8]string{
		0: "\x00", 1: "\x01", 2: "\x02\x04\x05\xb4", 3: "\x03\x03\x07", 4: "\x04\x02",
		5:  "\x05\x0a\x00\x00\x00\x05\x00\x00\x00\x09",
		8:  "\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x00",
		19: "\x13\x12" + strings.Repeat("\xab", 16), 28: "\x1c\x04\x00\x3c",
		29: "\x1d\x10\x01\x01" + strings.Repeat("\xcd", 12), 30: "\x1e\x04\x01\x01", 34: "\x22\x02",
		172: "\xac\x05\x00\x00\x01", 174: "\xae\x05\x00\x00\x01", 253: "\xfd\x04\x12\x34", 254: "\xfe\x04\x12\x34",
	}
	var packets [][]byte
	for i, o := range options {
		if samples[o.kind] == "" {
			t.Fatalf("no sample of option %d", o.kind)
		}
		packets = append(packets, packet(false, decode.SYN, i, samples[o.kind]))
	}
	more := []string{"\xfd\x06\x12\x34\x56\x78", "\xfe\x04\xf9\x89", "\xfe\x0a\xf9\x89\xca\xfe\xba\xbe\x01\x02",
		"\x22\x0a\xca\xfe\xba\xbe\x01\x02\x03\x04", "\xae\x0b\x00\x00\x01\x00\x00\x02\x00\x00\x03", "\xc8\x04\x01\x02",
		"\x05\x12\x00\x00\x00\x05\x00\x00\x00\x09\x00\x00\x00\x0b\x00\x00\x00\x0d", "\x1d\x04\x01\x02"}
	for _, raw := range more {
		packets = append(packets, packet(false, decode.SYN, len(packets), raw))
	}
	complain := t.Errorf
	if !known {
		complain = t.Logf
	}
	for i, line := range tcpdump(t, packets, "tcp") {
		_, printed, _ := strings.Cut(line, "options [")
		printed, _, _ = strings.Cut(printed, "],")
		raw := packets[i][40:]
		if text := (&decode.Options{Raw: raw}).Text(); i >= len(options) || options[i].kind != 19 && options[i].kind != 28 {
			if strings.ReplaceAll(text, ", ", ",") != printed {
				complain("%x is %q, tcpdump prints %q", raw, text, printed)
			}
		}
		if i >= len(options) {
			continue
		}
		o := options[i]
		printed = strings.Join(strings.Fields(printed), " ")
		if o.kind != 0 {
			printed, _, _ = strings.Cut(printed, ",eol")
		}
		want, open := strings.CutSuffix(o.shown, "…")
		if printed != want && !(open && strings.HasPrefix(printed, want)) {
			complain("option %d: the page says %q, tcpdump prints %q", o.kind, o.shown, printed)
		}
	}
}

// The flags are shown as tcpdump shows them.
func TestFlagsAsTcpdumpPrintsThem(t *testing.T) {
	known := needTcpdump(t)
	var packets [][]byte
	for flags := range decode.AE << 1 {
		packets = append(packets, packet(false, flags, 9, ""))
	}
	for i, line := range tcpdump(t, packets, "tcp") {
		shown := notations(decode.Flags(i))[2][1]
		if _, old, differs := strings.Cut(shown, "leaves AE out: "); differs {
			shown = old
		}
		if known && !strings.Contains(line, "Flags "+shown+",") {
			t.Errorf("0x%03x is shown as %s, tcpdump prints %q", i, shown, line)
		}
	}
}
