#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/busy.h"

/*
 * As a program: u-busy WHAT ROOT [PATH...] takes or enters something, says
 * "held" or why not, and keeps it until its stdin ends. For t1050.
 */
static int act(struct busy *b, const char *what, const struct strs *paths)
{
	struct strs none = STRS_INIT;

	if (!strcmp(what, "take"))
		return busy_take(b, 200);
	if (!strcmp(what, "read"))
		return busy_paths(b, paths, &none);
	if (!strcmp(what, "write"))
		return busy_paths(b, &none, paths);
	if (!strcmp(what, "workspace"))
		return busy_workspace(b);
	return busy_dvc(b);
}

static int hold(int argc, char **argv)
{
	struct strs paths = STRS_INIT;
	struct busy b;
	int err;

	for (int i = 3; i < argc; i++)
		strs_add(&paths, argv[i]);
	busy_init(&b, argv[2], "git exp run");
	b.hardlink = getenv("HARDLINK");
	err = act(&b, argv[1], &paths);
	puts(err ? err_message() : "held");
	fflush(stdout);
	while (!err && getchar() != EOF)
		;
	busy_clear(&b);
	strs_clear(&paths);
	return !!err;
}

/* --- as a test ----------------------------------------------------------------- */

static char root[] = "/tmp/git-exp-busy.XXXXXX";
static char warned[1000];

static void keep(const char *line)
{
	snprintf(warned, sizeof(warned), "%s", line);
}

static int start(void **state)
{
	(void)state;
	memcpy(strrchr(root, '.') + 1, "XXXXXX", 6);
	warned[0] = '\0';
	err_on_warn(keep);
	return !mkdtemp(root);
}

static int stop(void **state)
{
	(void)state;
	return file_remove_tree(root);
}

static void put(const char *name, const char *text)
{
	char *path = mem_fmt("%s/.dvc/tmp/%s", root, name);

	assert_int_equal(file_write(path, text, strlen(text), 0, FILE_MKDIRS),
			 0);
	free(path);
}

static void expect(const char *name, const char *text)
{
	char *path = mem_fmt("%s/.dvc/tmp/%s", root, name);
	struct buf b = BUF_INIT;

	assert_int_equal(file_read(path, &b, 0), 0);
	assert_string_equal(b.s, text);
	buf_clear(&b);
	free(path);
}

