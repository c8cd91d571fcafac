#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/os.h"
#include "exp/exp.h"
#include "spec/canon.h"
#include "story/tale-part.h"
#include "story/project.h"
#include "story/tale.h"

#define SUBJECT_VALUE 60	/* bytes of one value in a subject */
#define SECRET "*token*,*password*,*secret*,*api_key*"

/* --- may it be recorded? ------------------------------------------------- */

static int head(struct tale *t)
{
	int err = repo_head(t->project->repo, &t->baseline, &t->branch);

	if (err != ERR_NOTFOUND)
		return err;
	err_clear();
	*t->baseline.hex = '\0';
	return 0;
}

static int who(struct tale *t)
{
	int err = repo_author(t->project->repo, &t->author);

	return err ? err : repo_committer(t->project->repo, &t->committer);
}

static int name(struct tale *t)
{
	struct repo *r = t->project->repo;

	if (!t->name)
		return exp_new_name(&t->exp, r, &t->baseline);
	t->exp = mem_dup(t->name);
	return exp_name_free(r, &t->baseline, t->name);
}

int part_base(struct tale *t)
{
	t->record.at = record_now(NULL);
	return head(t);
}

bool part_wanted(const struct tale *t)
{
	return t->name || t->message || t->nr_edit || plan_work(&t->plan);
}

int part_check(struct tale *t)
{
	int err;

	if (!*t->baseline.hex || t->no_record || t->dry || t->author)
		return 0;
	err = who(t);
	return err ? err : name(t);
}

/* --- the record ---------------------------------------------------------------- */

static const char *secrets(const struct project *p)
{
	const char *globs = repo_config(p->repo, "exp.secret");

	return globs ? globs : SECRET;
}

/* Does a text like "{a: {token: x}}" have such a key? */
static bool says_secret(const struct project *p, const char *text)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-.";
	bool yes = false;

	while (!yes && *(text += strcspn(text, word))) {
		size_t n = strspn(text, word);
		char *key = mem_ndup(text, n);

		text += n;
		if (text[strspn(text, "'\" \t")] == ':')
			yes = record_secret(secrets(p), key);
		free(key);
	}
	return yes;
}

/* Where the key begins in "--set-param=file:+a.token", "-Sa.token". */
static const char *key_of(const char *word, const char *eq)
{
	const char *key = word;

	if (!strncmp(word, "-S", 2))
		key += 2;
	for (const char *p = key; p < eq; p++)
		if (strchr(":+~", *p))
			key = p + 1;
	return key;
}

char *tale_word(const struct project *p, const char *word)
{
	static const char option[] = "--set-param=";
	size_t skip = strncmp(word, option, strlen(option)) ? 0 :
		      strlen(option);
	const char *eq = strchr(word + skip, '='), *key;
	char *head, *safe;

	if (!eq)
		return mem_dup(word);
	key = key_of(word + skip, eq);
	head = mem_ndup(word, (size_t)(eq - word));
	if (record_secret(secrets(p), head + (key - word)) ||
	    says_secret(p, eq + 1))
		safe = mem_fmt("%s=***", head);
	else
		safe = mem_dup(word);
	free(head);
	return safe;
}

static void hide(const struct project *p, struct val *v)
{
	for (size_t i = 0; i < v->nr; i++) {
		const char *key = v->kind == VAL_MAP ? val_text(&v->key[i]) :
						       NULL;

		if (key && record_secret(secrets(p), key))
			val_set_str(&v->item[i], "***");
		else
			hide(p, &v->item[i]);
	}
}

static void put_edit(struct tale *t, const struct edit *e)
{
	struct val *file, *v;

	if (t->record.set.kind != VAL_MAP)
		val_set_map(&t->record.set);
	file = val_put(&t->record.set, e->file);
	if (file->kind != VAL_MAP)
		val_set_map(file);
	v = val_put(file, e->key);
	val_set_null(v);
	if (record_secret(secrets(t->project), e->key))
		val_set_str(v, "***");
	else if (e->op != EDIT_DROP)
		val_copy(v, &e->value);
	hide(t->project, v);
}

/* Is what stands behind "param KEY" of `n` bytes a secret? */
static bool is_secret(const struct project *p, const char *key, size_t n)
{
	const char *next = strstr(key + n, "param ");
	char *name = mem_ndup(key, n);
	char *value = next ? mem_ndup(key + n, (size_t)(next - key) - n) :
			     mem_dup(key + n);
	bool yes = record_secret(secrets(p), name) || says_secret(p, value);

	free(name);
	free(value);
	return yes;
}

/* "param a.token: x -> y (file)" and what follows -> "param a.token changed" */
static char *safe_why(struct tale *t, const char *why)
{
	static const char word[] = "param ";
	const char *at = why, *end;

	while (at && (at = strstr(at, word)) && (end = strstr(at, ": "))) {
		at += strlen(word);
		if (end >= at && is_secret(t->project, at, (size_t)(end - at)))
			return mem_fmt("%.*s changed", (int)(end - why), why);
	}
	return mem_dup(why);
}

