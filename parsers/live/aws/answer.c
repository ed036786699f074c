#include "parsers/live/aws/answer.h"

#include <stdio.h>

#include "engine/base/clock.h"
#include "parsers/json/json.h"
#include "parsers/live/aws/scalar.h"
#include "parsers/live/aws/xml.h"
#include "parsers/live/table.h"

/* EC2 and the other services spell it in two ways. */
static as_str request_id_of(as_arena *arena, const as_xml *xml)
{
    as_str id = as_xml_text(arena, xml, "RequestId");

    return id.n > 0 ? id : as_xml_text(arena, xml, "requestId");
}

static bool is_xml(const as_aws_operation *op)
{
    return op->protocol == AS_AWS_QUERY || op->protocol == AS_AWS_EC2 ||
           op->protocol == AS_AWS_REST_XML;
}

/* --- errors ----------------------------------------------------------------------------------- */

/* "com.amazonaws.service#Code:http://…" */
static as_str bare_code(as_str code)
{
    size_t hash = as_str_rfind_char(code, '#');

    if (hash != (size_t)-1)
        code = as_str_from_index(code, hash + 1);
    return as_str_trim(as_str_slice(code, 0, as_str_find_char(code, ':')));
}

static as_str first_text(const as_value *v, const char *const *names)
{
    for (; *names; names++) {
        as_str text = as_value_str(as_value_get(v, as_str_from(*names)));
        if (text.n > 0)
            return text;
    }
    return AS_STR("");
}

static void read_json_error(as_arena *arena, const as_http_answer *answer, as_aws_answer *out)
{
    static const char *const codes[] = {"__type", "code", "Code", NULL};
    static const char *const messages[] = {"message", "Message", "errorMessage", NULL};
    as_diags ignored;

    as_diags_init(&ignored, arena);
    const as_value *body = as_json_parse_text(arena, answer->body, AS_SPAN_NONE, &ignored);
    /* Services that once spoke the query protocol keep its codes in a header of their own. */
    as_str code = as_http_header(answer, "x-amzn-query-error");
    code = as_str_slice(code, 0, as_str_find_char(code, ';'));
    if (code.n == 0)
        code = as_http_header(answer, "x-amzn-ErrorType");
    if (code.n == 0)
        code = first_text(body, codes);
    out->code = as_str_dup(arena, bare_code(code));
    out->message = first_text(body, messages);
}

static void read_error(as_arena *arena, const as_aws_operation *op, const as_http_answer *answer,
        as_aws_answer *out)
{
    as_str problem;

    if (answer->status == 0) {
        out->code = AS_STR("NoAnswer");
        out->message = as_str_dup(arena, answer->error);
        return;
    }
    as_xml *xml = is_xml(op) ? as_xml_parse(arena, answer->body, &problem) : NULL;
    if (xml) {
        out->code = as_xml_text(arena, xml, "Code");
        out->message = as_xml_text(arena, xml, "Message");
        if (out->request_id.n == 0)
            out->request_id = request_id_of(arena, xml);
    } else if (!is_xml(op)) {
        read_json_error(arena, answer, out);
    }
    if (out->code.n == 0)
        out->code = as_str_fmt(arena, "HTTP %d", answer->status);
}

/* --- bodies ----------------------------------------------------------------------------------- */

static void read_xml(as_arena *arena, const as_aws_operation *op, as_str text, as_aws_answer *out)
{
    as_xml *xml = as_xml_parse(arena, text, &out->message);

    out->code = xml ? AS_STR("") : AS_STR("UnreadableAnswer");
    if (!xml)
        return;
    out->message = AS_STR("");
    out->body = as_xml_answer(arena, xml, op);
    if (out->request_id.n == 0)
        out->request_id = request_id_of(arena, xml);
}

static void read_json(as_arena *arena, const as_aws_operation *op, as_str text, as_aws_answer *out)
{
    as_diags ignored;

    as_diags_init(&ignored, arena);
    const as_value *body = text.n == 0 ? NULL
                                       : as_json_parse_text(arena, as_str_dup(arena, text),
                                                 AS_SPAN_NONE, &ignored);
    if (text.n > 0 && !as_value_is(body, AS_OBJECT) && op->payload.n == 0) {
        out->code = AS_STR("UnreadableAnswer");
        out->message = AS_STR("the answer is no JSON object");
        return;
    }
    as_object_builder b;
    as_object_begin(&b, arena);
    out->body = as_aws_json_answer(arena, op, body ? body : as_object_end(&b, AS_SPAN_NONE));
}

