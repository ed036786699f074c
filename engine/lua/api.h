/* What rules may call and read, as a table: for docs/lua.md, annotations of editors, and the test
 * that nothing is missing. The text of it is api.def. */
#ifndef AS_LUA_API_H
#define AS_LUA_API_H

#include "engine/base/buf.h"

typedef enum as_lua_api_kind {
    AS_LUA_API_GROUP,    /* name is a heading */
    AS_LUA_API_FUNCTION, /* "fail", "iam.can" */
    AS_LUA_API_METHOD,   /* of an entity */
    AS_LUA_API_FIELD,    /* of an entity */
    AS_LUA_API_LIBRARY,  /* of Lua; params are the names of its members, divided by blanks */
} as_lua_api_kind;

typedef struct as_lua_api {
    as_lua_api_kind kind;
    const char *name;
    const char *params;  /* "name: type, name?: type" */
    const char *returns; /* types, divided by ", "; of a field its type */
    const char *text;    /* Markdown */
} as_lua_api;

extern const as_lua_api as_lua_apis[];
extern const size_t as_lua_apis_n;

/* docs/lua.md */
void as_lua_api_markdown(as_buf *out);
/* Annotations for lua-language-server: the fields of an entity (a class that has begun), and the
 * functions. */
void as_lua_api_fields(as_buf *out);
void as_lua_api_functions(as_buf *out);

#endif