static void put_item(struct tale *t, const struct run_item *item)
{
	static const char *const did[] = {
		[RUN_DID_KEEP] = "keep", [RUN_DID_CACHE] = "cache",
		[RUN_DID_RUN] = "run",
	};
	struct record_stage *s;

	if (item->did == RUN_DID_NOTHING && !item->failed)
		return;
	s = record_add(&t->record, item->stage->addr);
	s->did = mem_dup(item->failed ? "run" : did[item->did]);
	s->why = safe_why(t, item->why);
	if (item->did != RUN_DID_RUN && !item->failed)
		return;
	s->secs = item->secs;
	s->cpu = item->cpu;
	s->rss = item->rss;
	s->code = item->signal ? 128 + item->signal : item->exit;
}

static char *email(const char *who)
{
	const char *lt = strchr(who, '<'), *gt = lt ? strchr(lt, '>') : NULL;

	return gt ? mem_ndup(lt + 1, (size_t)(gt - lt - 1)) : mem_dup("");
}

static void fill(struct tale *t)
{
	static const char *const state[] = {
		[RUN_SUCCESS] = "success", [RUN_FAIL] = "failed",
		[RUN_KILLED] = "killed",
	};
	struct record *r = &t->record;

	r->v = RECORD_VERSION;
	r->by = email(t->committer);
	r->name = mem_dup(t->exp);
	r->state = mem_dup(state[t->run.state]);
	r->ended = record_now(r->at);
	for (size_t i = 0; t->args && i < t->args->nr; i++)
		strs_give(&r->args, tale_word(t->project, t->args->item[i]));
	for (size_t i = 0; i < t->nr_edit; i++)
		put_edit(t, &t->edit[i]);
	for (size_t i = 0; i < t->run.nr; i++)
		put_item(t, &t->run.item[i]);
	r->os = mem_dup(os_name());
	r->arch = mem_dup(os_arch());
	r->cpus = os_cpus();
}

/* --- commit, note, ref ----------------------------------------------------------- */

/* A long list would make a subject that nobody can read. */
static void shorten(struct buf *b)
{
	size_t n = SUBJECT_VALUE;

	if (b->len <= n)
		return;
	while (n && ((unsigned char)b->s[n] & 0xc0) == 0x80)
		n--;
	buf_cut(b, n);
	buf_str(b, "...");
}

static void add_set(struct buf *out, const struct val *set)
{
	for (size_t f = 0; set->kind == VAL_MAP && f < set->nr; f++)
		for (size_t k = 0; k < set->item[f].nr; k++) {
			struct buf value = BUF_INIT;

			canon_python(&value, &set->item[f].item[k]);
			shorten(&value);
			buf_fmt(out, " %s=", set->item[f].key[k].s);
			buf_safe(out, value.s, value.len);
			buf_clear(&value);
		}
}

static void add_ran(struct buf *out, const struct run *run)
{
	const char *sep = " ran ";

	for (size_t i = 0; i < run->nr; i++)
		if (run->item[i].did == RUN_DID_RUN || run->item[i].failed) {
			buf_fmt(out, "%s%s", sep, run->item[i].stage->addr);
			sep = ", ";
		}
}

static int message(struct tale *t, struct buf *out)
{
	char hash[DIGEST_HEX];
	size_t empty;
	int err;

	if (t->message) {
		buf_str(out, t->message);
		return 0;
	}
	err = run_exp_hash(&t->run, hash);
	buf_fmt(out, "exp %s:", t->exp);
	empty = out->len;
	add_set(out, &t->record.set);
	if (out->len == empty)
		add_ran(out, &t->run);
	if (out->len == empty)
		buf_cut(out, empty - 1);
	buf_fmt(out, "\n\ndvc: commit experiment %s", hash);
	return err;
}

static void put_log(struct buf *out, const struct run *run)
{
	for (size_t i = 0; i < run->nr; i++) {
		const struct run_item *item = &run->item[i];

		if (!item->log.len)
			continue;
		buf_fmt(out, "--- %s ---\n", item->stage->addr);
		buf_add(out, item->log.s, item->log.len);
		if (!buf_ends(out, "\n"))
			buf_char(out, '\n');
	}
}

static int create(struct tale *t)
{
	struct buf text = BUF_INIT, log = BUF_INIT;
	struct exp_new n = {
		.kind = t->run.state == RUN_SUCCESS ? EXP_DONE : EXP_FAILED,
		.name = t->exp, .baseline = t->baseline,
		.tree = t->snap.tree, .author = t->author,
		.committer = t->committer, .record = &t->record,
	};
	int err;

	fill(t);
	err = message(t, &text);
	put_log(&log, &t->run);
	n.message = text.s;
	n.log = log.s;
	n.log_len = log.len;
	if (!err)
		err = exp_create(t->project->repo, &n, &t->id);
	t->recorded = !err;
	buf_clear(&text);
	buf_clear(&log);
	return err;
}

static void head_moved(struct tale *t)
{
	struct oid now;

	if (repo_head(t->project->repo, &now, NULL))
		err_clear();
	else if (strcmp(now.hex, t->baseline.hex))
		err_warn("HEAD moved while the run was going: the experiment stays below %.7s",
			 t->baseline.hex);
}

int part_record(struct tale *t)
{
	bool idle = t->run.state == RUN_SUCCESS && !t->run.ran &&
		!t->name && !t->message;
	int err;

	if (!*t->baseline.hex || t->no_record)
		return 0;
	err = part_results(t);
	if (!err && idle)
		err = part_same(t);
	if (!err && !t->same)
		err = part_check(t);
	if (err || t->same)
		return err;
	head_moved(t);
	return create(t);
}
