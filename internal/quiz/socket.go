package quiz

import (
	"net/netip"
	"strconv"
	"strings"
)

// readSocket reads an address and a port, with a colon, a blank or tcpdump's dot
// between them.
func readSocket(given string) (address string, port uint16, ok bool) {
	given = strings.NewReplacer(",", " ", " port ", " ", "(", " ", ")", "").Replace(strings.ToLower(given))
	cut := strings.LastIndexAny(given, " :.")
	if cut < 0 {
		return "", 0, false
	}
	n, err := strconv.ParseUint(strings.TrimSpace(given[cut+1:]), 10, 16)
	if err != nil {
		return "", 0, false
	}
	a, err := netip.ParseAddr(strings.Trim(strings.TrimRight(given[:cut], " "), "[]"))
	if err != nil {
		return "", 0, false
	}
	return a.String(), uint16(n), true
}
