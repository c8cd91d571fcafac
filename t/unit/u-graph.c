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
#include "base/src.h"
#include "flow/graph.h"

struct given {
	struct pipe pipe;
	struct graph graph;
	struct buf order;
};

static int make(struct given *g, const char *yaml)
{
	*g = (struct given){ PIPE_INIT, GRAPH_INIT, BUF_INIT };
	assert_int_equal(pipe_parse(&g->pipe, NULL, "dvc.yaml", yaml, strlen(yaml)),
			 0);
	return graph_make(&g->graph, &g->pipe);
}

static const char *order(struct given *g, const char *target)
{
	struct pipe_pick targets = { 0 }, out = { 0 };

	if (target)
		assert_int_equal(pipe_target(&g->pipe, "", target, false,
					     &targets), 0);
	graph_order(&g->graph, &targets, &out);
	buf_reset(&g->order);
	for (size_t i = 0; i < out.nr; i++)
		buf_fmt(&g->order, "%s%s", i ? " " : "",
			g->pipe.item[out.item[i]].addr);
	free(targets.item);
	free(out.item);
	return g->order.s;
}

static void done(struct given *g)
{
	graph_clear(&g->graph);
	pipe_clear(&g->pipe);
	buf_clear(&g->order);
}

static const char chain[] =
	"stages:\n"
	"  evaluate: {cmd: e, deps: [model], outs: [report]}\n"
	"  train: {cmd: t, deps: [clean], outs: [model]}\n"
	"  prepare: {cmd: p, deps: [raw], outs: [clean]}\n"
	"  other: {cmd: o, outs: [x]}\n";

static void puts_what_is_needed_first(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g, chain), 0);
	assert_string_equal(order(&g, NULL), "prepare train evaluate other");
	done(&g);
}

static void takes_a_target_with_what_it_needs(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g, chain), 0);
	assert_string_equal(order(&g, "train"), "prepare train");
	assert_string_equal(order(&g, "other"), "other");
	done(&g);
}

static void names_a_circle_in_full(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g,
		"stages:\n"
		"  c: {cmd: c, deps: [z], outs: [y]}\n"
		"  a: {cmd: a, deps: [y], outs: [x]}\n"
		"  b: {cmd: b, deps: [x], outs: [z]}\n"), ERR_INVALID);
	assert_string_equal(err_message(),
		"dvc.yaml: line 2: stages need one another in a circle: c -> b -> a -> c");
	done(&g);
}

static void names_only_the_circle_and_not_the_way_to_it(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g,
		"stages:\n"
		"  top: {cmd: c, deps: [x]}\n"
		"  a: {cmd: a, deps: [y], outs: [x]}\n"
		"  b: {cmd: b, deps: [x], outs: [y]}\n"), ERR_INVALID);
	assert_string_equal(err_message(),
		"dvc.yaml: line 3: stages need one another in a circle: a -> b -> a");
	done(&g);
}

static void refuses_a_stage_that_needs_its_own_directory(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g,
		"stages:\n"
		"  a: {cmd: a, deps: [out/x], outs: [out]}\n"), ERR_INVALID);
	assert_string_equal(err_message(),
		"dvc.yaml: line 2: stages need one another in a circle: a -> a");
	done(&g);
}

static void finds_what_lies_in_or_around_an_output(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g,
		"stages:\n"
		"  user: {cmd: u, deps: [data/in/a.txt]}\n"
		"  all: {cmd: u, deps: [parts]}\n"
		"  maker: {cmd: m, outs: [data/in]}\n"
		"  one: {cmd: m, outs: [parts/1/x]}\n"
		"  two: {cmd: m, outs: [parts/2]}\n"
		"  near: {cmd: m, outs: [partsy]}\n"), 0);
	assert_string_equal(order(&g, "user"), "maker user");
	assert_string_equal(order(&g, "all"), "one two all");
	done(&g);
}

static void takes_the_whole_project_as_a_dependency(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g,
		"stages:\n"
		"  sum: {cmd: u, deps: [.]}\n"
		"  a: {cmd: m, outs: [x/y]}\n"
		"  b: {cmd: m, outs: [/tmp/far: {cache: false}]}\n"), 0);
	assert_string_equal(order(&g, "sum"), "a sum");
	done(&g);
}

static void knows_that_a_parameter_file_is_made(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g,
		"stages:\n"
		"  train: {cmd: t, params: [lr]}\n"
		"  tune: {cmd: u, outs: [params.yaml: {cache: false}]}\n"), 0);
	assert_string_equal(order(&g, NULL), "tune train");
	done(&g);
}

static void detaches_frozen_stages(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g,
		"stages:\n"
		"  train: {cmd: t, deps: [x], outs: [y], frozen: true}\n"
		"  eval: {cmd: t, deps: [y]}\n"
		"  make: {cmd: u, outs: [x]}\n"), 0);
	assert_string_equal(order(&g, NULL), "train eval make");
	assert_string_equal(order(&g, "eval"), "train eval");
	assert_int_equal(g.graph.item[2].users.nr, 0);
	done(&g);
}

static const char *visit(struct given *g, const char *targets,
			 enum graph_way way)
{
	struct pipe_pick picks = { 0 }, out = { 0 };
	struct strs words = STRS_INIT;

