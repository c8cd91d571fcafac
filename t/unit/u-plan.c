#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/err.h"
#include "flow/graph.h"
#include "flow/locks.h"
#include "flow/plan.h"
#include "flow/seen.h"

#define A "0cc175b9c0f1b6a831c399e269772661"
#define B "92eb5ffee6ae2fec3ad71c777531578f"
#define C "4a8a08f09d37b73795649038408b5f33"

struct given {
	struct pipe pipe;
	struct graph graph;
	struct locks locks;
	struct seen seen;
	struct plan plan;
	struct plan_opts opts;
	struct buf text;
	int err;
};

static void file(struct given *g, const char *path, const char *id)
{
	struct content c = { .kind = CONTENT_FILE, .size = 1 };

	memcpy(c.id, id, strlen(id));
	seen_put(&g->seen, path, &c);
}

static void gone(struct given *g, const char *path)
{
	struct content c = { .kind = CONTENT_NONE };

	seen_put(&g->seen, path, &c);
}

static struct given *start(const char *yaml, const char *lock)
{
	struct given *g = calloc(1, sizeof(*g));

	g->text = (struct buf)BUF_INIT;
	seen_init(&g->seen, "/p", NULL, NULL);
	assert_int_equal(pipe_parse(&g->pipe, NULL, "dvc.yaml", yaml, strlen(yaml)),
			 0);
	locks_add(&g->locks, "dvc.yaml", lock);
	return g;
}

/* "name: word (reason; reason)", joined by " | ". */
static const char *plan(struct given *g)
{
	struct pipe_pick order = { 0 };

	plan_clear(&g->plan);
	graph_clear(&g->graph);
	buf_reset(&g->text);
	assert_int_equal(graph_make(&g->graph, &g->pipe), 0);
	graph_order(&g->graph, NULL, &order);
	g->err = plan_make(&g->plan, &g->graph, &order, &g->locks, &g->seen,
			   &g->opts);
	free(order.item);
	for (size_t i = 0; i < g->plan.nr && !g->err; i++) {
		const struct plan_item *item = &g->plan.item[i];

		buf_fmt(&g->text, "%s%s: %s", i ? " | " : "",
			item->stage->addr, plan_word(item));
		if (item->why.nr) {
			buf_str(&g->text, " (");
			plan_why_all(&g->text, &item->why);
			buf_char(&g->text, ')');
		}
	}
	return g->err ? err_message() : g->text.s;
}

static void end(struct given *g)
{
	plan_clear(&g->plan);
	graph_clear(&g->graph);
	locks_clear(&g->locks);
	seen_clear(&g->seen);
	pipe_clear(&g->pipe);
	buf_clear(&g->text);
	free(g);
}

/* --- one stage, with everything in it ------------------------------------ */

static const char train[] =
	"stages:\n"
	"  train:\n"
	"    cmd: python train.py\n"
	"    deps: [train.py, data]\n"
	"    params: [lr, model.units]\n"
	"    outs: [model]\n"
	"    metrics: [m.json: {cache: false}]\n";

static const char train_lock[] =
	"schema: '2.0'\n"
	"stages:\n"
	"  train:\n"
	"    cmd: python train.py\n"
	"    deps:\n"
	"    - path: data\n"
	"      hash: md5\n"
	"      md5: " A ".dir\n"
	"      size: 1\n"
	"      nfiles: 1\n"
	"    - path: train.py\n"
	"      hash: md5\n"
	"      md5: " A "\n"
	"      size: 1\n"
	"    params:\n"
	"      params.yaml:\n"
	"        lr: 0.1\n"
	"        model.units: 16\n"
	"    outs:\n"
	"    - path: m.json\n"
	"      hash: md5\n"
	"      md5: " C "\n"
	"      size: 1\n"
	"    - path: model\n"
	"      hash: md5\n"
	"      md5: " B "\n"
	"      size: 1\n";

static struct given *unchanged(void)
{
	struct given *g = start(train, train_lock);

	file(g, "train.py", A);
	file(g, "data", A ".dir");
	file(g, "model", B);
	file(g, "m.json", C);
	seen_put_whole(&g->seen, B, true);
	seen_put_whole(&g->seen, C, true);
	seen_put_params(&g->seen, "params.yaml", "lr: 0.1\nmodel: {units: 16}\n");
	return g;
}

static void keeps_what_is_the_same(void **state)
{
	struct given *g = unchanged();

	(void)state;
	assert_string_equal(plan(g), "train: up to date");
	assert_int_equal(plan_work(&g->plan), 0);
	end(g);
}

