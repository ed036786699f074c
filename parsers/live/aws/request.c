#include "parsers/live/aws/request.h"

#include "engine/base/limits.h"

/* The value of a parameter on this page: a token, the size, or what was asked for. NULL: not sent.
 */
static const as_value *value_of(as_arena *arena, const as_aws_operation *op, const as_value *params,
        const as_aws_page *page, as_str name)
{
    for (size_t i = 0; i < op->n_tokens; i++)
        if (as_str_eq(op->token_in[i], name) && page->tokens[i].n > 0)
            return as_value_string(arena, AS_SPAN_NONE, page->tokens[i]);
    if (page->limit > 0 && as_str_eq(op->limit, name))
        return as_value_int(arena, AS_SPAN_NONE, page->limit);
    const as_value *v = as_value_get(params, name);
    return as_value_is_null(v) ? NULL : v;
}

static as_str scalar(as_arena *arena, const as_value *v)
{
    as_buf out;

    if (as_value_is(v, AS_STRING))
        return v->as.str;
    as_buf_init(&out, arena, 0);
    as_value_write_json(&out, v, (as_json_style){.show_sensitive = true});
    return as_buf_view(&out);
}

/* --- forms (query and ec2) -------------------------------------------------------------------- */

static void add_field(as_buf *out, as_str name, as_str value)
{
    as_str n = as_aws_encode(out->arena, name, false);
    as_str v = as_aws_encode(out->arena, value, false);

    as_buf_fmt(out, "%s%.*s=", out->n > 0 ? "&" : "", AS_STR_ARG(n));
    as_buf_str(out, v);
}

static void add_typed(as_buf *out, as_str name, as_str type, const as_value *v, int depth);

/* The member "Name:Wire:type" of "{A:a:s,B:b:f{…}}" that begins at *at. */
static bool next_field(as_str type, size_t *at, as_str *name, as_str *wire, as_str *inner)
{
    size_t begin = *at, end = begin;
    int level = 0;

    while (end < type.n && (level > 0 || (type.p[end] != ',' && type.p[end] != '}'))) {
        level += type.p[end] == '{';
        level -= type.p[end] == '}';
        end++;
    }
    if (end == begin)
        return false;
    as_str text = as_str_slice(type, begin, end);
    size_t first = as_str_find_char(text, ':');
    size_t second = first + 1 + as_str_find_char(as_str_from_index(text, first + 1), ':');
    *name = as_str_slice(text, 0, first);
    *wire = as_str_slice(text, first + 1, second);
    *inner = as_str_from_index(text, second + 1);
    *at = end + 1;
    return true;
}

static void add_structure(as_buf *out, as_str name, as_str type, const as_value *v, int depth)
{
    size_t at = 1;
    as_str member, wire, inner;

    while (next_field(type, &at, &member, &wire, &inner)) {
        const as_value *value = as_value_get(v, member);
        if (value)
            add_typed(out, as_str_fmt(out->arena, "%.*s.%.*s", AS_STR_ARG(name), AS_STR_ARG(wire)),
                    inner, value, depth + 1);
    }
}

static void add_list(as_buf *out, as_str name, as_str type, const as_value *v, int depth)
{
    as_str element = AS_STR(""), inner = as_str_from_index(type, 1);

    if (type.p[0] == 'l') { /* l(member)s */
        size_t close = as_str_find_char(type, ')');
        element = as_str_fmt(out->arena, ".%.*s", AS_STR_ARG(as_str_slice(type, 2, close)));
        inner = as_str_from_index(type, close + 1);
    }
    for (size_t i = 0; i < as_value_count(v); i++)
        add_typed(out,
                as_str_fmt(
                        out->arena, "%.*s%.*s.%zu", AS_STR_ARG(name), AS_STR_ARG(element), i + 1),
                inner, as_value_index(v, i), depth + 1);
}

static void add_typed(as_buf *out, as_str name, as_str type, const as_value *v, int depth)
{
    if (depth > AS_MAX_CALL_DEPTH || type.n == 0)
        return;
    if (type.p[0] == '{')
        add_structure(out, name, type, v, depth);
    else if (as_value_is(v, AS_LIST) && (type.p[0] == 'f' || type.p[0] == 'l'))
        add_list(out, name, type, v, depth);
    else
        add_field(out, name, scalar(out->arena, v));
}

