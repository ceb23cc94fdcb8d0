"""The greeting server as the article writes it, one thread a client, with
TCP_NODELAY set, without which each turn waits 40 ms for a delayed ACK.

Usage: greeting_server.py PORT BACKLOG
"""
import socket
import sys
import threading


def greet(sock, addr):
    print('Accept new connection from %s:%s' % addr)
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
    print('Connection from %s:%s is closed' % addr)


def main():
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.0.0.1', int(sys.argv[1])))
    s.listen(int(sys.argv[2]))
    print('Waiting for connection...')
    while True:
        sock, addr = s.accept()
        threading.Thread(target=greet, args=(sock, addr), daemon=True).start()


main()
