#include <iconv.h>

#include "engine/base/utf8.h"
#include "parsers/hcl/charset.h"

/* IANA's names and aliases: https://www.iana.org/assignments/character-sets */
static const as_charset charsets[] = {
        {"Big5", "BIG5", "csbig5"},
        {"EUC-KR", "EUC-KR", "cseuckr"},
        {"Extended_UNIX_Code_Packed_Format_for_Japanese", "EUC-JP", "cseucpkdfmtjapanese euc-jp"},
        {"GB18030", "GB18030", "csgb18030"},
        {"GBK", "GBK", "cp936 csgbk ms936 windows-936"},
        {"IBM00858", "CP858", "ccsid00858 cp00858 csibm00858 pc-multilingual-850+euro"},
        {"IBM01140", "IBM1140", "ccsid01140 cp01140 csibm01140 ebcdic-us-37+euro"},
        {"IBM037", "IBM037", "cp037 csibm037 ebcdic-cp-ca ebcdic-cp-nl ebcdic-cp-us ebcdic-cp-wt"},
        {"IBM1047", "IBM1047", "csibm1047 ibm-1047"},
        {"IBM437", "IBM437", "437 cp437 cspc8codepage437"},
        {"IBM850", "IBM850", "850 cp850 cspc850multilingual"},
        {"IBM852", "IBM852", "852 cp852 cspcp852"},
        {"IBM855", "IBM855", "855 cp855 csibm855"},
        {"IBM860", "IBM860", "860 cp860 csibm860"},
        {"IBM862", "IBM862", "862 cp862 cspc862latinhebrew"},
        {"IBM863", "IBM863", "863 cp863 csibm863"},
        {"IBM865", "IBM865", "865 cp865 csibm865"},
        {"IBM866", "IBM866", "866 cp866 csibm866"},
        {"ISO-2022-JP", "ISO-2022-JP", "csiso2022jp"},
        {"ISO-8859-10", "ISO-8859-10", "csisolatin6 iso-ir-157 iso_8859-10:1992 l6 latin6"},
        {"ISO-8859-13", "ISO-8859-13", "csiso885913"},
        {"ISO-8859-14", "ISO-8859-14",
                "csiso885914 iso-celtic iso-ir-199 iso_8859-14 iso_8859-14:1998 l8 latin8"},
        {"ISO-8859-15", "ISO-8859-15", "csiso885915 iso_8859-15 latin-9"},
        {"ISO-8859-16", "ISO-8859-16",
                "csiso885916 iso-ir-226 iso_8859-16 iso_8859-16:2001 l10 latin10"},
        {"ISO_8859-1:1987", "ISO-8859-1",
                "cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso_8859-1 l1 latin1"},
        {"ISO_8859-2:1987", "ISO-8859-2", "csisolatin2 iso-8859-2 iso-ir-101 iso_8859-2 l2 latin2"},
        {"ISO_8859-3:1988", "ISO-8859-3", "csisolatin3 iso-8859-3 iso-ir-109 iso_8859-3 l3 latin3"},
        {"ISO_8859-4:1988", "ISO-8859-4", "csisolatin4 iso-8859-4 iso-ir-110 iso_8859-4 l4 latin4"},
        {"ISO_8859-5:1988", "ISO-8859-5",
                "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso_8859-5"},
        {"ISO_8859-6-E", "ISO-8859-6", "csiso88596e iso-8859-6-e"},
        {"ISO_8859-6-I", "ISO-8859-6", "csiso88596i iso-8859-6-i"},
        {"ISO_8859-6:1987", "ISO-8859-6",
                "arabic asmo-708 csisolatinarabic ecma-114 iso-8859-6 iso-ir-127 iso_8859-6"},
        {"ISO_8859-7:1987", "ISO-8859-7",
                "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126  "
                "iso_8859-7"},
        {"ISO_8859-8-E", "ISO-8859-8", "csiso88598e iso-8859-8-e"},
        {"ISO_8859-8-I", "ISO-8859-8", "csiso88598i iso-8859-8-i"},
        {"ISO_8859-8:1988", "ISO-8859-8",
                "csisolatinhebrew hebrew iso-8859-8 iso-ir-138 iso_8859-8"},
        {"ISO_8859-9:1989", "ISO-8859-9", "csisolatin5 iso-8859-9 iso-ir-148 iso_8859-9 l5 latin5"},
        {"KOI8-R", "KOI8-R", "cskoi8r"},
        {"KOI8-U", "KOI8-U", "cskoi8u"},
        {"Shift_JIS", "SJIS", "csshiftjis ms_kanji"},
        {"US-ASCII", "ASCII",
                "ansi_x3.4-1968 ansi_x3.4-1986 cp367 csascii ibm367 iso-ir-6 iso646-us  "
                "iso_646.irv:1991 us"},
        {"UTF-16", "UTF-16", "csutf16"},
        {"UTF-16BE", "UTF-16BE", "csutf16be"},
        {"UTF-16LE", "UTF-16LE", "csutf16le"},
        {"UTF-8", "UTF-8", "csutf8"},
        {"macintosh", "MACINTOSH", "csmacintosh mac"},
        {"windows-1250", "CP1250", "cswindows1250"},
        {"windows-1251", "CP1251", "cswindows1251"},
        {"windows-1252", "CP1252", "cswindows1252"},
        {"windows-1253", "CP1253", "cswindows1253"},
        {"windows-1254", "CP1254", "cswindows1254"},
        {"windows-1255", "CP1255", "cswindows1255"},
        {"windows-1256", "CP1256", "cswindows1256"},
        {"windows-1257", "CP1257", "cswindows1257"},
        {"windows-1258", "CP1258", "cswindows1258"},
        {"windows-874", "CP874", "cswindows874"},
};

