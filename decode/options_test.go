package decode

import (
	"slices"
	"strings"
	"testing"
)

func TestOptions(t *testing.T) {
	for _, row := range []struct {
		name string
		raw  string
		text string
		want Options
	}{
		{"none", "", "", Options{}},
		{"a SYN's", "\x02\x04\x05\xb4\x04\x02\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x00\x01\x03\x03\x07",
			"mss 1460, sackOK, TS val 1 ecr 0, nop, wscale 7",
			Options{HasMSS: true, MSS: 1460, SACKPermitted: true, HasTimestamps: true, TSVal: 1, HasScale: true, Scale: 7}},
		{"data segment's", "\x01\x01\x08\x0a\x00\x00\x00\x05\x00\x00\x00\x06", "nop, nop, TS val 5 ecr 6",
			Options{HasTimestamps: true, TSVal: 5, TSEcr: 6}},
		{"two SACK blocks", "\x01\x01\x05\x12\x00\x00\x00\x05\x00\x00\x00\x09\x00\x00\x00\x0b\x00\x00\x00\x0d",
			"nop, nop, sack 2 {5:9}{11:13}", Options{SACKCount: 2, SACK: [4]Block{{5, 9}, {11, 13}}}},
		{"padding behind the end", "\x02\x04\x05\xb4\x00\x03\x03\x07", "mss 1460, eol", Options{HasMSS: true, MSS: 1460}},
		{"MSS too short, read on", "\x02\x03\x05\x03\x03\x07\x01\x01",
			"[bad opt: maximum segment size: length 3, it should be 4 (RFC 9293 §3.2)], wscale 7, nop, nop",
			Options{HasScale: true, Scale: 7}},
		{"length 0 ends the list", "\x02\x04\x05\xb4\x08\x00\x03\x03", "mss 1460, [bad opt: timestamps: length 0, the minimum is 2]",
			Options{HasMSS: true, MSS: 1460}},
		{"past the end", "\x01\x01\x03\x09", "nop, nop, [bad opt: window scale: length 9, only 2 bytes of options are left]", Options{}},
		{"no length byte", "\x01\x01\x01\x03", "nop, nop, nop, [bad opt: window scale: the options end before its length]", Options{}},
		{"SACK permitted too long still permits", "\x04\x03\x00\x01",
			"[bad opt: SACK permitted: length 3, it should be 2 (RFC 2018 §2)], nop", Options{SACKPermitted: true}},
		{"first of two counts", "\x02\x04\x05\xb4\x02\x04\x00\x01", "mss 1460, mss 1", Options{HasMSS: true, MSS: 1460}},
		{"Fast Open asks", "\x22\x02\x01\x01", "tfo  cookiereq, nop, nop", Options{FastOpen: true}},
		{"Fast Open cookie", "\x22\x06\xca\xfe\xba\xbe\x01\x01", "tfo  cookie cafebabe, nop, nop", Options{FastOpen: true}},
		{"Fast Open experiment", "\xfe\x06\xf9\x89\xca\xfe\x01\x01", "exp-tfo cookie cafe, nop, nop", Options{FastOpen: true}},
		{"another experiment", "\xfe\x04\x12\x34", "exp-1234", Options{}},
		{"MPTCP", "\x1e\x04\x01\x81", "mptcp 4 capable v1", Options{MPTCP: true}},
		{"MPTCP data", "\x1e\x08\x20\x01\x00\x00\x00\x01", "mptcp 8 dss", Options{MPTCP: true}},
		{"user timeout", "\x1c\x04\x80\x05", "uto 5 min", Options{}},
		{"MD5", "\x13\x12" + strings.Repeat("\xab", 16) + "\x01\x01", "md5 " + strings.Repeat("ab", 16) + ", nop, nop", Options{}},
		{"AO", "\x1d\x08\x01\x02\xca\xfe\xba\xbe", "tcp-ao keyid 1 rnextkeyid 2 mac 0xcafebabe", Options{}},
		{"AO without a code", "\x1d\x04\x01\x02", "tcp-ao keyid 1 rnextkeyid 2", Options{}},
		{"accurate ECN", "\xac\x05\x00\x00\x01\x01\x01\x01", "unknown-172 0x000001, nop, nop, nop", Options{}},
		{"by number", "\xc8\x04\x01\x02", "unknown-200 0x0102", Options{}},
	} {
		var got Options
		problem := got.read([]byte(row.raw))
		if text := got.Text(); text != row.text {
			t.Errorf("%s: text %q, want %q", row.name, text, row.text)
		}
		if bad := strings.Contains(row.text, "[bad opt"); bad != (problem != nil) {
			t.Errorf("%s: problem %+v", row.name, problem)
		}
		got.Raw = nil
		want := row.want
		if !equalOptions(got, want) {
			t.Errorf("%s: read %+v, want %+v", row.name, got, want)
		}
	}
}

func equalOptions(a, b Options) bool {
	a.Raw, b.Raw = nil, nil
	blocks := slices.Equal(a.SACK[:a.SACKCount], b.SACK[:b.SACKCount])
	a.SACK, b.SACK = [4]Block{}, [4]Block{}
	return blocks && a.MSS == b.MSS && a.HasMSS == b.HasMSS && a.HasScale == b.HasScale && a.Scale == b.Scale &&
		a.SACKPermitted == b.SACKPermitted && a.HasTimestamps == b.HasTimestamps && a.TSVal == b.TSVal &&
		a.TSEcr == b.TSEcr && a.FastOpen == b.FastOpen && a.MPTCP == b.MPTCP && a.SACKCount == b.SACKCount
}

func TestOptionNamesAndBits(t *testing.T) {
	o := Options{Raw: []byte("\x02\x04\x05\xb4\x1e\x04\x10\x01\xc8\x02\x01\x03\x09")}
	var got []string
	for opt := range o.All() {
		line := opt.Name()
		if opt.Problem != nil {
			line += "!"
		}
		got = append(got, line)
		if want := map[string]int{"maximum segment size": 160, "MPTCP MP_JOIN": 192, "option 200": 224,
			"no operation": 240, "window scale!": 248}[line]; want != opt.Bit {
			t.Errorf("%s at bit %d, want %d", line, opt.Bit, want)
		}
		if opt.Problem != nil && opt.Problem.Bit != opt.Bit {
			t.Errorf("problem at bit %d", opt.Problem.Bit)
		}
	}
	if len(got) != 5 {
		t.Errorf("options %v", got)
	}
}

// FuzzOptions: any bytes are a list that can be walked and written, each
// option stands where the one before it ends, and a problem lies within.
func FuzzOptions(f *testing.F) {
	f.Add([]byte("\x02\x04\x05\xb4\x04\x02\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x00\x01\x03\x03\x07")) // a SYN's
	f.Add([]byte("\x05\x22"))                                                                         // SACK past the end
	f.Add([]byte("\x1e\x02\x1d\x02\x13\x02\x1c\x02\xac\x02\x22\x02\xfe\x02"))                         // shortest of each
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = raw[:min(len(raw), 40)]
		var o Options
		if p := o.read(raw); p != nil && (p.Bit < 160 || p.Bit >= 160+8*len(raw)) {
			t.Fatalf("problem at bit %d of %d bytes", p.Bit, len(raw))
		}
		at := 160
		for opt := range o.All() {
			if opt.Bit != at {
				t.Fatalf("%s at bit %d, the one before it ends at %d", opt.Name(), opt.Bit, at)
			}
			at += 8 * opt.Length
		}
		_ = o.Text()
	})
}
