package cases

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
	"github.com/handshake-lab/handshake-lab/decode"
)

const ends = "client 192.0.2.10:40000\nserver 198.51.100.20:443\n"

// everything is a script with every word of the language but those of the link.
const everything = `# Two lines
# that say what it is.

client 192.0.2.10:40000  ttl 63 win 500 clock 1000000
server 198.51.100.20:443  isn 0xfffffff0 win 400 clock 7000000 syn win 1000 mss 536 sackOK ts nop wscale 14
connection b  client :40001 isn 7  server [2001:db8::20]:443

@0         > SEC    x                             # with a remark
2  @0.02   < SAE    y        ack x+1
3  @0.021  > A      x+1      ack y+1     tos 2 nodf
4  @0.022  > PAU    x+1      ack y+1     len 33 urg 7 id 4660 ttl 9
5  @0.03   < A      y+1      ack x+34    sack x+100:x+200,x+300:x+400
6  @0.04   < AN     y+1      ack x+34    bare option 254:f989 eol win 0
7  @0.05   < A      y+1      ack x+34    checksum wrong
8  @0.06   < A      y+1      ack x+34    checksum partial
9  @0.07   < A      y+1      ack x+34    checksum 0x1234  from-mac 02:00:00:00:00:77
10 @0.071  copy of 4 ttl 8 to-mac 02:00:00:00:00:78
11 @0.08   icmp too-big 1400 from 203.0.113.1 about 4  bytes 60
12 @0.09   icmp host-unreachable from 203.0.113.1 about 4
13 @-0.5   > R      x+34     md5
14 @0.1    < FA     y+1-1+1  ack x+34    ts 1:2
15 @0.11   > -      4660
---
capture: conversations 1; segments 14
conversation 0: ending open
`

func parse(t *testing.T, text string) *Case {
	t.Helper()
	c, err := Parse("test", text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// claims puts a script of one packet in front of what is claimed of it.
func claims(text string) string { return ends + "@0 > S x\n---\n" + text }

func TestBytes(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"file raw\n" + ends + "@0 > S x", "4500003400014000" + "40064e71c000020a" + "c63364149c4001bb" + "1000000000000000" +
			"8002faf0d3d80000" + "020405b404020303" + "07010101"},
		{"file raw\n" + ends + "@0 < RA 0 ack x+1 id 7", "4500002800074000" + "37065777c6336414" + "c000020a01bb9c40" + "0000000010000001" +
			"5014000015820000"},
		{"file raw\nclient [2001:db8::10]:40000\nserver [2001:db8::20]:443\n@0 > A x+1 ack y+1 tos 0xb8 len 1",
			"6b80000000150640" + "20010db8000000000000000000000010" + "20010db8000000000000000000000020" + "9c4001bb10000001" +
				"50000001" + "501001f6" + "dc3d0000" + "78"},
		{ends + "@0 > R x", "0200c63364140200c000020a" + "0800" + "4500002800014000" + "40064e7dc000020a" + "c63364149c4001bb" +
			"1000000000000000" + "5004000015930000" + "000000000000"},
		{"file sll\n" + ends + "@0 > R x", "00000001000602" + "00c000020a0000" + "0800" + "4500002800014000" + "40064e7dc000020a" +
			"c63364149c4001bb" + "1000000000000000" + "5004000015930000"},
	} {
		c := parse(t, tt.line+"\n---\nframe 1: tcp.seq = 0\n")
		if got := hex.EncodeToString(c.Packets()[0].Data); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.line, got, tt.want)
		}
	}
}

