#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/strs.h"
#include "base/trace.h"

static char dir[64], *old_dir;

/* Each test has an empty directory of its own to stand in. */
static int enter(void **state)
{
	(void)state;
	strncpy(dir, "/tmp/u-file.XXXXXX", sizeof(dir) - 1);
	old_dir = file_cwd();
	umask(022);
	return mkdtemp(dir) ? chdir(dir) : -1;
}

static int leave(void **state)
{
	int err = chdir(old_dir);

	(void)state;
	free(old_dir);
	return err ? err : file_remove_tree(dir);
}

static void put(const char *path, const char *text)
{
	assert_int_equal(file_write(path, text, strlen(text), 0, 0), 0);
}

static void holds(const char *path, const char *want)
{
	struct buf b = BUF_INIT;

	assert_int_equal(file_read(path, &b, 0), 0);
	assert_string_equal(b.s, want);
	buf_clear(&b);
}

static void lists(const char *want)
{
	struct strs names = STRS_INIT;
	struct buf b = BUF_INIT;

	assert_int_equal(file_list(".", &names), 0);
	for (size_t i = 0; i < names.nr; i++)
		buf_fmt(&b, "%s ", names.item[i]);
	assert_string_equal(b.s, want);
	buf_clear(&b);
	strs_clear(&names);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

/* --- paths ------------------------------------------------------------- */

static void same(char *got, const char *want)
{
	assert_string_equal(got, want);
	free(got);
}

/* Each as posixpath.normpath, join and relpath of Python have it. */
static void makes_paths_normal(void **state)
{
	(void)state;
	same(file_normal("a//b/./c/../d"), "a/b/d");
	same(file_normal("../../a/.."), "../..");
	same(file_normal("a/../.."), "..");
	same(file_normal("/../a/"), "/a");
	same(file_normal("/a/.."), "/");
	same(file_normal("..a/.b/..."), "..a/.b/...");
	same(file_normal("a/.."), ".");
	same(file_normal(""), ".");
	same(file_join("base", "../x"), "x");
	same(file_join("/r", "a/b"), "/r/a/b");
	same(file_join("/r", "/x"), "/x");
	same(file_join(".", "a"), "a");
	same(file_join("", "a"), "a");
}

static void finds_the_way_between_directories(void **state)
{
	(void)state;
	same(file_relative("/a/b", "/a/b/c"), "c");
	same(file_relative("/a/b", "/a/c"), "../c");
	same(file_relative("/a/b", "/a/bc"), "../bc");
	same(file_relative("/a/b", "/a/b"), ".");
	same(file_relative("/", "/a/b"), "a/b");
	same(file_relative("/a/b", "/"), "../..");
	same(file_relative("/a/b", "/x/y"), "../../x/y");
}

static void takes_paths_apart(void **state)
{
	(void)state;
	same(file_dirname("a/b"), "a");
	same(file_dirname("a"), ".");
	same(file_dirname("/a"), "/");
	same(file_dirname("a//b"), "a");
	assert_string_equal(file_basename("a/b.c"), "b.c");
	assert_string_equal(file_basename("b.c"), "b.c");
	assert_true(file_inside("a", "a/b"));
	assert_true(file_inside("a", "a"));
	assert_false(file_inside("a", "ab"));
	assert_true(file_inside(".", "a"));
	assert_false(file_inside(".", "../a"));
	assert_true(file_inside("/", "/x"));
}

/* --- writing ------------------------------------------------------------ */

static void replaces_a_file_and_leaves_nothing_else(void **state)
{
	(void)state;
	put("f", "old");
	assert_int_equal(file_write("f", "new\0x", 5, 0, FILE_FSYNC), 0);
	holds("f", "new");
	lists("f ");
	assert_int_equal(mode_of("f"), 0644);
	assert_int_equal(chmod("f", 0750), 0);
	assert_int_equal(file_write("f", "", 0, 0444, FILE_KEEPMODE), 0);
	assert_int_equal(mode_of("f"), 0750);
	assert_int_equal(file_write("f", "", 0, 0444, 0), 0);
	assert_int_equal(mode_of("f"), 0444);
}

static void follows_a_link_instead_of_replacing_it(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(file_mkdirs("real/deep"), 0);
	assert_int_equal(symlink("real/deep/f", "link"), 0);
	assert_int_equal(symlink("link", "link2"), 0);
	put("link2", "through");
	holds("real/deep/f", "through");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_int_equal(file_write("loop", "", 0, 0, 0), ERR_FATAL);
}

static void does_not_replace_when_told_not_to(void **state)
{
	(void)state;
	assert_int_equal(file_write("a/b/f", "1", 1, 0, 0), ERR_NOTFOUND);
	assert_int_equal(file_write("a/b/f", "1", 1, 0,
				    FILE_MKDIRS | FILE_EXCL), 0);
	assert_int_equal(file_write("a/b/f", "2", 1, 0, FILE_EXCL), ERR_EXISTS);
	holds("a/b/f", "1");
	assert_int_equal(chdir("a/b"), 0);
	lists("f ");
	assert_int_equal(chdir("../.."), 0);
}

/* A limit on the size of files stands for a disk that is full. */
static void a_full_disk_leaves_the_old_file(void **state)
{
	struct rlimit was, small;
	char *big = calloc(1, 100000);

	(void)state;
	put("f", "old");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = was;
	small.rlim_cur = 4096;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(file_write("f", big, 100000, 0, 0), ERR_FATAL);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_string_equal(err_message(), "cannot write 'f': File too large");
	holds("f", "old");
	lists("f ");
	free(big);
}

static void die_at(const char *n)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		setenv("GIT_EXP_TEST_DIE_AT", n, 1);
		file_write("f", "new", 3, 0, 0);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void a_killed_writer_leaves_the_old_file(void **state)
{
	struct strs names = STRS_INIT;
	char first[16], second[16];
	size_t temps = 0;

	(void)state;
	put("f", "old");
	snprintf(first, sizeof(first), "%lu", file_steps() + 1);
	snprintf(second, sizeof(second), "%lu", file_steps() + 2);
	die_at(first);
	lists("f ");
	die_at(second);
	holds("f", "old");
	assert_int_equal(file_list(".", &names), 0);
	for (size_t i = 0; i < names.nr; i++)
		temps += file_is_temp(names.item[i]);
	assert_int_equal(temps, 1);
	assert_int_equal(names.nr, 2);
	strs_clear(&names);
	assert_false(file_is_temp(".f.tmp"));
	assert_false(file_is_temp("f.0123456789abcdef.tmp"));
}

static void writes_down_its_steps_when_asked(void **state)
{
	struct buf log = BUF_INIT, want = BUF_INIT;
	unsigned long n = file_steps();

	(void)state;
	buf_fmt(&log, "%s/steps", dir);
	setenv("GIT_EXP_TEST_STEPS", log.s, 1);
	put("f", "");
	file_unlink("not there");
	file_unlink("f");
	unsetenv("GIT_EXP_TEST_STEPS");
	buf_fmt(&want, "%lu write f\n%lu rename f\n%lu unlink f\n",
		n + 1, n + 2, n + 3);
	holds("steps", want.s);
	buf_clear(&want);
	buf_clear(&log);
}

static void copies_bytes_and_mode(void **state)
{
	struct buf b = BUF_INIT, c = BUF_INIT;

	(void)state;
	for (int i = 0; i < 70000; i++)
		buf_fmt(&b, "line %d\n", i);
	assert_int_equal(file_write("f", b.s, b.len, 0, 0), 0);
	assert_int_equal(file_copy("f", "x/g", 0444, FILE_MKDIRS), 0);
	assert_int_equal(file_read("x/g", &c, 0), 0);
	assert_int_equal(c.len, b.len);
	assert_memory_equal(c.s, b.s, b.len);
	assert_int_equal(mode_of("x/g"), 0444);
	assert_int_equal(file_copy("none", "y", 0, 0), ERR_NOTFOUND);
	assert_int_equal(file_copy("f", "x/g", 0, FILE_EXCL), ERR_EXISTS);
	put("f", "");
	assert_int_equal(file_copy("f", "x/g", 0, 0), 0);
	holds("x/g", "");
	buf_clear(&b);
	buf_clear(&c);
}

static void removes_a_tree_but_not_what_links_point_to(void **state)
{
	(void)state;
	assert_int_equal(file_mkdirs("safe"), 0);
	put("safe/f", "x");
	assert_int_equal(file_mkdirs("tree/a/b"), 0);
	put("tree/a/b/f", "x");
	assert_int_equal(file_symlink("../../safe", "tree/a/link"), 0);
	assert_int_equal(file_symlink("safe", "top"), 0);
	assert_int_equal(file_remove_tree("tree/"), 0);
	assert_int_equal(file_remove_tree("top"), 0);
	assert_int_equal(file_remove_tree("tree"), 0);
	lists("safe ");
	holds("safe/f", "x");
}

static void removes_empty_parents_up_to_a_stop(void **state)
{
	(void)state;
	assert_int_equal(file_mkdirs("a/b/c/d"), 0);
	put("a/f", "");
	file_rmdirs("a/b/c/d", "a/b");
	assert_true(file_is_dir("a/b"));
	assert_false(file_exists("a/b/c"));
	file_rmdirs("a/b", ".");
	assert_true(file_is_dir("a"));
	assert_false(file_exists("a/b"));
}

static void says_which_code_for_which_reason(void **state)
{
	(void)state;
	put("f", "");
	assert_int_equal(file_link("f", "g"), 0);
	assert_int_equal(file_link("f", "g"), ERR_EXISTS);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(file_rename("none", "g"), ERR_NOTFOUND);
	assert_int_equal(file_mkdir("f"), ERR_EXISTS);
	assert_int_equal(file_mkdirs("f/x"), ERR_EXISTS);
	assert_string_equal(err_message(),
			    "cannot make directory 'f': File exists");
}

/* --- reading --------------------------------------------------------------- */

static void refuses_to_read_what_is_no_file(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_str(&b, "kept");
	assert_int_equal(file_read("none", &b, 0), ERR_NOTFOUND);
	assert_string_equal(err_message(),
			    "cannot read 'none': No such file or directory");
	assert_int_equal(file_read(".", &b, 0), ERR_FATAL);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(file_read("pipe", &b, 0), ERR_FATAL);
	put("f", "12345");
	assert_int_equal(file_read("f", &b, 4), ERR_FATAL);
	assert_string_equal(b.s, "kept");
	assert_int_equal(file_read("f", &b, 5), 0);
	assert_string_equal(b.s, "kept12345");
	buf_clear(&b);
}

static int see(const char *path, bool is_dir, void *payload)
{
	buf_fmt(payload, "%s%s ", path, is_dir ? "/" : "");
	if (!strcmp(path, "stop"))
		return -7;
	return !strcmp(path, "pruned");
}

/* Seen with `dvc add` of the same tree: a/x and l are in, ldir/x is not. */
static void walks_in_byte_order_and_not_behind_links(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(file_mkdirs("t/a"), 0);
	assert_int_equal(file_mkdirs("t/pruned/deep"), 0);
	assert_int_equal(file_mkdirs("other"), 0);
	put("t/a/x", "");
	put("t/a-b", "");
	put("t/Z", "");
	put("other/x", "");
	assert_int_equal(symlink("Z", "t/l"), 0);
	assert_int_equal(symlink("../other", "t/ldir"), 0);
	assert_int_equal(symlink("nowhere", "t/lost"), 0);
	assert_int_equal(file_walk("t", see, &b), 0);
	assert_string_equal(b.s, "Z a/ a/x a-b l ldir/ lost pruned/ ");
	put("t/stop", "");
	put("t/zz", "");
	buf_reset(&b);
	assert_int_equal(file_walk("t/", see, &b), -7);
	assert_true(buf_ends(&b, "stop "));
	assert_int_equal(file_walk("none", see, &b), ERR_NOTFOUND);
	buf_clear(&b);
}

static void a_lock_is_held_by_one(void **state)
{
	struct file_lock a = FILE_LOCK_INIT, b = FILE_LOCK_INIT;
	double begun;

	(void)state;
	assert_int_equal(file_lock(&a, "lock", 0), 0);
	assert_int_equal(file_lock(&b, "lock", 0), ERR_LOCKED);
	begun = trace_clock();
	assert_int_equal(file_lock(&b, "lock", 80), ERR_LOCKED);
	assert_true(trace_clock() - begun >= 0.08);
	assert_int_equal(b.fd, -1);
	file_unlock(&a);
	assert_int_equal(file_lock(&b, "lock", 0), 0);
	file_unlock(&b);
	file_unlock(&b);
	assert_int_equal(file_lock(&b, "none/lock", 0), ERR_NOTFOUND);
}

#define IN_DIR(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_paths_normal),
		cmocka_unit_test(finds_the_way_between_directories),
		cmocka_unit_test(takes_paths_apart),
		IN_DIR(replaces_a_file_and_leaves_nothing_else),
		IN_DIR(follows_a_link_instead_of_replacing_it),
		IN_DIR(does_not_replace_when_told_not_to),
		IN_DIR(a_full_disk_leaves_the_old_file),
		IN_DIR(a_killed_writer_leaves_the_old_file),
		IN_DIR(writes_down_its_steps_when_asked),
		IN_DIR(copies_bytes_and_mode),
		IN_DIR(removes_a_tree_but_not_what_links_point_to),
		IN_DIR(removes_empty_parents_up_to_a_stop),
		IN_DIR(says_which_code_for_which_reason),
		IN_DIR(refuses_to_read_what_is_no_file),
		IN_DIR(walks_in_byte_order_and_not_behind_links),
		IN_DIR(a_lock_is_held_by_one),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
