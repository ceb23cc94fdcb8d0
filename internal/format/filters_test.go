package format

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// finding is what a filter is to find: these frames.
type finding struct {
	filter string
	frames []int
}

// findings are the filters of all segments of a capture, and what each is to find, by
// what the decoder says of the segments.
func findings(t *testing.T, path string) (bpf, display []finding) {
	t.Helper()
	twins := view.NewTwins()
	replay(t, openCapture(t, path), only{twins})
	var out bytes.Buffer
	p, err := Open("segments", "csv", &out, present.Options{Manner: &view.Manner{Twins: twins}, Columns: []string{"frame.number",
		"lab.bpf_flags", "lab.bpf_pair", "lab.bpf", "lab.bpf_none", "lab.display_filter_flags", "lab.display_filter_pair", "lab.display_filter",
		"lab.display_filter_frame", "lab.also_matched"}})
	if err != nil {
		t.Fatal(err)
	}
	replay(t, openCapture(t, path), p)
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	segments := segmentsOf(t, path)
	like := func(is func(*decode.Segment) bool) (frames []int) {
		for n := range segments {
			if is(segments[n]) {
				frames = append(frames, n)
			}
		}
		slices.Sort(frames)
		return frames
	}
	seen := map[string]bool{}
	add := func(list *[]finding, filter string, frames []int) {
		if filter != "" && !seen[filter] {
			seen[filter] = true
			*list = append(*list, finding{filter, frames})
		}
	}
	for _, row := range rows[1:] {
		n, _ := strconv.Atoi(row[0])
		s := segments[n]
		readable := func(o *decode.Segment) bool { return len(o.Header) >= 14 && !o.Stunted() }
		flags := func(o *decode.Segment) bool { return readable(o) && o.Flags == s.Flags }
		pair := func(o *decode.Segment) bool {
			return o.Src == s.Src && o.Dst == s.Dst && o.SrcPort == s.SrcPort && o.DstPort == s.DstPort ||
				o.Src == s.Dst && o.Dst == s.Src && o.SrcPort == s.DstPort && o.DstPort == s.SrcPort
		}
		all := []int{n}
		for _, other := range strings.Split(row[9], ";") {
			if o, err := strconv.Atoi(other); err == nil {
				all = append(all, o)
			}
		}
		slices.Sort(all)
		add(&bpf, row[1], like(func(o *decode.Segment) bool { return flags(o) && o.Bare && o.IPVersion == s.IPVersion }))
		add(&bpf, row[2], like(func(o *decode.Segment) bool { return pair(o) && o.Bare }))
		add(&bpf, row[3], all)
		if (row[3] == "") != (row[4] != "") {
			t.Errorf("%s #%d: a filter %q, and why there is none: %q", path, n, row[3], row[4])
		}
		add(&display, row[5], like(flags))
		add(&display, row[6], like(pair))
		add(&display, row[7], all)
		add(&display, row[8], []int{n})
	}
	return bpf, display
}

// only takes segments.
type only struct{ *view.Twins }

func (only) Section(string) error { return nil }
func (only) Close() error         { return nil }

func (o only) Moment(m timeline.Moment) error {
	if m.Event == nil {
		return nil
	}
	return o.Twins.Moment(m)
}

func openCapture(t *testing.T, path string) *capture.File {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// eachPacket gives each packet of a capture to do.
func eachPacket(t *testing.T, path string, do func(*capture.Packet)) {
	t.Helper()
	f := openCapture(t, path)
	for {
		var p capture.Packet
		err := f.Next(&p)
		if damage := new(capture.Damage); err == io.EOF || errors.As(err, &damage) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		do(&p)
	}
}

// segmentsOf are the segments of a capture, by frame.
func segmentsOf(t *testing.T, path string) map[int]*decode.Segment {
	t.Helper()
	segments, decoder := map[int]*decode.Segment{}, decode.New()
	eachPacket(t, path, func(p *capture.Packet) {
		s := new(decode.Segment)
		if decoder.Decode(p, s).Kind == decode.TCP {
			s.Keep(nil)
			segments[p.Number] = s
		}
	})
	return segments
}

func recordings(t *testing.T) []string {
	var paths []string
	for _, pattern := range []string{"../../testdata/*.pcap*", "../../testdata/trouble/*.pcapng"} {
		found, _ := filepath.Glob(pattern)
		paths = append(paths, found...)
	}
	if len(paths) < 20 {
		t.Fatalf("%d recordings", len(paths))
	}
	return paths
}

// TestBPF: libpcap finds with each filter what it is said to find, and nothing else.
func TestBPF(t *testing.T) {
	for _, path := range recordings(t) {
		list, _ := findings(t, path)
		filters := map[string]*live.Filter{}
		found := make([][]int, len(list))
		eachPacket(t, path, func(p *capture.Packet) {
			for i := range list {
				key := fmt.Sprint(p.Link, list[i].filter)
				f := filters[key]
				if f == nil {
					var err error
					if f, err = live.CompileFilter(p.Link, capture.MaxCaptured, list[i].filter); errors.Is(err, live.ErrNoLibpcap) {
						t.Skip(err)
					} else if err != nil {
						t.Fatalf("%s: %v", list[i].filter, err)
					}
					filters[key] = f
				}
				if f.Match(p.Data, p.Length) {
					found[i] = append(found[i], p.Number)
				}
			}
		})
		for i, want := range list {
			if !slices.Equal(found[i], want.frames) {
				t.Errorf("%s: %s finds %v, want %v", path, want.filter, found[i], want.frames)
			}
		}
	}
}

// TestDisplayFilters: tshark finds the same with its own. It counts for many filters
// at once; that a filter finds just its frames is two counts that are equal.
func TestDisplayFilters(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	counts := regexp.MustCompile(`(?m)^\|[^|]*<>[^|]*(\|.*)$`)
	for _, path := range recordings(t) {
		_, list := findings(t, path)
		for group := range slices.Chunk(list, 50) {
			var filters []string
			for _, f := range group {
				var frames []string
				for _, n := range f.frames {
					frames = append(frames, strconv.Itoa(n))
				}
				filters = append(filters, f.filter, "("+f.filter+") && frame.number in {"+strings.Join(frames, " ")+"}")
			}
			// A set has commas between its members, which io,stat takes for its own.
			for i := range filters {
				filters[i] = regexp.MustCompile(`frame\.number in \{([^}]*)\}`).ReplaceAllStringFunc(filters[i], func(set string) string {
					members := strings.Fields(set[strings.IndexByte(set, '{')+1 : len(set)-1])
					return "(frame.number == " + strings.Join(members, " || frame.number == ") + ")"
				})
			}
			out, err := exec.Command("tshark", "-n", "-r", path, "-q", "-z", "io,stat,0,"+strings.Join(filters, ",")).CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", path, err, out)
			}
			row := counts.FindStringSubmatch(string(out))
			if row == nil {
				t.Fatalf("%s: no counts in\n%s", path, out)
			}
			var numbers []int
			for i, cell := range strings.Split(row[1], "|")[1:] {
				if n, err := strconv.Atoi(strings.TrimSpace(cell)); err == nil && i%2 == 0 { // frames, then bytes
					numbers = append(numbers, n)
				}
			}
			if len(numbers) != 2*len(group) {
				t.Fatalf("%s: %d counts of %d filters:\n%s", path, len(numbers), 2*len(group), out)
			}
			for i, f := range group {
				if numbers[2*i] != len(f.frames) || numbers[2*i+1] != len(f.frames) {
					t.Errorf("%s: %s finds %d frames, %d of these: %v", path, f.filter, numbers[2*i], numbers[2*i+1], f.frames)
				}
			}
		}
	}
}

