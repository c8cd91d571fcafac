#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "exp/diff.h"
#include "exp/grid.h"
#include "exp/rows.h"
#include "exp/table.h"
#include "spec/canon.h"

static struct row *add(struct rows *rows, enum row_kind kind, const char *name,
		       const char *data)
{
	struct row *row;

	ARRAY_GROW(rows);
	row = &rows->item[rows->nr];
	*row = (struct row){ .kind = kind };
	if (kind != ROW_WORKSPACE)
		memset(row->rev.hex, 'a' + (int)rows->nr, 40);
	row->name = mem_dup(name);
	if (data)
		assert_int_equal(val_json(&row->data, data, strlen(data), "t"),
				 0);
	rows->nr++;
	return row;
}

static void is_csv(const struct table *t, int precision, bool changed,
		   const char *expect)
{
	struct buf b = BUF_INIT;

	table_csv(&b, t, precision, changed);
	assert_string_equal(b.s, expect);
	buf_clear(&b);
}

static void end(struct table *t, struct rows *rows)
{
	table_clear(t);
	rows_clear(rows);
}

#define METRICS(m) "{\"metrics\": {\"m.json\": {\"data\": " m "}}}"

static void a_key_of_two_files_is_called_by_its_file(void **state)
{
	struct table t = TABLE_INIT;
	struct rows rows = ROWS_INIT;

	(void)state;
	add(&rows, ROW_WORKSPACE, NULL,
	    "{\"metrics\": {\"a\": {\"data\": {\"x\": 1, \"y\": 2}},"
	    " \"b\": {\"data\": {\"x\": 3, \"rev\": 4}}},"
	    " \"params\": {\"p\": {\"data\": {\"q\": {\"r\": 5}}}},"
	    " \"deps\": {\"z\": {\"hash\": \"h\"}, \"c\": {\"hash\": null}}}");
	table_make(&t, &rows);
	is_csv(&t, 0, false,
	       "Experiment,rev,typ,Created,parent,a:x,y,b:x,b:rev,q.r,c,z\r\n"
	       ",workspace,baseline,,,1,2,3,4,5,,h\r\n");
	end(&t, &rows);
}

static void columns_come_in_the_order_in_which_they_are_met(void **state)
{
	struct table t = TABLE_INIT;
	struct rows rows = ROWS_INIT;

	(void)state;
	add(&rows, ROW_WORKSPACE, NULL, METRICS("{\"b\": 1}"));
	add(&rows, ROW_BASELINE, "main", METRICS("{\"a\": 2, \"b\": 3}"));
	table_make(&t, &rows);
	assert_int_equal(t.nr, 2);
	assert_string_equal(t.item[0].head, "b");
	assert_string_equal(t.item[1].head, "a");
	assert_null(table_cell(&t, 0, 1)->v);
	assert_true(t.item[0].changed);
	end(&t, &rows);
}

/* Expected: str() and csv of Python 3.11. */
static void cells_are_written_as_python_writes_them(void **state)
{
	struct table t = TABLE_INIT;
	struct rows rows = ROWS_INIT;

	(void)state;
	add(&rows, ROW_WORKSPACE, NULL,
	    METRICS("{\"f\": 0.00001, \"g\": 123456.789, \"t\": true, "
		    "\"n\": null, \"l\": [1, \"a\", 0.25], "
		    "\"q\": \"say \\\"x\\\"\", \"c\": \"a,b\", "
		    "\"lf\": \"a\\nb\", \"s\": \" \"}"));
	table_make(&t, &rows);
	is_csv(&t, 0, false, "Experiment,rev,typ,Created,parent,f,g,t,n,l,q,c,"
	       "lf,s\r\n,workspace,baseline,,,1e-05,123456.789,True,,"
	       "\"[1, 'a', 0.25]\",\"say \"\"x\"\"\",\"a,b\",\"a\nb\", \r\n");
	is_csv(&t, 5, false, "Experiment,rev,typ,Created,parent,f,g,t,n,l,q,c,"
	       "lf,s\r\n,workspace,baseline,,,1e-05,1.2346e+05,True,,"
	       "\"[1, 'a', '0.25']\",\"say \"\"x\"\"\",\"a,b\",\"a\nb\", \r\n");
	end(&t, &rows);
}

static void a_file_that_cannot_be_read_is_marked(void **state)
{
	struct table t = TABLE_INIT;
	struct rows rows = ROWS_INIT;

	(void)state;
	add(&rows, ROW_WORKSPACE, NULL, METRICS("{\"acc\": 1}"));
	add(&rows, ROW_BASELINE, "main", "{\"metrics\": {\"m.json\": {"
	    "\"error\": {\"type\": \"T\", \"msg\": \"m\"}}}}");
	table_make(&t, &rows);
	assert_true(table_cell(&t, 1, 0)->error);
	is_csv(&t, 0, false, "Experiment,rev,typ,Created,parent,acc\r\n"
	       ",workspace,baseline,,,1\r\n"
	       ",main,baseline,1970-01-01T00:00:00,,!\r\n");
	end(&t, &rows);
}

