#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/os.h"
#include "spec/edit-word.h"

/* --- sorting --------------------------------------------------------------- */

static int sign(double a, double b)
{
	return a < b ? -1 : a > b;
}

static int bytes(const struct val *a, const struct val *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int c = memcmp(a->s, b->s, n);

	return c ? c : (a->len > b->len) - (a->len < b->len);
}

static bool is_quoted(const struct val *v)
{
	return v->style == VAL_SINGLE || v->style == VAL_DOUBLE;
}

/* As Python's "<": numbers, texts, and lists of what can be compared. */
static int compare(const struct val *a, const struct val *b, bool *fine)
{
	double x, y;

	if (val_number(a, &x) && val_number(b, &y))
		return sign(x, y);
	if (a->kind == VAL_STR && b->kind == VAL_STR && !is_quoted(a) &&
	    !is_quoted(b))
		return bytes(a, b);
	if (a->kind != VAL_LIST || b->kind != VAL_LIST) {
		*fine = false;
		return 0;
	}
	for (size_t i = 0; i < a->nr && i < b->nr; i++)
		if (!val_equal(&a->item[i], &b->item[i]))
			return compare(&a->item[i], &b->item[i], fine);
	return (a->nr > b->nr) - (a->nr < b->nr);
}

static void merge(struct val *v, size_t half, size_t nr, struct val *room,
		  bool reverse, bool *fine)
{
	size_t a = 0, b = half, n = 0;

	while (a < half && b < nr) {
		int c = compare(&v[a], &v[b], fine);

		room[n++] = (reverse ? c < 0 : c > 0) ? v[b++] : v[a++];
	}
	while (a < half)
		room[n++] = v[a++];
	memcpy(v, room, n * sizeof(*v));
}

static void sort(struct val *v, size_t nr, struct val *room, bool reverse,
		 bool *fine)
{
	if (nr < 2)
		return;
	sort(v, nr / 2, room, reverse, fine);
	sort(v + nr / 2, nr - nr / 2, room, reverse, fine);
	merge(v, nr / 2, nr, room, reverse, fine);
}

bool edit_sort(struct val *list, bool reverse)
{
	struct val *room = mem_new(list->nr + 1, sizeof(*room));
	bool fine = true;

	sort(list->item, list->nr, room, reverse, &fine);
	free(room);
	return fine;
}

void edit_shuffle(struct val *list)
{
	for (size_t i = list->nr; i > 1; i--) {
		uint64_t r;
		struct val v;

		os_random(&r, sizeof(r));
		r %= i;
		v = list->item[r];
		list->item[r] = list->item[i - 1];
		list->item[i - 1] = v;
	}
}

/* --- ranges ---------------------------------------------------------------- */

/* start = stop + by, stop = start + by, the step turned round. */
static void turn_whole(struct val *v, int64_t start, int64_t stop, int64_t step,
		       int64_t by)
{
	val_set_int(&v[0], stop + by);
	val_set_int(&v[1], start + by);
	val_set_int(&v[2], -step);
}

static void turn(struct val *v, double start, double stop, double step,
		 double by)
{
	val_set_float(&v[0], stop + by);
	val_set_float(&v[1], start + by);
	val_set_float(&v[2], -step);
}

bool edit_sort_range(struct val *range, bool reverse)
{
	struct val *v = range->item;
	const int64_t limit = INT64_MAX / 4;
	int64_t n[3];
	double f[3], by;
	bool small = true;

	for (size_t i = 0; i < 3; i++) {
		if (!val_number(&v[i], &f[i]))
			return false;
		if (v[i].kind == VAL_BOOL)
			val_set_int(&v[i], v[i].b);
		small = small && v[i].kind == VAL_INT && val_int64(&v[i], &n[i]) &&
			n[i] < limit && n[i] > -limit;
	}
	if (!(reverse ? f[0] < f[1] : f[0] > f[1]))
		return true;
	by = reverse ? -fabs(f[2]) : fabs(f[2]);
	if (small)
		turn_whole(v, n[0], n[1], n[2],
			   reverse ? -llabs(n[2]) : llabs(n[2]));
	else
		turn(v, f[0], f[1], f[2], by);
	return true;
}
