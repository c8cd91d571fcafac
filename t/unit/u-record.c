#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/mem.h"
#include "exp/record.h"

static void writes_the_keys_in_their_order(void **state)
{
	struct record r = RECORD_INIT;
	struct record_stage *s;
	struct buf out = BUF_INIT;

	(void)state;
	r.v = RECORD_VERSION;
	r.at = mem_dup("2026-11-23T12:00:00.000Z");
	r.by = mem_dup("a@b.c");
	r.name = mem_dup("warm-loaf");
	r.state = mem_dup("success");
	strs_add(&r.args, "run");
	val_set_map(&r.set);
	val_set_map(val_put(&r.set, "params.yaml"));
	val_set_float(val_put(val_get(&r.set, "params.yaml"), "lr"), 0.2);
	s = record_add(&r, "train");
	s->did = mem_dup("run");
	s->secs = 12.34567;
	s->rss = 104857600;
	s->code = 0;
	r.cpus = 2;
	record_line(&out, &r);
	assert_string_equal(out.s,
		"{\"at\":\"2026-11-23T12:00:00.000Z\",\"v\":1,\"by\":\"a@b.c\","
		"\"name\":\"warm-loaf\",\"state\":\"success\",\"args\":[\"run\"],"
		"\"set\":{\"params.yaml\":{\"lr\":0.2}},"
		"\"stages\":[{\"stage\":\"train\",\"did\":\"run\",\"secs\":12.346,"
		"\"rss\":104857600,\"exit\":0}],\"host\":{\"cpus\":2}}");
	buf_clear(&out);
	record_clear(&r);
}

static void reads_what_it_wrote(void **state)
{
	static const char line[] =
		"{\"at\":\"2026-11-23T12:00:00.000Z\",\"v\":1,\"by\":\"a@b.c\","
		"\"name\":\"x\",\"state\":\"failed\",\"ended\":\"2026-11-23T12:00:01.000Z\","
		"\"args\":[\"run\",\"-S\",\"lr=0.2\"],\"set\":{\"params.yaml\":{\"lr\":0.2}},"
		"\"stages\":[{\"stage\":\"train\",\"did\":\"run\",\"why\":\"never ran\","
		"\"secs\":1.5,\"cpu\":1.25,\"rss\":4096,\"exit\":3}],"
		"\"host\":{\"os\":\"linux\",\"arch\":\"x86_64\",\"cpus\":2}}";
	struct record r = RECORD_INIT;
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(record_parse(&r, line, strlen(line)), 0);
	assert_int_equal(r.item[0].code, 3);
	record_line(&out, &r);
	assert_string_equal(out.s, line);
	buf_clear(&out);
	record_clear(&r);
}

/* As cat_sort_uniq leaves a note: the record may stand behind edits. */
static void finds_the_record_wherever_a_merge_put_it(void **state)
{
	static const char note[] =
		"{\"at\":\"2026-01-01T00:00:00.000Z\",\"by\":\"b\",\"tag\":\"+good\"}\n"
		"\n"
		"{\"at\":\"2026-01-02T00:00:00.000Z\",\"v\":1,\"name\":\"n\"}\n"
		"not json\n"
		"{\"at\":\"2026-01-03T00:00:00.000Z\",\"by\":\"b\",\"tag\":\"+best\"}\n"
		"{\"at\":\"2026-01-04T00:00:00.000Z\",\"by\":\"b\",\"tag\":\"-good\"}\n"
		"{\"at\":\"2026-01-05T00:00:00.000Z\",\"by\":\"b\",\"star\":true}\n"
		"{\"at\":\"2026-01-06T00:00:00.000Z\",\"by\":\"b\",\"text\":\"first\"}\n"
		"{\"at\":\"2026-01-07T00:00:00.000Z\",\"by\":\"b\",\"text\":\"last\"}\n";
	struct record r = RECORD_INIT;

	(void)state;
	record_note(&r, note, strlen(note), NULL);
	assert_int_equal(r.v, 1);
	assert_string_equal(r.name, "n");
	assert_int_equal(r.tags.nr, 1);
	assert_string_equal(r.tags.item[0], "best");
	assert_true(r.star);
	assert_string_equal(r.text, "last");
	record_clear(&r);
}

static void falls_back_to_the_header(void **state)
{
	struct record r = RECORD_INIT;

	(void)state;
	record_note(&r, "", 0, "{\"at\":\"x\",\"v\":1,\"name\":\"from-header\"}");
	assert_string_equal(r.name, "from-header");
	record_clear(&r);
}

static void reads_a_later_version_as_far_as_it_can(void **state)
{
	static const char line[] = "{\"at\":\"x\",\"v\":7,\"name\":\"n\",\"new\":{\"a\":1}}";
	struct record r = RECORD_INIT;

	(void)state;
	record_note(&r, line, strlen(line), NULL);
	assert_int_equal(r.v, 7);
	assert_string_equal(r.name, "n");
	record_clear(&r);
}

static void knows_a_secret_by_its_key(void **state)
{
	static const char globs[] = "*token*,*password*,*secret*,*api_key*";

	(void)state;
	assert_true(record_secret(globs, "wandb.api_key"));
	assert_true(record_secret(globs, "HF_TOKEN"));
	assert_false(record_secret(globs, "train.lr"));
	assert_false(record_secret("", "token"));
}

static void time_never_runs_backwards(void **state)
{
	char *now = record_now(NULL), *later = record_now("2999-01-01T00:00:00.000Z");

	(void)state;
	assert_int_equal(strlen(now), strlen("2026-11-23T12:00:00.000Z"));
	assert_string_equal(later, "2999-01-01T00:00:00.000Z");
	free(now);
	free(later);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_keys_in_their_order),
		cmocka_unit_test(reads_what_it_wrote),
		cmocka_unit_test(finds_the_record_wherever_a_merge_put_it),
		cmocka_unit_test(falls_back_to_the_header),
		cmocka_unit_test(reads_a_later_version_as_far_as_it_can),
		cmocka_unit_test(knows_a_secret_by_its_key),
		cmocka_unit_test(time_never_runs_backwards),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
