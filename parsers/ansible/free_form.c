#include "parsers/ansible/ansible.h"

/* Takes the next word off: up to a blank outside quotes and {{ … }}. */
static bool next_word(as_str *rest, as_str *word)
{
    *rest = as_str_trim(*rest);
    if (rest->n == 0) {
        return false;
    }
    char quote = '\0';
    unsigned braces = 0;
    size_t i = 0;
    for (; i < rest->n; i++) {
        char c = rest->p[i];
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '{') {
            braces++;
        } else if (c == '}') {
            braces -= braces > 0;
        } else if (braces == 0 && as_char_in(c, " \t\r\n")) {
            break;
        }
    }
    *word = as_str_slice(*rest, 0, i);
    *rest = as_str_from_index(*rest, i);
    return true;
}

static as_str unquoted(as_str s)
{
    bool quoted = s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0];
    return quoted ? as_str_slice(s, 1, s.n - 1) : s;
}

/* A name, and "=" behind it: "creates=/x", but no "a==b" and no "https://x/?y=z". */
static size_t equals_at(as_str word)
{
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        if (c == '=') {
            return i > 0 && !(i + 1 < word.n && word.p[i + 1] == '=') ? i : 0;
        }
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_')) {
            return 0;
        }
    }
    return 0;
}

const as_value *as_ansible_free_form(as_arena *arena, const as_value *text)
{
    as_object_builder b;
    as_buf raw;
    as_str rest = as_value_str(text), word;
    as_object_begin(&b, arena);
    as_buf_init(&raw, arena, 0);
    while (next_word(&rest, &word)) {
        size_t at = equals_at(word);
        if (at > 0) {
            as_str value = unquoted(as_str_from_index(word, at + 1));
            as_object_add(&b, as_str_slice(word, 0, at), text->span,
                    as_value_string(arena, text->span, value));
        } else {
            as_buf_cstr(&raw, raw.n > 0 ? " " : "");
            as_buf_str(&raw, word);
        }
    }
    if (raw.n > 0) {
        as_object_add(&b, AS_STR("_raw"), text->span,
                as_value_string(arena, text->span, as_buf_view(&raw)));
    }
    return as_object_end(&b, text->span);
}