	strs_split(&words, targets, ' ');
	for (size_t i = 0; i < words.nr; i++)
		assert_int_equal(pipe_target(&g->pipe, "", words.item[i],
					     false, &picks), 0);
	graph_visit(&g->graph, &picks, way, &out);
	buf_reset(&g->order);
	for (size_t i = 0; i < out.nr; i++)
		buf_fmt(&g->order, "%s%s", i ? " " : "",
			g->pipe.item[out.item[i]].addr);
	strs_clear(&words);
	free(picks.item);
	free(out.item);
	return g->order.s;
}

static void takes_targets_in_four_ways(void **state)
{
	struct given g;

	(void)state;
	assert_int_equal(make(&g, chain), 0);
	assert_string_equal(visit(&g, "other train", GRAPH_UP),
			    "prepare train other");
	assert_string_equal(visit(&g, "train", GRAPH_DOWN), "train evaluate");
	assert_string_equal(visit(&g, "train prepare train", GRAPH_ALONE),
			    "train prepare");
	assert_string_equal(visit(&g, "other train", GRAPH_PIPELINE),
			    "other prepare train evaluate");
	done(&g);
}

static void cuts_what_stands_against_an_order(void **state)
{
	size_t given[] = { 1, 0, 2 };	/* train needs prepare, the last */
	struct pipe_pick order = { .item = given, .nr = 3 };
	struct given g;

	(void)state;
	assert_int_equal(make(&g, chain), 0);
	assert_true(graph_cut(&g.graph, &order));
	assert_int_equal(graph_needs(&g.graph, 0)->nr, 1);
	assert_int_equal(graph_needs(&g.graph, 1)->nr, 0);
	assert_int_equal(g.graph.item[2].users.nr, 0);
	done(&g);
}

/* Neither the stack nor the clock may notice. */
static void takes_long_chains_and_deep_paths(void **state)
{
	enum { STAGES = 20000, PARTS = 100000 };
	struct given g;
	struct buf b = BUF_INIT;

	(void)state;
	buf_str(&b, "stages:\n");
	for (int i = 0; i < STAGES; i++)
		buf_fmt(&b, "  s%d: {cmd: c, deps: [o%d], outs: [o%d]}\n", i,
			i + 1, i);
	buf_fmt(&b, "  deep: {cmd: c, outs: [");
	for (int i = 0; i < PARTS; i++)
		buf_str(&b, "a/");
	buf_str(&b, "a]}\n  all: {cmd: c, deps: [.]}\n");
	assert_int_equal(make(&g, b.s), 0);
	assert_int_equal(g.graph.item[STAGES + 1].needs.nr, STAGES + 1);
	assert_memory_equal(visit(&g, "s0", GRAPH_UP), "s19999 s19998 ", 14);
	buf_clear(&b);
	done(&g);
}

static void refuses_a_data_file_inside_an_output(void **state)
{
	static const char data[] = "outs:\n- path: b\n";
	struct given g = { PIPE_INIT, GRAPH_INIT, BUF_INIT };
	const char *yaml = "stages: {a: {cmd: a, outs: [dir]}}\n";

	(void)state;
	pipe_parse(&g.pipe, NULL, "dvc.yaml", yaml, strlen(yaml));
	pipe_parse(&g.pipe, NULL, "dir/b.dvc", data, strlen(data));
	assert_int_equal(graph_make(&g.graph, &g.pipe), ERR_INVALID);
	assert_string_equal(err_message(),
			    "'dir/b.dvc' is inside an output of stage 'a'");
	done(&g);
}

/* u-graph --order DIR [TARGET]: one address per line, or the message. */
static int print_order(const char *dir, const char *target)
{
	struct given g = { PIPE_INIT, GRAPH_INIT, BUF_INIT };
	struct src_disk disk;
	int err;

	src_disk(&disk, dir);
	err = pipe_load(&g.pipe, &disk.src, true, NULL);
	if (!err)
		err = graph_make(&g.graph, &g.pipe);
	if (err)
		fprintf(stderr, "%s\n", err_message());
	else
		printf("%s\n", order(&g, target));
	done(&g);
	src_clear(&disk.src);
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_what_is_needed_first),
		cmocka_unit_test(takes_a_target_with_what_it_needs),
		cmocka_unit_test(names_a_circle_in_full),
		cmocka_unit_test(names_only_the_circle_and_not_the_way_to_it),
		cmocka_unit_test(refuses_a_stage_that_needs_its_own_directory),
		cmocka_unit_test(finds_what_lies_in_or_around_an_output),
		cmocka_unit_test(takes_the_whole_project_as_a_dependency),
		cmocka_unit_test(knows_that_a_parameter_file_is_made),
		cmocka_unit_test(detaches_frozen_stages),
		cmocka_unit_test(takes_targets_in_four_ways),
		cmocka_unit_test(cuts_what_stands_against_an_order),
		cmocka_unit_test(takes_long_chains_and_deep_paths),
		cmocka_unit_test(refuses_a_data_file_inside_an_output),
	};

	if (argc > 2 && !strcmp(argv[1], "--order"))
		return print_order(argv[2], argv[3]);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
