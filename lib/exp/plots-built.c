#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "exp/plots-part.h"

const char *const plots_template[] = {
	"simple", "linear", "confusion", "confusion_normalized", "scatter",
	"scatter_jitter", "smooth", "bar_horizontal_sorted", "bar_horizontal",
	NULL
};

/* --- parts that several share ----------------------------------------------- */

#define AMOUNT_X "field: <x>, type: quantitative, title: <x_label>"
#define AMOUNT_Y "field: <y>, type: quantitative, title: <y_label>"
#define FROM_LOW "scale: {zero: false}"
#define HOVER "tooltip: {content: data}"
#define REVS "{field: rev, type: nominal}"

/* "<x_label>" is short for the anchor. */
static void put(struct val *map, const char *key, const char *yaml)
{
	struct buf b = BUF_INIT;
	bool inside = false;

	for (const char *s = yaml; *s; s++) {
		if (*s == '<' && s[1] >= 'a' && s[1] <= 'z') {
			buf_str(&b, "'<DVC_METRIC_");
			inside = true;
		} else if (*s == '>' && inside) {
			buf_str(&b, ">'");
			inside = false;
		} else {
			buf_char(&b, inside && *s >= 'a' && *s <= 'z' ?
				 *s - 'a' + 'A' : *s);
		}
	}
	if (val_yaml(val_put(map, key), b.s, b.len, key))
		err_clear();
	buf_clear(&b);
}

static void sized(struct val *v)
{
	put(v, "width", "<plot_width>");
	put(v, "height", "<plot_height>");
}

static void zoomed(struct val *v)
{
	put(v, "params", "[<zoom_and_pan>]");
}

/* --- lines and points --------------------------------------------------------- */

static void simple(struct val *v)
{
	sized(v);
	zoomed(v);
	put(v, "mark", "{type: line, " HOVER "}");
	put(v, "encoding", "{x: {" AMOUNT_X "}, y: {" AMOUNT_Y ", " FROM_LOW
	    "}, color: <color>, strokeDash: <stroke_dash>, "
	    "tooltip: <tooltip>}");
}

static void scatter(struct val *v)
{
	sized(v);
	zoomed(v);
	put(v, "mark", "{type: point, " HOVER "}");
	put(v, "encoding", "{x: {" AMOUNT_X "}, y: {" AMOUNT_Y "}, "
	    "color: <color>, shape: <shape>, tooltip: <tooltip>}");
}

static void jitter(struct val *v)
{
	sized(v);
	put(v, "transform", "[{calculate: random(), as: randomX}, "
	    "{calculate: random(), as: randomY}]");
	put(v, "mark", "{type: point, " HOVER "}");
	put(v, "encoding", "{x: {field: <x>, title: <x_label>}, "
	    "y: {field: <y>, title: <y_label>}, color: <color>, "
	    "shape: <shape>, tooltip: <tooltip>, "
	    "xOffset: {field: randomX, type: quantitative}, "
	    "yOffset: {field: randomY, type: quantitative}}");
}

static void bars(struct val *v, const char *y)
{
	sized(v);
	zoomed(v);
	put(v, "mark", "{type: bar}");
	put(v, "encoding", "{x: {" AMOUNT_X ", " FROM_LOW "}, "
	    "yOffset: {field: rev, sort: []}, color: <color>, "
	    "column: <column>}");
	put(val_get(v, "encoding"), "y", y);
}

/* --- lines that can be smoothed ---------------------------------------------------- */

static const char smooth_lines[] =
	"{layer: [{params: [<zoom_and_pan>], mark: line}, "
	"{transform: [{filter: {param: hover, empty: false}}], mark: point}], "
	"encoding: {y: {" AMOUNT_Y ", " FROM_LOW "}, color: " REVS "}, "
	"transform: [{loess: <y>, on: <x>, groupby: <group_by>, "
	"bandwidth: {signal: smooth}}]}";
static const char raw_lines[] =
	"{mark: {type: line, opacity: 0.2}, encoding: {x: {" AMOUNT_X "}, "
	"y: {" AMOUNT_Y ", " FROM_LOW "}, color: " REVS "}}";
static const char last_points[] =
	"{mark: {type: circle, size: 10}, encoding: {"
	"x: {aggregate: max, " AMOUNT_X "}, "
	"y: {aggregate: {argmax: <x>}, " AMOUNT_Y ", " FROM_LOW "}, "
	"color: " REVS "}}";
static const char hover_rule[] =
	"{transform: [{calculate: <pivot_field>, as: pivot_field}, "
	"{pivot: pivot_field, op: mean, value: <y>, groupby: [<x>]}], "
	"mark: {type: rule, " HOVER ", stroke: grey}, encoding: {opacity: "
	"{condition: {value: 0.3, param: hover, empty: false}, value: 0}}, "
	"params: [{name: hover, select: {type: point, fields: [<x>], "
	"nearest: true, on: mouseover, clear: mouseout}}]}";

static void layers(struct val *v, const char *const *layer, size_t nr)
{
	struct val one = VAL_INIT;
	struct val *list = val_put(v, "layer");

	val_set_list(list);
	val_set_map(&one);
	for (size_t i = 0; i < nr; i++) {
		put(&one, "", layer[i]);
		val_copy(val_add(list), one.item);
	}
	val_clear(&one);
}

