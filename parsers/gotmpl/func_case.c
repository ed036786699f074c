/* snakecase, kebabcase and camelcase: github.com/huandu/xstrings 1.5, convert.go. */
#include "parsers/gotmpl/internal.h"

#include "engine/base/unicode.h"
#include "engine/base/utf8.h"

typedef enum word_kind {
    WORD_INVALID,
    WORD_NUMBER,
    WORD_UPPER,
    WORD_LETTERS,
    WORD_CONNECTOR,
    WORD_PUNCT,
    WORD_OTHER,
} word_kind;

bool as_go_snake_case(as_gotmpl *t, const as_go *a, size_t n, as_go *out);
bool as_go_kebab_case(as_gotmpl *t, const as_go *a, size_t n, as_go *out);
bool as_go_camel_case(as_gotmpl *t, const as_go *a, size_t n, as_go *out);

static bool is_connector(uint32_t r)
{
    return r == '-' || r == '_' || as_rune_is_space(r);
}

static bool is_punct(uint32_t r)
{
    if (r < 0x80)
        return r > 0x20 && as_char_in((char)r, "!\"#%&'()*,-./:;?@[\\]_{}");
    return r == 0xa1 || r == 0xa7 || r == 0xab || r == 0xb6 || r == 0xb7 || r == 0xbb ||
           r == 0xbf || (r >= 0x2010 && r <= 0x2027) || (r >= 0x2030 && r <= 0x205e) ||
           (r >= 0x3001 && r <= 0x3003);
}

/* Letters of alphabets, CJK aside. */
static bool is_alphabet(uint32_t r)
{
    return as_rune_is_letter(r) && !(r >= 0x3400 && r <= 0x9fff) && !(r >= 0xf900 && r <= 0xfaff) &&
           r < 0x20000;
}

static bool is_number(uint32_t r)
{
    return as_rune_is_digit(r) || r == 0xb2 || r == 0xb3 || r == 0xb9 || (r >= 0xbc && r <= 0xbe);
}

static bool is_other(uint32_t r)
{
    return !is_connector(r) && !is_alphabet(r) && !is_number(r) && !is_punct(r);
}

static bool is_lower_letter(uint32_t r)
{
    return is_alphabet(r) && !as_rune_is_upper(r);
}

/* Moves on while the runes are of the class. */
static size_t run(as_str s, size_t i, bool (*class)(uint32_t))
{
    while (i < s.n) {
        size_t next = i;
        if (!class(as_utf8_next(s, &next)))
            break;
        i = next;
    }
    return i;
}

/* "HTTPServer" is HTTP and Server: the last of several capitals begins the next word. */
static size_t upper_word(as_str s, size_t i)
{
    if (i >= s.n)
        return i;
    size_t next = i;
    uint32_t r = as_utf8_next(s, &next);
    if (!as_rune_is_upper(r))
        return is_alphabet(r) ? run(s, next, is_lower_letter) : i;
    size_t end = run(s, i, as_rune_is_upper);
    size_t after = end;
    if (end < s.n && is_alphabet(as_utf8_next(s, &after))) {
        do
            end--;
        while (end > i && ((unsigned char)s.p[end] & 0xc0) == 0x80);
    }
    return end;
}

static word_kind next_word(as_str *rest, as_str *word)
{
    *word = AS_STR_NONE;
    if (rest->n == 0)
        return WORD_INVALID;
    size_t i = 0, end;
    uint32_t r = as_utf8_next(*rest, &i);
    word_kind kind;
    if (is_connector(r)) {
        kind = WORD_CONNECTOR;
        end = run(*rest, i, is_connector);
    } else if (is_punct(r)) {
        kind = WORD_PUNCT;
        end = run(*rest, i, is_punct);
    } else if (as_rune_is_upper(r)) {
        kind = WORD_UPPER;
        end = upper_word(*rest, i);
    } else if (is_alphabet(r)) {
        kind = WORD_LETTERS;
        end = run(*rest, i, is_lower_letter);
    } else if (is_number(r)) {
        kind = WORD_NUMBER;
        end = run(*rest, i, is_number);
    } else {
        kind = WORD_OTHER;
        end = run(*rest, i, is_other);
    }
    *word = as_str_slice(*rest, 0, end);
    *rest = as_str_from_index(*rest, end);
    return kind;
}

