/*
 * clock - how long does one command take, against another?
 *
 * usage: clock RUNS [-r RESET] -- COMMAND... -- FLOOR...
 *
 * Runs the two in turn, RUNS times each, their output thrown away, and prints
 * the median of each in milliseconds and the ratio of the medians. In turn,
 * so that whatever else the machine does meets both. RESET is a shell command
 * run before each of the two, not timed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void become(char **argv)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	execvp(argv[0], argv);
	_exit(127);
}

static int once(char **argv)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		become(argv);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static double timed(char **argv)
{
	double start = now();

	if (once(argv) > 1) {
		fprintf(stderr, "clock: '%s' fails\n", argv[0]);
		exit(1);
	}
	return now() - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *list, int nr)
{
	qsort(list, (size_t)nr, sizeof(*list), by_size);
	return list[nr / 2];
}

static char **cut(char **at)
{
	while (*at && strcmp(*at, "--"))
		at++;
	if (!*at)
		return at;
	*at = NULL;
	return at + 1;
}

int main(int argc, char **argv)
{
	char *reset[] = { "sh", "-c", NULL, NULL };
	char **one, **two;
	double a[1000], b[1000], ma, mb;
	int runs;

	if (argc < 5)
		return 2;
	runs = atoi(argv[1]);
	runs = runs < 1 ? 1 : runs > 1000 ? 1000 : runs;
	if (!strcmp(argv[2], "-r"))
		reset[2] = argv[3];
	one = cut(argv + 2);
	two = cut(one);
	for (int i = 0; i < runs; i++) {
		if (reset[2])
			once(reset);
		a[i] = timed(one);
		if (reset[2])
			once(reset);
		b[i] = timed(two);
	}
	ma = median(a, runs);
	mb = median(b, runs);
	printf("%9.2f ms  against %9.2f ms  %6.2fx\n", ma, mb, ma / mb);
	return 0;
}
