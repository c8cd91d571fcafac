#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/src.h"
#include "flow/exec.h"
#include "flow/graph.h"
#include "flow/locks.h"
#include "flow/plan.h"
#include "flow/rcache.h"
#include "flow/run.h"
#include "flow/seen.h"
#include "spec/busy.h"
#include "store/cache.h"

/* --- the words that make a shell ------------------------------------------- */

static const char *joined(const struct strs *l)
{
	static struct buf b = BUF_INIT;

	buf_reset(&b);
	for (size_t i = 0; i < l->nr; i++)
		buf_fmt(&b, "%s%s", i ? "|" : "", l->item[i]);
	return b.s;
}

static void takes_each_line_as_a_command(void **state)
{
	/* What Python's str.splitlines() makes of it. */
	static const char text[] =
		"a\nb\r\n\nc\rd\ve\ff\x1cg\xc2\x85h\xe2\x80\xa8i\n";
	struct strs l = STRS_INIT;
	struct val v = VAL_INIT;

	(void)state;
	val_set_str(&v, text);
	exec_commands(&l, &v);
	assert_string_equal(joined(&l), "a|b||c|d|e|f|g|h|i");
	val_clear(&v);
	strs_clear(&l);
}

static void takes_each_item_as_a_command(void **state)
{
	struct strs l = STRS_INIT;
	struct val v = VAL_INIT;

	(void)state;
	val_set_list(&v);
	val_set_str(val_add(&v), "a\nb");
	val_set_str(val_add(&v), "c");
	exec_commands(&l, &v);
	assert_string_equal(joined(&l), "a\nb|c");
	val_clear(&v);
	strs_clear(&l);
}

