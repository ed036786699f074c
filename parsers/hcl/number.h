/* Terraform's numbers: binary floating point with a 512-bit mantissa (Go's big.Float, as cty uses
 * it).
 *
 * Three kinds of as_value hold them, the cheapest that is exact:
 *     AS_INT      integers of 64 bits: the fast path of everything
 *     AS_FLOAT    decimal fractions of at most 15 digits, standing for exactly that decimal (0.1 is
 * 0.1 at 512 bits, not the double); ±infinity; -0 AS_BIGNUM   the shortest decimal text that reads
 * back as the same 512-bit number as_num_make picks the kind. MPFR is touched only beyond the fast
 * path. */
#ifndef AS_HCL_NUMBER_H
#define AS_HCL_NUMBER_H

#include <gmp.h>
#include <mpfr.h>

#include "engine/value/value.h"

#define AS_NUM_PRECISION 512

/* A decimal number as HCL and cty.ParseNumberVal read it (digits, fraction, exponent; sign
 * allowed). NULL when it is none, or beyond the exponents that we carry. */
const as_value *as_num_parse(as_arena *arena, as_span span, as_str text);
/* As Terraform prints it: big.Float 'f', shortest. "1000000", "0.3333…", "Inf" */
as_str as_num_text(as_arena *arena, const as_value *n);

/* True when n is a whole number of 64 bits. */
bool as_num_to_int(const as_value *n, int64_t *out);
bool as_num_is_whole(const as_value *n);
double as_num_to_double(const as_value *n);
int as_num_sign(const as_value *n);                   /* -1, 0, 1 */
int as_num_cmp(const as_value *a, const as_value *b); /* <0, 0, >0 */

const as_value *as_num_add(as_arena *arena, as_span span, const as_value *a, const as_value *b);
const as_value *as_num_sub(as_arena *arena, as_span span, const as_value *a, const as_value *b);
const as_value *as_num_mul(as_arena *arena, as_span span, const as_value *a, const as_value *b);
/* NULL for 0/0 and Inf/Inf; otherwise a zero divisor gives ±Inf. */
const as_value *as_num_div(as_arena *arena, as_span span, const as_value *a, const as_value *b);
/* NULL where infinity takes part; of a zero divisor: a. */
const as_value *as_num_mod(as_arena *arena, as_span span, const as_value *a, const as_value *b);
const as_value *as_num_neg(as_arena *arena, as_span span, const as_value *a);

/* For functions that need MPFR themselves (log, pow, floor): mpfr_init2(x, AS_NUM_PRECISION) first
 * and mpfr_clear before anything else allocates from the arena. */
void as_num_get(const as_value *n, mpfr_t out);
/* Leaves x alone; the caller clears it. The result is prepared before the arena is touched: x may
 * leak only if the arena unwinds, so use as_num_make_clear where that matters. */
const as_value *as_num_make(as_arena *arena, as_span span, mpfr_t x);
/* The same; clears x on every path. */
const as_value *as_num_make_clear(as_arena *arena, as_span span, mpfr_t x);

#endif
