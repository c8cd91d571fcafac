#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "exp/exp.h"
#include "repo/note.h"
#include "repo/ref.h"
#include "spec/canon.h"

static int put_notes(struct repo *r, const struct exp_new *n,
		     const struct oid *id, const struct buf *line)
{
	struct buf text = BUF_INIT;
	struct note_change c = { .on = *id, .append = 1 };
	int err;

	buf_add(&text, line->s, line->len);
	buf_char(&text, '\n');
	c.text = text.s;
	c.len = text.len;
	err = note_write(r, NOTE_EXPS, &c, 1, "exp: record a run");
	buf_clear(&text);
	if (err || !n->log_len)
		return err;
	c = (struct note_change){ .on = *id, .text = n->log,
				  .len = n->log_len };
	return note_write(r, NOTE_LOGS, &c, 1, "exp: keep the end of its output");
}

static int put_ref(struct repo *r, const struct exp_new *n,
		   const struct oid *id)
{
	char *ref = exp_ref(n->kind, &n->baseline, n->name);
	struct ref_change c = { ref, *id, n->replaces };
	int err = ref_update(r, &c, 1, "exp: create");

	free(ref);
	return err ? err_wrap(err, "experiment '%s'", n->name) : 0;
}

int exp_create(struct repo *r, const struct exp_new *n, struct oid *out)
{
	struct buf line = BUF_INIT;
	struct commit_new c = { .tree = n->tree, .parent = &n->baseline,
				.nr_parent = 1, .author = n->author,
				.committer = n->committer,
				.message = n->message };
	int err;

	record_line(&line, n->record);
	c.record = line.s;
	err = commit_write(r, &c, out);
	if (!err)
		err = put_notes(r, n, out, &line);
	if (!err)
		err = put_ref(r, n, out);
	buf_clear(&line);
	return err;
}

/* The time of the last line, so that byte order stays time order. */
static char *last_at(const struct buf *note)
{
	static const char key[] = "{\"at\":\"";
	size_t at = note->len;
	const char *stop;

	while (at && note->s[at - 1] == '\n')
		at--;
	while (at && note->s[at - 1] != '\n')
		at--;
	if (strncmp(note->s + at, key, sizeof(key) - 1))
		return NULL;
	at += sizeof(key) - 1;
	stop = strchr(note->s + at, '"');
	return stop ? mem_ndup(note->s + at, (size_t)(stop - note->s) - at) :
		      NULL;
}

static void edit_text(struct buf *out, const char *now, const char *by,
		      const char *key, const struct val *value)
{
	struct val v = VAL_INIT;

	val_set_map(&v);
	val_set_str(val_put(&v, "at"), now);
	val_set_str(val_put(&v, "by"), by);
	val_copy(val_put(&v, key), value);
	canon_json(out, &v, CANON_COMPACT);
	buf_char(out, '\n');
	val_clear(&v);
}

int exp_note_line(struct repo *r, const struct exp *e, const char *by,
		  const char *key, const struct val *value)
{
	struct buf note = BUF_INIT, line = BUF_INIT;
	struct note_change c = { .on = e->id, .append = 1 };
	char *after, *now;
	int err = note_read(r, NOTE_EXPS, &e->id, &note);

	if (err && err != ERR_NOTFOUND)
		return err;
	err_clear();
	after = last_at(&note);
	now = record_now(after);
	edit_text(&line, now, by, key, value);
	c.text = line.s;
	c.len = line.len;
	err = note_write(r, NOTE_EXPS, &c, 1, "exp: annotate");
	free(after);
	free(now);
	buf_clear(&line);
	buf_clear(&note);
	return err;
}