/* What DVC 2 recorded: the same entries without `hash: md5`. */
static void dvc_2_is_compared_by_its_own_hashes(void **state)
{
	struct content data = { .kind = CONTENT_FILE, .id = A, .old = B };
	struct content model = { .kind = CONTENT_FILE, .old = C };
	struct lock_path old = { .md5 = (char[]){ C } };
	struct given *g = start("stages:\n  a: {cmd: x, deps: [data], outs: [model]}\n",
				"schema: '2.0'\nstages:\n  a:\n    cmd: x\n"
				"    deps:\n    - path: data\n      md5: " B "\n"
				"    outs:\n    - path: model\n      md5: " C "\n");

	(void)state;
	seen_put(&g->seen, "data", &data);
	seen_put(&g->seen, "model", &model);
	seen_put_whole(&g->seen, C, true);
	assert_string_equal(plan(g), "a: will run (output model is not in the cache)");
	seen_put_whole_of(&g->seen, &old, true);
	assert_string_equal(plan(g), "a: up to date");
	file(g, "data", B);
	assert_string_equal(plan(g), "a: will run (dependency data changed)");
	end(g);
}

static void names_the_parameter_with_both_values(void **state)
{
	struct given *g = unchanged();

	(void)state;
	seen_put_params(&g->seen, "params.yaml", "lr: 0.2\nmodel: {units: 64}\n");
	assert_string_equal(plan(g), "train: will run "
		"(param lr: 0.1 -> 0.2 (params.yaml); "
		"param model.units: 16 -> 64 (params.yaml))");
	assert_int_equal(plan_work(&g->plan), 1);
	end(g);
}

static void compares_values_and_not_their_text(void **state)
{
	struct given *g = unchanged();

	(void)state;
	seen_put_params(&g->seen, "params.yaml",
			"lr: 1e-1 # the same\nmodel:\n  units: 16.0\n");
	assert_string_equal(plan(g), "train: up to date");
	end(g);
}

static void notices_a_parameter_that_went_missing(void **state)
{
	struct given *g = unchanged();

	(void)state;
	seen_put_params(&g->seen, "params.yaml", "lr: 0.1\n");
	assert_string_equal(plan(g), "train: will run "
			    "(param model.units is missing (params.yaml))");
	end(g);
}

static void notices_a_missing_parameter_file(void **state)
{
	struct given *g = unchanged();

	(void)state;
	seen_forget(&g->seen, "params.yaml");
	assert_string_equal(plan(g), "train: will run "
			    "(parameter file params.yaml is missing)");
	end(g);
}

static void refuses_a_broken_parameter_file(void **state)
{
	struct given *g = unchanged();

	(void)state;
	seen_put_params(&g->seen, "params.yaml", "lr: [1\n");
	assert_non_null(strstr(plan(g), "params.yaml: line"));
	assert_int_equal(g->err, ERR_INVALID);
	end(g);
}

static void names_the_dependency(void **state)
{
	struct given *g = unchanged();

	(void)state;
	file(g, "train.py", B);
	assert_string_equal(plan(g),
		"train: will run (dependency train.py changed)");
	gone(g, "train.py");
	assert_string_equal(plan(g),
		"train: will run (dependency train.py is missing)");
	end(g);
}

static void runs_another_command(void **state)
{
	struct given *g = unchanged();

	(void)state;
	val_set_str(&g->pipe.item[0].cmd, "python3 train.py");
	assert_string_equal(plan(g), "train: will run (command changed)");
	end(g);
}

static void a_list_of_one_command_is_another_command(void **state)
{
	struct given *g = unchanged();
	struct val *cmd = &g->pipe.item[0].cmd;

	(void)state;
	val_set_list(cmd);
	val_set_str(val_add(cmd), "python train.py");
	assert_string_equal(plan(g), "train: will run (command changed)");
	end(g);
}

static void fetches_an_output_that_is_missing_or_other(void **state)
{
	struct given *g = unchanged();

	(void)state;
	gone(g, "model");
	assert_string_equal(plan(g),
		"train: is cached (output model is missing)");
	assert_string_equal(lock_out(&g->plan.item[0].from, "model")->md5, B);
	file(g, "model", A);
	assert_string_equal(plan(g), "train: is cached (output model changed)");
	file(g, "model", B);
	file(g, "m.json", A);
	assert_string_equal(plan(g), "train: is cached (output m.json changed)");
	end(g);
}

static void runs_when_the_cache_lost_an_output(void **state)
{
	struct given *g = unchanged();

	(void)state;
	seen_put_whole(&g->seen, B, false);
	assert_string_equal(plan(g),
		"train: will run (output model is not in the cache)");
	end(g);
}

