"""Provokes the errors and tries the flags that the reference names, on this kernel.

Prints a line each: "error CALL NAME CLASS", "flag CALL NAME", "cannot WHAT".
Meant for a network namespace of its own, whose loopback is up.
"""
import errno, os, resource, signal, socket, struct, sys

S, L = socket, "127.0.0.1"


def provoke(call, f):
    try:
        f()
        print("cannot", call, "did not fail")
    except OSError as e:
        name = "EOPNOTSUPP" if e.errno == errno.EOPNOTSUPP else errno.errorcode[e.errno]
        print("error", call, name, type(e).__name__, flush=True)


def listener(port=0):
    s = S.socket()
    s.bind((L, port))
    s.listen(5)
    return s


def pair():
    s = listener()
    c = S.create_connection(s.getsockname())
    a, _ = s.accept()
    s.close()
    return c, a


def reset(c):
    c.setsockopt(S.SOL_SOCKET, S.SO_LINGER, struct.pack("ii", 1, 0))
    c.close()


def child(f):
    """Runs f in a process of its own and returns its status."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        f()
        sys.stdout.flush()
        os._exit(0)
    return os.waitpid(pid, 0)[1]


# socket
provoke("socket", lambda: S.socket(45, S.SOCK_STREAM))


def few():
    s = listener()
    c = S.create_connection(s.getsockname())
    resource.setrlimit(resource.RLIMIT_NOFILE, (c.fileno() + 1, c.fileno() + 1))
    provoke("socket", S.socket)
    provoke("accept", s.accept)


child(few)

# bind
s = listener()
provoke("bind", lambda: S.socket().bind(s.getsockname()))
provoke("bind", lambda: S.socket().bind(("192.0.2.9", 0)))
provoke("bind", lambda: s.bind((L, 0)))


def nobody():
    if os.getuid() == 0:
        os.setuid(65534)
    provoke("bind", lambda: S.socket().bind((L, 80)))


try:
    child(nobody)
except OSError:
    print("cannot EACCES")

# listen
a, b = S.socket(), S.socket()
for x in a, b:
    x.setsockopt(S.SOL_SOCKET, S.SO_REUSEADDR, 1)
a.bind((L, 0))
b.bind(a.getsockname())
a.listen(5)
provoke("listen", lambda: b.listen(5))
provoke("listen", lambda: S.socket(S.AF_INET, S.SOCK_DGRAM).listen(5))

# connect
free = listener()
address = free.getsockname()
free.close()
provoke("connect", lambda: S.socket().connect(address))
c, a = pair()
provoke("connect", lambda: c.connect(s.getsockname()))
n = S.socket()
n.setblocking(False)
provoke("connect", lambda: n.connect(s.getsockname()))
u = S.socket()
provoke("connect", lambda: u.connect(("192.0.2.1", 9)))
if os.system("ip route add unreachable 198.51.100.0/24 2>/dev/null") == 0:
    provoke("connect", lambda: S.socket().connect(("198.51.100.1", 9)))
if os.system("ip link add nowhere type veth peer name deaf 2>/dev/null && ip addr add 203.0.113.1/24 dev nowhere && ip link set nowhere up && ip link set deaf up && ip neigh add 203.0.113.2 lladdr 02:00:00:00:00:02 dev nowhere") == 0:
    t = S.socket()
    t.setsockopt(S.IPPROTO_TCP, 18, 300)  # TCP_USER_TIMEOUT, in milliseconds
    provoke("connect", lambda: t.connect(("203.0.113.2", 9)))
try:
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as f:
        f.write("40000 40001")
    one = listener(50000)
    held = []

    def all_ports():
        while len(held) < 5:
            held.append(S.create_connection((L, 50000)))

    provoke("connect", all_ports)
except OSError:
    print("cannot EADDRNOTAVAIL")
for h in held:
    reset(h)
one.close()
with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as f:
    f.write("32768 60999")

# accept
empty = listener()
empty.setblocking(False)
provoke("accept", empty.accept)
provoke("accept", S.socket().accept)
shut = listener()
shut.close()
provoke("accept", shut.accept)

# send
c, a = pair()
c.shutdown(S.SHUT_WR)
provoke("send", lambda: c.send(b"x"))
c, a = pair()
reset(a)
provoke("send", lambda: c.send(b"x"))
provoke("send", lambda: c.send(b"x"))
c, a = pair()
c.setblocking(False)


def flood():
    while True:
        c.send(bytes(1 << 16))


provoke("send", flood)

# recv
c, a = pair()
reset(a)
provoke("recv", lambda: c.recv(10))
c, a = pair()
c.setblocking(False)
provoke("recv", lambda: c.recv(10))
provoke("recv", lambda: s.recv(10))
c.close()
provoke("recv", lambda: c.recv(10))

# shutdown, close
provoke("shutdown", lambda: S.socket().shutdown(S.SHUT_WR))
c, a = pair()
reset(a)
try:
    c.recv(1)
except OSError:
    pass
provoke("shutdown", lambda: c.shutdown(S.SHUT_WR))
fd = S.socket().detach()
os.close(fd)
provoke("close", lambda: os.close(fd))
c.close()
c.close()  # Python does not mind


def flag(call, name, works):
    print("flag" if works else "cannot", call, name, flush=True)


c, a = pair()
a.settimeout(5)
c.send(b"ab")
flag("recv", "MSG_PEEK", a.recv(9, S.MSG_PEEK) == b"ab" and a.recv(9) == b"ab")
pid = os.fork()
if pid == 0:
    c.send(b"ab")
    import time

    time.sleep(0.1)
    c.send(b"cd")
    os._exit(0)
a.settimeout(None)
flag("recv", "MSG_WAITALL", a.recv(4, S.MSG_WAITALL) == b"abcd")
os.waitpid(pid, 0)


def fails(f, want):
    try:
        f()
    except OSError as e:
        return e.errno == want
    return False


flag("recv", "MSG_DONTWAIT", fails(lambda: a.recv(4, S.MSG_DONTWAIT), errno.EAGAIN))
urgent = fails(lambda: a.recv(1, S.MSG_OOB), errno.EINVAL)
c.send(b"abc", S.MSG_OOB)
urgent = urgent and a.recv(9, S.MSG_PEEK) == b"ab" and a.recv(1, S.MSG_OOB) == b"c" and a.recv(9) == b"ab"
flag("recv", "MSG_OOB", urgent)
flag("send", "MSG_OOB", urgent)
c.send(b"abc")
flag("recv", "MSG_TRUNC", len(a.recv(3, S.MSG_TRUNC)) == 3 and fails(lambda: a.recv(3, S.MSG_DONTWAIT), errno.EAGAIN))

c, a = pair()
c.send(b"ab", S.MSG_MORE)
later = fails(lambda: a.recv(4, S.MSG_DONTWAIT), errno.EAGAIN)
c.send(b"cd")
flag("send", "MSG_MORE", later and a.recv(4) == b"abcd")


def full():
    while True:
        c.send(bytes(1 << 16), S.MSG_DONTWAIT)


flag("send", "MSG_DONTWAIT", fails(full, errno.EAGAIN))


def broken(flags):
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    c, a = pair()
    c.shutdown(S.SHUT_WR)
    try:
        c.send(b"x", flags)
    except OSError as e:
        os._exit(e.errno)


loud, quiet = child(lambda: broken(0)), child(lambda: broken(S.MSG_NOSIGNAL))
flag("send", "MSG_NOSIGNAL", os.WIFSIGNALED(loud) and os.WTERMSIG(loud) == signal.SIGPIPE
     and os.WIFEXITED(quiet) and os.WEXITSTATUS(quiet) == errno.EPIPE)

# A connection that was aborted before it was taken.
s = listener()
reset(S.create_connection(s.getsockname()))
try:
    s.accept()
    print("aborted is accepted")
except OSError as e:
    print("error accept", errno.errorcode[e.errno], type(e).__name__)
# A limit of Python's own.
c, a = pair()
c.settimeout(0.05)
try:
    c.recv(1)
except OSError as e:
    print("settimeout", type(e).__name__, e)
# Data unread at the close makes an RST.
c, a = pair()
c.send(b"x")
while not a.recv(1, S.MSG_PEEK):
    pass
a.close()
provoke("recv", lambda: c.recv(1))
