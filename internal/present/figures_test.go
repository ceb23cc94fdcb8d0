package present

import (
	"net/netip"
	"testing"
)

func TestSeconds(t *testing.T) {
	for ns, want := range map[int64]string{
		0: "0.000000000 0.000", 1: "0.000000001 0.000", -1: "-0.000000001 -0.000", 999_499: "0.000999499 0.999",
		999_500: "0.000999500 1.000", 1e9: "1.000000000 1000.000", -1_234_567_890: "-1.234567890 -1234.568",
		1_700_000_000_123_456_789: "1700000000.123456789 1700000000123.457",
	} {
		got := string(appendMs(append(appendSeconds(nil, ns), ' '), ns))
		if got != want {
			t.Errorf("%d ns: %s, want %s", ns, got, want)
		}
	}
}

func TestAddr(t *testing.T) {
	for _, text := range []string{"0.0.0.0", "127.0.0.1", "192.0.2.99", "255.255.255.255", "10.9.100.200", "::1", "2001:db8::a", "fe80::1%eth0", "::ffff:192.0.2.1"} {
		if got := string(appendAddr([]byte("from "), netip.MustParseAddr(text))); got != "from "+text {
			t.Errorf("%s, want %s", got, text)
		}
	}
}
