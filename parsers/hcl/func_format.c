/* format and formatlist: go-cty cty/function/stdlib/format.go and format_fsm.rl. Numbers are
 * printed as Go's fmt prints big.Int and big.Float. */
#include <stdlib.h>

#include "engine/base/grapheme.h"
#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "parsers/hcl/func.h"
#include "parsers/hcl/func_json.h"
#include "parsers/hcl/func_number.h"

enum { MAX_WIDTH = 1000000 }; /* of Go's fmt; its output beyond is an error text */

/* %[flags][width][.precision][[argument]]mode */
typedef struct verb {
    as_str raw;
    size_t offset;
    size_t argument; /* from 1 */
    char mode;
    bool zero, sharp, plus, minus, space;
    bool has_precision;
    int precision; /* -1: none */
    int width;     /* -1: none */
} verb;

typedef struct formatter {
    as_hcl_call *call;
    as_str format;
    const as_value *const *args;
    size_t n_args;
    as_buf *out;
    as_str error; /* what went wrong, or empty */
    size_t extra; /* the argument that is too much, from 1, or 0 */
} formatter;

static bool fail(formatter *f, const char *fmt, ...) AS_PRINTF(2, 3);
static bool fail(formatter *f, const char *fmt, ...)
{
    va_list args;
    as_buf text;
    as_buf_init(&text, f->call->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&text, fmt, args);
    va_end(args);
    f->error = as_buf_view(&text);
    return false;
}

static bool unsupported(formatter *f, const verb *v, const char *why)
{
    return fail(f, "unsupported value for \"%.*s\" at %zu: %s", AS_STR_ARG(v->raw), v->offset, why);
}

/* --- numbers -------------------------------------------------------------------------------------- */

static const char *sign_of(const verb *v, bool negative)
{
    return negative ? "-" : v->plus ? "+" : v->space ? " " : "";
}

/* big.Int.Format */
static void put_integer(formatter *f, const verb *v, as_str digits, bool negative)
{
    const char *sign = sign_of(v, negative);
    const char *prefix = !v->sharp        ? ""
                         : v->mode == 'b' ? "0b"
                         : v->mode == 'o' ? "0"
                         : v->mode == 'x' ? "0x"
                         : v->mode == 'X' ? "0X"
                                          : "";
    size_t precision = v->precision > 0 ? (size_t)v->precision : 0;
    size_t width = v->width > 0 ? (size_t)v->width : 0, left = 0, right = 0, zeros = 0;
    if (v->has_precision && precision == 0 && as_str_is(digits, "0")) {
        return;
    }
    zeros = digits.n < precision ? precision - digits.n : 0;
    size_t length = strlen(sign) + strlen(prefix) + zeros + digits.n;
    if (length < width) {
        size_t pad = width - length;
        if (v->minus) {
            right = pad;
        } else if (v->zero && !v->has_precision) {
            zeros = pad;
        } else {
            left = pad;
        }
    }
    as_buf_repeat(f->out, ' ', left);
    as_buf_cstr(f->out, sign);
    as_buf_cstr(f->out, prefix);
    as_buf_repeat(f->out, '0', zeros);
    as_buf_str(f->out, digits);
    as_buf_repeat(f->out, ' ', right);
}

static bool format_integer(formatter *f, const verb *v, const as_value *n)
{
    if (!as_num_is_whole(n)) {
        return unsupported(f, v, "an integer is required");
    }
    as_str text = as_num_text(f->call->arena, n); /* shortest, so exact only for 512 bits: enough */
    bool negative = as_num_sign(n) < 0;
    if (as_str_starts(text, "-")) {
        text = as_str_from_index(text, 1);
    }
    int base = v->mode == 'b' ? 2 : v->mode == 'o' ? 8 : v->mode == 'd' ? 10 : 16;
    as_num_scratch scratch;
    mpfr_ptr x = as_num_scratch_init(&scratch);
    as_num_get(n, x);
    if (base != 10 || text.n > 150) { /* beyond the mantissa the shortest text has made-up zeros */
        mpz_t z;
        mpz_init(z);
        mpfr_get_z(z, x, MPFR_RNDZ);
        mpz_abs(z, z);
        size_t n_bytes = mpz_sizeinbase(z, base) + 2;
        char *digits = n_bytes < AS_MAX_TEXT_BYTES ? malloc(n_bytes) : NULL;
        if (digits) {
            mpz_get_str(digits, v->mode == 'X' ? -base : base, z);
        }
        mpz_clear(z);
        if (!digits) {
            return unsupported(f, v, "the number is too big");
        }
        as_str copy = as_str_dup(f->call->arena, as_str_from(digits));
        free(digits);
        text = copy;
    }
    put_integer(f, v, text, negative);
    return true;
}