static as_str form(as_arena *arena, const as_aws_operation *op, const as_value *params,
        const as_aws_page *page)
{
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_fmt(&out, "Action=%.*s&Version=%.*s", AS_STR_ARG(op->name), AS_STR_ARG(op->version));
    for (size_t i = 0; i < op->n_inputs; i++) {
        const as_aws_input *input = &op->inputs[i];
        const as_value *v = value_of(arena, op, params, page, input->name);
        if (v)
            add_typed(&out, input->wire, input->type, v, 0);
    }
    return as_buf_view(&out);
}

/* --- paths, queries and JSON bodies ----------------------------------------------------------- */

static as_str json_body(as_arena *arena, const as_aws_operation *op, const as_value *params,
        const as_aws_page *page)
{
    as_object_builder b;
    as_buf out;

    as_object_begin(&b, arena);
    for (size_t i = 0; i < op->n_inputs; i++) {
        const as_aws_input *input = &op->inputs[i];
        const as_value *v = value_of(arena, op, params, page, input->name);
        if (v && input->place == 'b')
            as_object_add(&b, input->wire, AS_SPAN_NONE, v);
    }
    as_buf_init(&out, arena, 0);
    as_value_write_json(
            &out, as_object_end(&b, AS_SPAN_NONE), (as_json_style){.show_sensitive = true});
    return as_buf_view(&out);
}

/* The parameter that stands for {wire} in the path. */
static as_str path_value(as_arena *arena, const as_aws_operation *op, const as_value *params,
        const as_aws_page *page, as_str wire)
{
    for (size_t i = 0; i < op->n_inputs; i++) {
        if (op->inputs[i].place != 'u' || !as_str_eq(op->inputs[i].wire, wire))
            continue;
        const as_value *v = value_of(arena, op, params, page, op->inputs[i].name);
        as_str text = v ? scalar(arena, v) : AS_STR("");
        return as_aws_encode(arena, text, false);
    }
    return AS_STR("");
}

static void add_path(as_buf *out, const as_aws_operation *op, const as_value *params,
        const as_aws_page *page, as_str pattern)
{
    for (size_t i = 0; i < pattern.n; i++) {
        size_t close = as_str_find_char(as_str_from_index(pattern, i), '}');
        if (pattern.p[i] != '{' || close == (size_t)-1) {
            as_buf_char(out, pattern.p[i]);
            continue;
        }
        as_buf_str(out,
                path_value(out->arena, op, params, page, as_str_slice(pattern, i + 1, i + close)));
        i += close;
    }
}

static void add_query_value(as_buf *out, char *separator, as_str name, as_str value)
{
    as_str v = as_aws_encode(out->arena, value, false);

    as_buf_fmt(out, "%c%.*s=", *separator, AS_STR_ARG(name));
    as_buf_str(out, v);
    *separator = '&';
}

static void add_query(as_buf *out, const as_aws_operation *op, const as_value *params,
        const as_aws_page *page, char separator)
{
    for (size_t i = 0; i < op->n_inputs; i++) {
        const as_aws_input *input = &op->inputs[i];
        const as_value *v = value_of(out->arena, op, params, page, input->name);
        if (!v || input->place != 'q')
            continue;
        if (!as_value_is(v, AS_LIST))
            add_query_value(out, &separator, input->wire, scalar(out->arena, v));
        for (size_t k = 0; as_value_is(v, AS_LIST) && k < as_value_count(v); k++)
            add_query_value(out, &separator, input->wire, scalar(out->arena, as_value_index(v, k)));
    }
}

static as_str rest_url(as_arena *arena, const as_aws_operation *op, as_str base,
        const as_value *params, const as_aws_page *page, as_str pattern)
{
    as_str bucket = as_value_str(as_value_get(params, AS_STR("Bucket")));
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_str(&out, base);
    if (as_str_is(op->service, "s3") && bucket.n > 0) {
        as_buf_char(&out, '/');
        as_buf_str(&out, as_aws_encode(arena, bucket, false));
    }
    add_path(&out, op, params, page, pattern);
    add_query(&out, op, params, page, as_str_find_char(pattern, '?') == (size_t)-1 ? '?' : '&');
    return as_buf_view(&out);
}

