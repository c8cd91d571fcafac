#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "flow/run-part.h"
#include "spec/canon.h"
#include "spec/pipe.h"

static void tell(const struct doing *d, struct run_event *ev)
{
	if (d->job->event)
		d->job->event(d->job->payload, ev);
}

void run_tell(const struct doing *d, enum run_kind kind,
	      const struct stage *s, const char *text)
{
	struct run_event ev = {
		.kind = kind, .stage = s, .text = text,
		.len = text ? strlen(text) : 0,
	};

	tell(d, &ev);
}

void run_tell_bytes(const struct doing *d, const struct stage *s,
		    const char *bytes, size_t len)
{
	struct run_event ev = {
		.kind = RUN_OUTPUT, .stage = s, .text = bytes, .len = len,
	};

	tell(d, &ev);
}

void run_tell_end(const struct doing *d, enum run_kind kind,
		  const struct run_item *r, const char *text)
{
	struct run_event ev = {
		.kind = kind, .stage = r->stage, .text = text,
		.len = text ? strlen(text) : 0,
		.secs = r->secs, .exit = r->exit, .signal = r->signal,
	};

	tell(d, &ev);
}

void run_tell_signal(const struct doing *d, int sig)
{
	struct run_event ev = { .kind = RUN_SIGNAL, .signal = sig };

	tell(d, &ev);
}

char *run_full(const struct doing *d, const char *path)
{
	return file_join(d->job->root, path);
}

int run_inside(const struct doing *d, const char *path)
{
	char *root = file_real(d->job->root);
	char *full = run_full(d, path), *dir = file_dirname(full), *real;
	int err = 0;

	while (!(real = file_real(dir)) && strcmp(dir, "/"))
		mem_set(&dir, file_dirname(dir));
	if (!root || !real || !file_inside(root, real) ||
	    file_has_part(real + strlen(root), ".git"))
		err = err_set(ERR_INVALID,
			      "'%s' is outside of the project", path);
	free(real);
	free(dir);
	free(full);
	free(root);
	return err;
}

int run_exp_hash(const struct run *r, char hex[DIGEST_HEX])
{
	struct val all = VAL_INIT;
	struct buf text = BUF_INIT;
	int err;

	val_set_map(&all);
	for (size_t i = 0; i < r->nr; i++)
		if (r->item[i].entry.name && !r->item[i].failed)
			lock_val(val_put(&all, r->item[i].entry.name),
				 &r->item[i].entry);
	err = canon_json(&text, &all, CANON_SORT);
	if (!err)
		digest_mem(DIGEST_SHA256, text.s, text.len, hex);
	buf_clear(&text);
	val_clear(&all);
	return err;
}

void run_clear(struct run *r)
{
	for (size_t i = 0; i < r->nr; i++) {
		free(r->item[i].why);
		buf_clear(&r->item[i].log);
		lock_entry_clear(&r->item[i].entry);
	}
	free(r->item);
	*r = (struct run)RUN_INIT;
}