// TestNoBPF: where BPF does not look for TCP that is said, and only there.
func TestNoBPF(t *testing.T) {
	syn := []byte{0xa4, 0x75, 0x17, 0x70, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0}
	ip4 := func(protocol byte, fragment uint16, payload []byte) []byte {
		n := 20 + len(payload)
		return append([]byte{0x45, 0, byte(n >> 8), byte(n), 0, 1, byte(fragment >> 8), byte(fragment), 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2}, payload...)
	}
	ip6 := func(next byte, payload []byte) []byte {
		h := make([]byte, 40, 40+len(payload))
		h[0], h[5], h[6], h[7], h[23], h[39] = 0x60, byte(len(payload)), next, 64, 1, 2
		return append(h, payload...)
	}
	ether := func(kind uint16, payload []byte) []byte {
		return append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, byte(kind >> 8), byte(kind)}, payload...)
	}
	for name, c := range map[string]struct {
		link  capture.LinkType
		frame []byte
		found bool
	}{
		"Ethernet":             {capture.LinkEthernet, ether(0x800, ip4(6, 0, syn)), true},
		"raw":                  {capture.LinkRaw, ip4(6, 0, syn), true},
		"raw IPv6":             {capture.LinkRaw, ip6(6, syn), true},
		"Ethernet IPv6":        {capture.LinkEthernet, ether(0x86dd, ip6(6, syn)), true},
		"VLAN":                 {capture.LinkEthernet, ether(0x8100, append([]byte{0, 7, 8, 0}, ip4(6, 0, syn)...)), false},
		"MPLS":                 {capture.LinkEthernet, ether(0x8847, append([]byte{0, 1, 1, 64}, ip4(6, 0, syn)...)), false},
		"IP in IP":             {capture.LinkRaw, ip4(4, 0, ip4(6, 0, syn)), false},
		"IPv6 in IP":           {capture.LinkRaw, ip4(41, 0, ip6(6, syn)), false},
		"destination options":  {capture.LinkRaw, ip6(60, append([]byte{6, 0, 1, 4, 0, 0, 0, 0}, syn...)), false},
		"atomic IPv6 fragment": {capture.LinkRaw, ip6(44, append([]byte{6, 0, 0, 0, 0, 0, 0, 9}, syn...)), false},
	} {
		p := capture.Packet{Number: 1, Link: c.link, Data: c.frame, Length: len(c.frame), FCS: -1}
		var s decode.Segment
		if r := decode.New().Decode(&p, &s); r.Kind != decode.TCP {
			t.Errorf("%s: %v", name, r)
			continue
		}
		filter := "tcp[12:2] & 0xfff == 0x0002"
		if s.IPVersion == 6 {
			filter = "ip6[6] == 6 and ip6[52:2] & 0xfff == 0x0002"
		}
		f, err := live.CompileFilter(c.link, capture.MaxCaptured, filter)
		if errors.Is(err, live.ErrNoLibpcap) {
			t.Skip(err)
		} else if err != nil {
			t.Fatal(err)
		}
		if s.Bare != c.found || f.Match(p.Data, p.Length) != c.found {
			t.Errorf("%s: the decoder says %v, libpcap %v, want %v", name, s.Bare, f.Match(p.Data, p.Length), c.found)
		}
	}
}