static void smooth(struct val *v)
{
	static const char *const layer[] = {
		smooth_lines, raw_lines, last_points, hover_rule,
	};

	sized(v);
	put(v, "params", "[{name: smooth, value: 0.001, bind: {input: range, "
	    "min: 0.001, max: 1, step: 0.001}}]");
	put(v, "encoding", "{x: {" AMOUNT_X "}, color: <color>, "
	    "strokeDash: <stroke_dash>}");
	layers(v, layer, 4);
}

/* --- confusion ------------------------------------------------------------------------ */

/* How often each pair came, and how dark that makes it. */
struct shade {
	const char *absent;	/* by what pairs that never came are zero */
	const char *op, *sum, *by, *share;
	const char *field;	/* what the colour shows */
	const char *range, *format, *text;
};

static const struct shade counted = {
	"<group_by_y>", "max", "max_count", "[]", "percent_of_max",
	"xy_count", "{domainMin: 0, nice: true}", "",
	"text: {condition: {param: showValues, field: xy_count, "
	"type: quantitative}}, ",
};
static const struct shade normalized = {
	"[rev, <y>]", "sum", "sum_y", "[<y>]", "percent_of_y",
	"percent_of_y", "{domain: [0, 1]}", ", format: '.2f'", "",
};

static void transform(struct val *spec, const struct shade *s)
{
	struct buf b = BUF_INIT;

	buf_fmt(&b, "[{aggregate: [{op: count, as: xy_count}], "
		"groupby: [<y>, <x>]}, "
		"{impute: xy_count, groupby: %s, key: <x>, value: 0}, "
		"{impute: xy_count, groupby: <group_by_x>, key: <y>, "
		"value: 0}, {joinaggregate: [{op: %s, field: xy_count, "
		"as: %s}], groupby: %s}, "
		"{calculate: datum.xy_count / datum.%s, as: %s}]",
		s->absent, s->op, s->sum, s->by, s->sum, s->share);
	put(spec, "transform", b.s);
	buf_clear(&b);
}

static void rectangles(struct val *spec, const struct shade *s)
{
	struct buf b = BUF_INIT;

	buf_fmt(&b, "[{mark: rect, width: <plot_width>, height: "
		"<plot_height>, encoding: {color: {field: %s, "
		"type: quantitative, title: '', scale: %s}}}, ",
		s->field, s->range);
	buf_fmt(&b, "{selection: {label: {type: single, on: mouseover, "
		"encodings: [x, y], empty: none, clear: mouseout}}, "
		"mark: rect, encoding: {tooltip: [{field: <x>, type: nominal}, "
		"{field: <y>, type: nominal}, {field: %s, "
		"type: quantitative%s}], opacity: {condition: {selection: "
		"label, value: 1}, value: 0}}}, ", s->field, s->format);
	buf_fmt(&b, "{transform: [{filter: {selection: label}}], layer: "
		"[{mark: {type: rect, color: lightpink}}]}, "
		"{mark: text, encoding: {%scolor: {condition: {test: "
		"'datum.%s > 0.5', value: white}, value: black}}}]",
		s->text, s->share);
	put(spec, "layer", b.s);
	buf_clear(&b);
}

static void confusion(struct val *v, const struct shade *s)
{
	struct val *spec;

	put(v, "facet", "{column: {field: rev, sort: []}, row: <row>}");
	if (s == &counted)
		put(v, "params", "[{name: showValues, bind: "
		    "{input: checkbox}}]");
	put(v, "spec", "{encoding: {"
	    "x: {field: <x>, type: nominal, sort: ascending, "
	    "title: <x_label>}, "
	    "y: {field: <y>, type: nominal, sort: ascending, "
	    "title: <y_label>}}}");
	spec = val_get(v, "spec");
	transform(spec, s);
	rectangles(spec, s);
}

/* --- by name ----------------------------------------------------------------------------- */

static void build(struct val *v, const char *name)
{
	if (!strcmp(name, "simple"))
		simple(v);
	else if (!strcmp(name, "confusion"))
		confusion(v, &counted);
	else if (!strcmp(name, "confusion_normalized"))
		confusion(v, &normalized);
	else if (!strcmp(name, "scatter"))
		scatter(v);
	else if (!strcmp(name, "scatter_jitter"))
		jitter(v);
	else if (!strcmp(name, "bar_horizontal_sorted"))
		bars(v, "{field: <y>, type: nominal, title: <y_label>, "
		     "sort: '-x'}");
	else if (!strcmp(name, "bar_horizontal"))
		bars(v, "{field: <y>, type: nominal, title: <y_label>}");
	else
		smooth(v);
}

int plots_builtin(struct val *out, const char *name)
{
	const char *const *known = plots_template;

	while (*known && strcmp(*known, name))
		known++;
	if (!*known)
		return err_set(ERR_NOTFOUND, "no template '%s'", name);
	val_set_map(out);
	put(out, "$schema",
	    "'https://vega.github.io/schema/vega-lite/v5.json'");
	put(out, "data", "{values: <data>}");
	put(out, "title", "{text: <title>, anchor: middle}");
	build(out, name);
	return 0;
}
