#include "base/buf.h"
#include "fuzz.h"
#include "spec/canon.h"
#include "spec/val.h"

/* Where a value says it stands, it stands. */
static void placed(const struct val *v, size_t from, size_t to)
{
	must(v->at <= v->end && v->end <= to);
	if (v->at < v->end) {
		must(v->at >= from);
		from = v->at;
		to = v->end;
	}
	for (size_t i = 0; i < v->nr; i++)
		placed(&v->item[i], from, to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct val v = VAL_INIT;
	struct buf text = BUF_INIT;
	int err = val_py(&v, (const char *)data, size, "x.py");

	if (err) {
		fuzz_refused(err);
		must(!v.kind && !v.nr);
	} else {
		must(v.kind == VAL_MAP);
		placed(&v, 0, size);
		must(!canon_json(&text, &v, 0));
	}
	buf_clear(&text);
	val_clear(&v);
	return 0;
}
