#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "exp/exp.h"
#include "repo/note.h"
#include "spec/canon.h"
#include "cmd.h"
#include "opt.h"
#include "say.h"
#include "term.h"

#define USAGE "log [--json] <exp>"

/* --- for people ------------------------------------------------------------ */

static void put_safe(const char *text, size_t len)
{
	struct buf b = BUF_INIT;

	buf_safe(&b, text, len);
	fputs(b.s, stdout);
	buf_clear(&b);
}

static void field(const char *name, const char *text)
{
	if (!text || !*text)
		return;
	printf("%-10s", name);
	put_safe(text, strlen(text));
	putchar('\n');
}

static void print_date(int64_t at)
{
	time_t t = (time_t)at;
	char text[64];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(text, sizeof(text), "%a %b %d %H:%M:%S %Y %z", &tm);
	field("Date:", text);
}

static void print_by(const char *author)
{
	const char *end = strrchr(author, '>');
	char *who = mem_ndup(author, end ? (size_t)(end + 1 - author) :
					   strlen(author));

	field("By:", who);
	free(who);
}

static void print_args(const struct record *r)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < r->args.nr; i++) {
		const char *s = r->args.item[i];
		bool quote = !*s || strpbrk(s, " \t\n'\"\\$`*?[]{}();&|<>#~!");

		buf_str(&b, i ? " " : "git exp ");
		if (quote)
			buf_char(&b, '\'');
		for (; *s; s++)
			if (*s == '\'')
				buf_str(&b, "'\\''");
			else
				buf_char(&b, *s);
		if (quote)
			buf_char(&b, '\'');
	}
	field("Typed:", b.s);
	buf_clear(&b);
}

static void print_set(const struct record *r)
{
	for (size_t i = 0; i < r->set.nr; i++) {
		const struct val *keys = &r->set.item[i];

		for (size_t j = 0; keys->kind == VAL_MAP && j < keys->nr; j++) {
			struct buf b = BUF_INIT;
			char *key;

			val_key_text(&keys->key[j], &key);
			buf_fmt(&b, "%s: %s = ", r->set.key[i].s, key);
			canon_python(&b, &keys->item[j]);
			field("Set:", b.s);
			buf_clear(&b);
			free(key);
		}
	}
}

static void print_host(const struct record *r)
{
	struct buf b = BUF_INIT;

	if (r->os)
		buf_str(&b, r->os);
	if (r->arch)
		buf_fmt(&b, "%s%s", b.len ? " " : "", r->arch);
	if (r->cpus)
		buf_fmt(&b, "%s%d cpu%s", b.len ? ", " : "", r->cpus,
			r->cpus == 1 ? "" : "s");
	field("Host:", b.s);
	buf_clear(&b);
}

static void stage_text(struct buf *b, const struct record_stage *s)
{
	const char *did = !s->did ? "?" :
		!strcmp(s->did, "run") ? "ran" :
		!strcmp(s->did, "cache") ? "cached" :
		!strcmp(s->did, "keep") ? "kept" : s->did;

	term_pad(b, did, 6, false);
	if (s->secs >= 0)
		buf_fmt(b, "  %.1f s", s->secs);
	if (s->cpu >= 0)
		buf_fmt(b, "  cpu %.1f s", s->cpu);
	if (s->rss)
		buf_fmt(b, "  %.1f MiB", (double)s->rss / (1024 * 1024));
	if (s->code > 128)
		buf_fmt(b, "  killed by %s", proc_signal(s->code - 128));
	else if (s->code > 0)
		buf_fmt(b, "  exit %d", s->code);
	if (s->why)
		buf_fmt(b, "  %s", s->why);
}

static void print_stages(const struct record *r)
{
	int width = 0;

	for (size_t i = 0; i < r->nr; i++) {
		int w = term_width(r->item[i].stage, strlen(r->item[i].stage));

		width = w > width ? w : width;
	}
	if (r->nr)
		puts("Stages:");
	for (size_t i = 0; i < r->nr; i++) {
		struct buf b = BUF_INIT;

		term_pad(&b, r->item[i].stage, width, false);
		buf_str(&b, "  ");
		stage_text(&b, &r->item[i]);
		while (b.len && b.s[b.len - 1] == ' ')
			buf_cut(&b, b.len - 1);
		fputs("    ", stdout);
		put_safe(b.s, b.len);
		putchar('\n');
		buf_clear(&b);
	}
}

static void print_words(const struct record *r)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < r->tags.nr; i++)
		buf_fmt(&b, "%s%s", i ? ", " : "", r->tags.item[i]);
	field("Tags:", b.s);
	field("Note:", r->text);
	buf_clear(&b);
}

