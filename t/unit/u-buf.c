#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"

static void starts_empty_and_is_a_text(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_string_equal(b.s, "");
	buf_reset(&b);
	buf_cut(&b, 0);
	buf_splice(&b, 0, 0, "", 0);
	buf_clear(&b);
	buf_clear(&b);
	assert_string_equal(b.s, "");
}

static void keeps_nul_bytes_and_grows(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 300000);
	assert_memory_equal(b.s + 299997, "a\0b", 4);
	buf_clear(&b);
}

static void formats_behind_what_is_there(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_str(&b, "n=");
	buf_fmt(&b, "%d %s", 42, "");
	buf_char(&b, '!');
	assert_string_equal(b.s, "n=42 !");
	assert_true(buf_ends(&b, " !"));
	assert_true(buf_ends(&b, ""));
	assert_false(buf_ends(&b, "xn=42 !"));
	buf_clear(&b);
}

static void splices_shorter_longer_and_at_the_ends(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_splice(&b, 0, 0, "lr: 0.1\n", 8);
	buf_splice(&b, 4, 3, "0.00025", 7);
	assert_string_equal(b.s, "lr: 0.00025\n");
	buf_splice(&b, 4, 7, "1", 1);
	assert_string_equal(b.s, "lr: 1\n");
	buf_splice(&b, 0, 0, "# ", 2);
	buf_splice(&b, b.len, 0, "x", 1);
	assert_string_equal(b.s, "# lr: 1\nx");
	buf_splice(&b, 0, b.len, NULL, 0);
	assert_int_equal(b.len, 0);
	buf_clear(&b);
}

static void hands_its_bytes_over(void **state)
{
	struct buf b = BUF_INIT;
	char *s = buf_take(&b);

	(void)state;
	assert_string_equal(s, "");
	free(s);
	buf_str(&b, "mine");
	s = buf_take(&b);
	assert_string_equal(s, "mine");
	assert_int_equal(b.len, 0);
	free(s);
}

static void safe(const char *raw, size_t len, const char *want)
{
	struct buf b = BUF_INIT;

	buf_safe(&b, raw, len);
	assert_string_equal(b.s, want);
	buf_clear(&b);
}

static void shows_a_terminal_nothing_it_would_obey(void **state)
{
	(void)state;
	safe("a\033[2Jb", 6, "a\\x1b[2Jb");
	safe("one\ntwo\t\r", 9, "one\\ntwo\\t\\x0d");
	safe("\x7f\0", 2, "\\x7f\\x00");
	safe("\xc2\x9b", 2, "\\xc2\\x9b");		/* C1: CSI */
	safe("\xe2\x80\xae", 3, "\\xe2\\x80\\xae");	/* U+202E */
	safe("\xd8\x9c", 2, "\\xd8\\x9c");		/* U+061C */
}

static void leaves_text_of_every_script_alone(void **state)
{
	static const char text[] = "Gr\xc3\xb6\xc3\x9f" "e \xe6\x97\xa5 "
		"\xf0\x9f\x8d\x9e \\n";

	(void)state;
	safe(text, sizeof(text) - 1, text);
}

/* The table "well-formed UTF-8" of the Unicode standard, chapter 3.9. */
static void escapes_what_is_not_utf8(void **state)
{
	(void)state;
	safe("\xff", 1, "\\xff");
	safe("\xc0\xaf", 2, "\\xc0\\xaf");		/* overlong */
	safe("\xe0\x80\xaf", 3, "\\xe0\\x80\\xaf");
	safe("\xed\xa0\x80", 3, "\\xed\\xa0\\x80");	/* surrogate */
	safe("\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80");
	safe("\xe6\x97", 2, "\\xe6\\x97");		/* cut off */
	safe("\xc3(", 2, "\\xc3(");
}

static void messages_are_one_line_with_hints_apart(void **state)
{
	(void)state;
	assert_int_equal(err_set(ERR_INVALID, "bad\nkey '%s'\n", "\033x"),
			 ERR_INVALID);
	assert_int_equal(err_hint(ERR_INVALID, "do a"), ERR_INVALID);
	err_hint(ERR_INVALID, "do b");
	err_wrap(ERR_INVALID, "%s", "dvc.yaml");
	assert_string_equal(err_message(), "dvc.yaml: bad key '\\x1bx'");
	assert_string_equal(err_hints(), "do a\ndo b");
	err_set(ERR_FATAL, "other");
	assert_null(err_hints());
	err_clear();
	assert_string_equal(err_message(), "no error");
}

static void a_long_message_is_cut_between_characters(void **state)
{
	struct buf b = BUF_INIT;
	size_t len;

	(void)state;
	buf_char(&b, 'x');
	for (int i = 0; i < 5000; i++)
		buf_str(&b, "\xc3\xb6");
	err_set(ERR_FATAL, "%s", b.s);
	len = strlen(err_message());
	assert_in_range(len, 1000, 4095);
	assert_int_equal((unsigned char)err_message()[len - 1], 0xb6);
	err_clear();
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_empty_and_is_a_text),
		cmocka_unit_test(keeps_nul_bytes_and_grows),
		cmocka_unit_test(formats_behind_what_is_there),
		cmocka_unit_test(splices_shorter_longer_and_at_the_ends),
		cmocka_unit_test(hands_its_bytes_over),
		cmocka_unit_test(shows_a_terminal_nothing_it_would_obey),
		cmocka_unit_test(leaves_text_of_every_script_alone),
		cmocka_unit_test(escapes_what_is_not_utf8),
		cmocka_unit_test(messages_are_one_line_with_hints_apart),
		cmocka_unit_test(a_long_message_is_cut_between_characters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
