/*
 * os - the few calls outside POSIX.1-2008, each behind a name of ours.
 *
 * Read here:  no other file of lib/ or git-exp/ may call these things.
 * Owns:       nothing; descriptors and pids are the caller's.
 * Fails:      as the system call behind it: -1 and errno, unless said.
 * Knows:      Linux, macOS and the BSDs; what a system lacks is emulated or
 *             reported as ENOSYS, and callers have a slower way.
 */
#ifndef BASE_OS_H
#define BASE_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* flock(2) LOCK_EX, or LOCK_UN when `lock` is false; never waits. */
int os_flock(int fd, bool lock);

/* Share the blocks of two open files (FICLONE); ENOSYS/EOPNOTSUPP if not. */
int os_reflink(int to, int from);

/* Copy `len` bytes inside the kernel; returns what was copied, or -1. */
ssize_t os_copy_range(int from, int to, size_t len);

/* A pseudo-terminal pair; `slave` gets its name opened O_NOCTTY. */
int os_pty(int *master, int *slave);

/* In a child: make `slave` the controlling terminal of a new session. */
int os_pty_login(int slave);

/* Copy the size of terminal `from` to `to`. */
int os_win_copy(int from, int to);

/* Columns and lines of a terminal; -1 when `fd` is none. */
int os_win_size(int fd, int *cols, int *rows);

/* What a child used, from the wait that reaped it. */
struct os_usage {
	double cpu;		/* seconds, user + system */
	uint64_t rss;		/* largest resident set, bytes */
};

/* waitpid() that also tells the usage. */
pid_t os_wait(pid_t pid, int *status, int options, struct os_usage *use);

/* `len` random bytes; never fails. */
void os_random(void *out, size_t len);

int os_cpus(void);			/* at least 1 */
const char *os_name(void);		/* "linux", borrowed */
const char *os_arch(void);		/* "x86_64", borrowed */

/* Flush one file to the disk (F_FULLFSYNC where that is what it takes). */
int os_fsync(int fd);

/* False when a test saves its time: GIT_EXP_TEST_NO_FSYNC is set. */
bool os_syncs(void);

/* Is what readdir(3) gave a directory? 1, 0, or -1: only stat(2) can tell. */
struct dirent;
int os_entry_dir(const struct dirent *e);

/* True when a process with this id exists (or may: not ours to ask). */
bool os_alive(pid_t pid);

/* Where this program's file is, or NULL; caller frees. */
char *os_self(void);

#endif
