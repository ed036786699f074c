#include "engine/rules/config.h"
#include "engine/base/glob.h"
__attribute__((weak)) bool as_rule_matches(const as_rule *rule, as_strs p){ for(size_t i=0;i<p.n;i++) if(as_glob_match(p.items[i],rule->id)) return true; return false; }
__attribute__((weak)) const as_value *as_config_parameter(const as_config *c, as_str n, as_str p, as_str e){(void)c;(void)n;(void)p;(void)e;return NULL;}
__attribute__((weak)) bool as_config_wants(const as_config *c, const as_rule *r, as_str p, as_str e){(void)c;(void)r;(void)p;(void)e;return true;}
__attribute__((weak)) as_severity as_config_severity(const as_config *c, const as_rule *r, as_str p, as_str e){(void)c;(void)p;(void)e;return r->severity;}
__attribute__((weak)) as_str as_config_environment(const as_config *c, as_str p){(void)c;(void)p;return AS_STR("");}