static void add_lower(as_buf *buf, word_kind kind, as_str word, char connector)
{
    if (kind != WORD_UPPER && kind != WORD_CONNECTOR) {
        as_buf_str(buf, word);
        return;
    }
    for (size_t i = 0; i < word.n;) {
        uint32_t r = as_utf8_next(word, &i);
        if (is_connector(r))
            as_buf_char(buf, connector);
        else
            as_buf_rune(buf, as_rune_lower(r));
    }
}

static bool joins(word_kind kind)
{
    return kind == WORD_LETTERS || kind == WORD_NUMBER;
}

static void connect(as_buf *buf, word_kind next, char connector)
{
    if (next != WORD_INVALID && next != WORD_CONNECTOR && next != WORD_PUNCT)
        as_buf_char(buf, connector);
}

static bool lower_case(as_gotmpl *t, const as_go *a, char connector, as_go *out)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    as_str rest = as_go_str(&a[0]), word;
    word_kind kind = next_word(&rest, &word);
    while (rest.n > 0) {
        if (kind != WORD_CONNECTOR)
            add_lower(&buf, kind, word, connector);
        word_kind before = kind;
        as_str last = word;
        kind = next_word(&rest, &word);
        if (before == WORD_CONNECTOR) {
            add_lower(&buf, before, last, connector);
        } else if (before == WORD_NUMBER) {
            for (; joins(kind); kind = next_word(&rest, &word))
                add_lower(&buf, kind, word, connector);
            connect(&buf, kind, connector);
        } else if (before != WORD_PUNCT) {
            if (kind != WORD_NUMBER) {
                if (kind != WORD_CONNECTOR && kind != WORD_PUNCT)
                    as_buf_char(&buf, connector);
                continue;
            }
            if (rest.n == 0)
                continue;
            last = word;
            kind = next_word(&rest, &word);
            if (kind != WORD_LETTERS) { /* Bld4Floor: the number belongs to what precedes */
                add_lower(&buf, WORD_NUMBER, last, connector);
                if (kind != WORD_CONNECTOR && kind != WORD_PUNCT)
                    as_buf_char(&buf, connector);
                continue;
            }
            as_buf_char(&buf, connector); /* HTTP2xx: to what follows */
            add_lower(&buf, WORD_NUMBER, last, connector);
            for (; joins(kind); kind = next_word(&rest, &word))
                add_lower(&buf, kind, word, connector);
            connect(&buf, kind, connector);
        }
    }
    add_lower(&buf, kind, word, connector);
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

bool as_go_snake_case(as_gotmpl *t, const as_go *a, size_t n, as_go *out)
{
    (void)n;
    return lower_case(t, a, '_', out);
}

bool as_go_kebab_case(as_gotmpl *t, const as_go *a, size_t n, as_go *out)
{
    (void)n;
    return lower_case(t, a, '-', out);
}

/* xstrings.ToPascalCase. */
bool as_go_camel_case(as_gotmpl *t, const as_go *a, size_t n, as_go *out)
{
    (void)n;
    as_str s = as_go_str(&a[0]);
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    uint32_t now = 0;
    bool upper_run = false;
    size_t i = 0;
    while (i < s.n) { /* leading connectors stay */
        now = as_utf8_next(s, &i);
        if (!is_connector(now)) {
            upper_run = as_rune_is_upper(now);
            now = as_rune_upper(now);
            break;
        }
        as_buf_rune(&buf, now);
    }
    if (i >= s.n) {
        if (s.n > 0)
            as_buf_rune(&buf, now);
        *out = as_go_from_str(as_buf_view(&buf));
        return true;
    }
    while (i < s.n) {
        uint32_t before = now;
        now = as_utf8_next(s, &i);
        if (is_connector(now) && is_connector(before)) {
            as_buf_rune(&buf, before);
            continue;
        }
        if (is_connector(before)) {
            upper_run = as_rune_is_upper(now);
            now = as_rune_upper(now);
            continue;
        }
        if (upper_run && as_rune_is_upper(now))
            now = as_rune_lower(now);
        else
            upper_run = false;
        as_buf_rune(&buf, before);
    }
    as_buf_rune(&buf, now);
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}