const as_charset *as_charset_find(as_str name)
{
    for (size_t i = 0; name.n > 0 && i < sizeof charsets / sizeof *charsets; i++) {
        as_str aliases = as_str_from(charsets[i].aliases), alias;
        if (as_str_ieq(name, as_str_from(charsets[i].name))) {
            return &charsets[i];
        }
        while (as_str_split(&aliases, ' ', &alias)) {
            if (as_str_ieq(name, alias)) {
                return &charsets[i];
            }
        }
    }
    return NULL;
}

/* Converts all of `in` into `out`, which is big enough; no character of the usual sets takes more
 * than four times the room in another. False when something has no counterpart. */
static bool convert(const char *to, const char *from, as_str in, char *out, size_t *n)
{
    size_t left = *n, in_left = in.n;
    char *source, *target = out;
    memcpy(&source, &in.p, sizeof source); /* iconv takes a char **, and does not write */
    iconv_t cd = iconv_open(to, from);
    if (cd == (iconv_t)-1) {
        return false;
    }
    bool good = iconv(cd, in.n ? &source : NULL, &in_left, &target, &left) == 0 && in_left == 0;
    good = good && iconv(cd, NULL, NULL, &target, &left) != (size_t)-1;
    iconv_close(cd);
    *n -= left;
    return good;
}

/* UTF-16 with a byte order mark is big-endian where we write it. */
bool as_charset_encode(as_arena *arena, const as_charset *to, as_str text, as_str *bytes)
{
    bool utf16 = strcmp(to->name, "UTF-16") == 0;
    size_t n = text.n * 4 + 16;
    char *out = AS_NEW_ARRAY(arena, char, n + 2);
    out[0] = '\xfe';
    out[1] = '\xff';
    if (!convert(utf16 ? "UTF-16BE" : to->iconv, "UTF-8", text, out + 2, &n)) {
        return false;
    }
    *bytes = utf16 ? (as_str){out, n + 2} : (as_str){out + 2, n};
    return true;
}

bool as_charset_decode(as_arena *arena, const as_charset *from, as_str bytes, as_str *text)
{
    const char *name = from->iconv;
    if (strcmp(from->name, "UTF-16") == 0) {
        bool little = as_str_starts(bytes, "\xff\xfe"), big = as_str_starts(bytes, "\xfe\xff");
        name = little ? "UTF-16LE" : "UTF-16BE";
        bytes = as_str_from_index(bytes, little || big ? 2 : 0);
    }
    size_t n = bytes.n * 4 + 16;
    char *out = AS_NEW_ARRAY(arena, char, n);
    if (!convert("UTF-8", name, bytes, out, &n)) {
        return false;
    }
    *text = (as_str){out, n};
    return as_utf8_valid(*text) && !as_str_contains(*text, "\xef\xbf\xbd");
}