static void an_uncached_output_need_not_be_in_the_cache_to_be_kept(void **state)
{
	struct given *g = unchanged();

	(void)state;
	seen_put_whole(&g->seen, C, false);
	assert_string_equal(plan(g), "train: up to date");
	gone(g, "m.json");
	assert_string_equal(plan(g),
		"train: will run (output m.json is missing)");
	end(g);
}

static void runs_when_forced_whatever_is_cached(void **state)
{
	struct given *g = unchanged();

	(void)state;
	g->opts.force = true;
	assert_string_equal(plan(g), "train: will run (forced)");
	end(g);
}

static void runs_what_never_ran(void **state)
{
	struct given *g = start(train, "");

	(void)state;
	seen_put_params(&g->seen, "params.yaml", "lr: 0.1\nmodel: {units: 16}\n");
	assert_string_equal(plan(g), "train: will run (never ran)");
	end(g);
}

static void always_runs_what_says_so_and_fetches_nothing(void **state)
{
	struct given *g = unchanged();

	(void)state;
	g->pipe.item[0].always_changed = true;
	assert_string_equal(plan(g), "train: will run (always changed)");
	end(g);
}

static void a_frozen_stage_does_not_look_at_its_inputs(void **state)
{
	struct given *g = unchanged();

	(void)state;
	g->pipe.item[0].frozen = true;
	file(g, "train.py", C);
	seen_put_params(&g->seen, "params.yaml", "lr: 7\n");
	assert_string_equal(plan(g), "train: up to date");
	file(g, "model", A);
	assert_string_equal(plan(g), "train: changed (output model changed)");
	gone(g, "model");
	assert_string_equal(plan(g),
		"train: is cached (output model is missing)");
	seen_put_whole(&g->seen, B, false);
	assert_string_equal(plan(g),
		"train: missing (output model is not in the cache)");
	end(g);
}

static void notices_what_dvc_yaml_names_anew(void **state)
{
	struct given *g = unchanged();
	struct stage *s = &g->pipe.item[0];

	(void)state;
	free(s->dep[0].def);
	s->dep[0].def = strdup("new.py");
	file(g, "train.py", A);
	assert_string_equal(plan(g),
		"train: will run (dependency new.py is new)");
	end(g);
}

/* --- stages of other kinds --------------------------------------------------- */

static void a_command_alone_always_runs(void **state)
{
	struct given *g = start("stages: {hi: {cmd: echo}}\n",
		"schema: '2.0'\nstages:\n  hi:\n    cmd: echo\n");

	(void)state;
	assert_string_equal(plan(g), "hi: will run (always changed)");
	end(g);
}

static const char only_outs[] =
	"schema: '2.0'\nstages:\n  gen:\n    cmd: g\n    outs:\n"
	"    - path: x\n      hash: md5\n      md5: " A "\n      size: 1\n";

static void a_stage_with_outputs_only_runs_once(void **state)
{
	struct given *g = start("stages: {gen: {cmd: g, outs: [x]}}\n",
				only_outs);

	(void)state;
	file(g, "x", A);
	seen_put_whole(&g->seen, A, true);
	assert_string_equal(plan(g), "gen: up to date");
	gone(g, "x");
	assert_string_equal(plan(g), "gen: will run (output x is missing)");
	end(g);
}

static void whole_files_are_compared_key_by_key(void **state)
{
	struct given *g = start(
		"stages: {t: {cmd: g, params: [p.json: ]}}\n",
		"schema: '2.0'\nstages:\n  t:\n    cmd: g\n    params:\n"
		"      p.json:\n        a: 1\n        b: 2\n");

	(void)state;
	seen_put_params(&g->seen, "p.json", "{a: 1, b: 2}");
	assert_string_equal(plan(g), "t: up to date");
	seen_put_params(&g->seen, "p.json", "{a: 3, c: x}");
	assert_string_equal(plan(g), "t: will run (param a: 1 -> 3 (p.json); "
		"param c is new (p.json); param b is missing (p.json))");
	end(g);
}

static void shows_values_in_one_short_safe_line(void **state)
{
	struct given *g = start(
		"stages: {t: {cmd: g, params: [a, b]}}\n",
		"schema: '2.0'\nstages:\n  t:\n    cmd: g\n    params:\n"
		"      params.yaml:\n        a: x\n        b: [1, true, null]\n");

	(void)state;
	seen_put_params(&g->seen, "params.yaml",
		"a: \"two\\nlines\"\nb: [1, false, null]\n");
	assert_string_equal(plan(g),
		"t: will run (param a: x -> two\\nlines (params.yaml); "
		"param b: [1, true, null] -> [1, false, null] (params.yaml))");
	end(g);
}

