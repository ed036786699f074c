/* credential_process: a program of the user's that prints keys
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html). It is run
 * without a shell. */
#include "parsers/live/aws/session.h"
#include "parsers/live/command.h"

/* Words by blanks, with '…', "…" and \ as in a shell, and nothing else of it. */
static as_strs split_words(as_arena *arena, as_str text)
{
    AS_VEC(as_str) words = {0};
    size_t i = 0;

    for (;;) {
        while (i < text.n && text.p[i] == ' ')
            i++;
        if (i >= text.n)
            return (as_strs){words.items, words.n};
        as_buf word;
        char quote = 0;
        as_buf_init(&word, arena, 0);
        for (; i < text.n && (quote || text.p[i] != ' '); i++) {
            char c = text.p[i];
            if (quote && c == quote)
                quote = 0;
            else if (!quote && (c == '\'' || c == '"'))
                quote = c;
            else if (c == '\\' && quote != '\'' && i + 1 < text.n)
                as_buf_char(&word, text.p[++i]);
            else
                as_buf_char(&word, c);
        }
        AS_VEC_PUSH(arena, &words, as_buf_view(&word));
    }
}

bool as_aws_fetch_process(as_aws_session *s, as_aws_fetched *out, as_str *problem)
{
    static const char *const names[4] = {
            "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"};
    as_command_line line = {
            .argv = split_words(s->arena, as_aws_setting(s->profile, "credential_process"))};
    as_str text;

    if (line.argv.n == 0 || !as_command_line_run(s->arena, &line, &text, problem)) {
        *problem = AS_STR("the credential_process of the profile failed");
        return false;
    }
    const as_value *v = as_aws_json(s->arena, text);
    *problem = AS_STR("the credential_process of the profile printed no keys");
    return as_value_int_or(as_value_get(v, AS_STR("Version")), 0) == 1 &&
           as_aws_keys_of(s, v, names, out);
}
