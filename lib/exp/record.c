#include <ctype.h>
#include <limits.h>
#include <sys/time.h>
#include <time.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/ignore.h"
#include "base/mem.h"
#include "exp/record.h"
#include "spec/canon.h"

static void put_str(struct val *map, const char *key, const char *text)
{
	if (text)
		val_set_str(val_put(map, key), text);
}

/* Milliseconds are enough, and shorter to read. */
static void put_secs(struct val *map, const char *key, double secs)
{
	if (secs >= 0)
		val_set_float(val_put(map, key),
			      (double)(int64_t)(secs * 1000 + 0.5) / 1000);
}

static void put_strs(struct val *map, const char *key, const struct strs *l)
{
	struct val *list;

	if (!l->nr)
		return;
	list = val_put(map, key);
	val_set_list(list);
	for (size_t i = 0; i < l->nr; i++)
		val_set_str(val_add(list), l->item[i]);
}

static void put_stage(struct val *map, const struct record_stage *s)
{
	val_set_map(map);
	put_str(map, "stage", s->stage);
	put_str(map, "did", s->did);
	put_str(map, "why", s->why);
	put_secs(map, "secs", s->secs);
	put_secs(map, "cpu", s->cpu);
	if (s->rss)
		val_set_int(val_put(map, "rss"), (int64_t)s->rss);
	if (s->code >= 0)
		val_set_int(val_put(map, "exit"), s->code);
}

static void put_host(struct val *map, const struct record *r)
{
	if (!r->os && !r->arch && !r->cpus)
		return;
	map = val_put(map, "host");
	val_set_map(map);
	put_str(map, "os", r->os);
	put_str(map, "arch", r->arch);
	if (r->cpus)
		val_set_int(val_put(map, "cpus"), r->cpus);
}

static void put_stages(struct val *map, const struct record *r)
{
	struct val *list;

	if (!r->nr)
		return;
	list = val_put(map, "stages");
	val_set_list(list);
	for (size_t i = 0; i < r->nr; i++)
		put_stage(val_add(list), &r->item[i]);
}

void record_line(struct buf *out, const struct record *r)
{
	struct val v = VAL_INIT;

	val_set_map(&v);
	put_str(&v, "at", r->at);
	val_set_int(val_put(&v, "v"), r->v);
	put_str(&v, "by", r->by);
	put_str(&v, "name", r->name);
	put_str(&v, "state", r->state);
	put_str(&v, "ended", r->ended);
	put_strs(&v, "args", &r->args);
	if (r->set.kind == VAL_MAP && r->set.nr)
		val_copy(val_put(&v, "set"), &r->set);
	put_stages(&v, r);
	put_host(&v, r);
	canon_json(out, &v, CANON_COMPACT);
	val_clear(&v);
}

static char *take_str(const struct val *map, const char *key)
{
	return mem_dup(val_text(val_get(map, key)));
}

static double take_secs(const struct val *map, const char *key)
{
	double d;

	return val_number(val_get(map, key), &d) ? d : -1;
}

static int64_t take_int(const struct val *map, const char *key, int64_t none)
{
	int64_t n;

	return val_int64(val_get(map, key), &n) ? n : none;
}

static int take_small(const struct val *map, const char *key, int none)
{
	int64_t n = take_int(map, key, none);

	return n >= INT_MIN && n <= INT_MAX ? (int)n : none;
}

static void take_stage(struct record *r, const struct val *v)
{
	struct record_stage *s;
	const char *name = val_text(val_get(v, "stage"));

	if (!name)
		return;
	s = record_add(r, name);
	s->did = take_str(v, "did");
	s->why = take_str(v, "why");
	s->secs = take_secs(v, "secs");
	s->cpu = take_secs(v, "cpu");
	s->rss = (uint64_t)take_int(v, "rss", 0);
	s->code = take_small(v, "exit", -1);
}

static void take_lists(struct record *r, const struct val *v)
{
	const struct val *args = val_get(v, "args");
	const struct val *stages = val_get(v, "stages");

	for (size_t i = 0; args && args->kind == VAL_LIST && i < args->nr; i++)
		if (val_text(&args->item[i]))
			strs_add(&r->args, val_text(&args->item[i]));
	for (size_t i = 0; stages && stages->kind == VAL_LIST &&
			   i < stages->nr; i++)
		take_stage(r, &stages->item[i]);
}

