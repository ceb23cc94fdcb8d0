package explain

import "strings"

// program is a whole program in Python and in Go, part by part.
type program struct {
	name  string // "server"
	help  string
	parts []part
}

// part is a few lines of a program in both languages: the form of a call, or what
// stands between two of them.
type part struct {
	call           string // "" for none
	python, golang []string
}

// programs are a server and its client. The lines of all parts, one after the other,
// are the program.
var programs = []program{
	{"server", "Says Welcome to each client, then Hello to each name, until the client closes.", []part{
		{"", []string{"import socket, threading", "", "def serve(conn):"},
			[]string{"package main", "", "import (", "	\"log\"", "	\"net\"", ")", "", "func serve(conn net.Conn) {"}},
		{"send", []string{`    conn.sendall(b"Welcome!\n")`},
			[]string{`	conn.Write([]byte("Welcome!\n"))`, `	buf := make([]byte, 1024)`}},
		{"recv", []string{"    while name := conn.recv(1024):"},
			[]string{"	for {", "		n, err := conn.Read(buf)", "		if err != nil { // io.EOF", "			break", "		}"}},
		{"send", []string{`        conn.sendall(b"Hello " + name + b"!\n")`},
			[]string{`		hello := "Hello " + string(buf[:n]) + "!\n"`, "		conn.Write([]byte(hello))", "	}"}},
		{"close", []string{"    conn.close()"}, []string{"	conn.Close()"}},
		{"", []string{""}, []string{"}", "", "func main() {"}},
		{"socket", []string{"server = socket.socket(socket.AF_INET,", "                       socket.SOCK_STREAM)"}, nil},
		{"", []string{"server.setsockopt(socket.SOL_SOCKET,", "                  socket.SO_REUSEADDR, 1)"}, nil},
		{"bind", []string{`server.bind(("127.0.0.1", 6000))`}, nil},
		{"listen", []string{"server.listen(5)"},
			[]string{`	addr := "127.0.0.1:6000"`, `	ln, err := net.Listen("tcp", addr)`, "	if err != nil {", "		log.Fatal(err)", "	}"}},
		{"", []string{"while True:"}, []string{"	for {"}},
		{"accept", []string{"    conn, peer = server.accept()"},
			[]string{"		conn, err := ln.Accept()", "		if err != nil {", "			log.Fatal(err)", "		}"}},
		{"thread", []string{"    threading.Thread(target=serve,", "                     args=(conn,)).start()"}, []string{"		go serve(conn)"}},
		{"", nil, []string{"	}", "}"}},
	}},
	{"client", "Reads Welcome, gives its name, reads the answer, closes its direction and reads to the end.", []part{
		{"", []string{"import socket", ""},
			[]string{"package main", "", "import (", "	\"fmt\"", "	\"io\"", "	\"log\"", "	\"net\"", ")", "", "func main() {"}},
		{"socket", []string{"client = socket.socket(socket.AF_INET,", "                       socket.SOCK_STREAM)"}, nil},
		{"connect", []string{`client.connect(("127.0.0.1", 6000))`},
			[]string{`	addr := "127.0.0.1:6000"`, `	conn, err := net.Dial("tcp", addr)`, "	if err != nil {", "		log.Fatal(err)", "	}"}},
		{"recv", []string{"welcome = client.recv(1024)"},
			[]string{"	buf := make([]byte, 1024)", "	n, err := conn.Read(buf)", "	if err != nil {", "		log.Fatal(err)", "	}"}},
		{"", []string{`print(welcome.decode(), end="")`}, []string{"	fmt.Print(string(buf[:n]))"}},
		{"send", []string{`client.sendall(b"Alice")`}, []string{`	conn.Write([]byte("Alice"))`}},
		{"shutdown", []string{"client.shutdown(socket.SHUT_WR)"}, []string{"	conn.(*net.TCPConn).CloseWrite()"}},
		{"recv", []string{"while data := client.recv(1024):", `    print(data.decode(), end="")`},
			[]string{"	rest, err := io.ReadAll(conn)", "	if err != nil {", "		log.Fatal(err)", "	}", "	fmt.Print(string(rest))"}},
		{"close", []string{"client.close()"}, []string{"	conn.Close()"}},
		{"", nil, []string{"}"}},
	}},
}

// inOne are calls that Go has in one with another.
var inOne = map[string]map[string]string{
	"server": {"socket": "listen", "bind": "listen"},
	"client": {"socket": "connect"},
}

// forms are all parts of a program that are a form of a call.
func (p *program) forms(call string) (twin, bool) {
	t := twin{heads: [2]string{"Python, the " + p.name, "Go, the " + p.name}}
	first := true
	for _, part := range p.parts {
		goes := part.call == call
		if one := inOne[p.name][call]; one != "" {
			goes = part.call == one
		}
		if part.call != call && !goes {
			continue
		}
		if part.call == call && !first && call != "" {
			t.bodies[0] = append(t.bodies[0], "# …")
		}
		if part.call == call {
			t.bodies[0] = append(t.bodies[0], dedent(part.python)...)
			if goes && !first {
				t.bodies[1] = append(t.bodies[1], "// …")
			}
			first = false
		}
		if goes {
			t.bodies[1] = append(t.bodies[1], dedent(part.golang)...)
		}
	}
	return t, !first
}

// whole is the program: every line of it.
func (p *program) whole() twin {
	t := twin{heads: [2]string{p.name + ".py", p.name + ".go"}}
	for _, part := range p.parts {
		t.bodies[0] = append(t.bodies[0], part.python...)
		t.bodies[1] = append(t.bodies[1], part.golang...)
	}
	return t
}

// dedent takes the indentation of the first line from all.
func dedent(lines []string) []string {
	var out []string
	for _, line := range lines {
		indent := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], " \t"))]
		out = append(out, strings.TrimPrefix(line, indent))
	}
	return out
}

// programTopics are the whole programs.
func programTopics() []Topic {
	t := Topic{Name: "programs", Group: groupCalls, Title: "A server and a client, in Python and in Go",
		aliases: []string{"program", "server program", "client program", "socket programs", "python", "go", "golang"},
		Help:    "Two programs, each in both languages: either client talks to either server, and to handshake-lab server.",
		Ref:     "Python's socket and threading, Go's net"}
	for _, p := range programs {
		t.body = append(t.body, heading("The "+p.name), para(p.help), p.whole())
	}
	t.body = append(t.body, para("Run the server, then the client in another terminal, and handshake-lab watch to see what they send: explain calls has every call of them."),
		rows{{"Python", "python3 server.py"}, {"Go", "go run server.go"}})
	return []Topic{t}
}