/* --- requests --------------------------------------------------------------------------------- */

typedef AS_VEC(as_aws_header) header_list;

static void add_headers(as_arena *arena, header_list *headers, const as_aws_operation *op,
        const as_value *params, const as_aws_page *page)
{
    for (size_t i = 0; i < op->n_inputs; i++) {
        const as_value *v = op->inputs[i].place == 'h'
                                    ? value_of(arena, op, params, page, op->inputs[i].name)
                                    : NULL;
        if (v)
            AS_VEC_PUSH(arena, headers, ((as_aws_header){op->inputs[i].wire, scalar(arena, v)}));
    }
}

as_aws_request as_aws_request_make(as_arena *arena, const as_aws_operation *op, as_str base,
        const as_value *params, const as_aws_page *page)
{
    as_aws_request request = {.method = "POST"};
    as_str content_type = AS_STR("application/x-www-form-urlencoded; charset=utf-8");
    header_list headers = {0};

    if (op->protocol == AS_AWS_QUERY || op->protocol == AS_AWS_EC2) {
        request.url = as_str_fmt(arena, "%.*s/", AS_STR_ARG(base));
        request.body = form(arena, op, params, page);
    } else if (op->protocol == AS_AWS_JSON_1_0 || op->protocol == AS_AWS_JSON_1_1) {
        content_type = op->protocol == AS_AWS_JSON_1_0 ? AS_STR("application/x-amz-json-1.0")
                                                       : AS_STR("application/x-amz-json-1.1");
        request.url = as_str_fmt(arena, "%.*s/", AS_STR_ARG(base));
        request.body = json_body(arena, op, params, page);
        as_str target =
                as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(op->target), AS_STR_ARG(op->name));
        AS_VEC_PUSH(arena, &headers, ((as_aws_header){AS_STR("X-Amz-Target"), target}));
    } else {
        size_t blank = as_str_find_char(op->http, ' ');
        request.method = as_str_cstr(arena, as_str_slice(op->http, 0, blank));
        request.url =
                rest_url(arena, op, base, params, page, as_str_from_index(op->http, blank + 1));
        content_type = AS_STR("application/json");
        if (strcmp(request.method, "POST") == 0)
            request.body = json_body(arena, op, params, page);
    }
    if (request.body.n > 0)
        AS_VEC_PUSH(arena, &headers, ((as_aws_header){AS_STR("Content-Type"), content_type}));
    /* Without it API Gateway answers in HAL, which its model does not describe. */
    if (as_str_is(op->service, "apigateway"))
        AS_VEC_PUSH(
                arena, &headers, ((as_aws_header){AS_STR("Accept"), AS_STR("application/json")}));
    add_headers(arena, &headers, op, params, page);
    request.headers = headers.items;
    request.n_headers = headers.n;
    return request;
}

static void add_line(as_arena *arena, as_str *lines, size_t *n, const as_aws_header *h)
{
    lines[(*n)++] = as_str_fmt(arena, "%.*s: %.*s", AS_STR_ARG(h->name), AS_STR_ARG(h->value));
}

as_http_request as_aws_request_signed(as_arena *arena, const as_aws_operation *op,
        const as_aws_request *request, const as_aws_keys *keys, as_str region, as_str date)
{
    as_aws_signed done = {0};

    if (keys) {
        as_aws_signing signing = {.method = request->method,
                .url = request->url,
                .service = op->signing,
                .region = region,
                .headers = request->headers,
                .n_headers = request->n_headers,
                .body = request->body,
                .date = date,
                .is_s3 = as_str_is(op->signing, "s3")};
        done = as_aws_sign(arena, &signing, keys);
    }
    as_str *lines = AS_NEW_ARRAY(arena, as_str, request->n_headers + done.n_headers);
    size_t n = 0;
    for (size_t i = 0; i < request->n_headers; i++)
        add_line(arena, lines, &n, &request->headers[i]);
    for (size_t i = 0; i < done.n_headers; i++)
        add_line(arena, lines, &n, &done.headers[i]);
    return (as_http_request){.method = request->method,
            .url = request->url,
            .headers = {lines, n},
            .body = request->body};
}
