#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/err.h"
#include "base/file.h"
#include "spec/conf.h"

static const struct conf empty = CONF_INIT;

static void takes_quotes_and_comments_as_configobj_does(void **state)
{
	struct conf c = empty;

	(void)state;
	assert_int_equal(conf_parse(&c, ".dvc/config", "/p/.dvc",
		"# first\n"
		"[core]\n"
		"    remote = Main  # why\n"
		"    Autostage = true\n"
		"['remote \"Main\"']\n"
		"    url = ../../store\n"
		"    \"key\" = 'it # is'\n"
		"[cache]\n"
		"type = \"reflink,copy\"\n"
		"other = reflink , 'copy'\n"
		"none =\n"
		"three = \"\"\"a \"b\" c\"\"\"\n"), 0);
	assert_string_equal(conf_get(&c, "cache", "three"), "a \"b\" c");
	assert_string_equal(conf_get(&c, "core", "remote"), "Main");
	assert_string_equal(conf_get(&c, "remote \"main\"", "url"),
			    "../../store");
	assert_string_equal(conf_get(&c, "remote \"main\"", "key"), "it # is");
	assert_string_equal(conf_get(&c, "cache", "type"), "reflink,copy");
	assert_string_equal(conf_get(&c, "cache", "other"), "reflink,copy");
	assert_string_equal(conf_get(&c, "cache", "none"), "");
	assert_true(conf_bool(&c, "core", "autostage", false));
	assert_null(conf_get(&c, "core", "nothing"));
	conf_clear(&c);
}

static void reads_lines_that_end_in_crlf(void **state)
{
	struct conf c = empty;

	(void)state;
	assert_int_equal(conf_parse(&c, "c", "/d",
				    "[core]\r\nremote = a\r\n"), 0);
	assert_string_equal(conf_get(&c, "core", "remote"), "a");
	conf_clear(&c);
}

static void names_the_line_that_makes_no_sense(void **state)
{
	static const char *const bad[] = {
		"[core]\nremote\n", "[core]\n[cache\n", "[core]\na = \"b\n",
		"[core]\na = \"b\" c\n", "[core]\n[[deep]]\n",
		"[core]\n= b\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct conf c = empty;

		assert_int_equal(conf_parse(&c, ".dvc/config", "/d", bad[i]),
				 ERR_INVALID);
		assert_string_equal(err_message(), ".dvc/config: line 2: "
				    "neither a section nor 'key = value'");
		conf_clear(&c);
	}
}

static void refuses_what_is_said_twice(void **state)
{
	struct conf c = empty;

	(void)state;
	assert_int_equal(conf_parse(&c, "c", "/d", "[a]\nk = 1\nk = 2\n"),
			 ERR_INVALID);
	assert_string_equal(err_message(), "c: line 3: second value for 'k'");
	assert_int_equal(conf_parse(&c, "c", "/d", "[b]\n[b]\n"), ERR_INVALID);
	assert_string_equal(err_message(), "c: line 2: second section 'b'");
	conf_clear(&c);
}

static void starts_paths_at_the_directory_of_their_file(void **state)
{
	struct conf c = empty;
	char *path;

	(void)state;
	setenv("HOME", "/home/me", 1);
	conf_parse(&c, "c", "/p/.dvc", "[cache]\ndir = ../../cache\n"
		   "[remote \"a\"]\nurl = s3://bucket/x\n"
		   "[remote \"b\"]\nurl = ~/store\n"
		   "[remote \"c\"]\nurl = /abs\n");
	path = conf_path(&c, "cache", "dir");
	assert_string_equal(path, "/cache");
	free(path);
	path = conf_path(&c, "remote \"a\"", "url");
	assert_string_equal(path, "s3://bucket/x");
	free(path);
	path = conf_path(&c, "remote \"b\"", "url");
	assert_string_equal(path, "/home/me/store");
	free(path);
	path = conf_path(&c, "remote \"c\"", "url");
	assert_string_equal(path, "/abs");
	free(path);
	assert_null(conf_path(&c, "cache", "nothing"));
	conf_clear(&c);
}

static void write_config(const char *dir, const char *file, const char *value)
{
	char path[200], text[200];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	snprintf(text, sizeof(text), "[core]\n%s", value);
	assert_int_equal(file_write(path, text, strlen(text), 0, FILE_MKDIRS),
			 0);
}

static void lets_the_nearer_file_win(void **state)
{
	char dir[] = "/tmp/u-conf.XXXXXX", sub[100];
	struct conf c = empty;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(sub, sizeof(sub), "%s/system", dir);
	setenv("DVC_SYSTEM_CONFIG_DIR", sub, 1);
	write_config(sub, "config", "a = system\nb = system\nc = system\n"
		     "d = system\n");
	snprintf(sub, sizeof(sub), "%s/global", dir);
	setenv("DVC_GLOBAL_CONFIG_DIR", sub, 1);
	write_config(sub, "config", "a = global\nb = global\nc = global\n");
	snprintf(sub, sizeof(sub), "%s/.dvc", dir);
	write_config(sub, "config", "a = project\nb = project\n");
	write_config(sub, "config.local", "a = local\n");
	assert_int_equal(conf_load(&c, dir), 0);
	assert_string_equal(conf_get(&c, "core", "a"), "local");
	assert_string_equal(conf_get(&c, "core", "b"), "project");
	assert_string_equal(conf_get(&c, "core", "c"), "global");
	assert_string_equal(conf_get(&c, "core", "d"), "system");
	conf_clear(&c);
	file_remove_tree(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_quotes_and_comments_as_configobj_does),
		cmocka_unit_test(reads_lines_that_end_in_crlf),
		cmocka_unit_test(names_the_line_that_makes_no_sense),
		cmocka_unit_test(refuses_what_is_said_twice),
		cmocka_unit_test(starts_paths_at_the_directory_of_their_file),
		cmocka_unit_test(lets_the_nearer_file_win),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
