package explain

import "fmt"

// A Stage is a part of the lesson.
type Stage struct {
	Minutes  int
	Title    string
	About    string
	Commands []Command
	Asked    []Asked
}

// A Command is a line to be typed, and what its output shows.
type Command struct {
	Line  string
	Look  string   // at what, in a sentence
	Shows []string // what stands there, blanks apart
}

// Asked is a question for the class and its answer.
type Asked struct{ Question, Answer string }

// Plan is a lesson of forty-five minutes, from the first run to a worksheet.
var Plan = []Stage{
	{5, "The first run", "A server and a client of the lab talk to each other, really, and their segments are captured and shown.", []Command{
		{"handshake-lab run -w lesson.pcapng", "The ladder: the client is left, the server right. The first three arrows, before any data.",
			[]string{"SYN-SENT ├─────────────── SYN ────────────────▶│ SYN-RECEIVED", "three-way handshake", "Welcome!⏎"}},
	}, []Asked{
		{"How many segments pass before the first byte of data?", "Three: SYN, SYN+ACK, ACK."},
		{"Which of the two speaks first, and which sends data first?", "The client sends the first segment, the SYN. The first data, Welcome!, is the server's."},
	}},
	{8, "The numbers of the three steps", "One line a step: flags, sequence number, acknowledgment number.", []Command{
		{"handshake-lab export lesson.pcapng --view handshake", "x in the first line and x + 1 in the second; y in the second and y + 1 in the third.",
			[]string{"SYN 1", "00000010", "SYN+ACK 2", "00010010", "= x + 1", "= y + 1"}},
		{"handshake-lab explain handshake", "What each step is for.", []string{"1. client → server", "0, nothing to acknowledge"}},
	}, []Asked{
		{"Why does the server answer x with x + 1?", "An ack names the number that is expected next, and a SYN takes one number."},
		{"Why is the ack of the first segment 0?", "Its ACK bit is not set: there is nothing to acknowledge yet."},
		{"Run it again: are x and y the same?", "No. They follow a clock and a secret, so that nobody outside can guess them: explain isn."},
	}},
	{6, "The flags, bit by bit", "The byte with the bits 104 to 111 says what a segment is for.", []Command{
		{"handshake-lab explain 00010010", "Which two of the eight bits are set.", []string{"SYN+ACK, flags byte 00010010"}},
		{"handshake-lab export lesson.pcapng --view header --frame 2", "The same bits in the header of the second segment.", []string{"107 ACK 1", "110 SYN 1"}},
	}, []Asked{
		{"Which flag has every segment but the first?", "ACK."},
		{"How can the second segment be told from all others?", "SYN and ACK are both set."},
	}},
	{6, "What the programs did for it", "The same story from the side of the programs: which call causes which segment.", []Command{
		{"handshake-lab explain phases", "The calls of each phase.", []string{"server: socket bind listen, and accept; client: socket connect"}},
		{"handshake-lab explain connect", "What it returns and when; its form in Python and in Go.", []string{"ECONNREFUSED", "client.connect((\"127.0.0.1\", 6000))", "net.Dial(\"tcp\", addr)"}},
	}, []Asked{
		{"Does accept() send the SYN+ACK?", "No. The kernel does, from listen() on; accept() takes a connection that is complete."},
		{"What does connect() wait for?", "For the SYN+ACK: one round trip."},
	}},
	{7, "When it goes wrong", "Two recordings: nobody listens, and a segment is lost.", []Command{
		{"handshake-lab replay scenario:refused --speed max", "The answer to the SYN, and its numbers.", []string{"RST+ACK", "refused"}},
		{"handshake-lab replay scenario:syn-ack-lost --speed max", "What is sent again, by whom, and after how long.", []string{"lost on the way", "retransmission of #1", "three-way handshake"}},
	}, []Asked{
		{"How does a student see the first one in a program?", "ECONNREFUSED: in Python ConnectionRefusedError, in Go connection refused."},
		{"Why does the client send its SYN again, though the SYN had arrived?", "It cannot know: without an answer the SYN and the SYN+ACK may have been lost alike."},
		{"Is x another one in the second SYN?", "No, it is the same segment once more."},
	}},
	{5, "The end", "Each direction is closed by itself.", []Command{
		{"handshake-lab export lesson.pcapng --view conversations", "Who closes, and what it comes to.", []string{"closed by server, FIN #", "verdict ✓ fine"}},
		{"handshake-lab explain TIME-WAIT", "Why the end that closed first has to wait.", []string{"It begins when"}},
	}, []Asked{
		{"Which end is in TIME-WAIT, and why that one?", "The server, as it closed first: should the last ACK be lost, the other FIN comes again."},
		{"A server that is started again at once cannot bind its port. Why, and what helps?", "Its old connections are in TIME-WAIT; SO_REUSEADDR, set before bind()."},
	}},
	{5, "Questions", "Together, aloud: each answer is explained by the frames.", []Command{
		{"handshake-lab quiz lesson.pcapng --seed 7 --questions 5", "Any right form counts: SYN+ACK, [S.], 0x012; raw or relative.", []string{"5 questions about lesson.pcapng"}},
	}, []Asked{
		{"Is 1 a right answer where the ack of the SYN+ACK is asked for?", "As a relative number, yes, and the quiz says that it took it so. In an answer on paper say which one you mean: explain relative."},
	}},
	{3, "The worksheet", "To take home: a sheet, its key, and the marks. --students makes one for each, with another capture.", []Command{
		{"handshake-lab quiz lesson.pcapng --seed 7 --format html -o sheet.html", "Blank cells, points and minutes.", nil},
		{"handshake-lab quiz lesson.pcapng --seed 7 --format html --key -o key.html", "The same sheet with the answers and their proofs.", nil},
		{"handshake-lab quiz lesson.pcapng --seed 7 --answers anna.txt --pass 0", "A file of answers, a line each, as 3: SYN+ACK, is marked.", []string{"of", "points"}},
	}, []Asked{
		{"May everybody copy from a neighbour?", "With --students class.csv each sheet has an x and a y of its own."},
	}},
}

// planTopic is the lesson as a page.
func planTopic() Topic {
	total := 0
	for _, s := range Plan {
		total += s.Minutes
	}
	t := Topic{Name: "lesson", Group: groupLab, Title: fmt.Sprintf("A lesson of %d minutes", total), aliases: []string{"lesson plan", "class", "teaching"},
		Help: "From the first run to a worksheet, command by command: what to look at, what to ask, and the answer.",
		Ref:  "docs/lesson.md and docs/lab-sheets.md",
		body: []block{para("Before: handshake-lab doctor says whether everything works here. Where no run can be captured take scenario:normal in place of lesson.pcapng. Let the class answer before you show the next command; run --predict asks for you.")},
	}
	begin := 0
	for _, s := range Plan {
		t.body = append(t.body, heading(fmt.Sprintf("Minute %d to %d: %s", begin, begin+s.Minutes, s.Title)), para(s.About))
		begin += s.Minutes
		for _, c := range s.Commands {
			t.body = append(t.body, code{c.Line}, rows{{"look at", c.Look}})
		}
		asked := rows{}
		for _, a := range s.Asked {
			asked = append(asked, [2]string{"ask", a.Question}, [2]string{"answer", a.Answer})
		}
		t.body = append(t.body, asked)
	}
	return t
}
