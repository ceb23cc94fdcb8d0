"""The greeting client as a textbook writes it: every recv is taken for one message.

Usage: greeting_client.py PORT; names come from stdin.
"""
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(('127.0.0.1', int(sys.argv[1])))
text = s.recv(1024)
print(text.decode(), end='')
while True:
    if not text.endswith(b"What's your name?"):
        print(s.recv(1024).decode(), end='')
    try:
        name = input('Please input your name:')
    except EOFError:
        break
    if not name:
        text = b"What's your name?"
        continue
    s.send(name.encode())
    text = s.recv(1024)
    print(text.decode(), end='')
    if name == 'exit':
        break
s.close()