as_aws_answer as_aws_answer_read(
        as_arena *arena, const as_aws_operation *op, const as_http_answer *answer)
{
    as_aws_answer out = {0};

    out.request_id = as_http_header(answer, "x-amzn-RequestId");
    if (out.request_id.n == 0)
        out.request_id = as_http_header(answer, "x-amz-request-id");
    out.request_id = as_str_dup(arena, out.request_id);
    if (answer->status < 200 || answer->status > 299) {
        read_error(arena, op, answer, &out);
    } else if (is_xml(op) && op->output.kind == 's' && op->payload.n > 0) {
        /* GetBucketPolicy: the body is the text. What is no policy is no answer. */
        as_object_builder b;
        as_str text = as_str_dup(arena, answer->body);
        if (!as_str_starts(as_str_trim(text), "{")) {
            out.code = AS_STR("UnreadableAnswer");
            return out;
        }
        as_object_begin(&b, arena);
        as_object_add(&b, op->payload, AS_SPAN_NONE, as_value_string(arena, AS_SPAN_NONE, text));
        out.body = as_object_end(&b, AS_SPAN_NONE);
    } else if (is_xml(op)) {
        read_xml(arena, op, answer->body, &out);
    } else {
        read_json(arena, op, answer->body, &out);
    }
    return out;
}

/* --- pages ------------------------------------------------------------------------------------ */

bool as_aws_next_page(as_arena *arena, const as_aws_operation *op, const as_value *body,
        const as_aws_page *page, as_aws_page *next, bool *loop)
{
    bool any = false, same = true;

    *loop = false;
    *next = (as_aws_page){.limit = page->limit};
    if (!as_value_bool_or(as_value_get(body, AS_STR("IsTruncated")), true) ||
            !as_value_bool_or(as_value_get(body, AS_STR("Truncated")), true))
        return false;
    for (size_t i = 0; i < op->n_tokens; i++) {
        next->tokens[i] = as_str_dup(arena, as_value_str(as_live_walk(body, op->token_out[i])));
        any |= next->tokens[i].n > 0;
        same &= as_str_eq(next->tokens[i], page->tokens[i]);
    }
    *loop = any && same;
    return any && !same;
}

/* --- verdicts --------------------------------------------------------------------------------- */

static bool among(as_str code, const char *const *names)
{
    for (; *names; names++)
        if (as_str_is(code, *names))
            return true;
    return false;
}

bool as_aws_is_throttling(as_str code, int status)
{
    static const char *const codes[] = {"Throttling", "ThrottlingException", "ThrottledException",
            "RequestThrottled", "RequestThrottledException", "RequestLimitExceeded",
            "TooManyRequestsException", "SlowDown", "PriorRequestNotComplete",
            "BandwidthLimitExceeded", "ProvisionedThroughputExceededException",
            "TransactionInProgressException", "EC2ThrottledException", NULL};

    return status == 429 || status == 503 || among(code, codes);
}

bool as_aws_is_expired(as_str code)
{
    static const char *const codes[] = {
            "ExpiredToken", "ExpiredTokenException", "RequestExpired", NULL};

    return among(code, codes);
}

bool as_aws_http_date(as_str text, int64_t *seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char iso[32];

    if (text.n != 29 || !as_str_ends(text, " GMT"))
        return false;
    size_t month =
            as_str_find(AS_STR("JanFebMarAprMayJunJulAugSepOctNovDec"), as_str_slice(text, 8, 11));
    if (month >= sizeof months || month % 3 != 0)
        return false;
    int n = snprintf(iso, sizeof iso, "%.4s-%02u-%.2sT%.8sZ", text.p + 12,
            (unsigned)(month / 3 + 1), text.p + 5, text.p + 17);
    return n == 20 && as_clock_parse(as_str_from(iso), seconds);
}

bool as_aws_is_skewed(as_str code, const as_http_answer *answer, int64_t now, int64_t *offset)
{
    enum { FAR = 240 };
    static const char *const codes[] = {"RequestTimeTooSkewed", "RequestInTheFuture",
            "RequestExpired", "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure",
            NULL};
    int64_t theirs;

    if (!among(code, codes) || !as_aws_http_date(as_http_header(answer, "Date"), &theirs))
        return false;
    *offset = theirs - now;
    return *offset > FAR || *offset < -FAR;
}