// What is written is what the decoder reads.
func TestPackets(t *testing.T) {
	c := parse(t, everything)
	if c.About != "Two lines\nthat say what it is." {
		t.Errorf("about %q", c.About)
	}
	var got []string
	decoder := decode.New()
	for _, p := range c.Packets() {
		var s decode.Segment
		r := decoder.Decode(&p, &s)
		if r.Kind == decode.Quoted {
			got = append(got, r.Quote.Text)
			continue
		}
		if r.Kind != decode.TCP || s.Problem != nil {
			t.Fatalf("frame %d: %v %v", p.Number, r.Kind, s.Problem)
		}
		if sum := s.VerifyChecksum(); sum != decode.SumGood {
			got = append(got, sum.String())
		}
	}
	want := []string{"bad", "partial", "bad", "destination unreachable: fragmentation needed", "destination unreachable: host unreachable"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if at := c.Packets()[12].Time; at.Sec != began-1 || at.Nsec != 500_000_000 {
		t.Errorf("frame 13 is of %v", at)
	}
}

func TestWrite(t *testing.T) {
	for _, format := range []string{"pcap", "pcapng"} {
		c := parse(t, "file "+format+" sll snaplen 50\n"+everything)
		var file bytes.Buffer
		if err := c.Write(&file); err != nil {
			t.Fatal(err)
		}
		r, err := capture.NewReader(&file)
		if err != nil {
			t.Fatal(err)
		}
		var p capture.Packet
		for i, want := range c.Packets() {
			if err := r.Next(&p); err != nil {
				t.Fatal(err)
			}
			if p.Link != capture.LinkSLL || p.Length != want.Length || p.Time != want.Time || !bytes.Equal(p.Data, want.Data[:50]) {
				t.Errorf("%s, frame %d: %+v", format, i+1, p)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ script, want string }{
		{"", "line 0: there is no packet"},
		{ends + "@0 > S x", "line 3: the line --- and"},
		{claims(""), "line 4: nothing is claimed"},
		{"@0 > S x", "line 1: say first who talks"},
		{"client 10.0.0.1:1", "line 1: 10.0.0.1 is not for documentation"},
		{"client 192.0.2.1", "line 1: \"192.0.2.1\" is no word for an end"},
		{"client 192.0.2.1:0", "line 1: a port is missing"},
		{"client [2001:db8::1]:1\nserver 192.0.2.1:1\n@0 > S x", "line 3: 2001:db8::1 and 192.0.2.1 do not talk"},
		{"file tar", "line 1: \"tar\" is nothing that a file is"},
		{ends + "@0 > S x\nfile raw", "line 4: what the file is must be said before"},
		{"connection client client", "line 1: say connection NAME"},
		{"connection b client\nconnection b client", "line 2: connection b has been told of"},
		{ends + "hello", "line 3: \"hello\" begins no line"},
		{ends + "\n# remark\n2 @0 > S x", "line 5: this is frame 1, not 2"},
		{ends + "1 > S x", "line 3: after the frame's number stands its time"},
		{ends + "@1s > S x", "line 3: \"1s\" is no time"},
		{ends + "@0", "line 3: who sends what?"},
		{ends + "@0 c > S x", "line 3: connection c is not known"},
		{ends + "@0 = S x", "line 3: \"=\" is no direction"},
		{ends + "@0 >", "line 3: something is missing after >"},
		{ends + "@0 > SS x", "line 3: \"SS\" are no flags"},
		{ends + "@0 > S", "line 3: something is missing after the flags"},
		{ends + "@0 > S x+z", "line 3: \"z\" is no number from 0 to 4294967295"},
		{ends + "@0 > S x+", "line 3: \"x+\" is no sum"},
		{ends + "@0 > A x", "line 3: with ACK a packet acknowledges something"},
		{ends + "@0 > S x ttl 256", "line 3: \"256\" is no number from 0 to 255"},
		{ends + "@0 > S x win", "line 3: something is missing after win"},
		{ends + "@0 > S x speed 9", "line 3: \"speed\" is no word for a packet"},
		{ends + "@0 > S x ts", "line 3: ts needs values"},
		{ends + "@0 > S x option 9:zz", "line 3: \"zz\" are no bytes"},
		{ends + "@0 > S x md5 ts 1:1 sack x:x+1", "line 3: 52 bytes of options"},
		{ends + "@0 > S x from-mac 7", "line 3: from-mac needs an address"},
		{ends + "@0 copy of 1", "line 3: frame 1 has not been yet"},
		{ends + "@0 > S x\n@0 copy 1", "line 4: the word \"of\" is missing"},
		{ends + "@0 > S x\n@0 copy of 1 id 7", "line 4: \"id\" is no word for a copy"},
		{ends + "@0 > S x\n@0 icmp lost from 203.0.113.1 about 1", "line 4: \"lost\" is no ICMP error"},
		{ends + "@0 > S x\n@0 icmp prohibited from 2001:db8::1 about 1", "line 4: 2001:db8::1 and 192.0.2.10 do not talk"},
		{claims("\tending open"), "line 5: a claim stands before its subject"},
		{claims("frame 2: tcp.seq = 0"), "line 5: there is no frame 2"},
		{claims("frame: tcp.seq = 0"), "line 5: which frame?"},
		{claims("stream 0: ending open"), "line 5: \"stream\" is no subject"},
		{claims("capture 1: segments 1"), "line 5: the capture has no number"},
		{claims("frame 1:\nframe 1: tcp.seq = 0"), "line 6: nothing is claimed of the subject before"},
		{claims("frame 1: wrong"), "line 5: \"wrong\" begins no claim"},
		{claims("frame 1: ending open"), "line 5: ending is claimed of a conversation, not of a frame"},
		{claims("capture: client CLOSED"), "line 5: client is claimed of a conversation, not of a capture"},
		{claims("frame 1: client OPEN"), "line 5: \"OPEN\" is none of CLOSED"},
		{claims("frame 1: flags lost"), "line 5: \"lost\" is none of retransmission"},
		{claims("conversation 0: frames 7"), "line 5: there is no frame 7"},
		{claims("conversation 0: verdict RST"), "line 5: a pattern stands after ~ or !~"},
		{claims("conversation 0: verdict ~ ("), "line 5: error parsing regexp"},
		{claims("conversation 0: verdict ~ @nothing"), "line 5: no pattern is called @nothing"},
		{claims("conversation 0: tcp.stream 0"), "line 5: a key stands before ="},
		{claims("conversation 0: lab.duration = 1 +- far"), "line 5: +- stands between numbers"},
	} {
		_, err := Parse("x", tt.script)
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "x.txt, "+tt.want) {
			t.Errorf("%q: %v, want %s", tt.script, err, tt.want)
		}
	}
}

func TestCheck(t *testing.T) {
	answer := &Answer{
		Conversations: rows(t, `{"tcp.stream":0,"lab.verdict":"fine","lab.verdict_text":"closed by FINs","lab.verdict_frames":[1,2,3],
			"lab.ending":"FIN","lab.client_state":"TIME-WAIT","lab.duration":0.0800,"lab.handshake":"not captured","lab.guessed":true}`),
		Segments: rows(t, `{"frame.number":1,"tcp.seq":0,"tcp.analysis.flags":["retransmission","window_full"],"frame.time_epoch":"1700000000.5"}`),
		Story:    rows(t, `{"frame.number":1,"lab.sentence":"The client asks."}`, `{"lab.remark":"Out of order."}`),
		Messages: "1 of 2 packets",
	}
	for claim, want := range map[string]bool{
		"capture: conversations 1; segments 1":                           true,
		"capture: conversations 2":                                       false,
		"capture: says ~ order":                                          true,
		"capture: says ~ of 2 pack":                                      true,
		"capture: says ~ ^fine: closed by FINs":                          true,
		"capture: says !~ order":                                         false,
		"conversation 0: verdict ~ ^FINE: @fine by":                      true,
		"conversation 0: verdict !~ rst":                                 true,
		"conversation 0: verdict !~ fin":                                 false,
		"conversation 0: frames 1, 3":                                    true,
		"conversation 0: frames 1, 4":                                    false,
		"conversation 0: frames 4 or 3":                                  true,
		"conversation 0: frames 4 or 5":                                  false,
		"conversation 0: frames not 4, 5":                                true,
		"conversation 0: frames not 4, 3":                                false,
		"conversation 0: ending open or FIN":                             true,
		"conversation 0: ending open":                                    false,
		"conversation 0: client TIME-WAIT; server -":                     true,
		"conversation 0: client not TIME-WAIT or CLOSED":                 false,
		"conversation 0: client not LISTEN or CLOSED":                    true,
		"conversation 0: server CLOSED":                                  false,
		"conversation 0: lab.duration = 0.08":                            true,
		"conversation 0: lab.duration = 0.1 +- 0.02; lab.guessed = true": true,
		"conversation 0: lab.duration = 0.1 +- 0.01":                     false,
		"conversation 0: lab.handshake = complete or not captured":       true,
		"conversation 1: ending FIN":                                     false, // there is none
		"conversation 0-1: ending FIN":                                   false,
		"frame 1: flags retransmission, window_full":                     true,
		"frame 1: flags retransmission, keep_alive":                      false,
		"frame 1: flags not keep_alive; tcp.seq = 0; tcp.ack = -":        true,
		"frame 1: flags not keep_alive, window_full":                     false,
		"frame 1: sentence ~ client asks":                                true,
		"frame 1: sentence !~ client asks":                               false,
		"frame 1: frame.time_epoch = 1700000000.4 +- 0.1":                true,
		"frame 2: tcp.seq = 0":                                           false,
	} {
		c := parse(t, ends+"@0 > S x\n@1 > S x\n@2 > S x\n@3 > S x\n@4 > S x\n---\n"+claim)
		if wrong := c.Check(answer); (len(wrong) == 0) != want {
			t.Errorf("%s: %q", claim, wrong)
		} else if !want && !strings.HasPrefix(wrong[0], "line 9: ") {
			t.Errorf("%s: %q does not say where", claim, wrong)
		}
	}
}

func rows(t *testing.T, lines ...string) (list []Row) {
	for _, line := range lines {
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		var row Row
		if err := d.Decode(&row); err != nil {
			t.Fatal(err)
		}
		list = append(list, row)
	}
	return list
}

// TestTsharkReads holds what is built against tshark: nothing malformed, every
// checksum good but those that are told not to be.
func TestTsharkReads(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("needs tshark")
	}
	scripts, err := filepath.Glob("../../testdata/cases/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("cases are missing: %v", err)
	}
	texts := map[string]string{"everything": everything}
	for _, path := range scripts {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	// All Ethernet frames go into one file: tshark takes half a second to start.
	var file bytes.Buffer
	w, err := savefile.NewWriter(&file, capture.PCAP, capture.Section{}, []capture.Interface{{Link: capture.LinkEthernet}})
	if err != nil {
		t.Fatal(err)
	}
	n, told := 0, 0 // packets; those whose checksum is not to be good
	for _, path := range slices.Sorted(maps.Keys(texts)) {
		text := texts[path]
		c := parse(t, text)
		if c.iface.Link != capture.LinkEthernet {
			continue
		}
		told += strings.Count(text, "  checksum ")
		for _, p := range c.Packets() {
			n++
			if err := w.Write(&p); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "all.pcap")
	if err := os.WriteFile(path, file.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("tshark", "-n", "-r", path, "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "tcp.desegment_tcp_streams:FALSE", // the cases share their ports
		"-T", "fields", "-E", "separator=,", "-E", "occurrence=f", "-e", "frame.number", "-e", "_ws.malformed", "-e", "ip.checksum.status", "-e", "tcp.checksum.status",
		"-e", "icmp.type", "-e", "icmpv6.type", "-e", "icmp.checksum.status", "-e", "icmpv6.checksum.status").Output()
	if err != nil {
		t.Fatal(err)
	}
	const good = "1"
	lines, bad := strings.Split(strings.TrimSpace(string(out)), "\n"), 0
	for _, line := range lines {
		f := strings.Split(line, ",")
		number, malformed, ip, tcp, isError := f[0], f[1], f[2], f[3], f[4]+f[5] != ""
		switch {
		case malformed != "" || ip != "" && ip != good:
			t.Errorf("frame %s of all: malformed %q, IP checksum %q", number, malformed, ip)
		case isError && f[6]+f[7] != good:
			t.Errorf("frame %s of all: ICMP checksum %q", number, f[6]+f[7])
		case !isError && tcp != good:
			bad++
		}
	}
	if len(lines) != n || bad != told {
		t.Errorf("%d frames, %d bad TCP checksums; want %d and %d", len(lines), bad, n, told)
	}
}

// A script is read, or refused by an *Error; nothing else comes of it.
func FuzzParse(f *testing.F) {
	f.Add(everything)
	f.Add(ends + "@0 > S x option 8:\n---\nframe 1: tcp.seq = 0")
	f.Add(claims("conversation 0: frames 1 or 1; verdict ~ x; lab.duration = 1 +- 2\n\tclient not CLOSED"))
	f.Add("file pcapng sll snaplen 9\nclient [2001:db8::1]:1\nserver [2001:db8::2]:2\n@0 > S x\n@1 icmp too-big 1280 from 2001:db8::3 about 1\n---\nframe 1: tcp.seq = 0")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse("fuzz", text)
		if err != nil {
			if e := (*Error)(nil); !errors.As(err, &e) || c != nil {
				t.Fatal(c, err)
			}
			return
		}
		if len(c.Packets()) == 0 {
			t.Fatal("no packet")
		}
		c.Check(&Answer{})
	})
}
