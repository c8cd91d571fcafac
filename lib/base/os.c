#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/os.h"
#ifdef __linux__
#include <linux/fs.h>
#include <sched.h>
#include <sys/random.h>
#endif
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif
#ifdef __FreeBSD__
#include <sys/sysctl.h>
#endif

int os_flock(int fd, bool lock)
{
	return flock(fd, lock ? LOCK_EX | LOCK_NB : LOCK_UN);
}

int os_reflink(int to, int from)
{
#ifdef FICLONE
	return ioctl(to, FICLONE, from);
#else
	(void)to;
	(void)from;
	errno = ENOSYS;
	return -1;
#endif
}

ssize_t os_copy_range(int from, int to, size_t len)
{
#if defined(__linux__) || defined(__FreeBSD__)
	return copy_file_range(from, NULL, to, NULL, len, 0);
#else
	(void)from;
	(void)to;
	(void)len;
	errno = ENOSYS;
	return -1;
#endif
}

int os_pty(int *master, int *slave)
{
	const char *name;
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	if (fd < 0)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (!grantpt(fd) && !unlockpt(fd) && (name = ptsname(fd))) {
		*slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
		*master = fd;
		if (*slave >= 0)
			return 0;
	}
	close(fd);
	return -1;
}

int os_pty_login(int slave)
{
	return setsid() < 0 ? -1 : ioctl(slave, TIOCSCTTY, 0);
}

int os_win_copy(int from, int to)
{
	struct winsize size;

	if (ioctl(from, TIOCGWINSZ, &size))
		return -1;
	return ioctl(to, TIOCSWINSZ, &size);
}

int os_win_size(int fd, int *cols, int *rows)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size))
		return -1;
	*cols = size.ws_col;
	*rows = size.ws_row;
	return 0;
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

pid_t os_wait(pid_t pid, int *status, int options, struct os_usage *use)
{
	struct rusage ru;
	pid_t got;

	memset(&ru, 0, sizeof(ru));
	got = wait4(pid, status, options, &ru);
	if (got <= 0 || !use)
		return got;
	use->cpu = seconds(&ru.ru_utime) + seconds(&ru.ru_stime);
	use->rss = (uint64_t)ru.ru_maxrss;
#ifndef __APPLE__
	use->rss *= 1024;
#endif
	return got;
}

#ifdef __linux__
static size_t from_kernel(unsigned char *out, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = getrandom(out + done, len - done, 0);

		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	return done;
}
#else
static size_t from_kernel(unsigned char *out, size_t len)
{
	arc4random_buf(out, len);
	return len;
}
#endif

/* Without a kernel that knows better: names must differ, no more. */
static void from_clock(unsigned char *out, size_t len)
{
	static unsigned long calls;
	struct timespec t;
	uint64_t x;

	clock_gettime(CLOCK_REALTIME, &t);
	x = (uint64_t)t.tv_nsec ^ (uint64_t)t.tv_sec << 30 ^
		(uint64_t)getpid() << 16 ^ ++calls << 48;
	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		out[i] = (unsigned char)(x >> 24);
	}
}

void os_random(void *out, size_t len)
{
	size_t done = from_kernel(out, len);

	if (done < len)
		from_clock((unsigned char *)out + done, len - done);
}

int os_cpus(void)
{
	long n;
#ifdef __linux__
	cpu_set_t set;

	if (!sched_getaffinity(0, sizeof(set), &set) && CPU_COUNT(&set) > 0)
		return CPU_COUNT(&set);
#endif
	n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 && n < INT_MAX ? (int)n : 1;
}

const char *os_name(void)
{
#if defined(__linux__)
	return "linux";
#elif defined(__APPLE__)
	return "darwin";
#elif defined(__FreeBSD__)
	return "freebsd";
#elif defined(__OpenBSD__)
	return "openbsd";
#elif defined(__NetBSD__)
	return "netbsd";
#else
	return "unix";
#endif
}

const char *os_arch(void)
{
#if defined(__x86_64__)
	return "x86_64";
#elif defined(__aarch64__) && defined(__APPLE__)
	return "arm64";
#elif defined(__aarch64__)
	return "aarch64";
#elif defined(__i386__)
	return "i386";
#elif defined(__arm__)
	return "arm";
#elif defined(__riscv)
	return "riscv";
#elif defined(__powerpc64__)
	return "ppc64";
#elif defined(__s390x__)
	return "s390x";
#else
	return "unknown";
#endif
}

bool os_syncs(void)
{
	return !getenv("GIT_EXP_TEST_NO_FSYNC");
}

int os_fsync(int fd)
{
	if (!os_syncs())
		return 0;
#ifdef F_FULLFSYNC
	if (!fcntl(fd, F_FULLFSYNC))
		return 0;
#endif
	while (fsync(fd)) {
		if (errno == EINVAL || errno == ENOTSUP)
			return 0;	/* this file system has nothing to flush */
		if (errno != EINTR)
			return -1;
	}
	return 0;
}

int os_entry_dir(const struct dirent *e)
{
#ifdef DT_DIR
	if (e->d_type == DT_DIR)
		return 1;
	if (e->d_type == DT_REG)
		return 0;
#else
	(void)e;
#endif
	return -1;
}

bool os_alive(pid_t pid)
{
	return pid > 0 && (!kill(pid, 0) || errno == EPERM);
}

char *os_self(void)
{
#if defined(__linux__)
	return realpath("/proc/self/exe", NULL);
#elif defined(__APPLE__)
	char path[PATH_MAX];
	uint32_t size = sizeof(path);

	return _NSGetExecutablePath(path, &size) ? NULL : realpath(path, NULL);
#elif defined(__FreeBSD__)
	int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_PATHNAME, -1 };
	char path[PATH_MAX];
	size_t size = sizeof(path);

	return sysctl(mib, 4, path, &size, NULL, 0) ? NULL : mem_dup(path);
#elif defined(__NetBSD__)
	return realpath("/proc/curproc/exe", NULL);
#else
	return NULL;
#endif
}