/* Another process that lives until its pipe is closed. */
static pid_t other(int *end)
{
	int fd[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (!pid) {
		close(fd[1]);
		_exit(read(fd[0], &c, 1) != 0);
	}
	close(fd[0]);
	*end = fd[1];
	return pid;
}

static long gone(void)
{
	int end;
	pid_t pid = other(&end);

	close(end);
	waitpid(pid, NULL, 0);
	return pid;
}

static void enter(struct busy *b, const char *read, const char *write, int want)
{
	struct strs r = STRS_INIT, w = STRS_INIT;

	if (read)
		strs_add(&r, read);
	if (write)
		strs_add(&w, write);
	assert_int_equal(busy_paths(b, &r, &w), want);
	strs_clear(&r);
	strs_clear(&w);
}

static void the_lock_is_signed_and_shared_with_nobody(void **state)
{
	struct busy a, b;
	char *line = mem_fmt(" %ld\n", (long)getpid());
	char *why = mem_fmt("another process (pid %ld) holds '.dvc/tmp/lock'",
			    (long)getpid());

	(void)state;
	busy_init(&a, root, "a");
	busy_init(&b, root, "b");
	assert_int_equal(busy_take(&a, 0), 0);
	assert_int_equal(busy_take(&a, 0), 0);
	expect("lock", line);
	assert_int_equal(busy_take(&b, 20), ERR_LOCKED);
	assert_string_equal(err_message(), why);
	busy_drop(&a);
	assert_int_equal(busy_take(&b, 0), 0);
	busy_clear(&a);
	busy_clear(&b);
	busy_clear(&b);
	free(line);
	free(why);
}

static void paths_stand_as_dvc_writes_them(void **state)
{
	char *want = mem_fmt("{\"read\": {\"/p/in\": [{\"pid\": %ld, "
			     "\"cmd\": \"git exp run\"}]}, \"write\": "
			     "{\"/p/\\u00fc\": {\"pid\": %ld, \"cmd\": "
			     "\"git exp run\"}}}",
			     (long)getpid(), (long)getpid());
	struct busy b;

	(void)state;
	busy_init(&b, root, "git exp run");
	enter(&b, "/p/in", "/p/\xc3\xbc", 0);
	expect("rwlock", want);
	busy_clear(&b);
	expect("rwlock", "{}");
	free(want);
}

static void a_path_read_twice_stays_until_both_are_done(void **state)
{
	struct strs r = STRS_INIT, none = STRS_INIT;
	char *want = mem_fmt("{\"read\": {\"/p/in\": [{\"pid\": %ld, "
			     "\"cmd\": \"c\"}]}}", (long)getpid());
	struct busy b;

	(void)state;
	strs_add(&r, "/p/in");
	busy_init(&b, root, "c");
	assert_int_equal(busy_paths(&b, &r, &none), 0);
	assert_int_equal(busy_paths(&b, &r, &none), 0);
	assert_int_equal(busy_paths_done(&b, &r, &none), 0);
	expect("rwlock", want);
	assert_int_equal(busy_paths_done(&b, &r, &none), 0);
	expect("rwlock", "{}");
	busy_clear(&b);
	busy_clear(&b);
	strs_clear(&r);
	free(want);
}

static void we_are_not_in_our_own_way(void **state)
{
	struct busy b;

	(void)state;
	busy_init(&b, root, "c");
	enter(&b, "/p/in", "/p/out", 0);
	enter(&b, "/p/out", "/p/in", 0);
	enter(&b, NULL, "/p", 0);
	assert_string_equal(warned, "");
	busy_clear(&b);
	expect("rwlock", "{}");
}

static void who_is_in_the_way_is_named(void **state)
{
	char *table, *why;
	struct busy b;
	int end;
	pid_t pid = other(&end);

	(void)state;
	table = mem_fmt("{\"write\": {\"%s/out\": {\"pid\": %ld, \"cmd\": "
			"\"dvc repro\"}}, \"read\": {\"%s/in\": [{\"pid\": "
			"%ld, \"cmd\": \"dvc repro\"}]}}",
			root, (long)pid, root, (long)pid);
	why = mem_fmt("'out/x' is in use by process %ld (dvc repro)",
		      (long)pid);
	put("rwlock", table);
	busy_init(&b, root, "c");
	free(table);
	table = mem_fmt("%s/out/x", root);
	enter(&b, table, NULL, ERR_LOCKED);
	assert_string_equal(err_message(), why);
	enter(&b, NULL, table, ERR_LOCKED);
	enter(&b, NULL, root, ERR_LOCKED);
	free(table);
	table = mem_fmt("%s/in", root);
	enter(&b, table, NULL, 0);
	enter(&b, NULL, table, ERR_LOCKED);
	assert_int_equal(busy_dvc(&b), ERR_LOCKED);
	close(end);
	waitpid(pid, NULL, 0);
	assert_int_equal(busy_dvc(&b), 0);
	busy_clear(&b);
	free(table);
	free(why);
}

static void entries_of_the_dead_go_with_a_warning(void **state)
{
	long pid = gone();
	char *table = mem_fmt("{\"write\": {\"/p/o\": {\"pid\": %ld, \"cmd\": "
			      "\"dvc repro\"}, \"/q\": {\"pid\": %ld, "
			      "\"cmd\": \"x\"}}}", pid, pid);
	char *want = mem_fmt("{\"write\": {\"/q\": {\"pid\": %ld, \"cmd\": "
			     "\"x\"}, \"/p/o\": {\"pid\": %ld, \"cmd\": "
			     "\"c\"}}}", pid, (long)getpid());
	char *why = mem_fmt("process %ld (dvc repro) is gone: its entry for "
			    "'/p/o' is taken out of '.dvc/tmp/rwlock'", pid);
	struct busy b;

	(void)state;
	put("rwlock", table);
	busy_init(&b, root, "c");
	enter(&b, NULL, "/p/o", 0);
	assert_string_equal(warned, why);
	expect("rwlock", want);
	busy_clear(&b);
	free(table);
	free(want);
	free(why);
}

static void a_damaged_table_is_refused_by_name(void **state)
{
	static const char *const text[] = {
		"", "{", "[]", "{\"write\": {\"a\": {\"pid\": 1}}}",
		"{\"read\": {\"a\": {\"pid\": 1, \"cmd\": \"x\"}}}",
		"{\"other\": {}}",
	};
	struct busy b;

	(void)state;
	busy_init(&b, root, "c");
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		put("rwlock", text[i]);
		enter(&b, "/p", NULL, ERR_INVALID);
		assert_memory_equal(err_message(), ".dvc/tmp/rwlock: line 1: ",
				    25);
		assert_non_null(err_hints());
	}
	busy_clear(&b);
}

