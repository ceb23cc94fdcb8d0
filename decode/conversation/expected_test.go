package conversation

import "testing"

// What Wireshark makes of FTP's announcements: the data connection's SYN does
// not count, once for each. Every row was held against tshark.
func TestAnnouncedConnection(t *testing.T) {
	const data = "; > S 0 port 5000; < SA 0 ack 1 port 5000; > A 1 ack 1 port 5000; < PA 1 len 9 ack 1 port 5000"
	for _, tt := range []struct {
		name, text string
		fromServer bool
		want       Completeness // of the connection from the client to server:6000
	}{
		{"nothing", "220 ready\r\n", true, 15},
		{"PASV", "227 Entering Passive Mode (192,0,2,2,23,112)\r\n", true, 14},
		{"PASV without brackets", "227 listening on 192, 0, 2, 2, 23, 112", true, 14},
		{"EPSV", "229 Entering Extended Passive Mode (|||6000|)\r\n", true, 14},
		{"another port", "227 Entering Passive Mode (192,0,2,2,23,113)\r\n", true, 15},
		{"another address", "227 Entering Passive Mode (192,0,2,3,23,112)\r\n", true, 15},
		{"not in the first line", "200 hi\r\n227 Entering Passive Mode (192,0,2,2,23,112)\r\n", true, 15},
		{"said by the client", "227 Entering Passive Mode (192,0,2,2,23,112)\r\n", false, 15},
		{"PORT names the other direction", "PORT 192,0,2,2,23,112\r\n", false, 15},
	} {
		tr := NewTracker(Config{})
		var ev Event
		for i, s := range parse(t, "> S 0; < SA 0 ack 1; > A 1 ack 1; < PA 1 ack 1"+data) {
			server := &s.SrcPort
			if s.DstPort == 6000 {
				server = &s.DstPort
			}
			if i < 4 {
				*server = controlPort
			}
			if i == 3 {
				if !tt.fromServer {
					s.Src, s.Dst, s.SrcPort, s.DstPort = s.Dst, s.Src, s.DstPort, s.SrcPort
					s.Seq, s.Ack = s.Ack, s.Seq
				}
				s.Payload, s.PayloadLen = []byte(tt.text), len(tt.text)
			}
			tr.Add(s, &ev)
		}
		if ev.Completeness != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, ev.Completeness, tt.want)
		}
	}
}