/* Escapes for colours say nothing here; a line that a CR replaced is gone. */
static void print_line(const char *text, size_t len)
{
	struct buf b = BUF_INIT;
	const char *end = text + len, *at;

	while (end > text && end[-1] == '\r')
		end--;
	for (at = end; at > text && at[-1] != '\r'; )
		at--;
	while (at < end) {
		if (at + 1 < end && at[0] == '\033' && at[1] == '[') {
			at += 2;
			while (at < end && !(*at >= '@' && *at <= '~'))
				at++;
			at += at < end;
		} else {
			buf_char(&b, *at++);
		}
	}
	fputs("    ", stdout);
	put_safe(b.s, b.len);
	putchar('\n');
	buf_clear(&b);
}

static void print_lines(const char *title, const char *text, size_t len)
{
	const char *end = text + len;

	while (len && end[-1] == '\n') {
		end--;
		len--;
	}
	if (!len)
		return;
	printf("\n%s\n", title);
	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf ? lf : end;

		print_line(text, (size_t)(stop - text));
		text = stop + 1;
	}
}

static void print_text(const struct exp *e, const struct term *t,
		       const struct buf *log)
{
	const struct record *r = &e->record;

	printf("%sexperiment ", term_style(t, STYLE_NAME));
	put_safe(e->name, strlen(e->name));
	printf("%s%s\n", r->star ? " \u2605" : "",
	       term_style(t, STYLE_RESET));
	field("Commit:", e->id.hex);
	field("Baseline:", e->baseline.hex);
	print_by(e->commit.author);
	print_date(e->commit.time);
	field("State:", r->state);
	print_args(r);
	print_set(r);
	print_host(r);
	print_words(r);
	print_stages(r);
	print_lines("Message:", e->commit.message, strlen(e->commit.message));
	print_lines("The end of its output:", log->s, log->len);
}

/* --- for programs -------------------------------------------------------------- */

static void put_str(struct val *map, const char *key, const char *text)
{
	struct val *v = val_put(map, key);

	if (text)
		val_set_str(v, text);
}

static void put_record(struct val *map, const struct record *r)
{
	struct buf line = BUF_INIT;

	record_line(&line, r);
	val_put(map, "record");
	if (r->v && val_json(val_get(map, "record"), line.s, line.len, "record"))
		err_clear();
	buf_clear(&line);
}

static void print_json(const struct exp *e, const struct buf *log)
{
	struct val v = VAL_INIT, *tags;
	struct buf b = BUF_INIT;

	val_set_map(&v);
	put_str(&v, "name", e->name);
	put_str(&v, "ref", e->ref);
	put_str(&v, "rev", e->id.hex);
	put_str(&v, "baseline", e->baseline.hex);
	put_str(&v, "author", e->commit.author);
	val_set_int(val_put(&v, "time"), e->commit.time);
	put_str(&v, "message", e->commit.message);
	put_record(&v, &e->record);
	tags = val_put(&v, "tags");
	val_set_list(tags);
	for (size_t i = 0; i < e->record.tags.nr; i++)
		val_set_str(val_add(tags), e->record.tags.item[i]);
	val_set_bool(val_put(&v, "star"), e->record.star);
	put_str(&v, "text", e->record.text);
	val_put(&v, "log");
	if (log->len)
		val_set_nstr(val_get(&v, "log"), log->s, log->len);
	canon_json(&b, &v, 0);
	puts(b.s);
	buf_clear(&b);
	val_clear(&v);
}

/* --- the command ----------------------------------------------------------------- */

static int show_log(struct ctx *ctx, const char *word, bool json)
{
	struct exp e = EXP_INIT;
	struct buf log = BUF_INIT;
	struct term term = TERM_INIT;
	int err = exp_find(&e, ctx->repo, word, true);

	if (!err)
		err = exp_load_one(&e, ctx->repo);
	if (!err && note_read(ctx->repo, NOTE_LOGS, &e.id, &log))
		err_clear();
	if (!err && json) {
		print_json(&e, &log);
	} else if (!err) {
		term_open(&term, ctx->repo, "log", TERM_PAGER);
		print_text(&e, &term, &log);
		term_close(&term);
	}
	buf_clear(&log);
	exp_clear(&e);
	return err ? say_failed(ctx->repo) : 0;
}

int cmd_log(struct ctx *ctx, int argc, char **argv)
{
	bool json = false;
	const struct opt opts[] = {
		{ "json", 0, OPT_FLAG, &json, NULL, "everything, as JSON" },
		OPT_END
	};

	argc = cmd_start(ctx, argc, argv, opts, USAGE);
	if (argc != 1)
		cmd_misuse(USAGE, argc ? "one experiment at a time" :
			   "which experiment?");
	return show_log(ctx, argv[0], json);
}
