#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/strs.h"
#include "fuzz.h"
#include "spec/edit.h"
#include "spec/params.h"

/* What stands at a key that a plain -S named must be the value it gave. */
static void check(const struct buf *text, const struct edit *e)
{
	struct val v = VAL_INIT;
	const struct val *now;
	int err = params_parse(&v, text->s, text->len, params_writer(e->file),
			       e->file);

	must(!err);
	if (e->value.kind < VAL_LIST && e->op != EDIT_DROP &&
	    !(e->value.kind == VAL_STR && strstr(e->value.s, "${"))) {
		now = val_path(&v, e->key);
		must(!now || now->kind != e->value.kind || now->kind == VAL_FLOAT ||
		     val_equal(now, &e->value));
	}
	val_clear(&v);
}

/* Every run of a sweep has words; what they say may still be refused. */
static void sweep(const char *word)
{
	struct edit_runs r;
	struct strs words = STRS_INIT;
	int err;

	strs_split(&words, word, '|');
	err = edit_expand(&r, &words);
	if (err)
		fuzz_refused(err);
	else
		must(r.nr && r.nr <= 10000);
	for (size_t i = 0; i < r.nr && i < 3; i++)
		for (size_t k = 0; k < r.item[i].nr; k++) {
			struct edit e = EDIT_INIT;

			err = edit_parse(&e, r.item[i].item[k]);
			if (err)
				fuzz_refused(err);
			edit_clear(&e);
		}
	edit_runs_clear(&r);
	strs_clear(&words);
}

/* The first line is the word after -S, the others are the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct edit e = EDIT_INIT;
	struct buf text = BUF_INIT;
	const uint8_t *lf = size ? memchr(data, '\n', size) : NULL;
	size_t n = lf ? (size_t)(lf - data) : size;
	char *word = mem_ndup((const char *)data, n);
	int err = edit_parse(&e, word);

	if (lf)
		buf_add(&text, lf + 1, size - n - 1);
	if (!err)
		err = edit_apply(&text, e.file, &e);
	if (!err)
		check(&text, &e);
	else if (lf)
		must(text.len == size - n - 1 && !memcmp(text.s, lf + 1, text.len));
	if (err)
		fuzz_refused(err);
	sweep(word);
	buf_clear(&text);
	edit_clear(&e);
	free(word);
	return 0;
}
