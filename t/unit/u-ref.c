#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/err.h"
#include "repo/ref.h"

/* What git-check-ref-format(1) says, rule by rule. */
static void keeps_the_rules_of_the_manual(void **state)
{
	static const char *const good[] = { "refs/a", "a/b", "refs/exps/ab/c",
		"refs/-x", "refs/a@b", "refs/@", "refs/a.b", "refs/{", "refs/a}",
		"refs/a.lock.b", "refs/lock", "refs/caf\xc3\xa9", "refs/\xff", NULL };
	static const char *const bad[] = { "", "a", "@", "HEAD", "/", "refs/",
		"/refs/a", "refs//a", "refs/.a", "refs/a/.b", "refs/a.lock",
		"refs/a.lock/b", "refs/a..b", "refs/a b", "refs/a~", "refs/a^",
		"refs/a:b", "refs/a?", "refs/a*", "refs/a[", "refs/a\\b",
		"refs/a@{b", "refs/a.", "refs/a\x1b", "refs/a\x7f", "refs/a\n",
		"refs/.lock", NULL };

	(void)state;
	for (const char *const *s = good; *s; s++)
		if (!ref_name_ok(*s))
			fail_msg("refused: %s", *s);
	for (const char *const *s = bad; *s; s++)
		if (ref_name_ok(*s))
			fail_msg("allowed: %s", *s);
}

static void a_name_of_an_experiment_is_refused_with_a_reason(void **state)
{
	(void)state;
	assert_int_equal(ref_exp_name_check("warm-loaf"), 0);
	assert_int_equal(ref_exp_name_check("x y"), ERR_INVALID);
	assert_string_equal(err_message(), "'x y' is not a valid experiment "
			    "name: it holds a space");
	assert_int_equal(ref_exp_name_check("a/b"), ERR_INVALID);
	assert_string_equal(err_message(), "'a/b' is not a valid experiment "
			    "name: it holds a '/'");
	assert_int_equal(ref_exp_name_check("-f"), ERR_INVALID);
	assert_int_equal(ref_exp_name_check("a\x1b[31m"), ERR_INVALID);
	assert_null(strchr(err_message(), 0x1b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_rules_of_the_manual),
		cmocka_unit_test(a_name_of_an_experiment_is_refused_with_a_reason),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ref", tests, NULL, NULL);
}