static void asks_each_shell_to_read_no_settings(void **state)
{
	static const struct { const char *shell, *argv; } cases[] = {
		{ "/bin/sh", "/bin/sh|-c|x y" },
		{ "/usr/bin/bash", "/usr/bin/bash|--noprofile|--norc|-c|x y" },
		{ "/bin/zsh", "/bin/zsh|--no-rcs|-c|x y" },
		{ "/nowhere/fish", "/nowhere/fish|-c|x y" },
		{ "", "/bin/sh|-c|x y" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct strs l = STRS_INIT;

		exec_argv(&l, cases[i].shell, "x y");
		assert_string_equal(joined(&l), cases[i].argv);
		strs_clear(&l);
	}
}

/* --- u-run --run DIR [-j N] [-k] [-f] [-n] [-v] ----------------------------- */

struct world {
	struct src_disk disk;
	struct pipe pipe;
	struct graph graph;
	struct pipe_pick order;
	struct locks locks;
	struct cache cache;
	struct seen seen;
	struct plan plan;
	struct busy busy;
	struct run run;
	struct strs env;
	struct run_job job;
	bool why;
};

static void say(const char *s)
{
	printf("%s\n", s);
	fflush(stdout);
}

static void ended(const struct world *w, const struct run_event *ev)
{
	if (ev->kind == RUN_FAILED)
		printf("FAILED %s: %s\n", ev->stage->addr, ev->text);
	else if (ev->kind == RUN_SKIPPED)
		printf("SKIPPED %s because of %s\n", ev->stage->addr, ev->text);
	else if (ev->kind == RUN_SIGNAL)
		printf("SIGNAL %d\n", ev->signal);
	else if (ev->kind == RUN_DONE && w->why)
		printf("DONE %s\n", ev->stage->addr);
	else if (ev->kind == RUN_MAYBE)
		printf("MAYBE %s: %s\n", ev->stage->addr, ev->text);
}

static void tell(void *payload, const struct run_event *ev)
{
	const struct world *w = payload;
	bool data = ev->stage && ev->stage->kind == STAGE_DATA;

	if (ev->kind == RUN_OUTPUT)
		fwrite(ev->text, 1, ev->len, stdout);
	else if (ev->kind == RUN_COMMAND)
		printf("> %s\n", ev->text);
	else if (ev->kind == RUN_KEEP)
		printf(data ? "'%s' didn't change, skipping\n" :
		       "Stage '%s' didn't change, skipping\n", ev->stage->addr);
	else if (ev->kind == RUN_START)
		printf("Running stage '%s':\n", ev->stage->addr);
	else if (ev->kind == RUN_COMMIT)
		printf(data ? "Verifying data sources in stage: '%s'\n" :
		       "Verifying outputs in frozen stage: '%s'\n",
		       ev->stage->addr);
	else if (ev->kind == RUN_FETCH)
		printf("Stage '%s' is cached - skipping run, checking out outputs\n",
		       ev->stage->addr);
	else
		ended(w, ev);
	if (w->why && (ev->kind == RUN_START || ev->kind == RUN_FETCH))
		printf("why: %s\n", ev->text);
	fflush(stdout);
}

static void warn(const char *line)
{
	printf("warning: %s\n", line);
}

static int parse(struct world *w, int argc, char **argv)
{
	int at = 0;

	for (; at < argc && argv[at][0] == '-'; at++)
		if (!strcmp(argv[at], "-j") && at + 1 < argc)
			w->job.jobs = atoi(argv[++at]);
		else if (!strcmp(argv[at], "-k"))
			w->job.keep_going = true;
		else if (!strcmp(argv[at], "-f"))
			w->job.force = true;
		else if (!strcmp(argv[at], "-n"))
			w->job.dry = true;
		else if (!strcmp(argv[at], "-v"))
			w->why = true;
		else if (!strcmp(argv[at], "-t"))
			w->job.tty = true;
		else
			exit(129);
	return at;
}

static int look(struct world *w, const char *dir)
{
	char *cache = file_join(dir, ".dvc/cache");
	int err;

	cache_open(&w->cache, cache, getenv("CACHE_TYPE"));
	free(cache);
	src_disk(&w->disk, dir);
	seen_init(&w->seen, dir, &w->cache, &w->disk.src);
	busy_init(&w->busy, dir, "u-run");
	err = busy_take(&w->busy, 0);
	if (!err)
		err = pipe_load(&w->pipe, &w->disk.src, true, NULL);
	if (!err)
		err = locks_read(&w->locks, &w->disk.src, &w->pipe);
	return err ? err : graph_make(&w->graph, &w->pipe);
}

static int think(struct world *w, char **targets, int nr)
{
	struct pipe_pick picks = { 0 };
	struct plan_opts opts = { .force = w->job.force };
	int err = 0;

	for (int i = 0; !err && i < nr; i++)
		err = pipe_target(&w->pipe, "", targets[i], false, &picks);
	graph_order(&w->graph, &picks, &w->order);
	free(picks.item);
	for (size_t i = 0; !err && i < w->order.nr; i++) {
		const struct stage *s = &w->pipe.item[w->order.item[i]];

		err = seen_gather(&w->seen, s, locks_entry(&w->locks, s));
	}
	return err ? err : plan_make(&w->plan, &w->graph, &w->order, &w->locks,
				     &w->seen, &opts);
}

static void clear(struct world *w)
{
	run_clear(&w->run);
	plan_clear(&w->plan);
	graph_clear(&w->graph);
	free(w->order.item);
	locks_clear(&w->locks);
	seen_clear(&w->seen);
	cache_close(&w->cache);
	busy_clear(&w->busy);
	pipe_clear(&w->pipe);
	src_clear(&w->disk.src);
	strs_clear(&w->env);
}

static int act(struct world *w)
{
	char hex[DIGEST_HEX];
	int err = run_plan(&w->run, &w->job);

	for (size_t i = 0; w->why && i < w->run.nr; i++)
		if (w->run.item[i].log.len)
			printf("log of %s: %zu bytes\n%s",
			       w->run.item[i].stage->addr,
			       w->run.item[i].log.len, w->run.item[i].log.s);
	if (w->why && !run_exp_hash(&w->run, hex))
		say(hex);
	return err;
}

static int drive(const char *dir, int argc, char **argv)
{
	struct world w = { .pipe = PIPE_INIT };
	char *root = file_real(dir);
	int err, at;

	err_on_warn(warn);
	w.job = (struct run_job){
		.root = root, .graph = &w.graph, .plan = &w.plan,
		.locks = &w.locks, .seen = &w.seen, .cache = &w.cache,
		.busy = &w.busy, .env = &w.env, .jobs = 1,
		.event = tell, .payload = &w,
	};
	strs_add(&w.env, "GONE");
	strs_add(&w.env, "GIVEN=yes");
	at = parse(&w, argc, argv);
	err = look(&w, root);
	if (!err)
		err = think(&w, argv + at, argc - at);
	if (!err)
		err = act(&w);
	if (err)
		printf("error %d: %s\n", err, err_message());
	at = w.run.state == RUN_KILLED ? w.run.signal : 0;
	clear(&w);
	free(root);
	fflush(stdout);
	if (at)
		raise(at);
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_each_line_as_a_command),
		cmocka_unit_test(takes_each_item_as_a_command),
		cmocka_unit_test(asks_each_shell_to_read_no_settings),
	};

	if (argc > 2 && !strcmp(argv[1], "--run"))
		return drive(argv[2], argc - 3, argv + 3);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
