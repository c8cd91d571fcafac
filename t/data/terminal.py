# Runs a command on a pseudo-terminal of its own and types on it.
#   python3 terminal.py OUT STEP... -- COMMAND...
# OUT gets every byte the terminal showed. Steps, in order:
#   wait:TEXT    until the output holds TEXT (from where the last wait ended)
#   type:TEXT    type it; \n is the return key, \xNN any byte
#   size:RxC     resize the window
#   kill:NAME    send a signal to the command
#   sleep:SECS
# Afterwards it prints "exit N" or "signal NAME", and "modes same" or
# "modes changed" comparing the terminal's modes with those at the start.
import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

LONG = 15


def resize(fd, rows, cols):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))


def child(tty, argv):
    os.setsid()
    fcntl.ioctl(tty, termios.TIOCSCTTY, 0)
    for fd in range(3):
        os.dup2(tty, fd)
    os.execvp(argv[0], argv)


class Terminal:
    def __init__(self, argv, out):
        self.ours, self.tty = pty.openpty()
        resize(self.ours, 24, 80)
        self.modes = termios.tcgetattr(self.tty)
        self.out, self.all, self.at = out, b"", 0
        self.pid = os.fork()
        if not self.pid:
            os.close(self.ours)
            child(self.tty, argv)

    def hear(self, secs):
        if not select.select([self.ours], [], [], secs)[0]:
            return False
        try:
            got = os.read(self.ours, 65536)
        except OSError:
            return False
        self.out.write(got)
        self.out.flush()
        self.all += got
        return bool(got)

    def wait(self, text):
        end = time.time() + LONG
        while text not in self.all[self.at:]:
            if time.time() > end:
                sys.exit("never shown: %r in %r" % (text, self.all[self.at:]))
            self.hear(0.1)
        self.at = self.all.index(text, self.at) + len(text)

    def step(self, word):
        how, _, what = word.partition(":")
        if how == "wait":
            self.wait(what.encode())
        elif how == "type":
            os.write(self.ours, codecs.escape_decode(what.encode())[0])
        elif how == "size":
            resize(self.ours, *map(int, what.split("x")))
        elif how == "kill":
            os.kill(self.pid, getattr(signal, what))
        elif how == "sleep":
            time.sleep(float(what))
        else:
            sys.exit("no such step: " + word)

    def end(self):
        end = time.time() + LONG
        while time.time() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.hear(0.05)
            if pid:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            sys.exit("did not end")
        while self.hear(0.1):
            pass
        if os.WIFSIGNALED(status):
            print("signal", signal.Signals(os.WTERMSIG(status)).name)
        else:
            print("exit", os.WEXITSTATUS(status))
        same = termios.tcgetattr(self.tty) == self.modes
        print("modes", "same" if same else "changed")


def main():
    cut = sys.argv.index("--")
    with open(sys.argv[1], "wb") as out:
        term = Terminal(sys.argv[cut + 1:], out)
        try:
            for word in sys.argv[2:cut]:
                term.step(word)
        except SystemExit:
            os.kill(term.pid, signal.SIGKILL)
            raise
        term.end()


main()
