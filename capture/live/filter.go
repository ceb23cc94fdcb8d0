//go:build cgo && !windows

package live

/*
#cgo LDFLAGS: -lpcap
#cgo noescape pcap_offline_filter
#cgo nocallback pcap_offline_filter
#include <stdlib.h>
#include <pcap.h>
*/
import "C"

import (
	"errors"
	"runtime"
	"strings"
	"unsafe"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Filter is a compiled BPF expression, for packets of one link type. It is for
// one goroutine at a time. (gopacket's own would cut the link type to 8 bits.)
type Filter struct {
	program *C.struct_bpf_program
	header  C.struct_pcap_pkthdr
}

// CompileFilter compiles a BPF expression as in pcap-filter(7); it needs no
// rights. Error: a *FilterError, which is ErrFilter.
func CompileFilter(link capture.LinkType, snaplen int, expr string) (*Filter, error) {
	if strings.ContainsRune(expr, 0) {
		return nil, &FilterError{Expression: expr, Message: "a NUL byte is in it"}
	}
	dead := C.pcap_open_dead(C.int(dltOfLink(link)), C.int(max(snaplen, 1)))
	if dead == nil {
		return nil, errors.New("libpcap: out of memory")
	}
	defer C.pcap_close(dead)
	text := C.CString(expr)
	defer C.free(unsafe.Pointer(text))
	f := &Filter{program: (*C.struct_bpf_program)(C.calloc(1, C.sizeof_struct_bpf_program))}
	if C.pcap_compile(dead, f.program, text, 1, C.PCAP_NETMASK_UNKNOWN) != 0 {
		C.free(unsafe.Pointer(f.program))
		return nil, &FilterError{Expression: expr, Message: filterMessage(C.GoString(C.pcap_geterr(dead)))}
	}
	runtime.AddCleanup(f, func(p *C.struct_bpf_program) {
		C.pcap_freecode(p)
		C.free(unsafe.Pointer(p))
	}, f.program)
	return f, nil
}

// Match reports whether the filter takes a packet of wireLen bytes, of which
// data were captured.
func (f *Filter) Match(data []byte, wireLen int) bool {
	f.header.caplen, f.header.len = C.bpf_u_int32(len(data)), C.bpf_u_int32(wireLen)
	matched := C.pcap_offline_filter(f.program, &f.header, (*C.u_char)(unsafe.SliceData(data))) != 0
	runtime.KeepAlive(f)
	return matched
}
