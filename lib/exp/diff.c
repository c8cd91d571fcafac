#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/strs.h"
#include "exp/diff.h"
#include "spec/canon.h"
#include "spec/val.h"

/* A copy of each leaf by its dotted key; lists as text. */
static void add_leaf(struct map *out, const char *key, const struct val *v)
{
	struct val *copy = mem_new(1, sizeof(*copy));
	struct buf text = BUF_INIT;

	if (v->kind == VAL_LIST) {
		canon_python(&text, v);
		val_set_nstr(copy, text.s, text.len);
	} else {
		val_copy(copy, v);
	}
	if (map_find(out, key) < 0)
		map_put(out, key, copy);
	else
		free(copy);
	buf_clear(&text);
}

static void drop_leaf(void *value)
{
	val_clear(value);
	free(value);
}

static void flatten(struct map *out, const struct val *v, struct buf *key)
{
	size_t len = key->len;

	if (v->kind != VAL_MAP)
		add_leaf(out, key->s, v);
	for (size_t i = 0; v->kind == VAL_MAP && i < v->nr; i++) {
		if (len)
			buf_char(key, '.');
		if (v->key[i].s)
			buf_add(key, v->key[i].s, v->key[i].len);
		else
			canon_python(key, &v->key[i]);
		flatten(out, &v->item[i], key);
		buf_cut(key, len);
	}
}

/*
 * A document as DVC's diff takes it: a list, or text that happens to be JSON,
 * is what that JSON says; what is not there is an empty map.
 */
static void take(struct val *out, const struct val *file)
{
	const struct val *data = val_get(file, "data");
	struct buf text = BUF_INIT;

	val_set_map(out);
	if (!data)
		return;
	val_copy(out, data);
	if (data->kind == VAL_LIST)
		canon_python(&text, data);
	else if (data->kind == VAL_STR)
		buf_add(&text, data->s, data->len);
	if (text.len && val_json(out, text.s, text.len, "")) {
		val_set_nstr(out, text.s, text.len);
		err_clear();
	}
	buf_clear(&text);
}

/* Python's `not v`. */
static bool is_empty(const struct val *v)
{
	double n;

	if (v->kind == VAL_STR)
		return !v->len;
	if (v->kind == VAL_LIST || v->kind == VAL_MAP)
		return !v->nr;
	return v->kind == VAL_NULL || (val_number(v, &n) && n >= 0 && n <= 0);
}

/* One side: its leaves, and what stands where it has none. */
struct side {
	struct map leaf;
	struct val other;
};

static void open_side(struct side *s, const struct val *doc)
{
	struct buf key = BUF_INIT;

	*s = (struct side){ .other = VAL_INIT };
	if (doc->kind == VAL_MAP)
		flatten(&s->leaf, doc, &key);
	else if (!is_empty(doc))
		val_set_str(&s->other, "unable to parse");
	buf_clear(&key);
}

static const struct val *look(const struct side *s, const char *key)
{
	const struct val *v = map_get(&s->leaf, key);

	return v ? v : &s->other;
}

static void close_side(struct side *s)
{
	map_clear(&s->leaf, drop_leaf);
	val_clear(&s->other);
}

static bool is_number(const struct val *v)
{
	return v->kind == VAL_INT || v->kind == VAL_FLOAT ||
	       v->kind == VAL_BOOL;
}

static bool small(const struct val *v, int64_t *n)
{
	const int64_t most = INT64_MAX / 2;

	if (v->kind == VAL_BOOL) {
		*n = v->b;
		return true;
	}
	return v->kind == VAL_INT && val_int64(v, n) && *n < most &&
	       *n > -most;
}

/* Decimal digits without a sign: longer is larger. */
static int compare_digits(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b);

	return m != n ? (m > n) - (m < n) : strcmp(a, b);
}

/* a + b, or a - b for a >= b (`sign` -1), digit by digit from the end. */
static char *combine(const char *a, const char *b, int sign)
{
	size_t m = strlen(a), n = strlen(b), len = (m > n ? m : n) + 1;
	char *out = mem_new(len + 1, 1);
	int carry = 0;

	for (size_t i = 1; i <= len; i++) {
		int d = (i <= m ? a[m - i] - '0' : 0) +
			sign * (i <= n ? b[n - i] - '0' : 0) + carry;

		carry = d > 9 ? 1 : d < 0 ? -1 : 0;
		out[len - i] = (char)('0' + d - 10 * carry);
	}
	return out;
}