static void a_data_file_is_kept_recorded_or_fetched(void **state)
{
	static const char data[] =
		"outs:\n- md5: " A "\n  size: 1\n  hash: md5\n  path: raw\n";
	struct given *g = start("stages: {}\n", "");

	(void)state;
	pipe_parse(&g->pipe, NULL, "raw.dvc", data, strlen(data));
	file(g, "raw", A);
	seen_put_whole(&g->seen, A, true);
	assert_string_equal(plan(g), "raw.dvc: up to date");
	file(g, "raw", B);
	assert_string_equal(plan(g), "raw.dvc: changed (output raw changed)");
	gone(g, "raw");
	assert_string_equal(plan(g), "raw.dvc: is cached (output raw is missing)");
	seen_put_whole(&g->seen, A, false);
	assert_string_equal(plan(g),
		"raw.dvc: missing (output raw is not in the cache)");
	end(g);
}

/* --- stages above and below ---------------------------------------------------- */

static const char chain[] =
	"stages:\n"
	"  prepare: {cmd: p, deps: [raw], outs: [clean]}\n"
	"  train: {cmd: t, deps: [clean], outs: [model]}\n"
	"  evaluate: {cmd: e, deps: [model, eval.py], outs: [report]}\n";

#define PATH(p, id) \
	"    - path: " p "\n      hash: md5\n      md5: " id "\n      size: 1\n"

static const char chain_lock[] =
	"schema: '2.0'\nstages:\n"
	"  prepare:\n    cmd: p\n    deps:\n" PATH("raw", A)
	"    outs:\n" PATH("clean", B)
	"  train:\n    cmd: t\n    deps:\n" PATH("clean", B)
	"    outs:\n" PATH("model", C)
	"  evaluate:\n    cmd: e\n    deps:\n" PATH("eval.py", A)
	PATH("model", C) "    outs:\n" PATH("report", A);

static struct given *in_line(void)
{
	struct given *g = start(chain, chain_lock);

	file(g, "raw", A);
	file(g, "clean", B);
	file(g, "model", C);
	file(g, "eval.py", A);
	file(g, "report", A);
	seen_put_whole(&g->seen, A, true);
	seen_put_whole(&g->seen, B, true);
	seen_put_whole(&g->seen, C, true);
	return g;
}

static void what_is_below_a_run_waits(void **state)
{
	struct given *g = in_line();

	(void)state;
	file(g, "raw", C);
	assert_string_equal(plan(g),
		"prepare: will run (dependency raw changed) | "
		"train: may run (waits for prepare) | "
		"evaluate: may run (waits for train)");
	end(g);
}

static void a_reason_of_its_own_is_stronger_than_waiting(void **state)
{
	struct given *g = in_line();

	(void)state;
	file(g, "raw", C);
	file(g, "eval.py", C);
	assert_string_equal(plan(g),
		"prepare: will run (dependency raw changed) | "
		"train: may run (waits for prepare) | "
		"evaluate: will run (dependency eval.py changed; waits for train)");
	end(g);
}

static void a_missing_input_that_will_be_made_is_no_reason(void **state)
{
	struct given *g = in_line();

	(void)state;
	file(g, "raw", C);
	gone(g, "clean");
	gone(g, "model");
	assert_string_equal(plan(g),
		"prepare: will run (dependency raw changed; "
		"output clean is missing) | "
		"train: may run (output model is missing; waits for prepare) | "
		"evaluate: may run (waits for train)");
	end(g);
}

static void what_will_be_fetched_counts_as_there(void **state)
{
	struct given *g = in_line();

	(void)state;
	gone(g, "clean");
	gone(g, "model");
	gone(g, "report");
	assert_string_equal(plan(g),
		"prepare: is cached (output clean is missing) | "
		"train: is cached (output model is missing) | "
		"evaluate: is cached (output report is missing)");
	end(g);
}

static void what_will_be_fetched_may_be_another_input(void **state)
{
	struct given *g = start(chain, "schema: '2.0'\nstages:\n"
		"  prepare:\n    cmd: p\n    deps:\n" PATH("raw", A)
		"    outs:\n" PATH("clean", B)
		"  train:\n    cmd: t\n    deps:\n" PATH("clean", A)
		"    outs:\n" PATH("model", C));

	(void)state;
	file(g, "raw", A);
	file(g, "clean", A);
	file(g, "model", C);
	seen_put_whole(&g->seen, B, true);
	seen_put_whole(&g->seen, C, true);
	assert_string_equal(plan(g),
		"prepare: is cached (output clean changed) | "
		"train: will run (dependency clean changed) | "
		"evaluate: will run (never ran; waits for train)");
	end(g);
}