static void fill_sort(struct rows *rows)
{
	add(rows, ROW_BASELINE, "main", METRICS("{\"acc\": 0.5}"));
	add(rows, ROW_EXP, "two", METRICS("{\"acc\": 2}"));
	add(rows, ROW_EXP, "none", METRICS("{}"));
	add(rows, ROW_EXP, "half", METRICS("{\"acc\": 0.5}"));
	add(rows, ROW_EXP, "word", METRICS("{\"acc\": 2}"))->last = true;
}

static void is_order(const struct rows *rows, const char *names)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < rows->nr; i++)
		buf_fmt(&b, "%s%s ", rows->item[i].name,
			rows->item[i].last ? "!" : "");
	assert_string_equal(b.s, names);
	buf_clear(&b);
}

static void experiments_are_sorted_below_their_baseline(void **state)
{
	struct table t = TABLE_INIT;
	struct rows rows = ROWS_INIT;

	(void)state;
	fill_sort(&rows);
	table_make(&t, &rows);
	assert_int_equal(table_sort(&t, "acc", false), 0);
	is_order(&rows, "main half two word none! ");
	assert_null(table_cell(&t, 4, 0)->v);
	assert_int_equal(table_sort(&t, "m.json:acc", true), 0);
	is_order(&rows, "main none two word half! ");
	end(&t, &rows);
}

static void a_column_to_sort_by_must_be_one(void **state)
{
	struct table t = TABLE_INIT;
	struct rows rows = ROWS_INIT;

	(void)state;
	add(&rows, ROW_WORKSPACE, NULL,
	    "{\"metrics\": {\"a\": {\"data\": {\"x\": 1}}, "
	    "\"b\": {\"data\": {\"x\": 3}}}}");
	table_make(&t, &rows);
	assert_int_equal(table_sort(&t, "x", false), ERR_INVALID);
	assert_int_equal(table_sort(&t, "z", false), ERR_INVALID);
	assert_string_equal(err_message(), "unknown sort column 'z'");
	assert_int_equal(table_sort(&t, "b:x", false), 0);
	err_clear();
	end(&t, &rows);
}

static void only_what_changes_is_left(void **state)
{
	struct table t = TABLE_INIT;
	struct rows rows = ROWS_INIT;

	(void)state;
	add(&rows, ROW_WORKSPACE, NULL, METRICS("{\"a\": 1, \"b\": 1}"));
	add(&rows, ROW_BASELINE, "main", METRICS("{\"a\": 1, \"b\": 2}"));
	table_make(&t, &rows);
	is_csv(&t, 0, true, "rev,Created,b\r\nworkspace,,1\r\n"
	       "main,1970-01-01T00:00:00,2\r\n");
	table_only_changed(&t);
	assert_true(t.item[0].hidden);
	assert_false(t.item[1].hidden);
	end(&t, &rows);
}

/* --- diff ------------------------------------------------------------------- */

static void is_diff(const char *a, const char *b, bool all, const char *expect)
{
	struct val x = VAL_INIT, y = VAL_INIT, out = VAL_INIT;
	struct buf text = BUF_INIT;

	assert_int_equal(val_json(&x, a, strlen(a), "a"), 0);
	assert_int_equal(val_json(&y, b, strlen(b), "b"), 0);
	diff_make(&out, &x, &y, all);
	canon_json(&text, val_get(val_get(&out, "metrics"), "m.json"), 0);
	assert_string_equal(text.s, expect);
	buf_clear(&text);
	val_clear(&x);
	val_clear(&y);
	val_clear(&out);
}

static void numbers_have_a_difference_and_lists_are_text(void **state)
{
	(void)state;
	is_diff(METRICS("{\"a\": 1, \"b\": true, \"l\": [1], \"n\": {\"x\": 1}}"),
		METRICS("{\"a\": 3, \"b\": 0.5, \"l\": [\"u\"], \"s\": \"w\"}"),
		false, "{\"a\": {\"old\": 1, \"new\": 3, \"diff\": 2}, "
		"\"b\": {\"old\": true, \"new\": 0.5, \"diff\": -0.5}, "
		"\"l\": {\"old\": \"[1]\", \"new\": \"['u']\"}, "
		"\"n.x\": {\"old\": 1, \"new\": null}, "
		"\"s\": {\"old\": null, \"new\": \"w\"}}");
}

static void what_is_the_same_counts_only_when_asked_for(void **state)
{
	(void)state;
	is_diff(METRICS("{\"a\": 1, \"b\": 2}"), METRICS("{\"a\": 1.0, \"b\": 3}"),
		false, "{\"b\": {\"old\": 2, \"new\": 3, \"diff\": 1}}");
	is_diff(METRICS("{\"a\": 1}"), METRICS("{\"a\": 1}"), true,
		"{\"a\": {\"old\": 1, \"new\": 1, \"diff\": 0}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_of_two_files_is_called_by_its_file),
		cmocka_unit_test(columns_come_in_the_order_in_which_they_are_met),
		cmocka_unit_test(cells_are_written_as_python_writes_them),
		cmocka_unit_test(a_file_that_cannot_be_read_is_marked),
		cmocka_unit_test(experiments_are_sorted_below_their_baseline),
		cmocka_unit_test(a_column_to_sort_by_must_be_one),
		cmocka_unit_test(only_what_changes_is_left),
		cmocka_unit_test(numbers_have_a_difference_and_lists_are_text),
		cmocka_unit_test(what_is_the_same_counts_only_when_asked_for),
	};

	setenv("TZ", "UTC", 1);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
