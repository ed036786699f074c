/* Numbers inside function bodies: scratch MPFR numbers without an allocation, so that an arena may
 * unwind at any time. Private to func_*.c. */
#ifndef AS_HCL_FUNC_NUMBER_H
#define AS_HCL_FUNC_NUMBER_H

#include <math.h>

#include "engine/base/num.h"
#include "parsers/hcl/func.h"

typedef struct as_num_scratch {
    mp_limb_t limbs[AS_NUM_PRECISION / 64 + 1];
    mpfr_t x;
} as_num_scratch;

/* Zero, with AS_NUM_PRECISION bits; never to be cleared. */
static inline mpfr_ptr as_num_scratch_init(as_num_scratch *s)
{
    mpfr_custom_init(s->limbs, AS_NUM_PRECISION);
    mpfr_custom_init_set(s->x, MPFR_ZERO_KIND, 0, AS_NUM_PRECISION, s->limbs);
    return s->x;
}

/* The number whose text is the shortest that reads back as the double (cty.NumberFloatVal). */
static inline const as_value *as_num_from_double(as_arena *arena, as_span span, double d)
{
    char text[32];
    if (isinf(d)) {
        return as_value_float(arena, span, d);
    }
    size_t n = as_double_write(d, text, sizeof text);
    return as_num_parse(arena, span, (as_str){text, n});
}

/* as_fn_arg_int for functions whose failure is the call's, not the argument's, in Terraform's
 * words. */
static inline bool as_fn_int_of(as_hcl_call *call, size_t i, int64_t *out)
{
    if (as_fn_arg_int(call, i, out)) {
        return true;
    }
    call->error_arg = -1;
    return false;
}

#endif
