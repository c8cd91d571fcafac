#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "base/strs.h"
#include "opt.c"

/* One of each kind, and the words to be read. */
static struct {
	bool force, no_record;
	int verbose, jobs;
	const char *name, *format;
	struct strs set, targets;
	struct opt_bad bad;
	char *argv[16];
} g;

static int take(unsigned flags, const char *words)
{
	const struct opt opts[] = {
		{ "force", 'f', OPT_FLAG, &g.force, NULL, "" },
		{ "no-record", 0, OPT_FLAG, &g.no_record, NULL, "" },
		{ "verbose", 'v', OPT_COUNT, &g.verbose, NULL, "" },
		{ "jobs", 'j', OPT_INT, &g.jobs, "n", "" },
		{ "name", 'n', OPT_STR, &g.name, "name", "" },
		{ "set", 'S', OPT_LIST, &g.set, "k=v", "" },
		{ "targets", 't', OPT_MANY, &g.targets, "path", "" },
		{ "format", 0, OPT_CHOICE, &g.format, "text|json", "" },
		OPT_END
	};
	static char line[128];
	int argc = 0;

	memset(&g, 0, sizeof(g));
	snprintf(line, sizeof(line), "run %s", words);
	for (char *p = line; p && *p; ) {
		g.argv[argc++] = p;
		p = strchr(p, ' ');
		if (p)
			*p++ = '\0';
	}
	return opt_read(argc, g.argv, opts, flags, &g.bad);
}

static void reads_long_and_short_names(void **state)
{
	(void)state;
	assert_int_equal(take(0, "--force -j 3 --name x"), 0);
	assert_true(g.force);
	assert_int_equal(g.jobs, 3);
	assert_string_equal(g.name, "x");
	assert_int_equal(take(0, "-f --jobs=-4 --name=a=b -nx"), 0);
	assert_true(g.force);
	assert_int_equal(g.jobs, -4);
	assert_string_equal(g.name, "x");
	assert_int_equal(take(0, "--name="), 0);
	assert_string_equal(g.name, "");
}

static void bundles_flags_and_gives_the_rest_to_a_value(void **state)
{
	(void)state;
	assert_int_equal(take(0, "-fvvj8"), 0);
	assert_true(g.force);
	assert_int_equal(g.verbose, 2);
	assert_int_equal(g.jobs, 8);
	assert_int_equal(take(0, "-vn name"), 0);
	assert_int_equal(g.verbose, 1);
	assert_string_equal(g.name, "name");
}

static void many_takes_every_word_up_to_an_option(void **state)
{
	(void)state;
	assert_int_equal(take(0, "a --targets b - c -f d"), 2);
	assert_string_equal(g.argv[0], "a");
	assert_string_equal(g.argv[1], "d");
	assert_int_equal(g.targets.nr, 3);
	assert_string_equal(g.targets.item[1], "-");
	strs_clear(&g.targets);
	assert_int_equal(take(0, "--targets=b c"), 1);
	assert_int_equal(g.targets.nr, 1);
	strs_clear(&g.targets);
	assert_int_equal(take(0, "-tb c -t d -- e"), 2);
	assert_int_equal(g.targets.nr, 2);
	strs_clear(&g.targets);
	assert_int_equal(take(0, "--targets"), OPT_BAD);
	assert_int_equal(g.targets.nr, 0);
}

static void no_takes_back(void **state)
{
	(void)state;
	assert_int_equal(take(0, "-f --no-force -vv --no-verbose"), 0);
	assert_false(g.force);
	assert_int_equal(g.verbose, 0);
	assert_int_equal(take(0, "-n x --no-name -S a=1 --no-set -S b=2"), 0);
	assert_null(g.name);
	assert_int_equal(g.set.nr, 1);
	assert_string_equal(g.set.item[0], "b=2");
	strs_clear(&g.set);
	assert_int_equal(take(0, "--no-record"), 0);
	assert_true(g.no_record);
	assert_int_equal(take(0, "--no-record --record"), 0);
	assert_false(g.no_record);
}

static void collects_a_list_in_order(void **state)
{
	(void)state;
	assert_int_equal(take(0, "-S a=1 --set=b=2 -Sc"), 0);
	assert_int_equal(g.set.nr, 3);
	assert_string_equal(g.set.item[0], "a=1");
	assert_string_equal(g.set.item[1], "b=2");
	assert_string_equal(g.set.item[2], "c");
	strs_clear(&g.set);
}

static void takes_only_words_of_a_choice(void **state)
{
	(void)state;
	assert_int_equal(take(0, "--format=json"), 0);
	assert_string_equal(g.format, "json");
	assert_int_equal(take(0, "--format=text"), 0);
	assert_int_equal(take(0, "--format=js"), OPT_BAD);
	assert_int_equal(take(0, "--format=text|json"), OPT_BAD);
	assert_int_equal(take(0, "--format="), OPT_BAD);
}

