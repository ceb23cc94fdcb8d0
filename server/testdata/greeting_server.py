"""The greeting server as a textbook writes it: one thread a client.

Usage: greeting_server.py [PORT [BACKLOG [nodelay]]]; port 0 takes a free one. Prints the port.
"""
import socket
import sys
import threading


def greet(sock, addr, nodelay):
    if nodelay:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.send(b'Welcome!\n')
    while True:
        sock.send(b"What's your name?")
        data = sock.recv(1024)
        if not data:
            break
        if data == b'exit':
            sock.send(b'Good bye!\n')
            break
        sock.send(b'Hello ' + data + b'!\n')
    sock.close()


def main():
    port, backlog = (int(arg) for arg in (sys.argv[1:3] + ['0', '5'][len(sys.argv[1:3]):]))
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.0.0.1', port))
    s.listen(backlog)
    print(s.getsockname()[1], flush=True)
    while True:
        sock, addr = s.accept()
        threading.Thread(target=greet, args=(sock, addr, 'nodelay' in sys.argv), daemon=True).start()


main()
