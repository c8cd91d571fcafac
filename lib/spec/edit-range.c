#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "spec/edit-word.h"

/*
 * Hydra counts with Python's decimal.Decimal: doubles taken exactly, sums
 * rounded to 28 digits. So 0.1, 0.2, 0.3 comes out, and not 0.30000000000000004.
 */
#define BEFORE 310
#define BEHIND 1080
#define PLACES (BEFORE + BEHIND)
#define PRECISION 28

struct decimal {
	bool neg;
	unsigned char d[PLACES];	/* the point is behind d[BEFORE - 1] */
};

static void read_text(struct decimal *out, const char *s)
{
	size_t n;

	*out = (struct decimal){ .neg = *s == '-' };
	s += out->neg;
	n = strcspn(s, ".");
	for (size_t i = 0; i < n && n <= BEFORE; i++)
		out->d[BEFORE - n + i] = (unsigned char)(s[i] - '0');
	s += n + (s[n] == '.');
	for (size_t i = 0; i < BEHIND && s[i]; i++)
		out->d[BEFORE + i] = (unsigned char)(s[i] - '0');
}

static bool read(struct decimal *out, const struct val *v)
{
	char text[PLACES + 20];
	double f;

	if (!val_number(v, &f) || !isfinite(f))
		return false;
	if (v->kind == VAL_INT && strlen(v->s) < BEFORE) {
		read_text(out, v->s);
		return true;
	}
	snprintf(text, sizeof(text), "%.*f", BEHIND, f);
	read_text(out, text);
	return true;
}

static double number(const struct decimal *x)
{
	char text[PLACES + 3], *s = text;

	if (x->neg)
		*s++ = '-';
	for (size_t i = 0; i < PLACES; i++) {
		if (i == BEFORE)
			*s++ = '.';
		*s++ = (char)(x->d[i] + '0');
	}
	*s = '\0';
	return strtod(text, NULL);
}

static bool is_zero(const struct decimal *x)
{
	for (size_t i = 0; i < PLACES; i++)
		if (x->d[i])
			return false;
	return true;
}

static int compare(const struct decimal *a, const struct decimal *b)
{
	int c = memcmp(a->d, b->d, PLACES);

	if (is_zero(a) && is_zero(b))
		return 0;
	if (a->neg != b->neg)
		return a->neg ? -1 : 1;
	c = c < 0 ? -1 : c > 0;
	return a->neg ? -c : c;
}

/* Half goes to the even neighbour. */
static void round_off(struct decimal *x)
{
	size_t first = 0, at;
	bool up, rest = false;

	while (first < PLACES && !x->d[first])
		first++;
	at = first + PRECISION;
	if (at >= PLACES)
		return;
	for (size_t i = at + 1; i < PLACES; i++)
		rest = rest || x->d[i];
	up = x->d[at] > 5 || (x->d[at] == 5 && (rest || x->d[at - 1] % 2));
	memset(x->d + at, 0, PLACES - at);
	for (size_t i = at; up && i-- > 0; ) {
		up = x->d[i] == 9;
		x->d[i] = (unsigned char)(up ? 0 : x->d[i] + 1);
	}
}

static void add(struct decimal *x, const struct decimal *step)
{
	const struct decimal *big = x, *small = step;
	struct decimal sum;
	int carry = 0;
	bool minus = x->neg != step->neg;

	if (memcmp(x->d, step->d, PLACES) < 0) {
		big = step;
		small = x;
	}
	sum.neg = big->neg;
	for (size_t i = PLACES; i-- > 0; ) {
		int n = big->d[i] + carry + (minus ? -small->d[i] : small->d[i]);

		carry = n < 0 ? -1 : n > 9;
		sum.d[i] = (unsigned char)(n - 10 * carry);
	}
	*x = sum;
	x->neg = x->neg && !is_zero(x);
	round_off(x);
}

static int too_many(const char *arg, size_t most)
{
	return err_set(ERR_INVALID, "'%s': the range has more than %zu values",
		       arg, most);
}

/* v: start, stop, step. */
static int fractions(struct val *list, const struct val *v, const char *arg,
		     size_t most)
{
	struct decimal *x = mem_new(3, sizeof(*x));
	int way, err = 0;

	for (size_t i = 0; i < 3 && !err; i++)
		if (!read(&x[i], &v[i]))
			err = err_set(ERR_INVALID, "'%s': a range needs finite "
				      "numbers", arg);
	way = err || x[2].neg ? 1 : -1;
	while (!err && compare(&x[0], &x[1]) == way) {
		if (list->nr == most)
			err = too_many(arg, most);
		val_set_float(val_add(list), number(&x[0]));
		add(&x[0], &x[2]);
	}
	free(x);
	return err;
}

static int wholes(struct val *list, const int64_t n[3], const char *arg,
		  size_t most)
{
	const int64_t step = n[2];

	for (int64_t i = n[0]; step > 0 ? i < n[1] : i > n[1]; i += step) {
		if (list->nr == most)
			return too_many(arg, most);
		val_set_int(val_add(list), i);
		if (step > 0 ? i > INT64_MAX - step : i < INT64_MIN - step)
			break;
	}
	return 0;
}

int edit_range(struct val *list, const struct val *range, const char *arg,
	       size_t most)
{
	const struct val *v = range->item;
	int64_t n[3];
	bool whole = true;
	double step;

	val_set_list(list);
	if (!val_number(&v[2], &step) || !(step < 0 || step > 0))
		return err_set(ERR_INVALID, "'%s': the step of a range cannot "
			       "be 0", arg);
	for (size_t i = 0; i < 3; i++) {
		n[i] = v[i].b;
		whole = whole && (v[i].kind == VAL_BOOL ||
				  (v[i].kind == VAL_INT && val_int64(&v[i], &n[i])));
	}
	return whole ? wholes(list, n, arg, most) :
		fractions(list, v, arg, most);
}