/* The shortest decimal digits of the number, as "d.ddde±xx" or in full: big.Float.Text('g', -1),
 * with `e` or `E` for the exponent. */
static as_str shortest(as_arena *arena, const as_value *n, char e)
{
    as_str text = as_num_text(arena, n);
    as_buf digits, out;
    bool negative = as_str_starts(text, "-");
    if (negative) {
        text = as_str_from_index(text, 1);
    }
    if (text.n == 0 || text.p[0] == 'I' || text.p[0] == '+') {
        return as_str_fmt(arena, "%sInf", negative ? "-" : "+");
    }
    size_t point = as_str_find_char(text, '.');
    long exponent = (long)(point == (size_t)-1 ? text.n : point) - 1; /* of the first digit */
    as_buf_init(&digits, arena, 0);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '.') {
            as_buf_char(&digits, text.p[i]);
        }
    }
    as_str d = as_buf_view(&digits);
    while (d.n > 1 && d.p[0] == '0') {
        d = as_str_from_index(d, 1);
        exponent--;
    }
    while (d.n > 1 && d.p[d.n - 1] == '0') {
        d.n--;
    }
    if (as_str_is(d, "0")) {
        return as_str_fmt(arena, "%s0", negative ? "-" : "");
    }
    if (exponent >= -4 && exponent < 6) {
        return as_str_fmt(arena, "%s%.*s", negative ? "-" : "", AS_STR_ARG(text));
    }
    as_buf_init(&out, arena, 0);
    as_buf_fmt(&out, "%s%c", negative ? "-" : "", d.p[0]);
    if (d.n > 1) {
        as_buf_char(&out, '.');
        as_buf_str(&out, as_str_from_index(d, 1));
    }
    as_buf_fmt(&out, "%c%c%02ld", e, exponent < 0 ? '-' : '+', labs(exponent));
    return as_buf_view(&out);
}

/* big.Float.Format */
static void put_float(formatter *f, const verb *v, as_str text)
{
    bool infinite = as_str_ends(text, "Inf"), negative = as_str_starts(text, "-");
    const char *sign = negative ? "-" : infinite ? (v->space ? " " : "+") : sign_of(v, false);
    if (negative || as_str_starts(text, "+")) {
        text = as_str_from_index(text, 1);
    }
    size_t length = strlen(sign) + text.n, width = v->width > 0 ? (size_t)v->width : 0;
    size_t pad = width > length ? width - length : 0;
    bool zeros = v->zero && !v->minus && !infinite;
    if (!zeros && !v->minus) {
        as_buf_repeat(f->out, ' ', pad);
    }
    as_buf_cstr(f->out, sign);
    if (zeros) {
        as_buf_repeat(f->out, '0', pad);
    }
    as_buf_str(f->out, text);
    if (v->minus) {
        as_buf_repeat(f->out, ' ', pad);
    }
}

static bool format_float(formatter *f, const verb *v, const as_value *n)
{
    static const struct {
        char mode;
        const char *format;
    } formats[] = {
            {'e', "%.*RNe"}, {'E', "%.*RNE"}, {'f', "%.*RNf"}, {'g', "%.*RNg"}, {'G', "%.*RNG"}};
    as_num_scratch scratch;
    mpfr_ptr x = as_num_scratch_init(&scratch);
    as_num_get(n, x);
    if (mpfr_inf_p(x) || ((v->mode == 'g' || v->mode == 'G') && !v->has_precision)) {
        put_float(f, v, shortest(f->call->arena, n, v->mode == 'G' ? 'E' : 'e'));
        return true;
    }
    int precision = v->has_precision ? v->precision : 6;
    const char *format = NULL;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        format = formats[i].mode == v->mode ? formats[i].format : format;
    }
    int length = mpfr_snprintf(NULL, 0, format, precision, x);
    if (length < 0 || (size_t)length > AS_MAX_TEXT_BYTES) {
        return unsupported(f, v, "the text is too long");
    }
    char *text = AS_NEW_ARRAY(f->call->arena, char, (size_t)length + 1);
    mpfr_snprintf(text, (size_t)length + 1, format, precision, x);
    put_float(f, v, as_str_from(text));
    return true;
}

/* --- text ------------------------------------------------------------------------------------------- */

