// Made of decode's and explain's tables by go test ./internal/web/app -update.

/** Name, first bit, last bit.
 * @type {[string, number, number][]} */
export const FIELDS = [
["Source Port",0,15],
["Destination Port",16,31],
["Sequence Number",32,63],
["Acknowledgment Number",64,95],
["Data Offset",96,99],
["Reserved",100,102],
["AE",103,103],
["CWR",104,104],
["ECE",105,105],
["URG",106,106],
["ACK",107,107],
["PSH",108,108],
["RST",109,109],
["SYN",110,110],
["FIN",111,111],
["Window",112,127],
["Checksum",128,143],
["Urgent Pointer",144,159],
];
/** @type {Record<number, string>} */
export const OPTIONS = {
0:"end of options",
1:"no operation",
2:"maximum segment size",
3:"window scale",
4:"SACK permitted",
5:"SACK",
6:"echo",
7:"echo reply",
8:"timestamps",
9:"partial order connection permitted",
10:"partial order service profile",
11:"CC",
12:"CC.NEW",
13:"CC.ECHO",
14:"alternate checksum request",
15:"alternate checksum data",
16:"Skeeter",
17:"Bubba",
18:"trailer checksum",
19:"MD5 signature",
20:"SCPS capabilities",
21:"selective negative acknowledgments",
22:"record boundaries",
23:"corruption experienced",
24:"SNAP",
26:"compression filter",
27:"quick-start response",
28:"user timeout",
29:"authentication (AO)",
30:"multipath TCP",
34:"Fast Open cookie",
69:"encryption negotiation",
172:"accurate ECN order 0",
174:"accurate ECN order 1",
253:"experiment 253",
254:"experiment 254",
};
/** By language and side: lines, behind a stroke the calls that each makes.
 * @type {Record<string, Record<string, string>>} */
export const PROGRAMS = {
Python: {
client: String.raw`import socket

client = socket.socket(socket.AF_INET,|socket
                       socket.SOCK_STREAM)
client.connect(("127.0.0.1", 6000))|connect
welcome = client.recv(1024)|recv
print(welcome.decode(), end="")
client.sendall(b"Alice")|send
client.shutdown(socket.SHUT_WR)|shutdown
while data := client.recv(1024):|recv
    print(data.decode(), end="")
client.close()|close`,
server: String.raw`import socket, threading

def serve(conn):
    conn.sendall(b"Welcome!\n")|send
    while name := conn.recv(1024):|recv
        conn.sendall(b"Hello " + name + b"!\n")|send
    conn.close()|close

server = socket.socket(socket.AF_INET,|socket
                       socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET,
                  socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 6000))|bind
server.listen(5)|listen
while True:
    conn, peer = server.accept()|accept
    threading.Thread(target=serve,
                     args=(conn,)).start()`,
},
Go: {
client: String.raw`package main

import (
  "fmt"
  "io"
  "log"
  "net"
)

func main() {
  addr := "127.0.0.1:6000"
  conn, err := net.Dial("tcp", addr)|socket connect
  if err != nil {
    log.Fatal(err)
  }
  buf := make([]byte, 1024)
  n, err := conn.Read(buf)|recv
  if err != nil {
    log.Fatal(err)
  }
  fmt.Print(string(buf[:n]))
  conn.Write([]byte("Alice"))|send
  conn.(*net.TCPConn).CloseWrite()|shutdown
  rest, err := io.ReadAll(conn)|recv
  if err != nil {
    log.Fatal(err)
  }
  fmt.Print(string(rest))
  conn.Close()|close
}`,
server: String.raw`package main

import (
  "log"
  "net"
)

func serve(conn net.Conn) {
  conn.Write([]byte("Welcome!\n"))|send
  buf := make([]byte, 1024)
  for {
    n, err := conn.Read(buf)|recv
    if err != nil { // io.EOF
      break
    }
    hello := "Hello " + string(buf[:n]) + "!\n"
    conn.Write([]byte(hello))|send
  }
  conn.Close()|close
}

func main() {
  addr := "127.0.0.1:6000"
  ln, err := net.Listen("tcp", addr)|socket bind listen
  if err != nil {
    log.Fatal(err)
  }
  for {
    conn, err := ln.Accept()|accept
    if err != nil {
      log.Fatal(err)
    }
    go serve(conn)
  }
}`,
},
};
