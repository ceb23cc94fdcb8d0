//go:build (cgo && !windows) || (windows && npcap)

package live

import (
	"runtime"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
)

// filterMessage is libpcap's message without its preamble.
func filterMessage(text string) string {
	return strings.TrimPrefix(strings.TrimSpace(text), "can't parse filter expression: ")
}

// The link types of files whose number differs in a running libpcap (a DLT;
// pcap/dlt.h): LINKTYPE_RAW is DLT_RAW, 12 but on OpenBSD, where it is 14; ATM RFC
// 1483 is 11, and 13 on BSD/OS.
const dltATM = 11

func dltRaw() int {
	if runtime.GOOS == "openbsd" {
		return 14
	}
	return 12
}

func dltOfLink(link capture.LinkType) int {
	switch link {
	case capture.LinkRaw, capture.LinkRawBSD, capture.LinkRawOpen:
		return dltRaw()
	case 100:
		return dltATM
	}
	return int(link)
}

func linkOfDLT(dlt int) capture.LinkType {
	switch dlt {
	case dltRaw():
		return capture.LinkRaw
	case dltATM:
		return 100
	}
	return capture.LinkType(dlt)
}