static void put_padded(formatter *f, const verb *v, as_str text)
{
    size_t length = v->width > 0 ? as_grapheme_count(text) : 0;
    size_t pad = v->width > 0 && (size_t)v->width > length ? (size_t)v->width - length : 0;
    if (!v->minus) {
        as_buf_repeat(f->out, v->zero ? '0' : ' ', pad);
    }
    as_buf_str(f->out, text);
    if (v->minus) {
        as_buf_repeat(f->out, v->zero ? '0' : ' ', pad);
    }
}

static bool put_json(formatter *f, const verb *v, const as_value *arg)
{
    as_buf text;
    const char *error = NULL;
    as_buf_init(&text, f->call->arena, 0);
    if (!as_hcl_json_write(&text, arg, &error)) {
        return unsupported(f, v, error);
    }
    put_padded(f, v, as_buf_view(&text));
    return true;
}

static const as_value *converted(
        formatter *f, const verb *v, const as_value *arg, const as_type *type)
{
    as_convert_error error = {0};
    const as_value *result = as_convert(f->call->arena, arg, type, &error);
    if (!result) {
        unsupported(
                f, v, as_str_cstr(f->call->arena, as_convert_error_text(f->call->arena, &error)));
    }
    return result;
}

static bool format_as_is(formatter *f, const verb *v, const as_value *arg)
{
    if (!v->sharp && arg->kind == AS_STRING) {
        put_padded(f, v, as_value_str(arg));
        return true;
    }
    if (!v->sharp && as_value_is_number(arg)) {
        put_padded(f, v, shortest(f->call->arena, arg, 'e'));
        return true;
    }
    return put_json(f, v, arg);
}

static bool format_string(formatter *f, const verb *v, const as_value *arg)
{
    const as_value *s = converted(f, v, arg, &as_type_string);
    if (!s) {
        return false;
    }
    as_str text = as_value_str(s);
    if (v->precision > 0) {
        size_t end = 0;
        for (int i = 0; i < v->precision && end < text.n; i++) {
            end += as_grapheme_width(text, end);
        }
        text = as_str_slice(text, 0, end);
    }
    if (v->mode == 'q') {
        return put_json(f, v, as_value_string(f->call->arena, f->call->span, text));
    }
    put_padded(f, v, text);
    return true;
}

static bool format_bool(formatter *f, const verb *v, const as_value *arg)
{
    const as_value *b = converted(f, v, arg, &as_type_bool);
    if (b) {
        as_buf_cstr(f->out, b->as.boolean ? "true" : "false");
    }
    return b != NULL;
}

static bool format_number(formatter *f, const verb *v, const as_value *arg)
{
    const as_value *n = converted(f, v, arg, &as_type_number);
    if (!n) {
        return false;
    }
    return as_char_in(v->mode, "bdoxX") ? format_integer(f, v, n) : format_float(f, v, n);
}

static bool apply(formatter *f, const verb *v)
{
    if (v->argument > f->n_args || v->argument == 0) {
        return fail(f,
                "not enough arguments for \"%.*s\" at %zu: need index %zu but have %zu total",
                AS_STR_ARG(v->raw), v->offset, v->argument, f->n_args);
    }
    const as_value *arg = f->args[v->argument - 1];
    if (v->mode != 'v' && arg->kind == AS_NULL) {
        return unsupported(f, v, "null value cannot be formatted");
    }
    if (v->mode == 'v') {
        return format_as_is(f, v, arg);
    }
    if (v->mode == 't') {
        return format_bool(f, v, arg);
    }
    if (as_char_in(v->mode, "bdoxXeEfgG")) {
        return format_number(f, v, arg);
    }
    if (v->mode == 's' || v->mode == 'q') {
        return format_string(f, v, arg);
    }
    return fail(f, "unsupported format verb '%c' in \"%.*s\" at offset %zu", v->mode,
            AS_STR_ARG(v->raw), v->offset);
}

/* --- the format string -------------------------------------------------------------------------------- */

