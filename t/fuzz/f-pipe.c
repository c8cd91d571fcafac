#include "base/buf.h"
#include "fuzz.h"
#include "spec/dvcfile.h"
#include "spec/pipe.h"

static const struct pipe none = PIPE_INIT;

static size_t stages(const struct buf *text, const char *file)
{
	struct pipe p = none;
	size_t nr;

	must(!pipe_parse(&p, NULL, file, text->s, text->len));
	nr = p.nr;
	pipe_clear(&p);
	return nr;
}

/* Each stage by itself, and once more in the place where it stood. */
static void again(const struct pipe *p, const uint8_t *data, size_t size)
{
	struct buf fresh = BUF_INIT, text = BUF_INIT;
	size_t nr = 0;

	buf_add(&text, data, size);
	for (size_t i = 0; i < p->nr && i < 8; i++) {
		if (p->item[i].templated)
			continue;
		must(!dvcfile_stage(&fresh, "dvc.yaml", &p->item[i], false));
		must(stages(&fresh, "dvc.yaml") == ++nr);
		must(!dvcfile_stage(&text, "dvc.yaml", &p->item[i], true));
		must(stages(&text, "dvc.yaml") == p->nr);
	}
	buf_clear(&fresh);
	buf_clear(&text);
}

static void pipeline(const uint8_t *data, size_t size)
{
	struct pipe p = none;
	int err = pipe_parse(&p, NULL, "dvc.yaml", (const char *)data, size);

	if (err) {
		fuzz_refused(err);
	} else {
		err = pipe_check(&p);
		if (err)
			fuzz_refused(err);
		again(&p, data, size);
	}
	pipe_clear(&p);
}

static void pointer(const uint8_t *data, size_t size)
{
	struct pipe p = none;
	struct buf text = BUF_INIT;
	int err = pipe_parse(&p, NULL, "a/data.dvc", (const char *)data, size);

	buf_add(&text, data, size);
	if (err) {
		fuzz_refused(err);
	} else if (p.nr && p.item[0].nr_out == 1 && !p.item[0].nr_dep &&
		   p.item[0].out[0].saved.path) {
		err = dvcfile_data(&text, "data.dvc", &p.item[0].out[0].saved);
		if (err)
			fuzz_refused(err);
		else
			must(stages(&text, "a/data.dvc") == 1);
	}
	buf_clear(&text);
	pipe_clear(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pipeline(data, size);
	pointer(data, size);
	return 0;
}