static void the_workspace_is_entered_for_dvc_exp_run(void **state)
{
	char *want = mem_fmt("{\"write\": {\"workspace\": {\"pid\": %ld, "
			     "\"cmd\": \"c\"}}}", (long)getpid());
	struct busy b;

	(void)state;
	busy_init(&b, root, "c");
	assert_int_equal(busy_workspace(&b), 0);
	assert_int_equal(busy_workspace(&b), 0);
	expect("exps/rwlock", want);
	assert_int_equal(busy_dvc(&b), 0);
	assert_int_equal(busy_workspace_done(&b), 0);
	expect("exps/rwlock", "{}");
	busy_clear(&b);
	free(want);
}

static void a_running_experiment_of_dvc_is_seen(void **state)
{
	char *text, *why;
	struct busy b;
	int end;
	pid_t pid = other(&end);

	(void)state;
	text = mem_fmt("{\"pid\": %ld, \"stdin\": null}", (long)pid);
	why = mem_fmt("DVC runs an experiment here (process %ld)", (long)pid);
	busy_init(&b, root, "c");
	assert_int_equal(busy_dvc(&b), 0);
	put("exps/run/workspace/workspace.json", text);
	assert_int_equal(busy_dvc(&b), ERR_LOCKED);
	assert_string_equal(err_message(), why);
	close(end);
	waitpid(pid, NULL, 0);
	assert_int_equal(busy_dvc(&b), 0);
	busy_clear(&b);
	free(text);
	free(why);
}

static void leaving_keeps_the_message_of_what_failed(void **state)
{
	struct busy b;

	(void)state;
	busy_init(&b, root, "c");
	enter(&b, "/p", NULL, 0);
	put("rwlock", "{");
	err_set(ERR_STAGE, "the stage failed");
	busy_clear(&b);
	assert_string_equal(err_message(), "the stage failed");
	assert_memory_equal(warned, ".dvc/tmp/rwlock: line 1: ", 25);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(the_lock_is_signed_and_shared_with_nobody),
		TEST(paths_stand_as_dvc_writes_them),
		TEST(a_path_read_twice_stays_until_both_are_done),
		TEST(we_are_not_in_our_own_way),
		TEST(who_is_in_the_way_is_named),
		TEST(entries_of_the_dead_go_with_a_warning),
		TEST(a_damaged_table_is_refused_by_name),
		TEST(the_workspace_is_entered_for_dvc_exp_run),
		TEST(a_running_experiment_of_dvc_is_seen),
		TEST(leaving_keeps_the_message_of_what_failed),
	};

	if (argc > 2)
		return hold(argc, argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("busy", tests, NULL, NULL);
}
