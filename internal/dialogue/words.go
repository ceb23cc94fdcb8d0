package dialogue

// The words of the greeting, byte for byte as they cross the wire. None but
// Welcome, Hello's answer and GoodBye carries an end mark.
const (
	Welcome  = "Welcome!\n"
	Question = "What's your name?"
	GoodBye  = "Good bye!\n"
	Exit     = "exit" // the name that ends the dialogue

	helloBefore = "Hello "
	helloAfter  = "!\n"
)

// What the programs print.
const (
	Prompt     = "Please input your name:"
	Waiting    = "Waiting for connection..."
	accepted   = "Accept new connection from "
	connection = "Connection from "
	closed     = " is closed"
)

const (
	Port     = 6000 // where the server listens
	Backlog  = 5    // how many connections may wait for accept
	ReadSize = 1024 // bytes asked for by one recv, and so the longest name
)

// AppendHello appends the answer to a name, "Hello NAME!\n". A name is bytes:
// it need be neither text nor whole characters.
func AppendHello(dst, name []byte) []byte {
	dst = append(dst, helloBefore...)
	dst = append(dst, name...)
	return append(dst, helloAfter...)
}

// HelloSize is how many bytes the answer has besides the name.
const HelloSize = len(helloBefore) + len(helloAfter)

// Accepted is the line that the server prints for a new connection.
func Accepted(remote string) string { return accepted + remote }

// Closed is the line that it prints at the connection's end.
func Closed(remote string) string { return connection + remote + closed }
