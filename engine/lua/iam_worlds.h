/* iam.* for service accounts of Kubernetes and Google Cloud. Private to iam.c. */
#ifndef AS_LUA_IAM_WORLDS_H
#define AS_LUA_IAM_WORLDS_H

#include "engine/base/truth.h"
#include "engine/lua/internal.h"

/* Whether the argument is a service account of Kubernetes or Google Cloud. */
bool as_lua_worlds_has(lua_State *L, int index);
/* iam.can and iam.decide(account, action, resource). False when the first argument is no such
 * account. */
bool as_lua_worlds_decide(lua_State *L, as_truth *truth, as_str *why);
int as_lua_worlds_is_admin(lua_State *L);
int as_lua_worlds_escalations(lua_State *L);
/* iam.granted(binding): whom it gives something, and where that leads. */
int as_lua_worlds_granted(lua_State *L);
/* iam.node(entity): whether root on a node of the entity's cluster leads to administrator. */
int as_lua_worlds_node(lua_State *L);

#endif
