#include "base/buf.h"
#include "fuzz.h"
#include "spec/canon.h"
#include "spec/val.h"

static void again(const struct val *v)
{
	struct val back = VAL_INIT;
	struct buf text = BUF_INIT, once = BUF_INIT;

	must(!canon_json(&text, v, 0));
	must(!val_json(&back, text.s, text.len, "again"));
	must(!canon_json(&once, &back, 0));
	must(text.len == once.len && !memcmp(text.s, once.s, text.len));
	val_clear(&back);
	buf_clear(&text);
	buf_clear(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct val v = VAL_INIT;
	int err = val_json(&v, (const char *)data, size, "x.json");

	if (err)
		fuzz_refused(err);
	else
		again(&v);
	val_clear(&v);
	return 0;
}
