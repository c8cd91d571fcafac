#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/file.h"
#include "base/trace.h"

static atomic_ulong steps;

/* For tests that compare our own count with what the kernel saw. */
static void note(const char *log, unsigned long n, const char *what,
		 const char *path)
{
	struct buf line = BUF_INIT;
	int fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);

	buf_fmt(&line, "%lu %s %s\n", n, what, path);
	if (fd >= 0 && write(fd, line.s, line.len) < 0)
		trace("step", "cannot write '%s'", log);
	if (fd >= 0)
		close(fd);
	buf_clear(&line);
}

void file_step(const char *what, const char *path)
{
	const char *die = getenv("GIT_EXP_TEST_DIE_AT");
	const char *log = getenv("GIT_EXP_TEST_STEPS");
	unsigned long n = atomic_fetch_add(&steps, 1) + 1;

	trace("step", "%lu %s %s", n, what, path);
	if (log && *log == '/')
		note(log, n, what, path);
	if (die && strtoul(die, NULL, 10) == n)
		kill(getpid(), SIGKILL);
}

unsigned long file_steps(void)
{
	return atomic_load(&steps);
}