static void take(struct record *r, const struct val *v)
{
	const struct val *set = val_get(v, "set");
	const struct val *host = val_get(v, "host");

	r->v = take_small(v, "v", 0);
	r->at = take_str(v, "at");
	r->by = take_str(v, "by");
	r->name = take_str(v, "name");
	r->state = take_str(v, "state");
	r->ended = take_str(v, "ended");
	if (set && set->kind == VAL_MAP)
		val_copy(&r->set, set);
	take_lists(r, v);
	r->os = take_str(host, "os");
	r->arch = take_str(host, "arch");
	r->cpus = take_small(host, "cpus", 0);
}

int record_parse(struct record *out, const char *line, size_t len)
{
	struct val v = VAL_INIT;
	int err = val_json(&v, line, len, "record");

	if (!err && v.kind != VAL_MAP)
		err = err_set(ERR_INVALID, "record: not a JSON object");
	if (!err)
		take(out, &v);
	val_clear(&v);
	return err;
}

static void edit_tag(struct record *r, const char *tag)
{
	if (*tag == '+') {
		strs_once(&r->tags, tag + 1);
		return;
	}
	for (size_t i = 0; *tag == '-' && i < r->tags.nr; i++)
		if (!strcmp(r->tags.item[i], tag + 1))
			strs_drop(&r->tags, i--);
}

static void edit(struct record *r, const struct val *v)
{
	const struct val *star = val_get(v, "star");
	const char *tag = val_text(val_get(v, "tag"));
	const char *text = val_text(val_get(v, "text"));

	if (tag)
		edit_tag(r, tag);
	if (star)
		r->star = val_true(star);
	if (text)
		mem_set(&r->text, mem_dup(*text ? text : NULL));
}

static void note_line(struct record *r, const char *line, size_t len)
{
	struct val v = VAL_INIT;

	if (val_json(&v, line, len, "note")) {
		err_clear();
		return;
	}
	if (!val_get(&v, "v"))
		edit(r, &v);
	else if (!r->v && take_small(&v, "v", 0))
		take(r, &v);
	val_clear(&v);
}

void record_note(struct record *out, const char *note, size_t len,
		 const char *header)
{
	const char *end = note + len;

	while (note < end) {
		const char *lf = memchr(note, '\n', (size_t)(end - note));
		const char *stop = lf ? lf : end;

		if (stop > note)
			note_line(out, note, (size_t)(stop - note));
		note = stop + 1;
	}
	if (!out->v && header && record_parse(out, header, strlen(header)))
		err_clear();
}

struct record_stage *record_add(struct record *r, const char *stage)
{
	struct record_stage *s;

	ARRAY_GROW(r);
	s = &r->item[r->nr++];
	*s = (struct record_stage){ .stage = mem_dup(stage), .secs = -1,
				    .cpu = -1, .code = -1 };
	return s;
}

char *record_now(const char *after)
{
	char text[64], day[32];
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "%s.%03dZ", day,
		 (int)(now.tv_nsec / 1000000));
	return mem_dup(after && strcmp(after, text) > 0 ? after : text);
}

static char *lower(const char *s, size_t len)
{
	char *out = mem_ndup(s, len);

	for (char *p = out; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return out;
}

bool record_secret(const char *globs, const char *key)
{
	char *k = lower(key, strlen(key));
	bool hit = false;

	while (globs && *globs && !hit) {
		size_t len = strcspn(globs, ",");
		char *g = lower(globs, len);

		hit = *g && ignore_glob(g, k);
		free(g);
		globs += len + (globs[len] == ',');
	}
	free(k);
	return hit;
}

void record_clear(struct record *r)
{
	for (size_t i = 0; i < r->nr; i++) {
		free(r->item[i].stage);
		free(r->item[i].did);
		free(r->item[i].why);
	}
	free(r->item);
	free(r->at);
	free(r->ended);
	free(r->by);
	free(r->name);
	free(r->state);
	free(r->os);
	free(r->arch);
	free(r->text);
	strs_clear(&r->args);
	strs_clear(&r->tags);
	val_clear(&r->set);
	*r = (struct record)RECORD_INIT;
}
