#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/strs.h"

/* Run a line of shell; its exit code. */
static int sh(const char *line, const struct strs *env, const struct buf *in,
	      struct buf *out, struct buf *errors)
{
	int code = -1;

	assert_int_equal(proc_capture(PROC_ARGV("sh", "-c", line), NULL,
				      env, in, out, errors, 0, &code), 0);
	return code;
}

static void says_prints(const char *line, const struct strs *env,
			const char *want)
{
	struct buf out = BUF_INIT;

	assert_int_equal(sh(line, env, NULL, &out, NULL), 0);
	assert_string_equal(out.s, want);
	buf_clear(&out);
}

static void hands_on_how_a_child_ended(void **state)
{
	(void)state;
	assert_int_equal(sh("exit 0", NULL, NULL, NULL, NULL), 0);
	assert_int_equal(sh("exit 7", NULL, NULL, NULL, NULL), 7);
	assert_int_equal(sh("kill -9 $$", NULL, NULL, NULL, NULL), 128 + 9);
}

static void knows_a_missing_program_from_a_failing_one(void **state)
{
	char *const *none = PROC_ARGV("no-such-program-here");
	char *const *dir = PROC_ARGV("/tmp");
	char *const *ok = PROC_ARGV("true");
	int code;

	(void)state;
	assert_int_equal(proc_capture(none, NULL, NULL, NULL, NULL, NULL, 0,
				      &code), ERR_NOTFOUND);
	assert_string_equal(err_message(), "cannot run 'no-such-program-here': "
			    "No such file or directory");
	assert_int_equal(proc_capture(dir, NULL, NULL, NULL, NULL, NULL, 0,
				      &code), ERR_FATAL);
	assert_int_equal(proc_capture(ok, "/no/such/dir", NULL, NULL, NULL,
				      NULL, 0, &code), ERR_FATAL);
	assert_string_equal(err_message(), "cannot enter '/no/such/dir': "
			    "No such file or directory");
	assert_int_equal(sh("exit 127", NULL, NULL, NULL, NULL), 127);
}

static void never_waits_for_itself_whatever_the_sizes(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT, errors = BUF_INIT;

	(void)state;
	while (in.len < 3000000)
		buf_fmt(&in, "line at %zu\n", in.len);
	assert_int_equal(sh("tee /dev/stderr", NULL, &in, &out, &errors), 0);
	assert_int_equal(out.len, in.len);
	assert_memory_equal(out.s, in.s, in.len);
	assert_int_equal(errors.len, in.len);
	buf_reset(&out);
	assert_int_equal(sh("head -c 3; exit 4", NULL, &in, &out, NULL), 4);
	assert_string_equal(out.s, "lin");
	buf_clear(&in);
	buf_clear(&out);
	buf_clear(&errors);
}

static void changes_only_the_environment_of_the_child(void **state)
{
	struct strs env = STRS_INIT;

	(void)state;
	setenv("U_PROC_A", "a", 1);
	setenv("U_PROC_AB", "ab", 1);
	strs_add(&env, "U_PROC_A=1");
	strs_add(&env, "U_PROC_A=2");
	strs_add(&env, "U_PROC_NEW=x=y");
	says_prints("echo $U_PROC_A $U_PROC_AB $U_PROC_NEW", &env, "2 ab x=y\n");
	strs_add(&env, "U_PROC_A");
	strs_add(&env, "U_PROC_AB");
	says_prints("echo ${U_PROC_A-no} ${U_PROC_AB-no}", &env, "no no\n");
	assert_string_equal(getenv("U_PROC_A"), "a");
	assert_null(getenv("U_PROC_NEW"));
	strs_clear(&env);
}

static void gives_nothing_to_read_unless_asked(void **state)
{
	(void)state;
	says_prints("cat", NULL, "");
}

static void stop(int sig)
{
	(void)sig;
}

static void children_have_the_usual_signals(void **state)
{
	struct sigaction sa;
	sigset_t some, old;

	(void)state;
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = stop;
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGINT, SIG_DFL);	/* ignored behind a shell's '&' */
	sigemptyset(&some);
	sigaddset(&some, SIGINT);
	sigprocmask(SIG_BLOCK, &some, &old);
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(sh("kill -PIPE $$", NULL, NULL, NULL, NULL), 128 + SIGPIPE);
	assert_int_equal(sh("kill -TERM $$", NULL, NULL, NULL, NULL), 128 + SIGTERM);
	assert_int_equal(sh("kill -INT $$; sleep 1", NULL, NULL, NULL, NULL),
			 128 + SIGINT);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void a_reader_that_has_gone_is_an_error(void **state)
{
	char *const *argv = PROC_ARGV("true");
	struct proc p;
	char some[100000] = { 0 };
	int code;

	(void)state;
	assert_int_equal(proc_start(&p, argv, NULL, NULL, PROC_IN), 0);
	assert_int_equal(proc_write(p.in, some, sizeof(some)), ERR_FATAL);
	assert_int_equal(proc_wait(&p, &code), 0);
	assert_int_equal(code, 0);
	assert_int_equal(p.pid, 0);
}

/* The second would keep the first one's stdin open if it had inherited it. */
static void two_children_do_not_hold_each_other(void **state)
{
	char *const *argv = PROC_ARGV("cat");
	struct proc a, b;
	char one;
	int code;

	(void)state;
	assert_int_equal(proc_start(&a, argv, NULL, NULL, PROC_IN | PROC_OUT), 0);
	assert_int_equal(proc_start(&b, argv, NULL, NULL, PROC_IN | PROC_OUT), 0);
	assert_int_equal(proc_write(a.in, "x", 1), 0);
	assert_int_equal(read(a.out, &one, 1), 1);
	assert_int_equal(one, 'x');
	assert_int_equal(proc_wait(&a, &code), 0);
	assert_int_equal(proc_wait(&b, &code), 0);
}

static void works_without_the_three_usual_descriptors(void **state)
{
	int keep[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		keep[i] = dup(i);
	for (int i = 0; i < 3; i++)
		close(i);
	says_prints("cat; echo out", NULL, "out\n");
	for (int i = 0; i < 3; i++) {
		dup2(keep[i], i);
		close(keep[i]);
	}
}

static void only_writing_children_are_steps(void **state)
{
	char *const *argv = PROC_ARGV("true", "x");
	unsigned long n = file_steps();
	int code;

	(void)state;
	assert_int_equal(proc_capture(argv, "/", NULL, NULL, NULL, NULL, 0,
				      &code), 0);
	assert_int_equal(file_steps(), n);
	assert_int_equal(proc_capture(argv, "/", NULL, NULL, NULL, NULL,
				      PROC_WRITES | PROC_NOERR, &code), 0);
	assert_int_equal(file_steps(), n + 1);
}

static void becomes_only_what_is_there(void **state)
{
	char *const *none = PROC_ARGV("no-such-program-here");

	(void)state;
	assert_int_equal(proc_become(none), ERR_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_on_how_a_child_ended),
		cmocka_unit_test(knows_a_missing_program_from_a_failing_one),
		cmocka_unit_test(never_waits_for_itself_whatever_the_sizes),
		cmocka_unit_test(changes_only_the_environment_of_the_child),
		cmocka_unit_test(gives_nothing_to_read_unless_asked),
		cmocka_unit_test(children_have_the_usual_signals),
		cmocka_unit_test(a_reader_that_has_gone_is_an_error),
		cmocka_unit_test(two_children_do_not_hold_each_other),
		cmocka_unit_test(works_without_the_three_usual_descriptors),
		cmocka_unit_test(only_writing_children_are_steps),
		cmocka_unit_test(becomes_only_what_is_there),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
