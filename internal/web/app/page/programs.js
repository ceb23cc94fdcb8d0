// A greeting server and client in Go and in Python, which run as they stand; the line
// that makes the present call is lit.
import { byId, el } from "./dom.js";

/** Lines with the call that each makes, "" for none. A call stands in one line, so that
 * the line that is lit is the one that makes it.
 * @param {string} text @returns {[string, string][]} */
const lines = (text) => text.split("\n").map((line) => { const [code, calls] = line.split("|"); return [code, calls ?? ""]; });

/** @type {Record<string, Record<string, [string, string][]>>} */
export const PROGRAMS = {
  Go: {
    server: lines(String.raw`package main

import "net"

func greet(c net.Conn) {
  name, answer := make([]byte, 1024), "Welcome!\n"
  for answer != "" {
    c.Write([]byte(answer))|send
    n, _ := c.Read(name)|recv
    if answer = ""; n > 0 {
      answer = "Hello " + string(name[:n]) + "!\n"
    }
  }
  c.Close()|close shutdown
}

func main() {
  l, err := net.Listen("tcp", "127.0.0.1:6000")|socket bind listen
  for err == nil {
    var c net.Conn
    if c, err = l.Accept(); err == nil {|accept
      go greet(c)
    }
  }
}`),
    client: lines(String.raw`package main

import (
  "fmt"
  "net"
)

func main() {
  c, err := net.Dial("tcp", "127.0.0.1:6000")|socket connect
  if err != nil {
    panic(err)
  }
  answer := make([]byte, 1024)
  for _, name := range []string{"Alice", "Bob", ""} {
    n, _ := c.Read(answer)|recv
    fmt.Print(string(answer[:n]))
    c.Write([]byte(name))|send
  }
  c.Close()|close shutdown
}`),
  },
  Python: {
    server: lines(String.raw`from socket import *
from threading import Thread

def greet(c):
  answer = b"Welcome!\n"
  while answer:
    c.sendall(answer)|send
    name = c.recv(1024)|recv
    answer = name and b"Hello " + name + b"!\n"
  c.close()|close shutdown

s = socket(AF_INET, SOCK_STREAM)|socket
s.bind(("127.0.0.1", 6000))|bind
s.listen(5)|listen
while True:
  c, peer = s.accept()|accept
  Thread(target=greet, args=(c,)).start()`),
    client: lines(String.raw`from socket import *

c = socket(AF_INET, SOCK_STREAM)|socket
c.connect(("127.0.0.1", 6000))|connect
for name in b"Alice", b"Bob", b"":
  answer = c.recv(1024)|recv
  print(answer.decode(), end="")
  c.sendall(name)|send
c.close()|close shutdown`),
  },
};

let language = "Python";

/** @param {Moment|undefined} m */
export function drawPrograms(m) {
  const box = byId("program");
  const call = m?.kind === "call" ? m.row["lab.call"] : "", role = m?.row["lab.role"];
  const choose = el("select", { "aria-label": "language" }, ...Object.keys(PROGRAMS).map((name) => el("option", name === language ? { selected: "" } : {}, name)));
  choose.addEventListener("change", () => { language = /** @type {any} */ (choose).value; drawPrograms(m); });
  const part = (side) => {
    const code = el("pre", { class: "code", tabindex: "0" });
    for (const [line, calls] of PROGRAMS[language][side]) {
      const on = side === role && calls.split(" ").includes(call);
      code.append(el("span", on ? { class: "on", "aria-current": "true" } : {}, line), "\n");
    }
    return el("div", {}, el("h2", {}, side), code);
  };
  box.replaceChildren(choose, el("div", { class: "two" }, part("client"), part("server")));
}