/* Python's integers have no end; neither has their difference b - a. */
static void subtract_long(struct val *out, const char *a, const char *b)
{
	bool below_a = *a == '-', below_b = *b == '-', negative = below_b;
	const char *x = a + below_a, *y = b + below_b, *digits;
	struct buf text = BUF_INIT;
	char *sum;

	if (below_a != below_b) {
		sum = combine(y, x, 1);
	} else if (compare_digits(y, x) >= 0) {
		sum = combine(y, x, -1);
	} else {
		sum = combine(x, y, -1);
		negative = !below_b;
	}
	digits = sum + strspn(sum, "0");
	if (negative && *digits)
		buf_char(&text, '-');
	buf_str(&text, *digits ? digits : "0");
	val_scalar(out, text.s, text.len);
	buf_clear(&text);
	free(sum);
}

static void subtract(struct val *out, const struct val *a, const struct val *b)
{
	int64_t m, n;
	double x = 0, y = 0;

	if (small(a, &m) && small(b, &n)) {
		val_set_int(out, n - m);
		return;
	}
	if (a->kind == VAL_INT && b->kind == VAL_INT) {
		subtract_long(out, a->s, b->s);
		return;
	}
	val_number(a, &x);
	val_number(b, &y);
	val_set_float(out, y - x);
}

static void put_change(struct val *out, const char *key, const struct val *a,
		       const struct val *b, bool all)
{
	struct val *change;

	while (a->kind == VAL_LIST && b->kind == VAL_LIST && a->nr == 1 &&
	       b->nr == 1) {
		a = a->item;
		b = b->item;
	}
	if (!all && val_equal(a, b))
		return;
	change = val_put(out, key);
	val_set_map(change);
	val_copy(val_put(change, "old"), a);
	val_copy(val_put(change, "new"), b);
	if (is_number(a) && is_number(b))
		subtract(val_put(change, "diff"), a, b);
}

static void diff_maps(struct val *out, const struct val *a,
		      const struct val *b, bool all)
{
	struct side old, new;
	struct strs keys = STRS_INIT;

	open_side(&old, a);
	open_side(&new, b);
	for (size_t i = 0; i < old.leaf.nr; i++)
		strs_add(&keys, old.leaf.item[i].key);
	for (size_t i = 0; i < new.leaf.nr; i++)
		if (map_find(&old.leaf, new.leaf.item[i].key) < 0)
			strs_add(&keys, new.leaf.item[i].key);
	strs_sort(&keys);
	for (size_t i = 0; i < keys.nr; i++)
		put_change(out, keys.item[i], look(&old, keys.item[i]),
			   look(&new, keys.item[i]), all);
	strs_clear(&keys);
	close_side(&old);
	close_side(&new);
}

static void diff_file(struct val *out, const char *path, const struct val *a,
		      const struct val *b, bool all)
{
	struct val old = VAL_INIT, new = VAL_INIT, changes = VAL_INIT;

	take(&old, a);
	take(&new, b);
	val_set_map(&changes);
	if (old.kind == VAL_MAP || new.kind == VAL_MAP)
		diff_maps(&changes, &old, &new, all);
	else
		put_change(&changes, "", &old, &new, all);
	if (changes.nr)
		val_copy(val_put(out, path), &changes);
	val_clear(&changes);
	val_clear(&old);
	val_clear(&new);
}

static void diff_files(struct val *out, const struct val *a,
		       const struct val *b, bool all)
{
	val_set_map(out);
	for (size_t i = 0; a && i < a->nr; i++)
		diff_file(out, a->key[i].s, &a->item[i],
			  val_get(b, a->key[i].s), all);
	for (size_t i = 0; b && i < b->nr; i++)
		if (!val_get(a, b->key[i].s))
			diff_file(out, b->key[i].s, NULL, &b->item[i], all);
}

void diff_make(struct val *out, const struct val *a, const struct val *b,
	       bool all)
{
	static const char *const kind[] = { "metrics", "params" };

	val_set_map(out);
	for (size_t i = 0; i < 2; i++)
		diff_files(val_put(out, kind[i]), val_get(a, kind[i]),
			   val_get(b, kind[i]), all);
}

static bool file_differs(const struct val *changes)
{
	for (size_t i = 0; i < changes->nr; i++)
		if (!val_equal(val_get(&changes->item[i], "old"),
			       val_get(&changes->item[i], "new")))
			return true;
	return false;
}

bool diff_any(const struct val *diff)
{
	for (size_t i = 0; i < diff->nr; i++)
		for (size_t j = 0; j < diff->item[i].nr; j++)
			if (file_differs(&diff->item[i].item[j]))
				return true;
	return false;
}
