#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/err.h"
#include "repo/commit.h"

#define TREE "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
#define WIDE "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
#define A "A U Thor <a@b.c> 1112354055 +0200"
#define C "C O Mitter <c@d.e> 1112354056 -0700"
#define HEAD "tree " TREE "\nauthor " A "\ncommitter " C "\n"

static int read_text(struct commit *c, const char *text)
{
	return commit_parse(c, text, strlen(text));
}

static void reads_each_field(void **state)
{
	struct commit c = COMMIT_INIT;

	(void)state;
	assert_int_equal(read_text(&c, "tree " TREE "\nparent " TREE
		"\nparent a" "94a8fe5ccb19ba61c4c0873d391e987982fbbd3" "\nauthor " A
		"\ncommitter " C "\ngit-exp {\"v\":1}\nencoding UTF-8\n\nsubject\n\nbody\n"), 0);
	assert_string_equal(c.tree.hex, TREE);
	assert_int_equal(c.nr, 2);
	assert_string_equal(c.item[1].hex, "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3");
	assert_string_equal(c.author, A);
	assert_string_equal(c.committer, C);
	assert_int_equal(c.author_time, 1112354055);
	assert_int_equal(c.time, 1112354056);
	assert_string_equal(c.record, "{\"v\":1}");
	assert_string_equal(c.message, "subject\n\nbody\n");
	commit_clear(&c);
}

static void finds_the_record_only_among_the_headers(void **state)
{
	struct commit c = COMMIT_INIT;

	(void)state;
	assert_int_equal(read_text(&c, HEAD "gpgsig -----BEGIN\n git-exp {}\n \n"
		" -----END\nmergetag object " TREE "\n type commit\n tree x\n"
		"\ngit-exp {\"in\":\"message\"}\n"), 0);
	assert_null(c.record);
	assert_string_equal(c.message, "git-exp {\"in\":\"message\"}\n");
	assert_int_equal(read_text(&c, HEAD "git-exp-other x\ngpgsig a\n b\n"
		"git-exp first\ngit-exp second\n\nm"), 0);
	assert_string_equal(c.record, "first");
	commit_clear(&c);
}

static void bears_with_odd_commits(void **state)
{
	static const char *const odd[] = {
		"tree " TREE "\n", "tree " TREE, "tree " TREE "\n\n",
		"tree " TREE "\nauthor \ncommitter \n\n", HEAD, HEAD "\n",
		"tree " TREE "\nauthor <> 0 +0000\ncommitter >>> x\n\nm",
		"tree " TREE "\nauthor\ncommitter\n\nm",
		HEAD "\r\nm\r\n", HEAD "x\n\nm", HEAD "\n\n\n\n",
		"tree " TREE "\nauthor a <b> 99999999999999999999 +0000\n\nm", NULL
	};
	struct commit c = COMMIT_INIT;

	(void)state;
	for (const char *const *s = odd; *s; s++) {
		char *subject;

		if (read_text(&c, *s))
			fail_msg("refused: %s", *s);
		assert_non_null(c.author);
		assert_non_null(c.committer);
		subject = commit_subject(&c);
		assert_non_null(subject);
		free(subject);
	}
	commit_clear(&c);
}

static void takes_seconds_from_behind_the_last_bracket(void **state)
{
	struct commit c = COMMIT_INIT;

	(void)state;
	assert_int_equal(read_text(&c, "tree " TREE "\nauthor a> 5 <b> 7 +0100\n"
		"committer <> -3 +0000\n\n"), 0);
	assert_int_equal(c.author_time, 7);
	assert_int_equal(c.time, -3);
	commit_clear(&c);
}

static void refuses_what_is_no_commit(void **state)
{
	static const char *const bad[] = {
		"", "\n", "\n\nm", "tree\n", "tree x\n", "tree " TREE "0\n",
		"parent " TREE "\nauthor " A "\n\nm", "TREE " TREE "\n\n",
		"tree " TREE "\nparent short\n\nm", " tree " TREE "\n\n",
		"tree  " TREE "\n", NULL
	};
	struct commit c = COMMIT_INIT;

	(void)state;
	for (const char *const *s = bad; *s; s++)
		if (read_text(&c, *s) != ERR_INVALID)
			fail_msg("taken for a commit: %s", *s);
	assert_null(c.message);
	commit_clear(&c);
}

static void reads_ids_of_both_lengths(void **state)
{
	struct commit c = COMMIT_INIT;

	(void)state;
	assert_int_equal(read_text(&c, "tree " WIDE "\nparent " WIDE "\n\nm"), 0);
	assert_string_equal(c.tree.hex, WIDE);
	assert_string_equal(c.item[0].hex, WIDE);
	commit_clear(&c);
}

static void stops_at_the_length_it_was_given(void **state)
{
	static const char text[] = HEAD "\nmess\0age";
	struct commit c = COMMIT_INIT;

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		char *exact = malloc(len ? len : 1);

		memcpy(exact, text, len);
		if (commit_parse(&c, exact, len))
			assert_true(len < strlen("tree " TREE));
		free(exact);
	}
	assert_string_equal(c.message, "mess");
	commit_clear(&c);
}

static void the_subject_is_the_first_line_with_words(void **state)
{
	static const char *const text[][2] = {
		{ "one\ntwo\n", "one" }, { "\n\none \t\r\ntwo", "one" },
		{ "one", "one" }, { "", "" }, { "\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		struct commit c = { .message = (char *)text[i][0] };
		char *s = commit_subject(&c);

		assert_string_equal(s, text[i][1]);
		free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_field),
		cmocka_unit_test(finds_the_record_only_among_the_headers),
		cmocka_unit_test(bears_with_odd_commits),
		cmocka_unit_test(takes_seconds_from_behind_the_last_bracket),
		cmocka_unit_test(refuses_what_is_no_commit),
		cmocka_unit_test(reads_ids_of_both_lengths),
		cmocka_unit_test(stops_at_the_length_it_was_given),
		cmocka_unit_test(the_subject_is_the_first_line_with_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("commit", tests, NULL, NULL);
}