static void the_same_bytes_let_what_is_below_be_kept(void **state)
{
	struct given *g = in_line();
	struct plan_item item = PLAN_ITEM_INIT;
	const struct stage *s = &g->pipe.item[1];

	(void)state;
	file(g, "raw", C);
	plan(g);
	assert_int_equal(plan_stage(&item, s, locks_entry(&g->locks, s),
				    &g->seen, &g->opts), 0);
	assert_int_equal(item.what, PLAN_KEEP);
	plan_item_clear(&item);
	end(g);
}

/* Put the three entries in this order; what dvc.lock is then. */
static char *put_in(const char *order, const char *lock)
{
	struct given *g = start(chain, lock);
	char *text;

	for (; *order; order++) {
		struct lock_entry e = LOCK_ENTRY_INIT;
		size_t at = (size_t)(*order - '0');

		e.name = strdup(g->pipe.item[at].name);
		val_copy(&e.cmd, &g->pipe.item[at].cmd);
		locks_put(&g->locks, &g->pipe.item[at], at, &e, NULL);
		lock_entry_clear(&e);
		assert_ptr_equal(locks_entry(&g->locks, &g->pipe.item[at]),
				 lock_find(locks_file(&g->locks, "dvc.yaml"),
					   g->pipe.item[at].name));
		assert_string_equal(locks_entry(&g->locks,
						&g->pipe.item[at])->name,
				    g->pipe.item[at].name);
	}
	text = strdup(locks_file(&g->locks, "dvc.yaml")->text);
	end(g);
	return text;
}

static void new_entries_stand_in_the_order_of_the_plan(void **state)
{
	static const char *const order[] = { "021", "102", "120", "201", "210",
		"2110", "1201" };
	static const char *const lock[] = { "",
		"schema: '2.0'\nstages:\n  train:\n    cmd: old\n# end\n",
		"schema: '2.0'\nstages:\n    x:\n        cmd: old\n\n# end",
		"stages: {train: {cmd: old}}\nschema: '2.0'\n",
		"stages:\n  x:\n    cmd: &a old\n  y:\n    cmd: *a\nschema: '2.0'",
	};

	(void)state;
	for (size_t l = 0; l < sizeof(lock) / sizeof(*lock); l++) {
		char *want = put_in("012", lock[l]);

		for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
			char *text = put_in(order[i], lock[l]);

			assert_string_equal(text, want);
			free(text);
		}
		free(want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_is_the_same),
		cmocka_unit_test(dvc_2_is_compared_by_its_own_hashes),
		cmocka_unit_test(names_the_parameter_with_both_values),
		cmocka_unit_test(compares_values_and_not_their_text),
		cmocka_unit_test(notices_a_parameter_that_went_missing),
		cmocka_unit_test(notices_a_missing_parameter_file),
		cmocka_unit_test(refuses_a_broken_parameter_file),
		cmocka_unit_test(names_the_dependency),
		cmocka_unit_test(runs_another_command),
		cmocka_unit_test(a_list_of_one_command_is_another_command),
		cmocka_unit_test(fetches_an_output_that_is_missing_or_other),
		cmocka_unit_test(runs_when_the_cache_lost_an_output),
		cmocka_unit_test(an_uncached_output_need_not_be_in_the_cache_to_be_kept),
		cmocka_unit_test(runs_when_forced_whatever_is_cached),
		cmocka_unit_test(runs_what_never_ran),
		cmocka_unit_test(always_runs_what_says_so_and_fetches_nothing),
		cmocka_unit_test(a_frozen_stage_does_not_look_at_its_inputs),
		cmocka_unit_test(notices_what_dvc_yaml_names_anew),
		cmocka_unit_test(a_command_alone_always_runs),
		cmocka_unit_test(a_stage_with_outputs_only_runs_once),
		cmocka_unit_test(whole_files_are_compared_key_by_key),
		cmocka_unit_test(shows_values_in_one_short_safe_line),
		cmocka_unit_test(a_data_file_is_kept_recorded_or_fetched),
		cmocka_unit_test(what_is_below_a_run_waits),
		cmocka_unit_test(a_reason_of_its_own_is_stronger_than_waiting),
		cmocka_unit_test(a_missing_input_that_will_be_made_is_no_reason),
		cmocka_unit_test(what_will_be_fetched_counts_as_there),
		cmocka_unit_test(what_will_be_fetched_may_be_another_input),
		cmocka_unit_test(the_same_bytes_let_what_is_below_be_kept),
		cmocka_unit_test(new_entries_stand_in_the_order_of_the_plan),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
