// A greeting server and client in Go and in Python; the line that makes the present
// call is lit.
import { byId, el } from "./dom.js";

/** Lines with the call that each makes, "" for none.
 * @type {Record<string, Record<string, [string, string][]>>} */
const PROGRAMS = {
  Go: {
    server: [["l, err := net.Listen(\"tcp\", \"127.0.0.1:6000\")", "socket bind listen"], ["for {", ""], ["    c, err := l.Accept()", "accept"], ["    go func() {", ""],
      ["        fmt.Fprintln(c, \"Welcome!\")", "send"], ["        name, err := r.ReadString('\\n')", "recv"], ["        fmt.Fprintf(c, \"Hello %s!\\n\", name)", ""], ["        c.Close()", "close shutdown"], ["    }()", ""], ["}", ""]],
    client: [["c, err := net.Dial(\"tcp\", \"127.0.0.1:6000\")", "socket connect"], ["line, err := r.ReadString('\\n')", "recv"], ["fmt.Fprintln(c, name)", "send"], ["c.Close()", "close shutdown"]],
  },
  Python: {
    server: [["s = socket.socket(AF_INET, SOCK_STREAM)", "socket"], ["s.bind((\"127.0.0.1\", 6000))", "bind"], ["s.listen(5)", "listen"], ["while True:", ""], ["    c, peer = s.accept()", "accept"],
      ["    # a thread for each client:", ""], ["    c.sendall(b\"Welcome!\\n\")", "send"], ["    name = c.recv(1024)", "recv"], ["    c.close()", "close shutdown"]],
    client: [["c = socket.socket(AF_INET, SOCK_STREAM)", "socket"], ["c.connect((\"127.0.0.1\", 6000))", "connect"], ["line = c.recv(1024)", "recv"], ["c.sendall(name + b\"\\n\")", "send"], ["c.close()", "close shutdown"]],
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
