#include "base/buf.h"
#include "exp/record.h"
#include "fuzz.h"

static const struct record none = RECORD_INIT;

/* What we write of a record is one line, and says the same. */
static void again(const struct record *r)
{
	struct buf line = BUF_INIT, once = BUF_INIT;
	struct record back = none;

	record_line(&line, r);
	must(!memchr(line.s, '\n', line.len));
	must(!record_parse(&back, line.s, line.len));
	record_line(&once, &back);
	must(line.len == once.len && !memcmp(line.s, once.s, line.len));
	record_clear(&back);
	buf_clear(&line);
	buf_clear(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record r = none, note = none;
	int err = record_parse(&r, (const char *)data, size);

	if (err)
		fuzz_refused(err);
	else
		again(&r);
	record_note(&note, (const char *)data, size, "{\"v\":1}");
	again(&note);
	record_clear(&r);
	record_clear(&note);
	return 0;
}