static void words_stay_in_order(void **state)
{
	(void)state;
	assert_int_equal(take(0, "a -f b - --verbose c"), 4);
	assert_string_equal(g.argv[0], "a");
	assert_string_equal(g.argv[1], "b");
	assert_string_equal(g.argv[2], "-");
	assert_string_equal(g.argv[3], "c");
	assert_null(g.argv[4]);
	assert_true(g.force);
}

static void two_dashes_end_the_options(void **state)
{
	(void)state;
	assert_int_equal(take(0, "a -- -f -- --bogus"), 4);
	assert_string_equal(g.argv[1], "-f");
	assert_string_equal(g.argv[2], "--");
	assert_false(g.force);
}

static void the_first_word_can_end_the_options(void **state)
{
	(void)state;
	assert_int_equal(take(OPT_WORDS, "-v cmd -f -h -- x"), 5);
	assert_string_equal(g.argv[0], "cmd");
	assert_string_equal(g.argv[3], "--");
	assert_false(g.force);
	assert_int_equal(g.verbose, 1);
	assert_int_equal(take(OPT_WORDS, "-v -- -cmd"), 1);
	assert_string_equal(g.argv[0], "-cmd");
}

static void bad(const char *words, const char *why, const char *arg)
{
	assert_int_equal(take(0, words), OPT_BAD);
	assert_string_equal(g.bad.why, why);
	assert_string_equal(g.bad.arg, arg);
	strs_clear(&g.set);
}

static void misuse_names_the_word(void **state)
{
	(void)state;
	bad("--bogus", "unknown option", "--bogus");
	bad("--forc", "unknown option", "--forc");
	bad("-fx", "unknown option", "-fx");
	bad("--no-jobs", "unknown option", "--no-jobs");
	bad("--force=1", "no value belongs to option", "--force=1");
	bad("--no-name=x", "no value belongs to option", "--no-name=x");
	bad("a --name", "a value is missing after", "--name");
	bad("-j", "a value is missing after", "-j");
	bad("-j x", "bad value for option", "-j");
	bad("-j4x", "bad value for option", "-j4x");
	bad("--jobs=", "bad value for option", "--jobs=");
	bad("--jobs=99999999999", "bad value for option", "--jobs=99999999999");
}

static void help_is_seen_before_the_end_of_options(void **state)
{
	(void)state;
	assert_int_equal(take(0, "a -h --bogus"), OPT_HELP);
	assert_int_equal(take(0, "--help"), OPT_PAGE);
	assert_int_equal(take(0, "--git-completion-helper"), OPT_NAMES);
	assert_int_equal(take(0, "-- -h"), 1);
}

static void leaves_an_option_out_of_the_words(void **state)
{
	static const struct opt opts[] = {
		{ "force", 'f', OPT_FLAG, NULL, NULL, "" },
		{ "name", 0, OPT_STR, NULL, "name", "" },
		{ "message", 'm', OPT_STR, NULL, "text", "" },
		{ "set", 'S', OPT_LIST, NULL, "k=v", "" },
		OPT_END
	};
	static const char *const cases[][3] = {
		{ "run -S a=1 b", "set", "run b" },
		{ "run -Sa=1 -f -S -b", "set", "run -f" },
		{ "run -fS a=1 -fSa=2", "set", "run -f -f" },
		{ "run -m -S --set=a --set b c", "set", "run -m -S c" },
		{ "run --name x -fm y --no-set", "name", "run -fm y --no-set" },
		{ "run --name=x --no-name -- --name", "name", "run -- --name" },
		{ "run --message --name x", "name", "run --message --name x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct strs words = STRS_INIT, out = STRS_INIT, want = STRS_INIT;

		strs_split(&words, cases[i][0], ' ');
		strs_split(&want, cases[i][2], ' ');
		opt_without(&out, (int)words.nr, words.item, opts, cases[i][1]);
		assert_int_equal(out.nr, want.nr);
		for (size_t k = 0; k < out.nr; k++)
			assert_string_equal(out.item[k], want.item[k]);
		strs_clear(&words);
		strs_clear(&out);
		strs_clear(&want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_long_and_short_names),
		cmocka_unit_test(bundles_flags_and_gives_the_rest_to_a_value),
		cmocka_unit_test(many_takes_every_word_up_to_an_option),
		cmocka_unit_test(no_takes_back),
		cmocka_unit_test(collects_a_list_in_order),
		cmocka_unit_test(takes_only_words_of_a_choice),
		cmocka_unit_test(words_stay_in_order),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(the_first_word_can_end_the_options),
		cmocka_unit_test(misuse_names_the_word),
		cmocka_unit_test(help_is_seen_before_the_end_of_options),
		cmocka_unit_test(leaves_an_option_out_of_the_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("opt", tests, NULL, NULL);
}