static int at(const formatter *f, size_t i)
{
    return i < f->format.n ? (unsigned char)f->format.p[i] : -1;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

/* Digits from *i on; what is too big stays too big. */
static int number(const formatter *f, size_t *i)
{
    int n = 0;
    for (; is_digit(at(f, *i)); ++*i) {
        n = n > MAX_WIDTH ? n : n * 10 + (at(f, *i) - '0');
    }
    return n;
}

static bool unexpected(formatter *f, size_t i)
{
    if (i >= f->format.n) {
        return fail(f, "invalid format string starting at offset %zu", i);
    }
    size_t end = i;
    as_utf8_next(f->format, &end);
    return fail(f, "unrecognized format character '%.*s' at offset %zu",
            AS_STR_ARG(as_str_slice(f->format, i, end)), i);
}

/* A verb that begins at *i, on its percent sign. */
static bool read_verb(formatter *f, size_t *i, verb *v)
{
    size_t p = *i + 1;
    for (bool flags = true; flags;) {
        switch (at(f, p)) {
        case '0':
            v->zero = true;
            break;
        case '#':
            v->sharp = true;
            break;
        case '-':
            v->minus = true;
            break;
        case '+':
            v->plus = true;
            break;
        case ' ':
            v->space = true;
            break;
        default:
            flags = false;
            continue;
        }
        p++;
    }
    if (is_digit(at(f, p))) {
        v->width = number(f, &p);
    }
    if (at(f, p) == '.') {
        p++;
        v->has_precision = true;
        v->precision = number(f, &p);
    }
    if (at(f, p) == '[') {
        p++;
        if (!is_digit(at(f, p)) || at(f, p) == '0') {
            return unexpected(f, p);
        }
        v->argument = (size_t)number(f, &p);
        if (at(f, p) != ']') {
            return unexpected(f, p);
        }
        p++;
    }
    int mode = at(f, p);
    if (!((mode >= 'a' && mode <= 'z') || (mode >= 'A' && mode <= 'Z'))) {
        return unexpected(f, p);
    }
    v->mode = (char)mode;
    v->raw = as_str_slice(f->format, *i, p + 1);
    v->offset = *i;
    *i = p + 1;
    if (v->width > MAX_WIDTH || v->precision > MAX_WIDTH) {
        return unsupported(f, v, "the width or precision is too big");
    }
    return true;
}

static bool run(formatter *f)
{
    size_t next = 1, highest = 0;
    for (size_t i = 0; i < f->format.n;) {
        if (f->format.p[i] != '%' || at(f, i + 1) == '%') {
            as_buf_char(f->out, f->format.p[i]);
            i += f->format.p[i] == '%' ? 2 : 1;
            continue;
        }
        verb v = {.argument = next, .width = -1, .precision = -1};
        if (!read_verb(f, &i, &v)) {
            return false;
        }
        highest = v.argument > highest ? v.argument : highest;
        if (!apply(f, &v)) {
            return false;
        }
        next = v.argument + 1;
    }
    if (highest < f->n_args) {
        f->extra = highest + 1;
        return highest == 0
                       ? fail(f, "too many arguments; no verbs in format string")
                       : fail(f, "too many arguments; only %zu used by format string", highest);
    }
    return true;
}

/* What is known of the text all the same: of formats with plain %s only. */
static const as_value *format_partly(as_hcl_call *call, as_str format, const as_value *unknown)
{
    as_list_builder pieces;
    size_t arg = 1;
    as_list_begin(&pieces, call->arena);
    for (size_t at; (at = as_str_find_char(format, '%')) != (size_t)-1; arg++) {
        if (at + 1 >= format.n || format.p[at + 1] != 's' || arg >= call->n) {
            return unknown;
        }
        const as_value *v = call->args[arg];
        if (v->kind != AS_STRING && v->kind != AS_UNKNOWN) {
            return unknown;
        }
        as_list_add(&pieces, as_value_string(call->arena, call->span, as_str_slice(format, 0, at)));
        as_list_add(&pieces, v);
        format = as_str_from_index(format, at + 2);
    }
    as_list_add(&pieces, as_value_string(call->arena, call->span, format));
    return as_value_with_pieces(call->arena, unknown, as_list_end(&pieces, call->span));
}

static const as_value *fn_format(as_hcl_call *call)
{
    as_str format = as_fn_arg_str(call, 0);
    for (size_t i = 1; i < call->n; i++) {
        if (!as_hcl_is_wholly_known(call->arena, call->args[i])) {
            const as_value *unknown =
                    format_partly(call, format, as_fn_unknown(call, &as_type_string));
            size_t percent = as_str_find_char(format, '%');
            if (percent == (size_t)-1 || percent == 0) {
                return unknown;
            }
            return as_hcl_refine(call->arena, unknown,
                    (as_hcl_refinement){.not_null = true,
                            .prefix = as_str_slice(format, 0, percent),
                            .max_length = -1});
        }
    }
    as_buf out;
    as_buf_init(&out, call->arena, 0);
    formatter f = {.call = call,
            .format = format,
            .args = call->args + 1,
            .n_args = call->n - 1,
            .out = &out};
    if (!run(&f)) {
        return f.extra ? as_fn_fail_arg(call, f.extra, "%.*s", AS_STR_ARG(f.error))
                       : as_fn_fail(call, "%.*s", AS_STR_ARG(f.error));
    }
    return as_fn_string(call, as_buf_view(&out));
}

/* --- formatlist ------------------------------------------------------------------------------------- */

static bool is_sequence(const as_value *v)
{
    as_type_kind kind = as_type_kind_of(v);
    return v->kind != AS_NULL &&
           (kind == AS_TYPE_LIST || kind == AS_TYPE_SET || kind == AS_TYPE_TUPLE);
}

/* How many elements each sequence has: the same number. *n is -1 when there is none. False after an
 * error; *unknown when a sequence cannot be iterated yet. */
static bool sequence_length(as_hcl_call *call, int64_t *n, bool *unknown)
{
    size_t chooser = 0;
    *n = -1;
    *unknown = false;
    for (size_t i = 1; i < call->n; i++) {
        const as_value *arg = call->args[i];
        as_type_kind kind = as_type_kind_of(arg);
        if (!is_sequence(arg)) {
            *unknown = *unknown || (!as_hcl_is_known(arg) && kind == AS_TYPE_ANY);
            continue;
        }
        int64_t min, max;
        as_hcl_length_range(arg, &min, &max);
        if (kind != AS_TYPE_TUPLE && (!as_hcl_is_known(arg) || min != max)) {
            *unknown = true;
            continue;
        }
        *unknown = *unknown || !as_hcl_is_known(arg);
        int64_t count = as_hcl_is_known(arg) ? (int64_t)as_hcl_count(arg)
                                             : (int64_t)as_type_of(call->arena, arg)->n;
        if (*n >= 0 && count != *n) {
            as_fn_fail_arg(call, i,
                    "argument %zu has length %lld, which is inconsistent with argument %zu of "
                    "length %lld",
                    i, (long long)count, chooser, (long long)*n);
            return false;
        }
        chooser = *n < 0 ? i : chooser;
        *n = count;
    }
    return true;
}

static const as_value *fn_formatlist(as_hcl_call *call)
{
    int64_t count;
    bool unknown;
    if (!sequence_length(call, &count, &unknown)) {
        return NULL;
    }
    if (unknown) {
        return as_fn_unknown(call, &as_type_list_string);
    }
    size_t n = count < 0 ? 1 : (size_t)count, n_args = call->n - 1;
    const as_value **items = AS_NEW_ARRAY(call->arena, const as_value *, n);
    const as_value **args = AS_NEW_ARRAY(call->arena, const as_value *, n_args);
    size_t total = 0;
    for (size_t i = 0; i < n; i++) {
        bool known = true;
        for (size_t j = 0; j < n_args; j++) {
            const as_value *arg = call->args[j + 1];
            args[j] = is_sequence(arg) ? as_hcl_item_at(arg, i) : arg;
            known = known && as_hcl_is_wholly_known(call->arena, args[j]);
        }
        if (!known) {
            items[i] = as_hcl_refine_not_null(call->arena, as_fn_unknown(call, &as_type_string));
            continue;
        }
        as_buf out;
        as_buf_init(&out, call->arena, AS_MAX_TEXT_BYTES - total);
        formatter f = {.call = call,
                .format = as_fn_arg_str(call, 0),
                .args = args,
                .n_args = n_args,
                .out = &out};
        if (!run(&f)) {
            return as_fn_fail(call, "error on format iteration %zu: %.*s", i, AS_STR_ARG(f.error));
        }
        total += out.n;
        items[i] = as_fn_string(call, as_buf_view(&out));
    }
    return as_hcl_list(call->arena, call->span, &as_type_string, items, n);
}

#define ANYTHING &as_type_any, AS_PARAM_NULL | AS_PARAM_UNKNOWN | AS_PARAM_DYNAMIC

static const as_hcl_function functions[] = {
        {.name = "format",
                .impl = fn_format,
                .result = &as_type_string,
                .not_null = true,
                .params = {{"format", &as_type_string, 0}},
                .rest = {"args", ANYTHING}},
        {.name = "formatlist",
                .impl = fn_formatlist,
                .result = &as_type_list_string,
                .not_null = true,
                .params = {{"format", &as_type_string, 0}},
                .rest = {"args", ANYTHING}},
        {0},
};
const as_hcl_family as_hcl_family_format = {"format", functions};
